// A flame graph under mouse and fingers: pointing, clicking, dragging, pinching, the wheel. `move` and `host` are the chart's.
'use strict';
cprof.flamePointers = (chart, move, host) => {
const {canvas, state: s, stage} = chart, box = canvas.canvas;

const pointers = new Map();
let dragged = false;
const place = (event) => {
  const area = box.getBoundingClientRect();
  return {x: event.clientX - area.left, y: event.clientY - area.top};
};
const frameAt = (at) => canvas.frameAt(at.x, at.y, s.side, s.flipped);

function onDown(event) {
  if (event.pointerType === 'mouse' && event.button !== 0) return;
  if (pointers.size === 0) dragged = false;
  pointers.set(event.pointerId, place(event));
}

function drag(event) {
  const before = pointers.get(event.pointerId), now = place(event);
  if (pointers.size === 2) {
    const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    const was = Math.max(24, Math.abs(before.x - other.x)), is = Math.max(24, Math.abs(now.x - other.x));
    dragged = true;
    move(was / is, (before.x + other.x) / 2, (now.x - before.x) / 2);
  } else {
    if (!dragged && Math.abs(now.x - before.x) < 5 && Math.abs(now.y - before.y) < 5) return;
    if (!dragged) box.setPointerCapture(event.pointerId);
    clearTimeout(waiting);
    dragged = true;
    if (event.pointerType === 'mouse') stage.scrollTop -= now.y - before.y;
    move(1, now.x, now.x - before.x);
  }
  pointers.set(event.pointerId, now);
}

function onPoint(event) {
  if (pointers.has(event.pointerId)) return drag(event);
  const at = place(event), i = frameAt(at);
  box.style.cursor = i < 0 ? 'default' : 'pointer';
  clearTimeout(waiting);
  if (event.movementY > Math.abs(event.movementX)) waiting = setTimeout(() => hover(frameAt(at)), 150);
  else hover(i);
  host.point(chart, i, event);
}

// What is said about a frame stands below the graph and has links. On the way down to them it stays, whatever lies between.
let waiting = 0;
function hover(i) {
  if (i < 0 || i === s.hovered) return;
  s.hovered = i;
  host.explain(chart, i);
  chart.redraw();
}

function onUp(event) {
  pointers.delete(event.pointerId);
}

function onLeave(event) {
  clearTimeout(waiting);
  host.point(chart, -1);
  host.left(event.relatedTarget);
}

function onClick(event) {
  const i = frameAt(place(event));
  clearTimeout(waiting);
  if (i >= 0 && !dragged) chart.zoomTo(i);
}

// With Ctrl, as fingers on a touch pad send it, the wheel zooms; sideways it moves.
function onWheel(event) {
  const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
  if (!event.ctrlKey && !isSideways) return;
  event.preventDefault();
  if (event.ctrlKey) move(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.01), place(event).x, 0);
  else move(1, 0, -event.deltaX);
}

box.addEventListener('pointermove', onPoint);
box.addEventListener('pointerdown', onDown);
for (const kind of ['pointerup', 'pointercancel']) box.addEventListener(kind, onUp);
stage.addEventListener('pointerleave', onLeave);
box.addEventListener('click', onClick);
stage.addEventListener('wheel', onWheel, {passive: false});
};
