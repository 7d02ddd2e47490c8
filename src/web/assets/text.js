// Peek and disassembly: the text of the report, made into tables one can walk through.
'use strict';
(() => {
const {element, visible} = cprof;
const pre = $('text');
if (!pre) return cprof.searchable({search: () => {}, next: cprof.lookUp});
const text = pre.textContent, kind = document.body.dataset.page;
const listing = element('div'), tools = element('div'), told = element('output');

const cell = (tr, content, className) => {
  const td = element('td', content, className);
  tr.append(td);
  return td;
};

function table(titles) {
  const t = element('table'), tr = element('tr');
  for (const [title, className] of titles) {
    const th = element('th', title, className);
    th.scope = 'col';
    tr.append(th);
  }
  t.append(element('thead'), element('tbody'));
  t.tHead.append(tr);
  return t;
}

const percent = (s) => Math.min(100, Math.abs(parseFloat(s)) || 0);

// ---- peek -----------------------------------------------------------------------------------------------------------

// A name, with a place behind it in grey, that leads to its own peek.
function nameCell(tr, name) {
  const note = / \((?:partial-)?inline\)$/.exec(name)?.[0] ?? '', row = name.slice(0, name.length - note.length);
  const of = cprof.functionOf(row), from = row.startsWith(of) ? 0 : 17, where = row.slice(from + of.length) + note;
  const td = cell(tr);
  if (from) td.append(element('small', row.slice(0, from - 1), 'before'));
  td.append(cprof.link(visible(of), 'peek', cprof.shownIn(row, of).peek));
  if (where) td.append(element('small', visible(where).trim()));
  tr.dataset.name = of;
}

const CALL = /^ {20,}(\S+) +(\S+) \| {3}(.*)$/s, NODE = /^ *(\S+) +(\S+) +(\S+) +(\S+) +(\S+) +\| (.*)$/s;
// What begins a row; a line that begins none belongs to the name before it, which has a line break in it.
const BEGINS = /^ {20,}\S+ +\S+ \| {3}|^ *\S+ +\S+ +\S+ +\S+ +\S+ +\| /;
const rowsOf = (block) => block.split('\n').filter((line) => line).reduce((all, line) => {
  if (BEGINS.test(line) || !all.length) all.push(line);
  else all[all.length - 1] += '\n' + line;
  return all;
}, []);
function peek() {
  const blocks = text.split(/^-{40,}\+-+\n/m).slice(2);
  for (const block of blocks) {
    const lines = rowsOf(block);
    const box = element('section', undefined, 'block');
    const t = table([['Flat'], ['Flat %', 'wide'], ['Cum'], ['Cum %', 'wide'], ['Calls'], ['Calls %', 'wide'], ['Function']]);
    t.classList.add('peek-table');
    let isBelow = false;
    for (const line of lines) {
      const tr = element('tr'), node = NODE.exec(line), call = node ? null : CALL.exec(line);
      if (node) {
        isBelow = true;
        tr.className = 'row-node hot';
        const [, flat, flatShare, , cum, cumShare, name] = node;
        [flat, flatShare, cum, cumShare, '', ''].forEach((v, i) => cell(tr, v, i % 2 ? 'wide' : undefined));
        nameCell(tr, name);
        box.setAttribute('aria-label', tr.dataset.name);
      } else if (call) {
        tr.className = isBelow ? 'row-callee' : 'row-caller';
        ['', '', '', '', call[1], call[2]].forEach((v, i) => cell(tr, v, i % 2 ? 'wide' : undefined));
        nameCell(tr, call[3]);
        tr.lastChild.prepend(element('span', isBelow ? '↳ ' : '↱ '));
        tr.lastChild.firstChild.setAttribute('aria-label', isBelow ? 'calls ' : 'called by ');
      } else {
        continue;
      }
      t.tBodies[0].append(tr);
    }
    if (!t.tBodies[0].rows.length) continue;
    box.append(t);
    listing.append(box);
  }
}

// ---- disassembly ----------------------------------------------------------------------------------------------------

const ROUTINE = /^ROUTINE =+ (.*)$/, SUM = /^ *(\S+) +(\S+) \(flat, cum\) +(\S+) of Total/;
const CODE = /^ *(\S+) +(\S+) {2,}([0-9a-f]+): (.*?)(?:\s*;(.*))?$/;
const PLACE = /^ {60,};(.*)$/;  // of a long instruction: it stands above
function disassembly() {
  let box = null, t = null, above, most = 0, all = [];
  const close = () => {
    for (const [tr, v] of all) {
      tr.style.setProperty('--heat', most ? (100 * v / most).toFixed(0) : 0);
    }
    [most, all] = [0, []];
  };
  const size = (v) => (v === '.' ? 0 : Math.abs(parseFloat(v)) * factor(v));
  for (const line of text.split('\n')) {
    const routine = ROUTINE.exec(line), sum = box && !t && SUM.exec(line), code = box && CODE.exec(line);
    if (routine) {
      close();
      box = element('section', undefined, 'block');
      t = null;
      box.append(element('h2', visible(routine[1])));
      box.setAttribute('aria-label', routine[1]);
      box.dataset.name = routine[1];
      listing.append(box);
    } else if (sum) {
      box.append(element('p', `flat ${sum[1]}, cum ${sum[2]}, ${sum[3]} of the total`, 'sum'));
    } else if (code) {
      if (!t) {
        box.append(t = table([['Flat'], ['Cum'], ['Address', 'wide'], ['Code'], ['Place']]));
        t.classList.add('code-table');
      }
      const tr = element('tr'), [, flat, cum, address, instruction, beside] = code, place = beside ?? above;
      above = undefined;
      cell(tr, flat === '.' ? '' : flat);
      cell(tr, cum === '.' ? '' : cum);
      cell(tr, address, 'address wide');
      cell(tr, visible(instruction), 'code');
      cell(tr, visible(place ?? ''), 'place');
      if (flat !== '.' || cum !== '.') {
        tr.className = 'hot';
        all.push([tr, Math.max(size(flat), size(cum))]);
        most = Math.max(most, size(flat), size(cum));
      }
      t.tBodies[0].append(tr);
    } else if (box && PLACE.test(line)) {
      above = PLACE.exec(line)[1];
    } else if (t && line.trim()) {
      const tr = element('tr'), td = cell(tr, visible(line.trim()), 'code');
      td.colSpan = 5;
      t.tBodies[0].append(tr);
    }
  }
  close();
}

// Values of one report may be in several units.
function factor(v) {
  const unit = /[a-zA-Zµ]+$/.exec(v)?.[0] ?? '';
  const units = {ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, mins: 6e10, hrs: 3.6e12, B: 1, kB: 1024, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40};
  return units[unit] ?? 1;
}

// Tables that stand below each other are one to the eye: their columns are as wide as the longest text in any of them.
function setWidths() {
  for (const [name, selector] of [['--value', 'td:not(.wide, :last-child)'], ['--share', 'td.wide']]) {
    const texts = [...new Set([...listing.querySelectorAll(selector)].map((td) => td.textContent))];
    const probe = element('div', texts.sort((a, b) => b.length - a.length).slice(0, 40).join('\n'), 'probe');
    listing.append(probe);
    listing.style.setProperty(name, Math.ceil(probe.getBoundingClientRect().width) + 'px');
    probe.remove();
  }
}

// ---- going about ----------------------------------------------------------------------------------------------------

if (kind === 'disasm') disassembly();
else peek();
if (!listing.childNodes.length) return cprof.searchable({search: () => {}, next: cprof.lookUp});  // the text stands as it is

listing.id = 'listing';
pre.replaceWith(listing);
const hot = [...listing.querySelectorAll('tr.hot')], rows = [...listing.querySelectorAll('tbody tr')];
let here = null, found = [];
if (kind !== 'disasm') setWidths();
for (const tr of hot) tr.tabIndex = -1;

// From the search one goes on in the search: the focus stays there.
function goTo(tr, isFromSearch) {
  if (!tr) return;
  here?.classList.remove('here');
  here = tr;
  tr.classList.add('here');
  tr.tabIndex = -1;
  if (!isFromSearch) tr.focus({preventScroll: true});
  tr.scrollIntoView({block: 'center'});
}

function leave() {
  here?.classList.remove('here');
  here?.blur();
  here = null;
}

function step(list, by) {
  if (!list.length) return;
  const isBehind = (tr) => here && (here.compareDocumentPosition(tr) & Node.DOCUMENT_POSITION_FOLLOWING);
  const isBefore = (tr) => here && (here.compareDocumentPosition(tr) & Node.DOCUMENT_POSITION_PRECEDING);
  goTo(by > 0 ? list.find((tr) => !here || isBehind(tr)) ?? list[0] : list.findLast((tr) => !here || isBefore(tr)) ?? list.at(-1),
       list === found);
  told.textContent = `${list.indexOf(here) + 1} of ` + (list === hot ? count(hot, WORDS) : count(list, ['row found', 'rows found']));
}

const count = (list, [one, many]) => list.length + ' ' + (list.length === 1 ? one : many);
const WORDS = kind === 'disasm' ? ['hot instruction', 'hot instructions'] : ['entry', 'entries'];
function search(wanted) {
  const rx = wanted ? cprof.expression(wanted) : null;
  for (const tr of found) tr.classList.remove('found');
  found = rx ? rows.filter((tr) => rx.test(tr.textContent)) : [];
  for (const tr of found) tr.classList.add('found');
  told.textContent = wanted ? count(found, ['row', 'rows']) : count(hot, WORDS);
  return found.length;
}

for (const [label, key, by] of [['Next', 'n', 1], ['Previous', 'p', -1]]) {
  const button = element('button', label + ' ');
  button.type = 'button';
  button.setAttribute('aria-keyshortcuts', key);
  button.append(element('kbd', key));
  button.addEventListener('click', () => step(hot, by));
  tools.append(button);
}
tools.id = 'tools';
tools.setAttribute('role', 'toolbar');
tools.setAttribute('aria-label', kind === 'disasm' ? 'Disassembly' : 'Peek');
tools.append(told);
listing.before(tools);
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || cprof.isTyping(event)) return;
  if (event.key === 'n' || event.key === 'p') step(hot, event.key === 'n' ? 1 : -1);
  else if (event.key === 'Escape') cprof.clearSearch() || leave();
  else return;
  event.preventDefault();
});
cprof.searchable({search, next: (by) => (found.length ? step(found, by) : cprof.lookUp()), selection: () => (here ? [here.dataset.name ?? here.closest('section').dataset.name].filter((name) => name) : [])});
})();
