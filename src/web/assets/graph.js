// The picture of the graph: moving about in it, searching it, choosing nodes.
'use strict';
(() => {
const {element} = cprof;
const box = $('graph'), svg = box?.querySelector('svg');
document.body.classList.add('whole');
if (!svg) return;

// ---- nodes ----------------------------------------------------------------------------------------------------------
// The title of a node is N and its number; inside is one with the name and the value: "main.run (2.99s)".

const titleOf = (g, at) => g.querySelectorAll('title')[at]?.textContent ?? '';
const nameOf = (g) => titleOf(g, 1).replace(/ \([^()]*\)$/, '');

// What the legend says is above the graph already, but for what was left out.
const legend = [...svg.querySelectorAll('g.node')].find((g) => !/^N+\d+/.test(titleOf(g, 0)));
const leftOut = [...(legend?.querySelectorAll('text') ?? [])].map((t) => t.textContent.trim()).filter((t) => /^(Showing|Dropped) /.test(t));
for (const g of [legend, svg.querySelector('g.cluster'), svg.querySelector('g.graph > polygon')]) g?.remove();

// Graphviz marks what is written from right to left: nothing is here.
for (const t of svg.querySelectorAll('text')) t.textContent = cprof.visible(t.textContent);
const nodes = [...svg.querySelectorAll('g.node')].filter((g) => /^N\d+$/.test(titleOf(g, 0))).map((g) =>
  ({g, id: titleOf(g, 0), name: nameOf(g), text: [...g.querySelectorAll('text')].map((t) => t.textContent).join(' ')}));
// Boxes of labels are N3_0, those of numbers that hang on them NN3_0_0.
const labels = [...svg.querySelectorAll('g.node')].filter((g) => /^N+\d+_/.test(titleOf(g, 0))).map((g) =>
  ({g, of: titleOf(g, 0).replace(/^N+(\d+)_.*/, 'N$1')}));
const edges = [...svg.querySelectorAll('g.edge')].map((g) => {
  const [from, to] = (g.querySelector('title')?.textContent ?? '').split('->');
  return {g, from, to};
});
for (const t of svg.querySelectorAll('title')) t.remove();

const summary = (leftOut.at(-1) ?? nodes.length + ' functions') + (leftOut.length > 1 ? ', ' + (/[\d.]+%/.exec(leftOut[0])?.[0] ?? '') + ' of the total' : '');
const tools = element('div'), told = element('output', summary), links = element('span', undefined, 'links');
let current = -1, picked = new Set(), matches = [], isSearched = false;

function showCurrent() {
  for (const [i, n] of nodes.entries()) {
    n.g.classList.toggle('current', i === current);
    n.g.classList.toggle('picked', picked.has(i));
    n.g.setAttribute('aria-selected', picked.has(i));
  }
  for (const e of edges) e.g.classList.toggle('near', current >= 0 && (e.from === nodes[current].id || e.to === nodes[current].id));
  links.replaceChildren();
  tell();
  if (current < 0) return box.removeAttribute('aria-activedescendant');
  const {name, g} = nodes[current], by = cprof.shownIn(name);
  box.setAttribute('aria-activedescendant', g.id);
  links.append(cprof.link('Flame', 'flamegraph', by.flamegraph), cprof.link('Peek', 'peek', by.peek),
               cprof.link('Source', 'source', by.source), cprof.link('Focus', 'graph'));
  links.lastChild.href = cprof.stay(by.focus);
}

// What was found, and where one is.
function tell() {
  const count = isSearched ? matches.length + ' of ' + nodes.length + ' functions match' : '', at = matches.indexOf(current);
  const name = current >= 0 ? cprof.visible(nodes[current].name) : '';
  if (name && count) told.textContent = (at >= 0 ? at + 1 + ' of ' + matches.length + ' that match' : count) + ': ' + name;
  else told.textContent = name || count || summary;
}

function pick(i, adds) {
  const had = picked.has(i);
  if (!adds) picked = new Set();
  if (had) picked.delete(i);
  else picked.add(i);
  current = i;
  showCurrent();
}

function unpick() {
  picked = new Set();
  current = -1;
  showCurrent();
}

// ---- the view -------------------------------------------------------------------------------------------------------

const extent = svg.getBBox(), all = {x: extent.x - 8, y: extent.y - 8, w: extent.width + 16, h: extent.height + 16};
svg.removeAttribute('width');
svg.removeAttribute('height');
svg.setAttribute('preserveAspectRatio', 'xMidYMid meet');
let view = {...all}, pending = 0;

function apply() {
  pending = pending || requestAnimationFrame(() => {
    pending = 0;
    svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.w} ${view.h}`);
  });
}

// Pixels a unit of the picture.
const scale = () => Math.min(box.clientWidth / view.w, box.clientHeight / view.h);

// The view is as high and wide as the box, so that points are easily found.
function setView(x, y, by) {
  view = {x, y, w: box.clientWidth / by, h: box.clientHeight / by};
  apply();
}

function fit() {
  const by = Math.min(box.clientWidth / all.w, box.clientHeight / all.h, 1.2);
  setView(all.x + all.w / 2 - box.clientWidth / by / 2, all.y + all.h / 2 - box.clientHeight / by / 2, by);
}

// At first from the top, as wide as there is room for where that can be read: else around the topmost box.
const READABLE = 0.55;
function begin() {
  const by = Math.min(Math.max(box.clientWidth / all.w, READABLE), 0.8), wide = box.clientWidth / by;
  let middle = all.x + all.w / 2;
  if (wide < all.w && nodes.length) {
    svg.setAttribute('viewBox', `${all.x} ${all.y} ${all.w} ${all.h}`);
    const a = svg.getScreenCTM().inverse(), boxes = nodes.map((n) => n.g.getBoundingClientRect());
    const top = boxes.reduce((least, b) => (b.top < least.top ? b : least));
    middle = Math.min(Math.max(new DOMPoint(top.left + top.width / 2, top.top).matrixTransform(a).x, all.x + wide / 2), all.x + all.w - wide / 2);
  }
  setView(middle - wide / 2, all.y, by);
}

function zoom(by, px = box.clientWidth / 2, py = box.clientHeight / 2) {
  const now = scale(), then = Math.min(8, Math.max(0.02, now * by));
  setView(view.x + px / now - px / then, view.y + py / now - py / then, then);
}

function pan(dx, dy) {
  const by = scale();
  setView(view.x - dx / by, view.y - dy / by, by);
}

function centre(i) {
  const b = nodes[i].g.getBoundingClientRect(), a = box.getBoundingClientRect(), by = scale();
  const x = view.x + (b.left + b.width / 2 - a.left) / by, y = view.y + (b.top + b.height / 2 - a.top) / by;
  const then = Math.max(by, 0.7);
  setView(x - box.clientWidth / then / 2, y - box.clientHeight / then / 2, then);
}

// ---- pointers -------------------------------------------------------------------------------------------------------

const pointers = new Map();
let moved = false;
box.addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return;
  if (!pointers.size) moved = false;
  pointers.set(event.pointerId, {x: event.clientX, y: event.clientY});
});
box.addEventListener('pointermove', (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) return;
  const now = {x: event.clientX, y: event.clientY}, dx = now.x - before.x, dy = now.y - before.y;
  if (!moved && Math.hypot(dx, dy) < 4) return;
  if (!moved) box.setPointerCapture(event.pointerId);
  moved = true;
  box.classList.add('moving');
  if (pointers.size === 2) {
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, p]) => p), a = box.getBoundingClientRect();
    const was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(now.x - other.x, now.y - other.y);
    zoom(is / Math.max(1, was), (now.x + other.x) / 2 - a.left, (now.y + other.y) / 2 - a.top);
    pan(dx / 2, dy / 2);
  } else {
    pan(dx, dy);
  }
  pointers.set(event.pointerId, now);
});
for (const kind of ['pointerup', 'pointercancel'])
  box.addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    box.classList.remove('moving');
  });
box.addEventListener('click', (event) => {
  if (moved) return;
  const g = event.target.closest('g.node'), i = nodes.findIndex((n) => n.g === g);
  if (i >= 0) return pick(i, event.ctrlKey || event.metaKey || event.shiftKey);
  unpick();
});
box.addEventListener('wheel', (event) => {
  event.preventDefault();
  const a = box.getBoundingClientRect();
  zoom(Math.exp(-Math.max(-80, Math.min(80, event.deltaY)) * (event.ctrlKey ? 0.01 : 0.004)), event.clientX - a.left, event.clientY - a.top);
}, {passive: false});

// ---- keys, search ---------------------------------------------------------------------------------------------------

function goTo(i) {
  if (!nodes.length) return;
  current = (i + nodes.length) % nodes.length;
  showCurrent();
  centre(current);
}

const KEYS = {
  '+': () => zoom(1.3), '=': () => zoom(1.3), '-': () => zoom(1 / 1.3), '0': fit,
  ArrowLeft: () => pan(80, 0), ArrowRight: () => pan(-80, 0), ArrowUp: () => pan(0, 80), ArrowDown: () => pan(0, -80),
  n: () => goTo(current + 1), p: () => goTo(current < 0 ? nodes.length - 1 : current - 1),
  ' ': () => { if (current >= 0) pick(current, true); },
  Enter: () => { if (current >= 0) links.querySelector('a')?.click(); },
};
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isTool = tools.contains(event.target) && event.key !== 'Enter' && event.key !== ' ';
  if (event.target !== box && !isTool && !cprof.isFree(event)) return;
  if (event.key === 'Escape') {
    if (!cprof.clearSearch()) unpick();
  } else if (KEYS[event.key]) {
    box.focus({preventScroll: true});
    KEYS[event.key]();
  } else {
    return;
  }
  event.preventDefault();
});

function search(text) {
  const rx = text ? cprof.expression(text) : null;
  matches = [];
  for (const [i, n] of nodes.entries()) {
    const is = rx !== null && (rx.test(n.name) || rx.test(n.text));
    if (is) matches.push(i);
    n.g.classList.toggle('match', is);
    n.g.classList.toggle('faded', rx !== null && !is);
  }
  const found = new Set(matches.map((i) => nodes[i].id));
  for (const l of labels) l.g.classList.toggle('faded', rx !== null && !found.has(l.of));
  for (const e of edges) e.g.classList.toggle('faded', rx !== null);
  isSearched = rx !== null;
  tell();
  return matches.length;
}

function next(step) {
  if (!matches.length) return;
  const at = matches.indexOf(current);
  goTo(matches[(at < 0 ? (step > 0 ? 0 : matches.length - 1) : at + step + matches.length) % matches.length]);
}

// ---- putting it together --------------------------------------------------------------------------------------------

for (const [text, label, act] of [['−', 'Zoom out', () => zoom(1 / 1.3)], ['+', 'Zoom in', () => zoom(1.3)], ['Fit', 'Fit all in', fit]]) {
  const button = element('button', text);
  button.type = 'button';
  button.title = label;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', act);
  tools.append(button);
}
tools.id = 'tools';
tools.setAttribute('role', 'toolbar');
tools.setAttribute('aria-label', 'Graph');
tools.append(told, links);
box.before(tools);
box.tabIndex = 0;
box.setAttribute('role', 'listbox');
box.setAttribute('aria-label', 'Graph of calls: n and p go from function to function');
box.setAttribute('aria-multiselectable', 'true');
svg.setAttribute('role', 'presentation');
for (const g of svg.querySelectorAll('g')) g.setAttribute('role', 'presentation');
for (const e of svg.querySelectorAll('text, polygon, path, ellipse')) e.setAttribute('aria-hidden', 'true');
for (const [i, n] of nodes.entries()) {
  n.g.id = 'function-' + i;
  n.g.setAttribute('role', 'option');
  n.g.setAttribute('aria-label', n.text);
}
begin();
new ResizeObserver(() => { if (box.clientWidth) setView(view.x, view.y, scale() || 1); }).observe(box);
cprof.searchable({search, next, selection: () => [...new Set([...(picked.size ? picked : current >= 0 ? [current] : [])].map((i) => cprof.functionOf(nodes[i].name)))]});
showCurrent();
})();
