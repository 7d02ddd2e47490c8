// What all pages do: links that keep the filters, menus, refining, the search box, keys.
//
// A page may set in cprof.page: search(text), called as one types; next(step), for Enter and Shift+Enter; selection(),
// the names of what is selected.
'use strict';
const $ = (id) => document.getElementById(id);
cprof.shell = JSON.parse($('shell')?.textContent ?? 'null') ?? {query: '', parameters: []};
cprof.data = JSON.parse($('data')?.textContent ?? 'null');
cprof.page = {};

// ---- links ----------------------------------------------------------------------------------------------------------

// The URL of a page with the filters of this one; `changes` sets parameters, or takes them away with null.
cprof.href = (page, changes = {}) => {
  const query = new URLSearchParams(cprof.shell.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return document.body.dataset.root + page + (text ? '?' + text : '');
};

cprof.link = (text, page, changes) => {
  const a = cprof.element('a', text);
  a.href = cprof.href(page, changes);
  return a;
};

// The web parameter of an option; null where it has none.
cprof.parameter = (option) => cprof.shell.parameters.find((p) => p.option === option)?.name ?? null;

// An expression of the server's for exactly these names.
cprof.exactly = (names) => names.map((name) => '^' + name.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&') + '$').join('|');
// One for what is typed: as cprof.expression takes it.
cprof.typed = (text) => (text && text === text.toLowerCase() ? '(?i)' + text : text);

cprof.ask = async (page, changes, signal) => {
  const answer = await fetch(cprof.href(page, changes), {signal, headers: {Accept: 'application/json'}});
  const value = await answer.json().catch(() => null);
  if (!answer.ok || value === null) throw new Error(value?.error ?? answer.statusText);
  return value;
};

// Tells a screen reader.
const said = cprof.element('div');
said.id = 'said';
said.setAttribute('role', 'status');
cprof.say = (text) => { said.textContent = text; };

// What this page remembers in the URL behind '#', so that links and Back work.
cprof.remember = (values, isStep) => {
  const state = new URLSearchParams(location.hash.slice(1)), before = state.toString();
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') state.delete(name);
    else state.set(name, value);
  }
  const text = state.toString();
  if (text !== before) history[isStep ? 'pushState' : 'replaceState'](null, '', text ? '#' + text : location.pathname + location.search);
};
cprof.remembered = (name) => new URLSearchParams(location.hash.slice(1)).get(name) ?? '';

// ---- menus ----------------------------------------------------------------------------------------------------------

const menus = [...document.querySelectorAll('details.menu')];
const entries = (menu) => [...menu.querySelectorAll('.items a, .items button, .items input:not([type=hidden])')];

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
  const all = entries(menu), at = all.indexOf(document.activeElement), typing = document.activeElement.tagName === 'INPUT';
  const go = {ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1}[event.key];
  if (event.key === 'Escape' && menu.open) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (go !== undefined && !(typing && (event.key === 'Home' || event.key === 'End'))) {
    menu.open = true;
    all[(go + all.length) % all.length]?.focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

for (const menu of menus) {
  menu.addEventListener('toggle', () => {
    if (!menu.open) return;
    closeMenus(menu);
    if (menu.id === 'menu-labels') showLabels(menu);
    if (menu.id === 'menu-refine') showRefined(menu);
    placeMenu(menu);
  });
  menu.addEventListener('keydown', (event) => onMenuKey(menu, event));
}
document.addEventListener('pointerdown', (event) => { if (!event.target.closest('.menu')) closeMenus(); });
document.addEventListener('focusin', (event) => { closeMenus(event.target.closest('.menu')); });

// ---- refine ---------------------------------------------------------------------------------------------------------

const searchText = $('search-text');

// What refining goes by: the selection, or else the search; null: neither.
function chosen() {
  const names = cprof.page.selection?.() ?? [], text = searchText?.value ?? '';
  if (names.length) return {expression: cprof.exactly(names), words: names.length === 1 ? names[0] : names.length + ' functions'};
  return text ? {expression: cprof.typed(text), words: '“' + text + '”'} : null;
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
  const before = new URLSearchParams(cprof.shell.query).get(kind);
  const adds = before && (kind === 'i' || kind === 'h');
  location.href = cprof.href(document.body.dataset.page, {[kind]: adds ? before + '|' + what.expression : what.expression});
};
for (const button of document.querySelectorAll('[data-refine]'))
  button.addEventListener('click', () => cprof.refine(button.dataset.refine));

// ---- labels ---------------------------------------------------------------------------------------------------------

function labelKey(key) {
  const page = document.body.dataset.page, box = cprof.element('div'), act = cprof.element('div', undefined, 'do');
  const set = (option, value) => ({[cprof.parameter(option)]: value});
  box.append(cprof.element('h3', cprof.visible(key.key)));
  act.append(cprof.link('Group by, at the root', page, set('tagroot', key.key)), cprof.link('at the leaf', page, set('tagleaf', key.key)));
  box.append(act);
  for (const value of key.values ?? []) {
    const row = cprof.element('div', undefined, 'value'), expression = value.filter;
    const not = cprof.link('without', page, set('tagignore', expression));
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
    const answer = await fetch(menu.dataset.source);
    if (!answer.ok) throw new Error(answer.statusText);
    labels = await answer.json();
    const keys = labels.rows ?? labels.keys ?? [];
    items.replaceChildren(...keys.map(labelKey));
    if (!keys.length) items.replaceChildren(cprof.element('p', 'No labels', 'note'));
  } catch (error) {
    labels = null;
    items.replaceChildren(cprof.element('p', 'Not available: ' + error.message, 'note'));
  }
  placeMenu(menu);
}

// ---- search ---------------------------------------------------------------------------------------------------------

// Pages call this when they are ready. The box then searches in the page; refining by it is in the menu.
cprof.searchable = (page) => {
  Object.assign(cprof.page, page);
  if (!searchText) return;
  const set = () => {
    searchText.value = cprof.remembered('q');
    page.search(searchText.value);
  };
  let typed = 0;
  searchText.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      cprof.remember({q: searchText.value});
      page.search(searchText.value);
    }, page.patience ?? 0);
  });
  $('search').addEventListener('submit', (event) => {
    event.preventDefault();
    page.next?.(1);
  });
  searchText.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.shiftKey) {
      event.preventDefault();
      page.next?.(-1);
    } else if (event.key === 'Escape' && searchText.value) {
      event.preventDefault();
      searchText.value = '';
      cprof.remember({q: ''});
      page.search('');
    }
  });
  set();
  addEventListener('popstate', set);
};

