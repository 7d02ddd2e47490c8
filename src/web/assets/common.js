// What all pages do: links that keep the filters, menus, refining, the search box, keys.
//
// A page may set in cprof.page: search(text), called as one types, which returns how much was found; next(step), for Enter
// and Shift+Enter; selection(), the names of the functions that are selected; hasCode, where the search is for code.
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

// The same page with other options: what it was asked for besides them stays, and what stands behind '#', but for a zoom
// into what may not be there any more.
cprof.stay = (changes, keepsZoom) => {
  const url = new URL(cprof.href(document.body.dataset.page, changes), location);
  cprof.carry(url, keepsZoom);
  return url.href;
};
cprof.carry = (url, keepsZoom) => {
  const isOption = new Set(cprof.shell.parameters.map((p) => p.name)), query = new URLSearchParams(url.search);
  for (const [name, value] of new URLSearchParams(location.search)) if (!isOption.has(name)) query.set(name, value);
  const state = new URLSearchParams(location.hash.slice(1));
  if (!keepsZoom) for (const name of ['zoom', 'above']) state.delete(name);
  url.search = query.toString();
  url.hash = state.toString();
};

// An option as the page has it, whether by the URL or by the command line.
cprof.option = (name) => cprof.shell.parameters.find((p) => p.option === name)?.value ?? '';
// The web parameter of an option; null where it has none.
cprof.parameter = (option) => cprof.shell.parameters.find((p) => p.option === option)?.name ?? null;

// ---- expressions for the server -------------------------------------------------------------------------------------

// One for this name alone. The server cuts the middle out of long names; what is no UTF-8 it sends as U+FFFD.
const LONG = 1000;
function pattern(name) {
  const all = [...name];
  let parts = [name];
  if (all.length > 2 * LONG) parts = [all.slice(0, LONG).join(''), all.slice(-LONG / 2).join('')];
  else if (new TextEncoder().encode(name).length > LONG) parts = name.split('…');
  return parts.map((part) => cprof.literally(part).replaceAll('\ufffd', '.')).join('(?s:.*)');
}
cprof.exactly = (names) => names.map((name) => '^' + pattern(name) + '$').join('|');

// Rows may be lines, files or addresses of a function: "ADDRESS NAME FILE:LINE". Peek looks for rows, filters for functions.
const rowsAre = cprof.option('granularity');
const PLACES = {lines: ' .*:\\d+', addresses: ' .*:\\d+', filefunctions: ' .*'};
cprof.functionOf = (row) => {
  if (!PLACES[rowsAre]) return row;
  const name = rowsAre === 'addresses' ? row.replace(/^[0-9a-f]{16} /, '') : row;
  return name.replace(rowsAre === 'filefunctions' ? / \S+$/ : / \S+(?::\d+)+$/, '');
};
cprof.rowsOf = (name) =>
  PLACES[rowsAre] ? `^${rowsAre === 'addresses' ? '([0-9a-f]{16} )?' : ''}${pattern(name)}(${PLACES[rowsAre]})?$` : cprof.exactly([name]);

// One for what is typed: as cprof.expression takes it, unless the server knows better what is text.
cprof.typed = (text, isText = cprof.expression(text).isText) => {
  const plain = isText ? cprof.literally(text) : text;
  return text && text === text.toLowerCase() ? `(?i:${plain})` : plain;
};
// Both filters at once. Flags at the beginning of one are not for the other.
cprof.either = (one, other) => [one, other].map((x) => (/^\(\?[a-zA-Z]+\)/.test(x) ? `(?:${x})` : x)).filter((x) => x).join('|');

cprof.ask = async (page, changes, signal) => {
  const answer = await fetch(cprof.href(page, changes), {signal, headers: {Accept: 'application/json'}}).catch((error) => {
    throw error.name === 'AbortError' ? error : new Error('cprof does not answer any more');
  });
  const value = await answer.json().catch(() => null);
  if (!answer.ok || value === null) throw Object.assign(new Error(value?.error ?? answer.statusText), {status: answer.status});
  return value;
};

// Tells a screen reader.
const spoken = cprof.element('div');
spoken.id = 'said';
spoken.setAttribute('role', 'status');
cprof.say = (text) => { spoken.textContent = text; };

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

const searchText = $('search-text');

