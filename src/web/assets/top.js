// Top: rows come from the server a part at a time, when they are scrolled to, so that the table has all functions
// however many there are.
'use strict';
(() => {
const {element, visible} = cprof;
const PART = 1000, INLINED = ['', '(inline)', '(partial-inline)'];
const COLUMNS = [['flat', 'Flat', true], ['p', 'Flat %'], ['sum', 'Sum %'], ['cum', 'Cum', true], ['p', 'Cum %'], ['name', 'Name', true], ['go', '']];
const content = $('content'), about = element('p'), table = element('div'), head = element('div', undefined, 'cells head');
const scroll = element('div'), rows = element('div'), none = element('p', 'No function matches.'), failure = element('p', '', 'error');
const standard = cprof.shell.parameters.find((p) => p.option === 'sort')?.value || 'flat';

let by = 'flat', up = false, only = '', isText = false;
let facts = cprof.data, parts = new Map(), asking = new Map(), at = 0, height = 28, isNarrow = false, unit;
let selected = new Map();  // names of rows, to their functions

// ---- parts ----------------------------------------------------------------------------------------------------------

function keep(part) {
  facts = part;
  unit = cprof.unitFor(Math.abs(part.total) / 100, part);
  for (let i = 0, sum = part.before; i < part.name.length; i++) {
    sum += part.flat[i];
    parts.set(part.offset + i, {name: part.name[i], of: (part.function ?? part.name)[i], flat: part.flat[i], cum: part.cum[i],
                                inline: part.inline[i], sum});
  }
}

const changes = (offset) => ({by, dir: up ? 'up' : 'down', only: cprof.typed(only, isText), offset, limit: PART});

// Asks for the part with row i, unless it is there or on its way. Long names make a part shorter than asked for: then the
// next begins where it ended.
async function want(i) {
  if (i < 0 || i >= facts.count || parts.has(i)) return;
  let offset = Math.floor(i / PART) * PART;
  while (parts.has(offset)) offset++;
  if (asking.has(offset)) return;
  const stop = new AbortController();
  asking.set(offset, stop);
  try {
    const part = await cprof.ask('data/top', changes(offset), stop.signal);
    if (stop.signal.aborted) return;
    keep(part);
    showFailure('');
    if (part.name.length) draw();
  } catch (error) {
    if (!stop.signal.aborted) showFailure('Rows could not be loaded: ' + error.message);
  } finally {
    if (asking.get(offset) === stop) asking.delete(offset);
  }
}

// The server judges what is an expression; what is none is searched for as text.
async function firstPart(signal) {
  isText = false;
  try {
    return await cprof.ask('data/top', changes(0), signal);
  } catch (error) {
    if (error.status !== 400 || !only) throw error;
    isText = true;
    return await cprof.ask('data/top', changes(0), signal);
  }
}

function showFailure(text) {
  failure.textContent = text;
  failure.hidden = !text;
}

// Begins anew, with another order or another filter.
async function restart() {
  for (const stop of asking.values()) stop.abort();
  asking = new Map();
  const stop = new AbortController();
  asking.set(0, stop);
  table.setAttribute('aria-busy', 'true');
  try {
    const part = await firstPart(stop.signal);
    if (stop.signal.aborted) return;
    cprof.tellText(isText, part.count === 0);
    showFailure('');
    parts = new Map();
    at = 0;
    keep(part);
    scroll.scrollTop = 0;
    showHead();
    draw();
    cprof.say(facts.count + ' of ' + facts.nodes + ' functions');
  } catch (error) {
    if (!stop.signal.aborted) showFailure(error.message);
  } finally {
    if (asking.get(0) === stop) asking.delete(0);
    table.removeAttribute('aria-busy');
  }
}

// ---- rows -----------------------------------------------------------------------------------------------------------

function value(v) {
  const cell = element('div', v === 0 ? '0' : cprof.amountIn(v, facts, unit), v === 0 ? 'v zero' : 'v');
  // What the unit would round away is told in its own.
  if (v !== 0 && cell.textContent === '0') cell.textContent = cprof.amount(v, facts);
  return cell;
}

function share(v, className) {
  const cell = element('div', cprof.share(Math.abs(v), Math.abs(facts.total)), className);
  if (className === 'p') cell.style.setProperty('--part', Math.min(100, 100 * Math.abs(v) / (Math.abs(facts.total) || 1)).toFixed(1));
  return cell;
}

// The ways on from a row, made when the row is looked at.
function addLinks(e, i) {
  const go = e.lastChild, {name, of} = parts.get(i), by = cprof.shownIn(name, of);
  if (!go.firstChild) {
    go.append(cprof.link('Flame', 'flamegraph', by.flamegraph), cprof.link('Peek', 'peek', by.peek),
              cprof.link('Source', 'source', by.source), cprof.link('Disasm', 'disasm', by.disasm));
    for (const a of go.children) a.setAttribute('aria-label', a.textContent + ' of ' + name);
  }
  for (const a of go.children) a.tabIndex = i === at ? 0 : -1;
}

// Names differ at their ends: where there is no room it is the middle that is left out.
function shortened(text, most) {
  const all = [...text];
  return all.length <= most ? text : all.slice(0, most * 0.4).join('') + '…' + all.slice(1 - most * 0.6).join('');
}

function makeRow(i) {
  const row = parts.get(i), e = element('div', undefined, 'cells row');
  e.id = 'row-' + i;
  e.setAttribute('role', 'row');
  e.setAttribute('aria-rowindex', i + 2);
  e.style.top = i * height + 'px';
  e.dataset.at = i;
  if (!row) {
    e.classList.add('waiting');
    e.append(element('div', '…', 'name'));
    return e;
  }
  e.setAttribute('aria-selected', selected.has(row.name));
  e.classList.toggle('current', i === at);
  const name = element('div', isNarrow ? shortened(visible(row.name), selected.has(row.name) ? 44 : 92) : visible(row.name), 'name');
  name.title = visible(row.name);
  if (row.inline) name.append(element('small', INLINED[row.inline]));
  e.append(value(row.flat), share(row.flat, 'p'), share(row.sum, 'v sum'), value(row.cum), share(row.cum, 'p'), name, element('div', undefined, 'go'));
  for (const cell of e.children) cell.setAttribute('role', 'gridcell');
  if (i === at || selected.has(row.name)) addLinks(e, i);
  return e;
}

// While one scrolls, rows that stay in sight stay as they are.
let pending = 0, shown = '', isNew = true, isLinkMoved = false;
function draw(isForced = true) {
  if (isForced) [shown, isNew] = ['', true];
  pending = pending || requestAnimationFrame(() => {
    pending = 0;
    const first = Math.max(0, Math.floor(scroll.scrollTop / height) - 6);
    const last = Math.min(facts.count, Math.ceil((scroll.scrollTop + scroll.clientHeight) / height) + 6);
    const key = first + ' ' + last;
    if (key === shown) return;
    shown = key;
    const link = document.activeElement?.closest?.('.row a'), focused = link && (isLinkMoved ? at : Number(link.closest('.row').dataset.at));
    const place = link && [...link.parentNode.children].indexOf(link);
    isLinkMoved = false;
    rows.style.height = facts.count * height + 'px';
    for (const e of [...rows.children]) if (isNew || e.dataset.at < first || e.dataset.at >= last) e.remove();
    for (let i = first, e = rows.firstChild; i < last; i++) {
      if (e && Number(e.dataset.at) === i) e = e.nextSibling;
      else rows.insertBefore(makeRow(i), e);
    }
    isNew = false;
    if (link && (!link.isConnected || focused !== Number(link.closest('.row').dataset.at))) focusLink(focused, place);
    none.hidden = facts.count > 0;
    const there = first < at && at < last || at === first;
    if (there) table.setAttribute('aria-activedescendant', 'row-' + at);
    else table.removeAttribute('aria-activedescendant');
    for (const i of [first, last - 1, last + 200]) want(i);
  });
}

// A link that had the focus has it again, or the one below or above it that keys went to; else the table.
function focusLink(i, place) {
  const row = parts.has(i) ? $('row-' + i) : null;
  if (row) addLinks(row, i);
  (row?.querySelectorAll('.go a')[place] ?? table).focus({preventScroll: true});
}

function showHead() {
  about.replaceChildren(element('span'), element('span'));
  const matching = facts.count === facts.nodes ? '' : facts.count.toLocaleString('en') + ' of ';
  about.firstChild.append(element('b', matching + facts.nodes.toLocaleString('en')), facts.nodes === 1 ? ' function' : ' functions');
  about.lastChild.append(element('b', cprof.amount(facts.total, facts)), ' in total');
  table.setAttribute('aria-rowcount', facts.count + 1);
  for (const cell of head.children) {
    if (cell.dataset.by) cell.setAttribute('aria-sort', cell.dataset.by !== by ? 'none' : (by === 'name') !== up ? 'ascending' : 'descending');
  }
}

// ---- order, selection, keys -----------------------------------------------------------------------------------------

function sortBy(column) {
  const turned = column === by ? !up : false, query = new URLSearchParams(location.search);
  query.set('by', column);
  if (turned) query.set('dir', 'up');
  else query.delete('dir');
  history.pushState(null, '', '?' + query + location.hash);
  read();
  restart();
}

function read() {
  const query = new URLSearchParams(location.search), wanted = query.get('by');
  by = ['flat', 'cum', 'name'].includes(wanted) ? wanted : standard;
  up = query.get('dir') === 'up';
}

function select(i, adds) {
  const name = parts.get(i)?.name;
  if (name === undefined) return;
  const had = selected.has(name);
  if (!adds) selected = new Map();
  if (had) selected.delete(name);
  else selected.set(name, parts.get(i).of);
  at = i;
  draw();
  cprof.say((had ? 'Not selected: ' : 'Selected: ') + name);
}

function goTo(i) {
  isLinkMoved = document.activeElement?.closest?.('.row a') != null;
  at = Math.max(0, Math.min(facts.count - 1, i));
  const top = at * height;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + height > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + height - scroll.clientHeight;
  draw();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(table.contains(event.target) || cprof.isFree(event))) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    if (cprof.clearSearch()) return;
    selected = new Map();
    return draw();
  }
  if (!facts.count) return;
  const page = Math.max(1, Math.floor(scroll.clientHeight / height) - 1);
  const to = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: facts.count - 1}[event.key];
  if (event.target.closest('a, button') && to === undefined) return;
  if (cprof.isFree(event) && (to !== undefined || event.key === ' ')) table.focus({preventScroll: true});
  if (to !== undefined) goTo(to);
  else if (event.key === ' ') select(at, true);
  else if (event.key === 'Enter') $('row-' + at)?.querySelector('a[href*="/peek"]')?.click();
  else return;
  event.preventDefault();
}

