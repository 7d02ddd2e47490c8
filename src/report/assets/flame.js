// The flame graph of a page: what is in #data is laid out once and drawn on a canvas the size of the window, whatever
// the depth of the graph. Beside the canvas there is a tree for assistive technology that holds the frames around the
// one in focus. Names come from profiles and are only ever set as text.
'use strict';
(() => {
const $ = (id) => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const compared = Boolean(data.before);
const BEFORE = 0, AFTER = 1;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const dark = matchMedia('(prefers-color-scheme: dark)');
const coarse = matchMedia('(pointer: coarse)');

// ---- the tree -------------------------------------------------------------------------------------------------------
// Row i is followed by its subtree, up to end[i]. Row 0 is the root.

const n = data.name.length;
const parent = new Int32Array(n), depth = new Int32Array(n), end = new Int32Array(n);
const value = [Float64Array.from(data.before || new Array(n).fill(0)), Float64Array.from(data.after)];
const flat = value.map((v) => v.slice());
const width = [], left = [];

function link() {
  const open = [], rest = [];
  for (let i = 0; i < n; i++) {
    parent[i] = open.length ? open[open.length - 1] : -1;
    depth[i] = open.length;
    if (open.length) rest[rest.length - 1]--;
    open.push(i);
    rest.push(data.children[i]);
    while (open.length && rest[rest.length - 1] === 0) {
      end[open.pop()] = i + 1;
      rest.pop();
    }
  }
}

// Places children side by side. Sums that did not fit 64 bits may exceed their caller's: they are squeezed.
function place(side) {
  const v = value[side], w = new Float64Array(n), x = new Float64Array(n), at = new Float64Array(n), own = flat[side];
  for (let i = 1; i < n; i++) own[parent[i]] -= v[i];
  w[0] = v[0];
  for (let i = 0; i < n; i++) {
    const p = parent[i];
    if (p >= 0) {
      const inside = v[p] - Math.min(0, own[p]);
      w[i] = inside > 0 ? v[i] * (w[p] / inside) : 0;
      x[i] = at[p];
      at[p] += w[i];
    }
    at[i] = x[i];
  }
  for (let i = 0; i < n; i++) own[i] = Math.max(0, own[i]);
  width[side] = w;
  left[side] = x;
}

link();
place(BEFORE);
place(AFTER);

const isRest = (i) => data.name[i] < 0;  // stands for frames that were left out
const nameOf = (i) => data.name[i] >> 1;
const isInlined = (i) => i > 0 && !isRest(i) && (data.name[i] & 1) === 1;
const contains = (outer, i) => outer <= i && i < end[outer];

// ---- text -----------------------------------------------------------------------------------------------------------

// Characters that show nothing or turn the text around are spelled out.
function visible(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) =>
    c === '\n' ? '\\n' : c === '\t' ? '\\t' : '\\u{' + c.charCodeAt(0).toString(16) + '}');
}

const shown = new Array(data.names.length), brief = new Array(data.names.length);
function fullName(i) {
  if (i === 0) return 'all';
  if (isRest(i)) return '(' + -data.name[i] + ' more)';
  const name = nameOf(i);
  return shown[name] ?? (shown[name] = visible(data.names[name]) || '(no name)');
}
function shortName(i) {
  if (i === 0 || isRest(i)) return fullName(i);
  const name = nameOf(i), from = data.short[2 * name], to = data.short[2 * name + 1];
  return brief[name] ?? (brief[name] = to ? visible(data.names[name].slice(from, to)) : fullName(i));
}

function amount(v) {
  if (data.ratio !== 1) v = Math.trunc(v * data.ratio);
  let [unit, factor] = data.units[0];
  for (const [name, f] of data.units) if (Math.abs(v) * f >= 1) [unit, factor] = [name, f];
  const text = (v * factor).toFixed(2).replace(/\.00$/, '');
  return text === '0' || text === '-0' ? '0' : text + unit;
}

function share(v, total) {
  if (!(total > 0)) return '–';
  const percent = 100 * v / total;
  if (percent === 0) return '0%';
  if (percent < 0.01) return '<0.01%';
  return percent.toFixed(percent >= 99.95 ? 0 : percent >= 10 ? 1 : 2) + '%';
}

const totals = [data.total.before, data.total.after];
const cum = (i, side) => amount(value[side][i]);
const cumShare = (i, side) => share(value[side][i], totals[side]);

