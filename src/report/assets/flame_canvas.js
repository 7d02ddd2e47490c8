// Draws the frames of a tree that can be seen: a window on the values, `from` and `span`, fills the width of the stage,
// and what scrolls past its edge is passed over, whatever the size of the graph.
'use strict';
cprof.flameCanvas = (tree, stage, look, words) => {
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const MARKS = {new: '+ ', gone: '× ', grown: '▲ ', shrunk: '▼ ', same: ''};
const canvas = cprof.element('canvas'), context = canvas.getContext('2d');
canvas.setAttribute('aria-hidden', 'true');
const c = {canvas, width: 0, height: 0, content: 0, row: 20, from: 0, span: 1};
const lengths = [new Map(), new Map()];  // of plain and of bold text
let s;  // what is shown: {side, flipped, zoomed, focused, hovered, matches, active}

c.measure = () => {
  const ratio = devicePixelRatio || 1;
  c.width = stage.clientWidth;
  c.height = stage.clientHeight;
  c.row = cprof.coarse.matches ? 26 : 20;
  canvas.width = Math.round(c.width * ratio);
  canvas.height = Math.round(c.height * ratio);
  canvas.style.height = c.height + 'px';
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
};

c.rowTop = (d, flipped) => (flipped ? c.content - (d + 1) * c.row : d * c.row);
c.isMatch = (i, matches) => matches !== null && i > 0 && !tree.isRest(i) && matches[tree.nameOf(i)] === 1;
// Where a frame is drawn, in pixels; most of it may be outside.
c.extent = (i, side) => {
  const by = c.width / c.span;
  return [(tree.left[side][i] - c.from) * by, tree.width[side][i] * by];
};

// The depth of the deepest frame that is at least half a pixel wide in a window.
c.deepest = (side, from, span) => {
  const w = tree.width[side], x = tree.left[side], least = 0.5 * span / c.width;
  let deepest = 0;
  for (let i = 0; i < tree.n;) {
    if (w[i] < least || x[i] + w[i] <= from || x[i] >= from + span) {
      i = tree.end[i];
    } else {
      if (tree.depth[i] > deepest) deepest = tree.depth[i];
      i++;
    }
  }
  return deepest;
};

// ---- text -----------------------------------------------------------------------------------------------------------

function lengthOf(text, bold) {
  let w = lengths[bold].get(text);
  if (w === undefined) lengths[bold].set(text, w = context.measureText(text).width);
  return w;
}

// The full name, the short one, or how much of it there is room for. The font is set.
function fit(i, room, bold) {
  const mark = tree.compared && i > 0 ? MARKS[words.kindOfChange(i)] : '';
  room -= mark ? lengthOf(mark, bold) : 0;
  const full = tree.fullName(i), short = tree.shortName(i);
  if (lengthOf(full, bold) <= room) return mark + full;
  const all = lengthOf(short, bold);
  if (all <= room) return mark + short;
  // A guess by the mean length of a character; a long name is measured a few times at most.
  let count = Math.floor((room - lengthOf('…', bold)) / (all / short.length));
  for (let k = 0; count > 1 && k < 3 && lengthOf(short.slice(0, count) + '…', bold) > room; k++) count--;
  if (/[\ud800-\udbff]/.test(short.charAt(count - 1))) count--;
  return count > 1 ? mark + short.slice(0, count) + '…' : '';
}

// ---- frames ---------------------------------------------------------------------------------------------------------

function hatch(x, y, w, h) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = look.hatch;
  context.lineWidth = 2;
  context.beginPath();
  for (let at = Math.floor(Math.max(x, 0) / 8) * 8 - h; at < Math.min(x + w, c.width); at += 8) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
}

function outline(i, y, line, style) {
  const [x, w] = c.extent(i, s.side);
  const from = Math.max(0, x), to = Math.min(c.width, Math.max(x + w, x + 4));
  if (to <= from) return;
  context.lineWidth = line;
  context.strokeStyle = style;
  context.strokeRect(from + line / 2, y + line / 2, Math.max(to - from - line - 1, 1), c.row - 1 - line);
}

function colour(i) {
  const match = c.isMatch(i, s.matches);
  if (s.matches && !match) return look.faded;
  return match && !tree.compared ? look.match : look.colour(i, s.side, words);
}

