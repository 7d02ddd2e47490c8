// The tree for assistive technology: the frames around the one in focus, since all of them would be too many.
'use strict';
cprof.flameItems = (tree, stage, words) => {
const items = cprof.element('div', undefined, 'spoken'), prefix = stage.id + '-';
stage.append(items);
let s;  // what is shown: {side, focused}

function item(i, among) {
  const e = cprof.element('div', words.describe(i, s.side));
  e.id = prefix + i;
  e.setAttribute('role', 'treeitem');
  e.setAttribute('aria-level', tree.depth[i] + 1);
  e.setAttribute('aria-setsize', among.length);
  e.setAttribute('aria-posinset', among.indexOf(i) + 1);
  e.setAttribute('aria-selected', i === s.focused);
  if (tree.children(i, s.side).length) e.setAttribute('aria-expanded', i === s.focused || tree.contains(i, s.focused));
  return e;
}

return (state) => {
  s = state;
  const NEAR = 8, {focused, side} = s;
  const chain = [], around = tree.siblings(focused, side), at = around.indexOf(focused), below = tree.children(focused, side);
  for (let i = tree.parent[focused]; i >= 0 && chain.length < NEAR; i = tree.parent[i]) chain.unshift(i);
  items.replaceChildren(...chain.map((i) => item(i, tree.siblings(i, side))),
    ...around.slice(Math.max(0, at - 1), at + 1).map((i) => item(i, around)),
    ...below.slice(0, NEAR).map((i) => item(i, below)),
    ...around.slice(at + 1, at + 2).map((i) => item(i, around)));
  stage.setAttribute('aria-activedescendant', prefix + focused);
};
};