function kindOfChange(i) {
  const b = value[BEFORE][i], a = value[AFTER][i];
  return a === b ? 'same' : b === 0 ? 'new' : a === 0 ? 'gone' : a > b ? 'grown' : 'shrunk';
}

function change(b, a) {
  if (a === b) return 'unchanged';
  if (b === 0) return 'new: +' + amount(a);
  if (a === 0) return 'gone: −' + amount(b);
  const by = Math.abs(a - b);
  return (a > b ? 'grown by ' : 'shrunk by ') + amount(by) + (a > b ? ' (+' : ' (−') + share(by, b) + ')';
}

// ---- state ----------------------------------------------------------------------------------------------------------

let side = AFTER;
let flipped = false;
let zoomed = 0, focused = 0, hovered = -1;
let matches = null;  // a byte a name, while something is searched for
const stage = $('stage'), canvas = $('canvas'), context = canvas.getContext('2d');
let viewWidth = 0, viewHeight = 0, content = 0, row = 20;

const scale = () => viewWidth / width[side][zoomed];
const rowTop = (d) => (flipped ? content - (d + 1) * row : d * row);
const isMatch = (i) => matches !== null && i > 0 && !isRest(i) && matches[nameOf(i)] === 1;

// Where a frame is drawn, in pixels; callers of the zoomed frame take the whole width.
function extent(i) {
  if (i !== zoomed && contains(i, zoomed)) return [0, viewWidth];
  return [(left[side][i] - left[side][zoomed]) * scale(), width[side][i] * scale()];
}

function measure() {
  const ratio = devicePixelRatio || 1;
  viewWidth = stage.clientWidth;
  viewHeight = stage.clientHeight;
  row = coarse.matches ? 26 : 20;
  canvas.width = Math.round(viewWidth * ratio);
  canvas.height = Math.round(viewHeight * ratio);
  canvas.style.height = viewHeight + 'px';
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

// How high the graph is, without what is too narrow to be seen.
function stretch() {
  let deepest = depth[zoomed];
  const least = 0.5 / scale();
  for (let i = zoomed; i < end[zoomed];) {
    if (width[side][i] < least) {
      i = end[i];
    } else {
      if (depth[i] > deepest) deepest = depth[i];
      i++;
    }
  }
  if (contains(zoomed, focused)) deepest = Math.max(deepest, depth[focused]);
  content = Math.max((deepest + 1) * row, viewHeight);
  $('spacer').style.height = content - viewHeight + 'px';
}

// ---- colours --------------------------------------------------------------------------------------------------------

const HUES = [14, 32, 48, 78, 135, 170, 198, 222, 262, 320];
let look, palette;

function hash(text) {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h ^ (h >>> 15)) >>> 0;
}

