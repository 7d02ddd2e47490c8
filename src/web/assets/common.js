// What all pages do: links that keep the filters, expressions, keys. The menus are in menus.js, the search in search.js.
//
// A page may set in cprof.page: search(text), called as one types, which returns how much was found; next(step), for Enter
// and Shift+Enter; selection(), the names of the functions that are selected; hasCode, where the search is for code.
'use strict';
const $ = (id) => document.getElementById(id), searchText = $('search-text');
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

// One for this name alone. The server cuts the middle out of long names; what is no UTF-8 it sends as U+FFFD;
// a NUL no URL may hold.
const LONG_NAME = 1000;
function pattern(name) {
  const all = [...name];
  let parts = [name];
  if (all.length > 2 * LONG_NAME) parts = [all.slice(0, LONG_NAME).join(''), all.slice(-LONG_NAME / 2).join('')];
  else if (new TextEncoder().encode(name).length > LONG_NAME) parts = name.split('…');
  return parts.map((part) => cprof.literally(part).replace(/[\0\ufffd]/g, '.')).join('(?s:.*)');
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
const rowsOf = (name) =>
  PLACES[rowsAre] ? `^${rowsAre === 'addresses' ? '([0-9a-f]{16} )?' : ''}${pattern(name)}(${PLACES[rowsAre]})?$` : cprof.exactly([name]);
// The parameters with which views show a row, `of` being its function.
cprof.shownIn = (row, of = cprof.functionOf(row)) => {
  const f = cprof.exactly([of]);
  return {flamegraph: {p: cprof.exactly([row])}, peek: {f: rowsOf(of)}, source: {f}, disasm: {f}, focus: {f}};
};

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

// ---- keys -----------------------------------------------------------------------------------------------------------

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
