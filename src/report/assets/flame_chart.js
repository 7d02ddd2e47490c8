// A flame graph one can look around in: what is shown, zoomed in on and in focus, and how that changes.
//
// `host` is told what happens: explain(i) when another frame is pointed at or in focus, zoomed(i) when the user zooms,
// more(i), a promise of what was left out below a frame, where there is such a thing.
'use strict';
cprof.flameChart = (tree, stage, label, host) => {
const words = cprof.flameWords(tree), look = cprof.flameLook(tree);
const canvas = cprof.flameCanvas(tree, stage, look, words);
const spacer = cprof.element('div', undefined, 'spacer');
const chart = {tree, words, look, stage, canvas};
const s = {side: cprof.AFTER, flipped: false, zoomed: 0, focused: 0, hovered: -1, matches: null, active: false};
let number = 0, target = {from: 0, span: 1}, moving = 0, pending = 0, found = [];

// ---- drawing when there is something new ----------------------------------------------------------------------------

function redraw() {
  pending = pending || requestAnimationFrame(() => {
    pending = 0;
    s.active = document.activeElement === stage;
    canvas.draw(s);
  });
}

// How high the graph is, without what is too narrow to be seen.
function stretch() {
  let deepest = canvas.deepest(s.side, target.from, target.span);
  if (tree.contains(s.zoomed, s.focused)) deepest = Math.max(deepest, tree.depth[s.focused]);
  const before = canvas.content, fromBottom = before - stage.scrollTop;
  canvas.content = Math.max((deepest + 1) * canvas.row, canvas.height);
  spacer.style.height = canvas.content - canvas.height + 'px';
  if (s.flipped && before && before !== canvas.content) stage.scrollTop = canvas.content - fromBottom;
}

function refresh() {
  stretch();
  host.explain(chart, s.hovered >= 0 ? s.hovered : s.focused);
  showItems(s);
  redraw();
}

// ---- the window -----------------------------------------------------------------------------------------------------

function glide(to) {
  const begin = {from: canvas.from, span: canvas.span}, start = performance.now(), mine = ++moving;
  target = to;
  if (cprof.still.matches || document.hidden || !canvas.width) {
    Object.assign(canvas, to);
    return redraw();
  }
  const step = (now) => {
    if (mine !== moving) return;
    const t = Math.min(1, Math.max(0, (now - start) / 180)), ease = 1 - (1 - t) ** 3;
    // The span by its logarithm; `from` so that the frame zoomed in on seems to grow in its place.
    const span = begin.span * (to.span / begin.span) ** ease;
    const part = begin.span === to.span ? ease : (begin.span - span) / (begin.span - to.span);
    Object.assign(canvas, {span, from: begin.from + (to.from - begin.from) * part});
    if (t >= 1) Object.assign(canvas, to);
    s.active = document.activeElement === stage;
    canvas.draw(s);
    if (t < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

const frameWindow = (i) => ({from: tree.left[s.side][i], span: tree.width[s.side][i] || 1});

// The deepest frame that fills the window.
function frameAround(w) {
  const slack = w.span * 1e-9;
  let i = 0;
  for (;;) {
    const inside = tree.children(i, s.side).find((k) => tree.left[s.side][k] <= w.from + slack &&
        tree.left[s.side][k] + tree.width[s.side][k] >= w.from + w.span - slack);
    if (inside === undefined) return i;
    i = inside;
  }
}

// Moves freely, as wheel and fingers do: `by` times as wide, with the value under pixel x moved by dx pixels.
function move(by, x, dx) {
  const all = tree.width[s.side][0], span = Math.min(all, Math.max(all * 1e-7, canvas.span * by));
  const at = canvas.from + x * canvas.span / canvas.width;
  const from = Math.min(all - span, Math.max(0, at - (x + dx) * span / canvas.width));
  ++moving;
  target = {from, span};
  Object.assign(canvas, target);
  s.zoomed = frameAround(target);
  s.hovered = -1;
  host.point(chart, -1);
  stretch();
  redraw();
  settle();
}

let settling = 0;
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    host.zoomed(chart, s.zoomed);
    wantMore();
  }, 250);
}

// ---- what was left out ----------------------------------------------------------------------------------------------

// Frames in the window that stand for others and are at least so many pixels wide.
function restsInSight(pixels) {
  const all = [], w = tree.width[s.side], x = tree.left[s.side], least = pixels * target.span / canvas.width;
  for (let i = s.zoomed; i < tree.end[s.zoomed];) {
    if (w[i] < least || x[i] + w[i] <= target.from || x[i] >= target.from + target.span) {
      i = tree.end[i];
      continue;
    }
    if (tree.isRest(i)) all.push(i);
    i++;
  }
  return all;
}

// Once for the frame that is zoomed in on, then where much is still left out.
const asked = new Set();
function wantMore() {
  if (!host.more || tree.n > 500000) return;
  const path = tree.pathTo(s.zoomed);
  if (path && !asked.has(path) && restsInSight(3).length) return ask(path);
  const wide = restsInSight(60).sort((a, b) => tree.width[s.side][b] - tree.width[s.side][a]);
  const next = wide.map(tree.pathTo).find((p) => p && !asked.has(p));
  if (next) ask(next);
}

function ask(path) {
  asked.add(path);
  stage.setAttribute('aria-busy', 'true');
  host.more(chart, path).then((part) => { graft(path, part); }, () => { asked.delete(path); })
      .finally(() => stage.removeAttribute('aria-busy'));
}

function graft(path, part) {
  const kept = {zoomed: tree.pathTo(s.zoomed), focused: tree.pathTo(s.focused)};
  const at = tree.frameOn(path);
  if (tree.pathTo(at) !== path) return;
  tree.graft(at, part);
  s.zoomed = tree.frameOn(kept.zoomed);
  s.focused = tree.frameOn(kept.focused);
  s.hovered = -1;
  if (s.matches) chart.search(searched);
  refresh();
  wantMore();
}

// ---- moving about ---------------------------------------------------------------------------------------------------

function scrollTo(i) {
  const y = canvas.rowTop(tree.depth[i], s.flipped), top = stage.scrollTop, {row, height} = canvas;
  if (y < top + row) stage.scrollTop = y - row;
  else if (y + 2 * row > top + height) stage.scrollTop = y + 2 * row - height;
}

// Is so much of the frame to be seen that it can be told from others?
function isInSight(i) {
  const by = canvas.width / target.span, x = (tree.left[s.side][i] - target.from) * by, w = tree.width[s.side][i] * by;
  return Math.min(x + w, canvas.width) - Math.max(x, 0) >= 2 || w >= canvas.width;
}

chart.focusOn = (i) => {
  s.focused = i;
  s.hovered = -1;
  host.point(chart, -1);
  let zoomed = s.zoomed;
  while (!tree.contains(zoomed, i) && !tree.contains(i, zoomed)) zoomed = tree.parent[zoomed];
  if (zoomed !== s.zoomed || !isInSight(i)) {
    s.zoomed = zoomed;
    glide(frameWindow(zoomed));
    host.zoomed(chart, zoomed);
  }
  refresh();
  scrollTo(i);
};

chart.zoomTo = (i, quietly) => {
  s.zoomed = i;
  glide(frameWindow(i));
  chart.focusOn(i);
  if (!quietly) host.zoomed(chart, i);
  wantMore();
};

const widest = (list) => list.reduce((best, i) => (best < 0 || tree.width[s.side][i] > tree.width[s.side][best] ? i : best), -1);
const inward = () => widest(tree.children(s.focused, s.side));
const outward = () => tree.parent[s.focused];
function neighbour(step) {
  const all = tree.siblings(s.focused, s.side), at = all.indexOf(s.focused) + step;
  return at >= 0 && at < all.length ? all[at] : -1;
}

const KEYS = {
  ArrowUp: () => (s.flipped ? inward() : outward()),
  ArrowDown: () => (s.flipped ? outward() : inward()),
  ArrowLeft: () => neighbour(-1),
  ArrowRight: () => neighbour(1),
  Home: () => tree.siblings(s.focused, s.side)[0],
  End: () => tree.siblings(s.focused, s.side).at(-1),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = canvas.width / 2;
  if (KEYS[event.key]) {
    const to = KEYS[event.key]();
    if (to >= 0) chart.focusOn(to);
  } else if (event.key === 'Enter' || event.key === ' ') {
    chart.zoomTo(s.focused);
  } else if (event.key === 'Backspace') {
    if (s.zoomed) chart.zoomTo(tree.parent[s.zoomed]);
  } else if (event.key === '+' || event.key === '=') {
    move(1 / 1.5, middle, 0);
  } else if (event.key === '-') {
    move(1.5, middle, 0);
  } else {
    return;
  }
  event.preventDefault();
}

// ---- searching ------------------------------------------------------------------------------------------------------

let searched = null;
// Marks the frames whose names match (null: none), and tells how many and what they weigh, what one calls below another
// counted once.
chart.search = (rx) => {
  searched = rx;
  s.matches = rx && Uint8Array.from(tree.names, (name) => rx.test(name));
  found = [];
  let sum = 0;
  for (let i = 1, inside = 0; rx && i < tree.n; i++) {
    if (!canvas.isMatch(i, s.matches) || !(tree.width[s.side][i] > 0)) continue;
    found.push(i);
    if (i < inside) continue;
    sum += tree.value[s.side][i];
    inside = tree.end[i];
  }
  redraw();
  return {frames: found.length, sum};
};

chart.nextMatch = (step) => {
  if (!found.length) return;
  const at = found.findIndex((i) => i >= s.focused), here = found[at] === s.focused;
  const next = step > 0 ? (at < 0 ? 0 : here ? at + 1 : at) : (at < 0 ? found.length : at) - 1;
  const to = found[(next + found.length) % found.length];
  chart.focusOn(to);
  if (tree.width[s.side][to] / target.span * canvas.width < 4) {
    chart.zoomTo(tree.parent[to]);
    chart.focusOn(to);
  }
  stage.scrollIntoView({block: 'nearest'});
};

// ---- the rest -------------------------------------------------------------------------------------------------------

chart.setSide = (side) => {
  s.side = side;
  while (s.zoomed && !(tree.width[side][s.zoomed] > 0)) s.zoomed = tree.parent[s.zoomed];
  while (s.focused && !(tree.width[side][s.focused] > 0)) s.focused = tree.parent[s.focused];
  s.hovered = -1;
  target = frameWindow(s.zoomed);
  Object.assign(canvas, target);
  refresh();
};

chart.setFlipped = (flipped) => {
  s.flipped = flipped;
  canvas.content = 0;
  refresh();
  stage.scrollTop = flipped ? canvas.content : 0;
};

chart.setColours = (mode) => {
  look.mode = mode;
  redraw();
};

chart.state = s;
chart.isWhole = () => s.zoomed === 0 && target.span >= tree.width[s.side][0];
chart.redraw = redraw;
chart.focus = () => stage.focus({preventScroll: true});

function onSize() {
  const atBottom = s.flipped && stage.scrollTop + stage.clientHeight >= stage.scrollHeight - 2;
  canvas.measure();
  stretch();
  if (atBottom || (s.flipped && !number++)) stage.scrollTop = canvas.content;
  redraw();
}

stage.setAttribute('role', 'tree');
stage.setAttribute('aria-label', label);
stage.tabIndex = 0;
stage.append(canvas.canvas, spacer);
const showItems = cprof.flameItems(tree, stage, words);
cprof.flamePointers(chart, move, host);
stage.addEventListener('scroll', () => { s.hovered = -1; host.point(chart, -1); redraw(); });
stage.addEventListener('keydown', onKey);
for (const kind of ['focus', 'blur']) stage.addEventListener(kind, redraw);
cprof.dark.addEventListener('change', () => { look.update(); redraw(); });
cprof.coarse.addEventListener('change', onSize);
s.side = tree.value[cprof.AFTER][0] > 0 ? cprof.AFTER : cprof.BEFORE;
target = frameWindow(0);
Object.assign(canvas, target);
canvas.measure();
refresh();
new ResizeObserver(onSize).observe(stage);
return chart;
};