// What refining goes by: the selection, or else the search; null: neither.
function chosen() {
  const names = cprof.page.selection?.() ?? [], text = searchText?.value ?? '';
  if (names.length) return {expression: cprof.exactly(names), words: names.length === 1 ? names[0] : names.length + ' functions'};
  return text && !cprof.page.hasCode ? {expression: cprof.typed(text), words: '“' + text + '”'} : null;
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
  location.href = cprof.stay({[kind]: adds ? cprof.either(before, what.expression) : what.expression});
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

// ---- search ---------------------------------------------------------------------------------------------------------

const asText = cprof.element('span', 'Not a regular expression: searched as text');
asText.id = 'as-text';
asText.hidden = true;
$('search')?.append(asText);
searchText?.setAttribute('aria-describedby', asText.id);
// What is no regular expression is searched for as it stands, and that is said; `isBad`: and is not found either.
cprof.tellText = (isText, isBad) => {
  asText.hidden = !isText;
  searchText.setAttribute('aria-invalid', Boolean(isText && isBad));
};

// What is typed is searched for in a moment, or when Enter is pressed before.
let typed = 0;
function findNow() {
  if (typed) findTyped(true);
}

function findTyped(isRemembered) {
  clearTimeout(typed);
  typed = 0;
  const text = searchText.value, isText = Boolean(cprof.expression(text).isText);
  if (isRemembered) cprof.remember({q: text});
  const found = cprof.page.search(text);
  cprof.tellText(isText, found === 0);
}

// Pages call this when they are ready. The box then searches in the page; refining by it is in the menu.
let isOurs = false;
cprof.searchable = (page) => {
  Object.assign(cprof.page, page);
  if (!searchText) return;
  isOurs = true;
  const set = () => {
    searchText.value = cprof.remembered('q');
    findTyped(false);
  };
  searchText.addEventListener('input', () => {
    clearTimeout(typed);
    typed = setTimeout(findNow, page.patience ?? 0);
  });
  set();
  addEventListener('popstate', set);
};

// Takes the search away; whether there was one.
cprof.clearSearch = () => {
  if (!searchText?.value || !isOurs) return false;
  searchText.value = '';
  findTyped(true);
  return true;
};

// Opens this page for what is searched for, Help the table.
cprof.lookUp = () => {
  const text = searchText.value, page = document.body.dataset.page;
  if (page === 'help') location.href = cprof.href('top') + (text ? '#q=' + encodeURIComponent(text) : '');
  else if (text) location.href = cprof.href(page, {f: cprof.typed(text)});
};

searchText?.addEventListener('input', () => { asText.hidden = !cprof.expression(searchText.value).isText; });
$('search')?.addEventListener('submit', (event) => {
  event.preventDefault();
  findNow();
  if (!cprof.page.search) cprof.lookUp();  // a page without a script of its own
  else cprof.page.next?.(1);
});
searchText?.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.shiftKey) {
    findNow();
    cprof.page.next?.(-1);
  } else if (event.key !== 'Escape' || !cprof.clearSearch()) return;
  event.preventDefault();
});

// A view opened from here is searched for the same.
document.addEventListener('click', (event) => {
  const a = event.target.closest('#views a');
  if (a && cprof.page.search) a.hash = searchText?.value ? 'q=' + encodeURIComponent(searchText.value) : '';
});

// ---- keys -----------------------------------------------------------------------------------------------------------

cprof.isTyping = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !/^(radio|checkbox)$/.test(event.target.type);
// Keys that are nobody else's: a page may take them.
cprof.isFree = (event) => event.target === document.body || event.target === document.documentElement;
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
  summary.tabIndex = 0;
  summary.setAttribute('role', 'button');
  const expand = () => {
    summary.classList.toggle('short');
    summary.setAttribute('aria-expanded', !summary.classList.contains('short'));
  };
  summary.setAttribute('aria-expanded', 'false');
  summary.addEventListener('click', () => { if (!String(getSelection())) expand(); });
  summary.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    expand();
  });
}

// Notes that would take much room stand behind the beginning of the first.
const notes = $('notes');
if (notes && notes.textContent.length > 160) {
  const fold = cprof.element('details'), more = notes.children.length > 1 ? ` (${notes.children.length} notes)` : '';
  fold.id = 'more-notes';
  fold.append(cprof.element('summary', notes.firstElementChild.textContent.slice(0, 70) + '…' + more));
  notes.before(fold);
  fold.append(notes);
}

// What sticks to the top of a page sticks below the header.
if ($('header')) new ResizeObserver(() => document.documentElement.style.setProperty('--below', getComputedStyle($('header')).position === 'sticky' ? $('header').offsetHeight + 'px' : '0')).observe($('header'));
document.body.append(spoken);