// Those above the frame that is zoomed in on are pale, but not what is written on them.
function drawFrame(i, x, w, y) {
  const fill = colour(i), strong = c.isMatch(i, s.matches), isAbove = i !== s.zoomed && tree.contains(i, s.zoomed);
  const left = Math.max(x, -2), right = Math.min(x + w, c.width + 2), inner = Math.max(right - left - (w > 3 ? 1 : 0), 0.6);
  context.globalAlpha = isAbove && !strong ? 0.62 : 1;
  context.fillStyle = fill.fill;
  context.fillRect(left, y, inner, c.row - 1);
  context.globalAlpha = 1;
  if (tree.isRest(i) && w > 2) hatch(left, y, inner, c.row - 1);
  if (strong && tree.compared && w > 3) outline(i, y, 2, look.match.fill);
  const begin = Math.max(x, 0), room = Math.min(x + w, c.width) - begin - 9;
  if (room < 17) return;
  context.font = (strong ? '600 ' : '') + '12px ' + FONT;
  const text = fit(i, room, Number(strong));
  if (!text) return;
  context.fillStyle = fill.ink;
  context.fillText(text, begin + 5, y + c.row / 2);
}

// Frames narrower than a pixel are drawn once a pixel.
function drawSliver(i, x, y, filled) {
  const pixel = Math.floor(x), d = tree.depth[i];
  if (filled[d] >= pixel) return;
  context.fillStyle = c.isMatch(i, s.matches) ? look.match.fill : look.sliver;
  context.fillRect(pixel, y, 1, c.row - 1);
  filled[d] = pixel;
}

function drawFrames(top) {
  const by = c.width / c.span, filled = [], left = tree.left[s.side], width = tree.width[s.side];
  for (let i = 0; i < tree.n;) {
    const w = width[i] * by, x = (left[i] - c.from) * by;
    if (!(w > 0) || x + w <= 0 || x >= c.width) {
      i = tree.end[i];
      continue;
    }
    const y = c.rowTop(tree.depth[i], s.flipped) - top, isOutside = y + c.row < 0 || y > c.height;
    if (w < 0.7) {
      if (!isOutside) drawSliver(i, x, y, filled);
      i = tree.end[i];
      continue;
    }
    if (!isOutside) drawFrame(i, x, w, y);
    i = (s.flipped ? y + c.row < 0 : y > c.height) ? tree.end[i] : i + 1;
  }
}

function drawFocus(top) {
  const y = c.rowTop(tree.depth[s.focused], s.flipped) - top;
  outline(s.focused, y, 2, look.ring);
  const [x, w] = c.extent(s.focused, s.side);
  if (w <= 12) return;
  context.strokeStyle = look.gap;
  context.lineWidth = 1;
  context.strokeRect(Math.max(x, 0) + 2.5, y + 2.5, Math.min(x + w, c.width) - Math.max(x, 0) - 6, c.row - 6);
}

c.draw = (state) => {
  s = state;
  if (!c.width) return;
  const top = stage.scrollTop;
  context.clearRect(0, 0, c.width, c.height);
  context.textBaseline = 'middle';
  context.font = '12px ' + FONT;
  for (const map of lengths) if (map.size > 50000) map.clear();
  drawFrames(top);
  if (s.hovered >= 0) outline(s.hovered, c.rowTop(tree.depth[s.hovered], s.flipped) - top, 1.5, look.ring);
  if (s.active) drawFocus(top);
};

// The frame at a point of the canvas; -1: none.
c.frameAt = (px, py, side, flipped) => {
  const y = py + stage.scrollTop, d = Math.floor((flipped ? c.content - y : y) / c.row);
  if (d < 0 || px < 0 || px >= c.width) return -1;
  const at = c.from + px * c.span / c.width, left = tree.left[side], width = tree.width[side];
  let i = left[0] <= at && at <= left[0] + width[0] ? 0 : -1;
  while (i >= 0 && tree.depth[i] < d) {
    let k = i + 1;
    while (k < tree.end[i] && left[k] + width[k] <= at) k = tree.end[k];
    i = k < tree.end[i] && left[k] <= at ? k : -1;
  }
  return i;
};
return c;
};