// The package or namespace of a name, which has one colour: path/to/package (Go), java.util (Java), std (C++, Rust).
function family(i) {
  const name = data.names[nameOf(i)];
  const packages = /^(.*\/)?[^.:(<\[/]+(?=\.|::)/.exec(/^[^(<\[ ]*/.exec(name)[0])?.[0];
  return /^([a-z_][a-z0-9_]*\.){2,}(?=[A-Z])/.exec(name)?.[0] ?? packages ?? name;
}

const pair = (fill, ink) => ({fill, ink});
function setLook() {
  const d = dark.matches;
  look = {
    paper: d ? '#1e2024' : '#ffffff',
    root: d ? pair('#3a3d44', '#e8e8e6') : pair('#e3e4e1', '#1d1f23'),
    rest: d ? pair('#2c2e33', '#b4b8c0') : pair('#eeeeec', '#565b64'),
    faded: d ? pair('#2a2c31', '#9ba0aa') : pair('#eeeeed', '#6a6f78'),
    match: d ? pair('#e8b93b', '#1b1a15') : pair('#ffd24d', '#1d1b12'),
    sliver: d ? '#4b4f58' : '#cfd0cc',
    hatch: d ? '#40434a' : '#dadad6',
    ring: d ? '#ffffff' : '#101114',
    gap: d ? '#1e2024' : '#ffffff',
    new: d ? pair('hsl(12 58% 41%)', '#ffffff') : pair('hsl(12 80% 67%)', '#1d1f23'),
    gone: d ? pair('hsl(217 52% 46%)', '#ffffff') : pair('hsl(217 84% 72%)', '#1d1f23'),
  };
  palette = new Map();
}

function cached(key, make) {
  let c = palette.get(key);
  if (!c) palette.set(key, c = make());
  return c;
}

function colourOfName(i) {
  return cached(nameOf(i), () => {
    const hue = HUES[hash(family(i)) % HUES.length], step = hash(data.names[nameOf(i)]) % 5 - 2;
    return dark.matches ? pair(`hsl(${hue} 34% ${31 + step * 1.3}%)`, '#f2f2f0')
                        : pair(`hsl(${hue} ${hue > 40 && hue < 90 ? 60 : 72}% ${80 + step * 1.4}%)`, '#1d1f23');
  });
}

// The stronger, the more of the larger side the difference is.
function colourOfChange(kind, strength) {
  if (kind === 'new' || kind === 'gone') return look[kind];
  if (kind === 'same') return look.root;
  const step = Math.min(5, Math.ceil(strength * 7)), hue = kind === 'grown' ? 14 : 216;
  return cached(kind + step, () => dark.matches ? pair(`hsl(${hue} ${14 + step * 6}% ${25 + step * 1.6}%)`, '#f2f2f0')
                                                 : pair(`hsl(${hue} ${44 + step * 8}% ${94 - step * 3}%)`, '#1d1f23'));
}

function colour(i) {
  if (matches && !isMatch(i)) return look.faded;
  if (isRest(i)) return look.rest;
  if (compared) {
    const b = value[BEFORE][i], a = value[AFTER][i];
    return colourOfChange(kindOfChange(i), Math.abs(a - b) / Math.max(a, b));
  }
  if (isMatch(i)) return look.match;
  return i === 0 ? look.root : colourOfName(i);
}

// ---- drawing --------------------------------------------------------------------------------------------------------

const MARKS = {new: '+ ', gone: '× ', grown: '▲ ', shrunk: '▼ ', same: ''};
const lengths = [new Map(), new Map()];  // of plain and of bold text

function lengthOf(text, bold) {
  let w = lengths[bold].get(text);
  if (w === undefined) lengths[bold].set(text, w = context.measureText(text).width);
  return w;
}

// The full name, the short one, or how much of it there is room for. The font is set.
function fit(i, room, bold) {
  const mark = compared && i > 0 ? MARKS[kindOfChange(i)] : '';
  room -= mark ? lengthOf(mark, bold) : 0;
  for (const text of [fullName(i), shortName(i)]) if (lengthOf(text, bold) <= room) return mark + text;
  const text = shortName(i);
  let count = Math.floor(room / (lengthOf(text, bold) / text.length));
  while (count > 1 && context.measureText(text.slice(0, count) + '…').width > room) count--;
  if (/[\ud800-\udbff]/.test(text.charAt(count - 1))) count--;
  return count > 1 ? mark + text.slice(0, count) + '…' : '';
}

function hatch(x, y, w, h) {
  context.save();
  context.beginPath();
  context.rect(x, y, w, h);
  context.clip();
  context.strokeStyle = look.hatch;
  context.lineWidth = 2;
  context.beginPath();
  for (let at = Math.floor(Math.max(x, 0) / 8) * 8 - h; at < Math.min(x + w, viewWidth); at += 8) {
    context.moveTo(at, y + h);
    context.lineTo(at + h, y);
  }
  context.stroke();
  context.restore();
}

function outline(i, y, line, style) {
  const [x, w] = extent(i);
  const from = Math.max(0, x), to = Math.min(viewWidth, Math.max(x + w, x + 4));
  context.lineWidth = line;
  context.strokeStyle = style;
  context.strokeRect(from + line / 2, y + line / 2, Math.max(to - from - line - 1, 1), row - 1 - line);
}

function drawFrame(i, x, w, y) {
  const c = colour(i), strong = isMatch(i), inner = Math.max(w - (w > 3 ? 1 : 0), 0.6);
  context.fillStyle = c.fill;
  context.fillRect(x, y, inner, row - 1);
  if (isRest(i) && w > 2) hatch(x, y, inner, row - 1);
  if (strong && compared && w > 3) outline(i, y, 2, look.match.fill);
  if (w < 26) return;
  context.font = (strong ? '600 ' : '') + '12px ' + FONT;
  const text = fit(i, w - 9, Number(strong));
  if (!text) return;
  context.fillStyle = c.ink;
  context.fillText(text, x + 5, y + row / 2);
}

function drawBelow(top) {
  const base = left[side][zoomed], by = scale(), filled = new Int32Array(Math.ceil(content / row) + 2).fill(-1);
  for (let i = zoomed; i < end[zoomed];) {
    const w = width[side][i] * by, y = rowTop(depth[i]) - top, x = (left[side][i] - base) * by;
    const outside = y + row < 0 || y > viewHeight, isPast = flipped ? y + row < 0 : y > viewHeight;
    if (w < 0.7) {
      const pixel = Math.floor(x);
      if (w > 0 && !outside && filled[depth[i]] < pixel) {
        context.fillStyle = isMatch(i) ? look.match.fill : look.sliver;
        context.fillRect(pixel, y, 1, row - 1);
        filled[depth[i]] = pixel;
      }
      i = end[i];
      continue;
    }
    if (!outside) drawFrame(i, x, w, y);
    i = isPast ? end[i] : i + 1;
  }
}

let pending = 0;
function draw() {
  pending = 0;
  if (!viewWidth) return;
  const top = stage.scrollTop;
  context.clearRect(0, 0, viewWidth, viewHeight);
  context.textBaseline = 'middle';
  context.font = '12px ' + FONT;
  for (let i = parent[zoomed]; i >= 0; i = parent[i]) {
    context.globalAlpha = 0.62;
    drawFrame(i, 0, viewWidth, rowTop(depth[i]) - top);
    context.globalAlpha = 1;
  }
  drawBelow(top);
  if (hovered >= 0) outline(hovered, rowTop(depth[hovered]) - top, 1.5, look.ring);
  if (document.activeElement === stage) {
    outline(focused, rowTop(depth[focused]) - top, 2, look.ring);
    const [x, w] = extent(focused);
    if (w > 12) {
      context.strokeStyle = look.gap;
      context.lineWidth = 1;
      context.strokeRect(Math.max(x, 0) + 2.5, rowTop(depth[focused]) - top + 2.5, Math.min(w, viewWidth) - 6, row - 6);
    }
  }
}
const redraw = () => { pending = pending || requestAnimationFrame(draw); };

// ---- words about a frame --------------------------------------------------------------------------------------------

function element(tag, text, className) {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
}

function heading(i) {
  const e = element('div', i === 0 ? 'All samples shown' : fullName(i), 'name');
  const rest = ' called by ' + fullName(Math.max(parent[i], 0)) + ', too small to be listed';
  const note = isRest(i) ? rest : isInlined(i) ? ' (inlined)' : '';
  if (note) e.append(element('small', note));
  return e;
}

const ofZoomed = (i, s) => (zoomed && contains(zoomed, i) ? share(value[s][i], value[s][zoomed]) : null);
// What ends in a frame that stands for several is not known.
const own = (i, s) => (isRest(i) ? '–' : amount(flat[s][i]));
const ownShare = (i, s) => (isRest(i) ? '–' : share(flat[s][i], totals[s]));

function numbers(i) {
  const list = element('dl', undefined, 'numbers'), zoom = ofZoomed(i, AFTER);
  const add = (name, text) => {
    const div = element('div');
    div.append(element('dt', name), element('dd', text));
    list.append(div);
  };
  add('Cum', cum(i, AFTER) + ' · ' + cumShare(i, AFTER) + ' of the total');
  if (zoom) add('Of the zoomed frame', zoom);
  if (!isRest(i)) add('Flat', own(i, AFTER) + ' · ' + ownShare(i, AFTER) + ' of the total');
  return list;
}

function cells(kind, texts) {
  const tr = element('tr');
  texts.forEach((text, i) => {
    const cell = element(i && kind !== 'th' ? 'td' : 'th', text);
    cell.scope = kind === 'th' ? 'col' : 'row';
    tr.append(cell);
  });
  return tr;
}

function comparison(i) {
  const table = element('table'), zoom = ofZoomed(i, BEFORE) !== null;
  const add = (kind, texts, z) => table.append(cells(kind, zoom ? [...texts, z] : texts));
  add('th', ['', 'cum', 'of total', 'flat', 'of total'], 'of zoomed');
  for (const [s, name] of [[BEFORE, 'Before'], [AFTER, 'After']])
    add('td', [name, cum(i, s), cumShare(i, s), own(i, s), ownShare(i, s)], ofZoomed(i, s));
  return table;
}

function explain() {
  const i = hovered >= 0 ? hovered : focused, box = $('details');
  box.replaceChildren(heading(i));
  if (compared) box.append(element('p', sentence(i), 'change'), comparison(i));
  else box.append(numbers(i));
}

function sentence(i) {
  const text = change(value[BEFORE][i], value[AFTER][i]);
  return text[0].toUpperCase() + text.slice(1);
}

function describe(i) {
  const flatText = isRest(i) ? '' : ', flat ' + own(i, side);
  const text = fullName(i) + (isInlined(i) ? ' (inlined)' : '') + ', ' + cum(i, side) + ', ' + cumShare(i, side) +
      ' of the total' + (compared ? side === BEFORE ? ' before' : ' after' : '') + flatText;
  return compared ? text + ', ' + change(value[BEFORE][i], value[AFTER][i]) : text;
}

function showTip(event) {
  const tip = $('tip');
  tip.hidden = hovered < 0 || event.pointerType !== 'mouse';
  if (tip.hidden) return;
  if (tip.dataset.of !== String(hovered)) {
    tip.dataset.of = hovered;
    tip.replaceChildren(heading(hovered));
    const line = (s, name) => tip.append(element('p', name + cum(hovered, s) + ' (' + cumShare(hovered, s) + ')' +
        (isRest(hovered) ? '' : ', flat ' + own(hovered, s))));
    if (compared) {
      tip.append(element('p', sentence(hovered)));
      line(BEFORE, 'Before: ');
      line(AFTER, 'After: ');
    } else {
      line(AFTER, '');
    }
  }
  const box = tip.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, innerWidth - box.width - 8);
  const below = event.clientY + 20, y = below + box.height < innerHeight - 8 ? below : event.clientY - box.height - 12;
  tip.style.transform = `translate(${Math.max(8, x)}px, ${Math.max(8, y)}px)`;
}

// ---- the tree for assistive technology ------------------------------------------------------------------------------

function siblings(i) {
  const all = [];
  if (i === 0) return [0];
  for (let k = parent[i] + 1; k < end[parent[i]]; k = end[k]) if (width[side][k] > 0) all.push(k);
  return all;
}

function children(i) {
  const all = [];
  for (let k = i + 1; k < end[i]; k = end[k]) if (width[side][k] > 0) all.push(k);
  return all;
}

function item(i, among) {
  const e = element('div', describe(i));
  e.id = 'frame-' + i;
  e.setAttribute('role', 'treeitem');
  e.setAttribute('aria-level', depth[i] + 1);
  e.setAttribute('aria-setsize', among.length);
  e.setAttribute('aria-posinset', among.indexOf(i) + 1);
  e.setAttribute('aria-selected', i === focused);
  if (children(i).length) e.setAttribute('aria-expanded', i === focused || contains(i, focused));
  return e;
}

const NEAR = 8;
function showItems() {
  const chain = [], around = siblings(focused), at = around.indexOf(focused), below = children(focused);
  for (let i = parent[focused]; i >= 0 && chain.length < NEAR; i = parent[i]) chain.unshift(i);
  $('items').replaceChildren(...chain.map((i) => item(i, siblings(i))),
    ...around.slice(Math.max(0, at - 1), at + 1).map((i) => item(i, around)),
    ...below.slice(0, NEAR).map((i) => item(i, below)),
    ...around.slice(at + 1, at + 2).map((i) => item(i, around)));
  stage.setAttribute('aria-activedescendant', 'frame-' + focused);
}

// ---- moving about ---------------------------------------------------------------------------------------------------

function scrollTo(i) {
  const y = rowTop(depth[i]), top = stage.scrollTop;
  if (y < top + row) stage.scrollTop = y - row;
  else if (y + 2 * row > top + viewHeight) stage.scrollTop = y + 2 * row - viewHeight;
}

function refresh() {
  stretch();
  $('reset').disabled = zoomed === 0;
  explain();
  showItems();
  redraw();
}

function focusOn(i) {
  focused = i;
  hovered = -1;
  $('tip').hidden = true;
  while (!contains(zoomed, i) && !contains(i, zoomed)) zoomed = parent[zoomed];
  refresh();
  scrollTo(i);
}

function zoomTo(i) {
  zoomed = i;
  focusOn(i);
}

function widest(list) {
  return list.reduce((best, i) => (best < 0 || width[side][i] > width[side][best] ? i : best), -1);
}

function neighbour(step) {
  const all = siblings(focused), at = all.indexOf(focused) + step;
  return at >= 0 && at < all.length ? all[at] : -1;
}

const inward = () => widest(children(focused));
const KEYS = {
  ArrowUp: () => (flipped ? inward() : parent[focused]),
  ArrowDown: () => (flipped ? parent[focused] : inward()),
  ArrowLeft: () => neighbour(-1),
  ArrowRight: () => neighbour(1),
  Home: () => siblings(focused)[0],
  End: () => siblings(focused).at(-1),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS[event.key]) {
    const to = KEYS[event.key]();
    if (to >= 0) focusOn(to);
  } else if (event.key === 'Enter' || event.key === ' ') {
    zoomTo(focused);
  } else if (event.key === 'Backspace') {
    if (zoomed) zoomTo(parent[zoomed]);
  } else {
    return;
  }
  event.preventDefault();
}

function onAnyKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || n === 1) return;
  const typing = event.target === $('search');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    $('search').focus();
    $('search').select();
  } else if (event.key === 'Escape' && $('about').open) {
    $('about').open = false;
    $('about').firstElementChild.focus();
  } else if (event.key === 'Escape' && (typing || zoomed === 0) && $('search').value) {
    $('search').value = '';
    search();
  } else if (event.key === 'Escape') {
    zoomTo(0);
    stage.focus({preventScroll: true});
  }
}

