// What is said about a frame: in the line below the graph, beside the pointer, to a screen reader.
'use strict';
cprof.flameWords = (tree) => {
const {BEFORE, AFTER, element, share} = cprof;
const {totals} = tree;
const w = {};
const amount = w.amount = (v) => cprof.amount(v, tree.data);
const cum = (i, side) => amount(tree.value[side][i]);
const cumShare = (i, side) => share(tree.value[side][i], totals[side]);
// What ends in a frame that stands for several is not known.
const own = (i, side) => (tree.isRest(i) ? '–' : amount(tree.flat[side][i]));
const ownShare = (i, side) => (tree.isRest(i) ? '–' : share(tree.flat[side][i], totals[side]));

w.kindOfChange = (i) => {
  const b = tree.value[BEFORE][i], a = tree.value[AFTER][i];
  return a === b ? 'same' : b === 0 ? 'new' : a === 0 ? 'gone' : a > b ? 'grown' : 'shrunk';
};

w.change = (b, a) => {
  if (a === b) return 'unchanged';
  if (b === 0) return 'new: +' + amount(a);
  if (a === 0) return 'gone: −' + amount(b);
  const by = Math.abs(a - b);
  return (a > b ? 'grown by ' : 'shrunk by ') + amount(by) + (a > b ? ' (+' : ' (−') + share(by, b) + ')';
};

function sentence(i) {
  const text = w.change(tree.value[BEFORE][i], tree.value[AFTER][i]);
  return text[0].toUpperCase() + text.slice(1);
}

function heading(i) {
  const e = element('div', i === 0 && tree.rootName === 'all' ? 'All samples shown' : tree.fullName(i), 'name');
  const rest = ' called by ' + tree.fullName(Math.max(tree.parent[i], 0)) + ', too small to be listed';
  const note = tree.isRest(i) ? rest : tree.isInlined(i) ? ' (inlined)' : '';
  if (note) e.append(element('small', note));
  return e;
}

const ofZoomed = (i, zoomed, s) =>
  (zoomed && tree.contains(zoomed, i) ? share(tree.value[s][i], tree.value[s][zoomed]) : null);

function numbers(i, zoomed) {
  const list = element('dl', undefined, 'numbers'), zoom = ofZoomed(i, zoomed, AFTER);
  const add = (name, text) => {
    const div = element('div');
    div.append(element('dt', name), element('dd', text));
    list.append(div);
  };
  add('Cum', cum(i, AFTER) + ' · ' + cumShare(i, AFTER) + ' of the total');
  if (zoom) add('Of the zoomed frame', zoom);
  if (!tree.isRest(i)) add('Flat', own(i, AFTER) + ' · ' + ownShare(i, AFTER) + ' of the total');
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

function comparison(i, zoomed) {
  const table = element('table'), zoom = ofZoomed(i, zoomed, BEFORE) !== null;
  const add = (kind, texts, z) => table.append(cells(kind, zoom ? [...texts, z] : texts));
  add('th', ['', 'cum', 'of total', 'flat', 'of total'], 'of zoomed');
  for (const [s, name] of [[BEFORE, 'Before'], [AFTER, 'After']])
    add('td', [name, cum(i, s), cumShare(i, s), own(i, s), ownShare(i, s)], ofZoomed(i, zoomed, s));
  return table;
}

// Elements for the line below the graph.
w.details = (i, zoomed) => (tree.compared ? [heading(i), element('p', sentence(i), 'change'), comparison(i, zoomed)]
                                          : [heading(i), numbers(i, zoomed)]);

// Elements for the box beside the pointer.
w.tip = (i) => {
  const all = [heading(i)];
  const line = (s, name) => all.push(element('p', name + cum(i, s) + ' (' + cumShare(i, s) + ')' +
      (tree.isRest(i) ? '' : ', flat ' + own(i, s))));
  if (!tree.compared) {
    line(AFTER, '');
    return all;
  }
  all.push(element('p', sentence(i)));
  line(BEFORE, 'Before: ');
  line(AFTER, 'After: ');
  return all;
};

// The same for a screen reader.
w.describe = (i, side) => {
  const flatText = tree.isRest(i) ? '' : ', flat ' + own(i, side);
  const text = tree.fullName(i) + (tree.isInlined(i) ? ' (inlined)' : '') + ', ' + cum(i, side) + ', ' + cumShare(i, side) +
      ' of the total' + (tree.compared ? side === BEFORE ? ' before' : ' after' : '') + flatText;
  return tree.compared ? text + ', ' + w.change(tree.value[BEFORE][i], tree.value[AFTER][i]) : text;
};
return w;
};
