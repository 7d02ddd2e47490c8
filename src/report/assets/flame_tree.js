// The frames of a flame graph in flat arrays, laid out side by side. Row i is followed by its subtree, up to end[i]; row
// 0 is the root. A part that was left out at first can be put in later (graft).
'use strict';
cprof.BEFORE = 0;
cprof.AFTER = 1;

cprof.flameTree = (data) => {
const {BEFORE, AFTER} = cprof;
const t = {data, compared: Boolean(data.before), totals: [data.total.before, data.total.after]};
const names = data.names, short = data.short, ids = data.id ?? names.map((_, i) => i);
const shown = new Array(names.length), brief = new Array(names.length);
const byId = new Map(ids.map((id, i) => [id, i]));

t.names = names;
t.name = Int32Array.from(data.name);
let count = Int32Array.from(data.children);
t.value = [data.before ? Float64Array.from(data.before) : new Float64Array(t.name.length), Float64Array.from(data.after)];

// ---- layout ---------------------------------------------------------------------------------------------------------

function link() {
  const n = t.n = t.name.length, open = [], rest = [];
  t.parent = new Int32Array(n);
  t.depth = new Int32Array(n);
  t.end = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    t.parent[i] = open.length ? open[open.length - 1] : -1;
    t.depth[i] = open.length;
    if (open.length) rest[rest.length - 1]--;
    open.push(i);
    rest.push(count[i]);
    while (open.length && rest[rest.length - 1] === 0) {
      t.end[open.pop()] = i + 1;
      rest.pop();
    }
  }
}

// Places children side by side. Sums that did not fit 64 bits may exceed their caller's: they are squeezed.
function place(side) {
  const n = t.n, v = t.value[side], own = t.flat[side] = v.slice();
  const w = t.width[side] = new Float64Array(n), x = t.left[side] = new Float64Array(n), at = new Float64Array(n);
  for (let i = 1; i < n; i++) own[t.parent[i]] -= v[i];
  w[0] = v[0];
  for (let i = 0; i < n; i++) {
    const p = t.parent[i];
    if (p >= 0) {
      const inside = v[p] - Math.min(0, own[p]);
      w[i] = inside > 0 ? v[i] * (w[p] / inside) : 0;
      x[i] = at[p];
      at[p] += w[i];
    }
    at[i] = x[i];
  }
  for (let i = 0; i < n; i++) own[i] = Math.max(0, own[i]);
}

function layOut() {
  t.flat = [];
  t.width = [];
  t.left = [];
  link();
  place(BEFORE);
  place(AFTER);
  t.hottest = [BEFORE, AFTER].map((side) => t.flat[side].reduce((most, v, i) => (t.isRest(i) ? most : Math.max(most, v)), 0));
}

// ---- frames ---------------------------------------------------------------------------------------------------------

t.isRest = (i) => t.name[i] < 0;  // stands for frames that were left out
t.nameOf = (i) => t.name[i] >> 1;
t.isInlined = (i) => i > 0 && !t.isRest(i) && (t.name[i] & 1) === 1;
t.contains = (outer, i) => outer <= i && i < t.end[outer];
t.rootName = 'all';

t.fullName = (i) => {
  if (i === 0) return t.rootName;
  if (t.isRest(i)) return '(' + -t.name[i] + ' more)';
  const name = t.nameOf(i);
  return shown[name] ?? (shown[name] = cprof.visible(names[name]) || '(no name)');
};

t.shortName = (i) => {
  if (i === 0 || t.isRest(i)) return t.fullName(i);
  const name = t.nameOf(i), from = short[2 * name], to = short[2 * name + 1];
  return brief[name] ?? (brief[name] = to ? cprof.visible(names[name].slice(from, to)) : t.fullName(i));
};

t.children = (i, side) => {
  const all = [];
  for (let k = i + 1; k < t.end[i]; k = t.end[k]) if (t.width[side][k] > 0) all.push(k);
  return all;
};

// Those that were left out directly below a frame; -1: none. They stand behind the others.
t.restBelow = (i) => {
  let last = -1;
  for (let k = i + 1; k < t.end[i]; k = t.end[k]) last = k;
  return last >= 0 && t.isRest(last) ? last : -1;
};

// How many frames directly below it are there.
t.known = (i) => count[i] - (t.restBelow(i) >= 0);

t.siblings = (i, side) => (i === 0 ? [0] : t.children(t.parent[i], side));

// ---- ways of calls --------------------------------------------------------------------------------------------------

// The way to a frame, as the server takes it; '' for the root. Of frames that stand for several it is their caller's.
t.pathTo = (i) => {
  const way = [];
  for (; i > 0; i = t.parent[i]) if (!t.isRest(i)) way.unshift(ids[t.nameOf(i)]);
  return way.join('.');
};

// The frame at the end of a way, or as far as it is there.
t.frameOn = (path) => {
  let at = 0;
  for (const id of path ? path.split('.') : []) {
    const name = byId.get(Number(id));
    let k = at + 1;
    while (k < t.end[at] && (t.isRest(k) || t.nameOf(k) !== name)) k = t.end[k];
    if (k >= t.end[at]) break;
    at = k;
  }
  return at;
};

function numberOf(part, name) {
  if (name < 0) return name;
  const id = part.id[name >> 1];
  if (!byId.has(id)) {
    byId.set(id, names.length);
    names.push(part.names[name >> 1]);
    ids.push(id);
    short.push(part.short[2 * (name >> 1)], part.short[2 * (name >> 1) + 1]);
  }
  return 2 * byId.get(id) + (name & 1);
}

// Puts what is below frame i in place of what there was, but for the first `kept` frames directly below it, which stay. Numbers
// of frames behind it change.
t.graft = (i, part, kept = 0) => {
  const from = kept ? t.restBelow(i) : i + 1, to = t.end[i];
  const join = (kind, old, inside) => {
    const all = new kind(old.length - (to - from) + inside.length);
    all.set(old.subarray(0, from));
    all.set(inside, from);
    all.set(old.subarray(to), from + inside.length);
    return all;
  };
  const size = part.name.length, none = new Float64Array(size);
  count[i] = kept + part.children[0];
  const value = [part.before ?? none, part.after].map((v, side) => join(Float64Array, t.value[side], v.slice(1)));
  const name = join(Int32Array, t.name, part.name.slice(1).map((x) => numberOf(part, x)));
  count = join(Int32Array, count, part.children.slice(1));
  Object.assign(t, {value, name});
  layOut();
};

layOut();
return t;
};
