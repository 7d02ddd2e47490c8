// A flame graph one can look around in: what is shown, zoomed in on and in focus, and how that changes.
//
// `host` is told what happens: explain(chart, i) when another frame is pointed at or in focus, or when it is seen in another
// window; point(chart, i, event) when the pointer is over a frame (-1: over none); focused(chart) when another is in focus;
// left(element) when the pointer has gone there; zoomed(chart) when the user has zoomed; arrived(chart) when there are frames that
// were left out before. Where there is such a thing, it is asked for more(chart, path, offset), a promise of what is below the way
// of calls `path`, without the `offset` first frames directly there.
'use strict';
cprof.flameChart = (tree, stage, label, host) => {
const words = cprof.flameWords(tree), look = cprof.flameLook(tree);
const canvas = cprof.flameCanvas(tree, stage, look, words);
const spacer = cprof.element('div', undefined, 'spacer');
const chart = {tree, words, look, stage, canvas};
const s = {side: cprof.AFTER, flipped: false, zoomed: 0, focused: 0, hovered: -1, matches: null, active: false,
           walked: false};  // the search has led to the frame in focus
chart.state = s;
let wasMeasured = false, target = {from: 0, span: 1}, moving = 0, pending = 0, need = 1;

// ---- drawing when there is something new ----------------------------------------------------------------------------

function redraw() {
  pending = pending || requestAnimationFrame(() => {
    pending = 0;
    draw();
  });
}

function draw() {
  s.active = s.walked || document.activeElement === stage;
  canvas.draw(s);
}

// How high the graph is, without what is too narrow to be seen.
function stretch() {
  let deepest = canvas.deepest(s.side, target.from, target.span);
  if (tree.contains(s.zoomed, s.focused)) deepest = Math.max(deepest, tree.depth[s.focused]);
  const before = canvas.content, fromBottom = before - stage.scrollTop;
  canvas.content = Math.max((deepest + 1) * canvas.row, canvas.height);
  // Graphs that share a page share its height by what they need. One that has grown does not shrink: nothing moves without need.
  need = Math.max(need, deepest + 1);
  stage.style.flexGrow = need;
  stage.style.minHeight = Math.min(need * canvas.row + 2, 120) + 'px';
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

function jump(to) {
  ++moving;
  target = to;
  Object.assign(canvas, to);
}

function glide(to) {
  if (cprof.still.matches || document.hidden || !canvas.width) {
    jump(to);
    return redraw();
  }
  const begin = {from: canvas.from, span: canvas.span}, start = performance.now(), mine = ++moving;
  target = to;
  const step = (now) => {
    if (mine !== moving) return;
    const t = Math.min(1, Math.max(0, (now - start) / 180)), ease = 1 - (1 - t) ** 3;
    // The span by its logarithm; `from` so that the frame zoomed in on seems to grow in its place.
    const span = begin.span * (to.span / begin.span) ** ease;
    const part = begin.span === to.span ? ease : (begin.span - span) / (begin.span - to.span);
    Object.assign(canvas, {span, from: begin.from + (to.from - begin.from) * part});
    if (t >= 1) Object.assign(canvas, to);
    draw();
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
  jump({from, span});
  s.zoomed = frameAround(target);
  s.hovered = -1;
  host.point(chart, -1);
  refresh();
  settle();
}

let settling = 0;
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    host.zoomed(chart);
    parts.want();
  }, 250);
}

// ---- moving about ---------------------------------------------------------------------------------------------------

function scrollTo(i) {
  const y = canvas.rowTop(tree.depth[i], s.flipped), top = stage.scrollTop, {row, height} = canvas;
  if (y < top + row) stage.scrollTop = y - row;
  else if (y + 2 * row > top + height) stage.scrollTop = y + 2 * row - height;
}

// Is so much of the frame to be seen that it can be told from others, or all of it?
function isInSight(i) {
  const by = canvas.width / target.span, x = (tree.left[s.side][i] - target.from) * by, w = tree.width[s.side][i] * by;
  return Math.min(x + w, canvas.width) - Math.max(x, 0) >= Math.min(2, 0.99 * w) || w >= canvas.width;
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
    host.zoomed(chart);
    parts.want();
  }
  refresh();
  scrollTo(i);
  host.focused(chart);
};

chart.zoomTo = (i, quietly) => {
  s.zoomed = i;
  glide(frameWindow(i));
  chart.focusOn(i);
  if (!quietly) host.zoomed(chart);
  parts.want();
};

// The frame that was pointed at is explained no longer.
chart.leave = () => {
  s.hovered = -1;
  redraw();
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

// Marks the frames whose names match (null: none). {found: their numbers, before and after, sum: what they weigh there, what one
// calls below another counted once}.
chart.search = (rx) => {
  s.matches = rx && Uint8Array.from(tree.names, (name) => rx.test(name));
  const result = {found: [[], []], sum: [0, 0]}, inside = [0, 0];
  for (let i = 1; rx && i < tree.n; i++) {
    if (!canvas.isMatch(i, s.matches)) continue;
    for (const side of [cprof.BEFORE, cprof.AFTER]) {
      if (!(tree.width[side][i] > 0)) continue;
      result.found[side].push(i);
      if (i < inside[side]) continue;
      result.sum[side] += tree.value[side][i];
      inside[side] = tree.end[i];
    }
  }
  redraw();
  return result;
};

// Shows a match, however narrow it is.
chart.walkTo = (i) => {
  s.walked = true;
  chart.focusOn(i);
  if (tree.width[s.side][i] / target.span * canvas.width < 4) {
    chart.zoomTo(tree.parent[i]);
    chart.focusOn(i);
  }
  stage.scrollIntoView({block: 'nearest'});
};

// ---- the rest -------------------------------------------------------------------------------------------------------

chart.setSide = (side) => {
  s.side = side;
  while (s.zoomed && !(tree.width[side][s.zoomed] > 0)) s.zoomed = tree.parent[s.zoomed];
  while (s.focused && !(tree.width[side][s.focused] > 0)) s.focused = tree.parent[s.focused];
  s.hovered = -1;
  jump(frameWindow(s.zoomed));
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

chart.window = () => target;
chart.isWhole = () => s.zoomed === 0 && target.span >= tree.width[s.side][0];
chart.redraw = redraw;
chart.refresh = refresh;
chart.focus = () => stage.focus({preventScroll: true});

function onSize() {
  const atBottom = s.flipped && stage.scrollTop + stage.clientHeight >= stage.scrollHeight - 2;
  canvas.measure();
  stretch();
  if (atBottom || (s.flipped && !wasMeasured)) stage.scrollTop = canvas.content;
  wasMeasured = true;
  redraw();
}

stage.setAttribute('role', 'tree');
stage.setAttribute('aria-label', label);
stage.tabIndex = 0;
stage.append(canvas.canvas, spacer);
const showItems = cprof.flameItems(tree, stage, words);
const parts = cprof.flameParts(chart, host);
chart.fill = parts.fill;
cprof.flamePointers(chart, move, host);
stage.addEventListener('scroll', () => { s.hovered = -1; host.point(chart, -1); redraw(); });
stage.addEventListener('keydown', onKey);
for (const kind of ['focus', 'blur']) stage.addEventListener(kind, redraw);
cprof.dark.addEventListener('change', () => { look.update(); redraw(); });
cprof.coarse.addEventListener('change', onSize);
s.side = tree.value[cprof.AFTER][0] > 0 ? cprof.AFTER : cprof.BEFORE;
jump(frameWindow(0));
canvas.measure();
refresh();
new ResizeObserver(onSize).observe(stage);
return chart;
};
