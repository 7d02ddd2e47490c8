// What was left out of a flame graph, and comes when one looks for it.
//
// A frame's own part has more below it than the part of one above. Of a frame that has its own there may be more children
// still: they come behind those that are there. `host` is the chart's.
'use strict';
cprof.flameParts = (chart, host) => {
const MOST_FRAMES = 500000;
const {tree, canvas, state: s, stage} = chart;
const parts = {};
const own = new Set(['']), asked = new Set();  // ways to frames that have their own, or are to get it
let isRefused = false;  // until one looks elsewhere

// Frames in the window that stand for others and are at least so many pixels wide.
function restsInSight(pixels) {
  const all = [], w = tree.width[s.side], x = tree.left[s.side], {from, span} = chart.window(), least = pixels * span / canvas.width;
  for (let i = s.zoomed; i < tree.end[s.zoomed];) {
    if (w[i] < least || x[i] + w[i] <= from || x[i] >= from + span) {
      i = tree.end[i];
      continue;
    }
    if (tree.isRest(i)) all.push(i);
    i++;
  }
  return all;
}

function fillsWindow(i) {
  const {from, span} = chart.window(), left = tree.left[s.side][i], right = left + tree.width[s.side][i];
  return Math.min(right, from + span) - Math.max(left, from) > 0.9 * span;
}

// The way to the frame whose part is wanted most: the one zoomed in on, or where much is left out, or where hardly anything else
// is seen.
function wanted() {
  const path = tree.pathTo(s.zoomed), byWidth = (a, b) => tree.width[s.side][b] - tree.width[s.side][a];
  if (!own.has(path) && restsInSight(3).length) return path;
  return restsInSight(60).sort(byWidth).map((i) => [tree.pathTo(i), i]).find(([p, i]) => !own.has(p) || fillsWindow(i))?.[0];
}

async function wantMore() {
  if (!host.more || isRefused) return;
  const path = wanted();
  if (path !== undefined && await parts.fill(path)) wantMore();
}
parts.want = () => {
  isRefused = false;
  wantMore();
};

// The window stays: frames take the place of those that stood for them.
function graft(path, part, offset) {
  const at = tree.frameOn(path), {zoomed, focused} = s, rest = focused === tree.restBelow(at) ? tree.left[s.side][focused] : -1;
  if (tree.pathTo(at) !== path || (offset && (part.name.length < 2 || offset !== tree.known(at)))) return false;
  const kept = {zoomed: tree.pathTo(zoomed), focused: tree.pathTo(focused)};
  tree.graft(at, part, offset);
  if (!offset) for (const p of own) if (p.startsWith(path + '.')) own.delete(p);
  own.add(path);
  s.zoomed = tree.frameOn(kept.zoomed);
  s.focused = (rest < 0 ? undefined : tree.children(at, s.side).find((i) => tree.left[s.side][i] + tree.width[s.side][i] > rest)) ??
      tree.frameOn(kept.focused);
  s.hovered = -1;
  chart.refresh();
  host.arrived(chart);
  return true;
}

// Asks for what was left out below the frame on a way of calls; a promise of whether more is there now.
parts.fill = async (path) => {
  const at = tree.frameOn(path), offset = own.has(path) ? tree.known(at) : 0, isThere = tree.pathTo(at) === path;
  if (!host.more || !isThere || asked.has(path) || tree.n > MOST_FRAMES) return false;
  if (own.has(path) && !(offset && tree.restBelow(at) >= 0)) return false;
  asked.add(path);
  stage.setAttribute('aria-busy', 'true');
  try {
    return graft(path, await host.more(chart, path, offset), offset);
  } catch (error) {
    isRefused = true;
    return false;
  } finally {
    asked.delete(path);
    if (!asked.size) stage.removeAttribute('aria-busy');
  }
};
return parts;
};