function frameAt(event) {
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left, y = event.clientY - box.top + stage.scrollTop;
  const d = Math.floor((flipped ? content - y : y) / row);
  if (d < 0 || x < 0 || x >= viewWidth) return -1;
  if (d <= depth[zoomed]) {
    let i = zoomed;
    while (depth[i] > d) i = parent[i];
    return i;
  }
  const at = left[side][zoomed] + x / scale();
  let i = zoomed;
  while (i >= 0 && depth[i] < d) {
    let k = i + 1;
    while (k < end[i] && left[side][k] + width[side][k] <= at) k = end[k];
    i = k < end[i] && left[side][k] <= at ? k : -1;
  }
  return i;
}

function onPoint(event) {
  const i = frameAt(event);
  canvas.style.cursor = i < 0 ? 'default' : 'pointer';
  if (i !== hovered) {
    hovered = i;
    explain();
    redraw();
  }
  showTip(event);
}

function onLeave() {
  hovered = -1;
  $('tip').hidden = true;
  explain();
  redraw();
}

function onClick(event) {
  const i = frameAt(event);
  if (i >= 0) zoomTo(i);
}

// ---- searching ------------------------------------------------------------------------------------------------------

let found = [];

// Without capital letters in it the expression matches both cases.
function compile(text) {
  try {
    return new RegExp(text, text === text.toLowerCase() ? 'iu' : 'u');
  } catch (e) {
    return null;
  }
}

