// The menus of all pages: going through them, refining, labels, configurations.
'use strict';

// ---- menus ----------------------------------------------------------------------------------------------------------

const menus = [...document.querySelectorAll('details.menu')];
const entries = (menu) => [...menu.querySelectorAll('.items a, .items button:enabled, .items input:not([type=hidden])')];

function closeMenus(but) {
  for (const menu of menus) if (menu !== but) menu.open = false;
}

// Not beyond the right edge.
function placeMenu(menu) {
  const items = menu.querySelector('.items');
  if (innerWidth <= 640) {
    items.style.transform = '';
    return;
  }
  items.style.transform = '';
  const beyond = items.getBoundingClientRect().right - innerWidth + 8;
  if (beyond > 0) items.style.transform = `translateX(${-beyond}px)`;
}

function onMenuKey(menu, event) {
  const typing = document.activeElement.tagName === 'INPUT';
  const go = {ArrowDown: (at) => at + 1, ArrowUp: (at) => (at < 0 ? -1 : at - 1), Home: () => 0, End: () => -1}[event.key];
  if (event.key === 'Escape' && menu.open) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (go !== undefined && !(typing && (event.key === 'Home' || event.key === 'End'))) {
    if (!menu.open) opened(menu);
    const all = entries(menu);
    all[(go(all.indexOf(document.activeElement)) + all.length) % all.length]?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

// What is in a menu is made before one walks through it: the event comes later.
function opened(menu) {
  menu.open = true;
  closeMenus(menu);
  if (menu.id === 'menu-labels') showLabels(menu);
  if (menu.id === 'menu-refine') showRefined(menu);
  placeMenu(menu);
}

for (const menu of menus) {
  menu.addEventListener('toggle', () => { if (menu.open) opened(menu); });
  menu.addEventListener('keydown', (event) => onMenuKey(menu, event));
}
document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.menu')) closeMenus(); });
document.addEventListener('focusin', (event) => { closeMenus(event.target.closest('.menu')); });

// Links of the menus and the filters' crosses stay on this page, and so keep what belongs to it.
for (const kind of ['pointerdown', 'focusin', 'click'])
  document.addEventListener(kind, (event) => {
    const a = event.target.closest?.('.menu .items a, #filters a');
    if (!a || a.hasAttribute('download') || a.pathname !== location.pathname) return;
    const url = new URL(a.href);
    cprof.carry(url, a.closest('#menu-sample') !== null);
    a.href = url.href;
  }, true);

// A configuration is deleted by the second click on its cross, which says what it will do.
document.addEventListener('click', (event) => {
  const button = event.target.closest('.delete');
  for (const other of document.querySelectorAll('.delete.sure'))
    if (other !== button) {
      other.classList.remove('sure');
      other.textContent = '×';
    }
  if (!button || button.classList.contains('sure')) return;
  event.preventDefault();
  button.classList.add('sure');
  button.textContent = button.getAttribute('aria-label') + '?';
  cprof.say(button.textContent + ' Once more to do so.');
});

// Saving and deleting leads back here.
for (const form of document.querySelectorAll('.menu form[method=post]'))
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.delete('page');  // the answer is for a script
    const answer = await fetch(form.action, {method: 'POST', body}).catch(() => null);
    if (answer?.ok) return location.reload();
    const why = answer ? await answer.text() : 'cprof does not answer any more.';
    form.parentNode.querySelector('.error')?.remove();
    form.before(cprof.element('p', why, 'error'));
  });

// ---- refine ---------------------------------------------------------------------------------------------------------

// What refining goes by: the selection, or else the search; null: neither.
function chosen() {
  const names = cprof.page.selection?.() ?? [], text = searchText?.value ?? '';
  if (names.length) return {expression: cprof.exactly(names), words: names.length === 1 ? names[0] : names.length + ' functions'};
  return text && !cprof.page.hasCode ? {expression: cprof.typed(text), words: '“' + text + '”', isSearch: true} : null;
}

const KINDS = {f: 'Only samples through it', i: 'No samples through it', h: 'Without its frames', s: 'Only its frames',
               sf: 'From it on downwards'};
function showRefined(menu) {
  const what = chosen(), items = menu.querySelector('.items');
  let note = items.querySelector('.note');
  if (!note) items.prepend(note = cprof.element('p', undefined, 'note'));
  if (what) note.replaceChildren('By ', cprof.element('b', cprof.visible(what.words)));
  else note.textContent = 'Select something, or search for it, then say what to do with it.';
  for (const button of menu.querySelectorAll('[data-refine]')) {
    button.disabled = !what;
    if (!button.querySelector('.what')) button.append(cprof.element('span', KINDS[button.dataset.refine] ?? '', 'what'));
  }
}

// Ignoring and hiding adds to what is ignored already; the others narrow anew.
cprof.refine = (kind) => {
  const what = chosen();
  if (!what) return;
  const before = cprof.shell.parameters.find((p) => p.name === kind)?.value;
  const adds = before && (kind === 'i' || kind === 'h');
  const url = new URL(cprof.stay({[kind]: adds ? cprof.either(before, what.expression) : what.expression}));
  if (what.isSearch) {  // it is a filter now: what it leaves is to be seen
    const state = new URLSearchParams(url.hash.slice(1));
    state.delete('q');
    url.hash = state.toString();
  }
  location.href = url.href;
};
for (const button of document.querySelectorAll('[data-refine]'))
  button.addEventListener('click', () => cprof.refine(button.dataset.refine));

// ---- labels ---------------------------------------------------------------------------------------------------------

function labelKey(key) {
  const page = document.body.dataset.page, box = cprof.element('div'), act = cprof.element('div', undefined, 'do');
  const set = (option, value) => ({[cprof.parameter(option)]: value}), without = cprof.option('tagignore');
  box.append(cprof.element('h3', cprof.visible(key.key)));
  act.append(cprof.link('Group by, at the root', page, set('tagroot', key.key)), cprof.link('at the leaf', page, set('tagleaf', key.key)));
  box.append(act);
  for (const value of key.values ?? []) {
    const row = cprof.element('div', undefined, 'value'), expression = value.filter;
    const not = cprof.link('without', page, set('tagignore', without ? without + '|' + expression : expression));
    not.className = 'not';
    not.setAttribute('aria-label', 'without ' + value.name);
    row.append(cprof.link(cprof.visible(value.name), page, set('tagfocus', expression)),
               cprof.element('span', cprof.share(value.percent ?? 0, 100)), not);
    box.append(row);
  }
  return box;
}

let labels = null;
async function showLabels(menu) {
  const items = menu.querySelector('.items');
  if (labels) return;
  items.classList.add('labels');
  items.replaceChildren(cprof.element('p', 'Counting…', 'note'));
  try {
    labels = await cprof.ask('data/labels');
    const keys = labels.rows;
    items.replaceChildren(...keys.map(labelKey));
    if (!keys.length) items.replaceChildren(cprof.element('p', 'No labels', 'note'));
  } catch (error) {
    labels = null;
    items.replaceChildren(cprof.element('p', 'Not available: ' + error.message, 'note'));
  }
  placeMenu(menu);
}
