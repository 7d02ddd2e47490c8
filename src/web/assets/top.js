// Top: rows come from the server a part at a time, when they are scrolled to, so that the table has all functions
// however many there are.
'use strict';
(() => {
const {element, visible} = cprof;
const PART = 1000, INLINED = ['', '(inline)', '(partial-inline)'];
const COLUMNS = [['flat', 'Flat', true], ['p', 'Flat %'], ['sum', 'Sum %'], ['cum', 'Cum', true], ['p', 'Cum %'], ['name', 'Name', true], ['go', '']];
const content = $('content'), about = element('p'), table = element('div'), head = element('div', undefined, 'cells head');
const scroll = element('div'), rows = element('div'), none = element('p', 'No function matches.');
const standard = cprof.shell.parameters.find((p) => p.option === 'sort')?.value || 'flat';

let by = 'flat', up = false, only = '';
let facts = cprof.data, parts = new Map(), asking = new Map(), at = 0, height = 28, unit;
let selected = new Set();

// ---- parts ----------------------------------------------------------------------------------------------------------

function keep(part) {
  facts = part;
  unit = cprof.unitFor(Math.abs(part.total) / 100, part);
  for (let i = 0, sum = part.before; i < part.name.length; i++) {
    sum += part.flat[i];
    parts.set(part.offset + i, {name: part.name[i], flat: part.flat[i], cum: part.cum[i], inline: part.inline[i], sum});
  }
}

const changes = (offset) => ({by, dir: up ? 'up' : 'down', only: cprof.typed(only), offset, limit: PART});

// Asks for the part with row i, unless it is there or on its way.
async function want(i) {
  if (i < 0 || i >= facts.count || parts.has(i)) return;
  const offset = Math.floor(i / PART) * PART;
  if (asking.has(offset)) return;
  const stop = new AbortController();
  asking.set(offset, stop);
  try {
    const part = await cprof.ask('data/top', changes(offset), stop.signal);
    if (stop.signal.aborted) return;
    // Long names make a part shorter than asked for.
    keep(part);
    draw();
  } catch (error) {
    if (!stop.signal.aborted) cprof.say('Rows could not be loaded: ' + error.message);
  } finally {
    asking.delete(offset);
  }
}

// Begins anew, with another order or another filter.
async function restart() {
  for (const stop of asking.values()) stop.abort();
  asking = new Map();
  const stop = new AbortController();
  asking.set(0, stop);
  table.setAttribute('aria-busy', 'true');
  try {
    const part = await cprof.ask('data/top', changes(0), stop.signal);
    if (stop.signal.aborted) return;
    parts = new Map();
    at = 0;
    keep(part);
    scroll.scrollTop = 0;
    showHead();
    draw();
    cprof.say(facts.count + ' of ' + facts.nodes + ' functions');
  } catch (error) {
    if (!stop.signal.aborted) about.replaceChildren(element('span', error.message, 'error'));
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
  const go = e.lastChild, {name} = parts.get(i), f = cprof.exactly([name]);
  if (!go.firstChild) {
    go.append(cprof.link('Flame', 'flamegraph', {p: f}), cprof.link('Peek', 'peek', {f}), cprof.link('Source', 'source', {f}),
              cprof.link('Disasm', 'disasm', {f}));
    for (const a of go.children) a.setAttribute('aria-label', a.textContent + ' of ' + name);
  }
  for (const a of go.children) a.tabIndex = i === at ? 0 : -1;
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
  const name = element('div', visible(row.name), 'name');
  name.title = visible(row.name);
  if (row.inline) name.append(element('small', INLINED[row.inline]));
  e.append(value(row.flat), share(row.flat, 'p'), share(row.sum, 'v sum'), value(row.cum), share(row.cum, 'p'), name, element('div', undefined, 'go'));
  for (const cell of e.children) cell.setAttribute('role', 'gridcell');
  if (i === at || selected.has(row.name)) addLinks(e, i);
  return e;
}

// While one scrolls, rows that stay in sight stay as they are.
let pending = 0, shown = '', isNew = true;
function draw(isForced = true) {
  if (isForced) [shown, isNew] = ['', true];
  pending = pending || requestAnimationFrame(() => {
    pending = 0;
    const first = Math.max(0, Math.floor(scroll.scrollTop / height) - 6);
    const last = Math.min(facts.count, Math.ceil((scroll.scrollTop + scroll.clientHeight) / height) + 6);
    const key = first + ' ' + last;
    if (key === shown) return;
    shown = key;
    const focused = document.activeElement?.closest?.('.row')?.dataset.at;
    rows.style.height = facts.count * height + 'px';
    for (const e of [...rows.children]) if (isNew || e.dataset.at < first || e.dataset.at >= last) e.remove();
    for (let i = first, e = rows.firstChild; i < last; i++) {
      if (e && Number(e.dataset.at) === i) e = e.nextSibling;
      else rows.insertBefore(makeRow(i), e);
    }
    isNew = false;
    if (focused !== undefined) $('row-' + focused)?.querySelector('a')?.focus({preventScroll: true});
    none.hidden = facts.count > 0;
    const there = first < at && at < last || at === first;
    if (there) table.setAttribute('aria-activedescendant', 'row-' + at);
    else table.removeAttribute('aria-activedescendant');
    for (const i of [first, last - 1, last + 200]) want(i);
  });
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
  if (!adds) selected = new Set();
  if (had) selected.delete(name);
  else selected.add(name);
  at = i;
  draw();
  cprof.say((had ? 'Not selected: ' : 'Selected: ') + name);
}

function goTo(i) {
  at = Math.max(0, Math.min(facts.count - 1, i));
  const top = at * height;
  if (top < scroll.scrollTop) scroll.scrollTop = top;
  else if (top + height > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = top + height - scroll.clientHeight;
  draw();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !facts.count) return;
  const page = Math.max(1, Math.floor(scroll.clientHeight / height) - 1);
  const to = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: facts.count - 1}[event.key];
  if (event.target !== table && to === undefined) return;
  if (to !== undefined) goTo(to);
  else if (event.key === ' ') select(at, true);
  else if (event.key === 'Enter') $('row-' + at)?.querySelector('a[href*="/peek"]')?.click();
  else if (event.key === 'Escape' && selected.size) {
    selected = new Set();
    draw();
  } else return;
  event.preventDefault();
}

function step(by_) {
  if (facts.count) goTo((at + by_ + facts.count) % facts.count);
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
table.append(band, scroll, none);
content.append(about, table);
document.body.classList.add('whole');

read();
keep(cprof.data);
showHead();
const measure = () => {
  height = innerWidth <= 640 ? 48 : 28;
  draw();
};
measure();
new ResizeObserver(measure).observe(scroll);
scroll.addEventListener('scroll', () => draw(false));
table.addEventListener('keydown', onKey);
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
    if (!cprof.expression(text)) return;
    only = text;
    restart();
  },
  next: step,
  selection: () => [...selected],
});
})();