function tell(text, isBad) {
  $('found').textContent = text;
  $('found').classList.toggle('bad', isBad);
  $('search').setAttribute('aria-invalid', isBad);
}

function tally() {
  let sum = 0;
  found = [];
  for (let i = 1, inside = 0; i < n; i++) {
    if (!isMatch(i) || !(width[side][i] > 0)) continue;
    found.push(i);
    if (i < inside) continue;
    sum += value[side][i];
    inside = end[i];
  }
  if (!found.length) return tell('No frame matches', false);
  tell(share(sum, totals[side]) + ' of the total (' + amount(sum) + ') in ' + found.length +
      (found.length === 1 ? ' frame' : ' frames'), false);
}

function search() {
  const text = $('search').value, rx = text ? compile(text) : null;
  matches = null;
  found = [];
  if (rx) {
    matches = Uint8Array.from(data.names, (name) => rx.test(name));
    tally();
  } else {
    tell(text ? 'Not a regular expression yet' : '', text !== '');
  }
  redraw();
}

function nextMatch(step) {
  if (!found.length) return;
  const at = found.findIndex((i) => i >= focused), here = found[at] === focused;
  const next = step > 0 ? (at < 0 ? 0 : here ? at + 1 : at) : (at < 0 ? found.length : at) - 1;
  focusOn(found[(next + found.length) % found.length]);
  if (extent(focused)[1] < 4) zoomTo(parent[focused]), focusOn(found[(next + found.length) % found.length]);
  stage.scrollIntoView({block: 'nearest'});
}