// Opens this page for what is searched for.
cprof.lookUp = () => {
  if (searchText.value) location.href = cprof.href(document.body.dataset.page, {f: cprof.typed(searchText.value)});
};

// A view opened from here is searched for the same.
document.addEventListener('click', (event) => {
  const a = event.target.closest('#views a');
  if (a && searchText?.value && cprof.page.search) a.hash = 'q=' + encodeURIComponent(searchText.value);
});

// ---- keys -----------------------------------------------------------------------------------------------------------

cprof.isTyping = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !/^(radio|checkbox)$/.test(event.target.type);
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || cprof.isTyping(event)) return;
  const views = document.querySelectorAll('#views a');
  if (event.key === '/' && searchText) {
    searchText.focus();
    searchText.select();
  } else if (event.key >= '1' && event.key <= String(Math.min(9, views.length))) {
    views[event.key - 1].click();
  } else if (event.key === '?') {
    $('help-link')?.click();
  } else {
    return;
  }
  event.preventDefault();
});
searchText?.setAttribute('aria-keyshortcuts', '/');

if (searchText) searchText.placeholder = 'Search';
// On a narrow page the views scroll sideways.
const views = $('views'), shown = views?.querySelector('[aria-current]');
if (shown && shown.offsetLeft + shown.offsetWidth > views.clientWidth) views.scrollLeft = shown.offsetLeft - 40;

// What the profile is, in a line: what tells most comes first, a click shows the rest.
const summary = $('summary');
if (summary) {
  const rank = (span) => ['File: ', 'Type: ', 'Duration: ', 'Time: '].findIndex((name) => span.textContent.startsWith(name)) >>> 0;
  summary.append(...[...summary.children].sort((a, b) => rank(a) - rank(b)));
  summary.classList.add('short');
  summary.title = [...summary.children].map((span) => span.textContent).join('\n');
  summary.addEventListener('click', () => { if (!String(getSelection())) summary.classList.toggle('short'); });
}

// What sticks to the top of a page sticks below the header.
if ($('header')) new ResizeObserver(() => document.documentElement.style.setProperty('--below', getComputedStyle($('header')).position === 'sticky' ? $('header').offsetHeight + 'px' : '0')).observe($('header'));
document.body.append(said);
