// Colours of frames: by package, by what they cost themselves, or by difference.
'use strict';
cprof.flameLook = (tree) => {
const HUES = [14, 32, 48, 78, 135, 170, 198, 222, 262, 320];
const pair = (fill, ink) => ({fill, ink});
const l = {mode: tree.compared ? 'change' : 'package'};
let palette, dark;

function hash(text) {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h ^ (h >>> 15)) >>> 0;
}

// The package or namespace of a name, which has one colour: path/to/package (Go), java.util (Java), std (C++, Rust).
l.family = (i) => {
  const name = tree.names[tree.nameOf(i)];
  const packages = /^(.*\/)?[^.:(<\[/]+(?=\.|::)/.exec(/^[^(<\[ ]*/.exec(name)[0])?.[0];
  return /^([a-z_][a-z0-9_]*\.){2,}(?=[A-Z])/.exec(name)?.[0] ?? packages ?? name;
};

l.update = () => {
  const d = dark = cprof.dark.matches;
  Object.assign(l, {
    root: d ? pair('#3a3d44', '#e8e8e6') : pair('#e3e4e1', '#1d1f23'),
    rest: d ? pair('#2c2e33', '#b4b8c0') : pair('#eeeeec', '#565b64'),
    faded: d ? pair('#2a2c31', '#9ba0aa') : pair('#eeeeed', '#626770'),
    match: d ? pair('#e8b93b', '#1b1a15') : pair('#ffd24d', '#1d1b12'),
    sliver: d ? '#4b4f58' : '#cfd0cc',
    hatch: d ? '#40434a' : '#dadad6',
    ring: d ? '#ffffff' : '#101114',
    gap: d ? '#1e2024' : '#ffffff',
    new: d ? pair('hsl(12 58% 41%)', '#ffffff') : pair('hsl(12 80% 67%)', '#1d1f23'),
    gone: d ? pair('hsl(217 52% 46%)', '#ffffff') : pair('hsl(217 84% 72%)', '#1d1f23'),
  });
  palette = new Map();
};

function cached(key, make) {
  let c = palette.get(key);
  if (!c) palette.set(key, c = make());
  return c;
}

function colourOfName(i) {
  return cached(tree.nameOf(i), () => {
    const hue = HUES[hash(l.family(i)) % HUES.length], step = hash(tree.names[tree.nameOf(i)]) % 5 - 2;
    return dark ? pair(`hsl(${hue} 34% ${31 + step * 1.3}%)`, '#f2f2f0')
                : pair(`hsl(${hue} ${hue > 40 && hue < 90 ? 60 : 72}% ${80 + step * 1.4}%)`, '#1d1f23');
  });
}

// The stronger, the closer the frame's own value is to the largest there is.
l.ofShare = (part) => {
  const step = Math.round(Math.sqrt(part) * 12);
  return cached('share' + step, () => dark ? pair(`hsl(${38 - step * 2.4} ${18 + step * 4}% ${27 + step * 1.4}%)`, '#f7f5f2')
                                           : pair(`hsl(${44 - step * 2.6} ${46 + step * 4}% ${92 - step * 2.3}%)`, '#1d1f23'));
};

// The stronger, the more of the larger side the difference is.
l.ofChange = (kind, strength) => {
  if (kind === 'new' || kind === 'gone') return l[kind];
  if (kind === 'same') return l.root;
  const step = Math.min(5, Math.ceil(strength * 7)), hue = kind === 'grown' ? 14 : 216;
  return cached(kind + step, () => dark ? pair(`hsl(${hue} ${14 + step * 6}% ${25 + step * 1.6}%)`, '#f2f2f0')
                                        : pair(`hsl(${hue} ${44 + step * 8}% ${94 - step * 3}%)`, '#1d1f23'));
};

l.colour = (i, side, words) => {
  if (tree.isRest(i)) return l.rest;
  if (l.mode === 'change') {
    const b = tree.value[cprof.BEFORE][i], a = tree.value[cprof.AFTER][i];
    return l.ofChange(words.kindOfChange(i), Math.abs(a - b) / Math.max(a, b));
  }
  if (i === 0) return l.root;
  return l.mode === 'share' ? l.ofShare(tree.hottest[side] ? tree.flat[side][i] / tree.hottest[side] : 0) : colourOfName(i);
};

l.update();
return l;
};