// ---- the page around it ---------------------------------------------------------------------------------------------

function setSide(to) {
  side = to;
  while (zoomed && !(width[side][zoomed] > 0)) zoomed = parent[zoomed];
  while (focused && !(width[side][focused] > 0)) focused = parent[focused];
  hovered = -1;
  if (matches) tally();
  refresh();
}

function setDirection(bottom) {
  flipped = bottom;
  refresh();
  stage.scrollTop = flipped ? content : 0;
}

function list(title, lines) {
  if (!lines.length) return;
  const ul = element('ul');
  for (const line of lines) ul.append(element('li', visible(line)));
  $('facts').append(element('h2', title), ul);
}

function summarize() {
  const box = $('summary'), add = (...parts) => box.append(box.childNodes.length ? ' · ' : '', ...parts);
  $('title').textContent = visible(data.title);
  const s = value[BEFORE][0] && !value[AFTER][0] ? BEFORE : AFTER;
  if (compared) {
    add('before ', element('b', amount(totals[BEFORE])), ', after ', element('b', amount(totals[AFTER])));
    add(change(totals[BEFORE], totals[AFTER]));
  } else if (totals[AFTER] > 0) {
    add(element('b', amount(totals[AFTER])), ' in total');
  }
  if (value[s][0] < totals[s]) add(share(value[s][0], totals[s]) + ' of it shown');
  const when = data.header.filter((line) => /^(Time|Duration): /.test(line));
  box.append(element('span', when.map((line) => ' · ' + visible(line)).join('')));
  if (data.filters.length) add('filters: ' + visible(data.filters.join(', ')));
  list('Profile', data.header);
  list('Active filters', data.filters);
  list('Note', data.remark ? [data.remark] : []);
  $('about').hidden = !$('facts').childNodes.length;
}