// The first Enter leads to the first row.
let isStepped = false;
function step(way) {
  if (!facts.count) return;
  goTo(isStepped ? (at + way + facts.count) % facts.count : way > 0 ? 0 : facts.count - 1);
  isStepped = true;
}

// ---- putting it together --------------------------------------------------------------------------------------------

for (const [kind, title, sorts] of COLUMNS) {
  const cell = element('div', undefined, kind);
  cell.setAttribute('role', 'columnheader');
  if (sorts) {
    const button = element('button', title);
    button.type = 'button';
    button.addEventListener('click', () => sortBy(kind));
    cell.dataset.by = kind;
    cell.append(button);
  } else if (title) {
    cell.textContent = title;
  } else {
    cell.setAttribute('aria-label', 'Links');
  }
  head.append(cell);
}
const band = element('div');
band.setAttribute('role', 'rowgroup');
head.setAttribute('role', 'row');
head.setAttribute('aria-rowindex', '1');
band.append(head);
about.id = 'about-rows';
table.id = 'table';
table.tabIndex = 0;
table.setAttribute('role', 'grid');
table.setAttribute('aria-label', 'Functions');
table.setAttribute('aria-multiselectable', 'true');
scroll.id = 'scroll';
rows.id = 'rows';
rows.setAttribute('role', 'rowgroup');
none.id = 'none';
none.hidden = true;
scroll.append(rows);
failure.setAttribute('role', 'alert');
failure.hidden = true;
table.append(band, failure, scroll, none);
content.append(about, table);
document.body.classList.add('whole');

read();
keep(cprof.data);
showHead();
const measure = () => {
  isNarrow = innerWidth <= 640;
  height = isNarrow ? 64 : 28;
  draw();
};
measure();
new ResizeObserver(measure).observe(scroll);
scroll.addEventListener('scroll', () => draw(false));
document.addEventListener('keydown', onKey);
rows.addEventListener('pointerover', (event) => {
  const row = event.target.closest('.row:not(.waiting)');
  if (row) addLinks(row, Number(row.dataset.at));
});
rows.addEventListener('click', (event) => {
  const row = event.target.closest('.row');
  if (row && !event.target.closest('a') && !String(getSelection())) select(Number(row.dataset.at), event.ctrlKey || event.metaKey);
});
addEventListener('popstate', () => {
  const before = by + up;
  read();
  if (by + up !== before) restart();
});
cprof.searchable({
  patience: 120,
  search: (text) => {
    if (text === only) return;
    only = text;
    isStepped = false;
    restart();
  },
  next: step,
  selection: () => [...new Set(selected.values())],
});
})();