function showLegend() {
  const kinds = [['same', 0, 'unchanged'], ['grown', 0.6, '▲ grown'], ['shrunk', 0.6, '▼ shrunk'],
                 ['new', 1, '+ new'], ['gone', 1, '× gone']];
  $('legend').replaceChildren(...kinds.map(([kind, strength, text]) => {
    const li = element('li'), swatch = element('i');
    swatch.style.background = colourOfChange(kind, strength).fill;
    li.append(swatch, text);
    return li;
  }));
}

function onLook() {
  setLook();
  if (compared) showLegend();
  redraw();
}

function onSize() {
  measure();
  stretch();
  redraw();
}

function showNothing() {
  for (const id of ['tools', 'stage', 'details', 'keys']) $(id).hidden = true;
  $('empty').textContent = data.remark;
  $('empty').hidden = false;
}

function listen() {
  const radios = (name, act) =>
    document.getElementsByName(name).forEach((e) => e.addEventListener('change', () => act(e.value)));
  radios('root', (v) => setDirection(v === 'bottom'));
  radios('side', (v) => setSide(Number(v)));
  canvas.addEventListener('pointermove', onPoint);
  canvas.addEventListener('pointerleave', onLeave);
  canvas.addEventListener('click', onClick);
  stage.addEventListener('scroll', () => { hovered = -1; $('tip').hidden = true; redraw(); });
  stage.addEventListener('keydown', onKey);
  for (const kind of ['focus', 'blur']) stage.addEventListener(kind, redraw);
  document.addEventListener('keydown', onAnyKey);
  $('reset').addEventListener('click', () => { zoomTo(0); stage.focus({preventScroll: true}); });
  $('search').addEventListener('input', search);
  $('search').addEventListener('keydown', (e) => { if (e.key === 'Enter') nextMatch(e.shiftKey ? -1 : 1); });
  dark.addEventListener('change', onLook);
  coarse.addEventListener('change', onSize);
  new ResizeObserver(onSize).observe(stage);
}

function start() {
  summarize();
  if (!(value[BEFORE][0] > 0 || value[AFTER][0] > 0)) return showNothing();
  side = value[AFTER][0] > 0 ? AFTER : BEFORE;
  stage.setAttribute('aria-label', 'Flame graph of ' + visible(data.title));
  if (compared) {
    $('sides').hidden = $('legend').hidden = false;
    $('details').classList.add('compared');
    document.getElementsByName('side').forEach((e) => {
      e.checked = Number(e.value) === side;
      e.disabled = !(value[e.value][0] > 0);
    });
  }
  onLook();
  measure();
  refresh();
  listen();
}

start();
})();
