// Source: folds the machine code of lines, goes from one hot line to the next, searches.
'use strict';
(() => {
const {element} = cprof;
const content = $('content'), lines = [...content.querySelectorAll('tr.line')];
if (!lines.length) return cprof.searchable({search: () => {}, next: cprof.lookUp});
const hot = lines.filter((line) => line.classList.contains('hot'));
const tools = element('div'), told = element('output'), all = element('button', 'Unfold all');
const code = (line) => (line.classList.contains('has') ? line.nextElementSibling : null);
const isOpen = (line) => code(line) !== null && !code(line).hidden;
const hasCode = lines.some(code);
let found = [], hit = -1;

function fold(line, open) {
  const rows = code(line);
  if (!rows) return;
  rows.hidden = !open;
  line.classList.toggle('open', open);
  const button = line.querySelector('.n button');
  button?.setAttribute('aria-expanded', open);
}

// A button for those who do not see the row: the line's number.
function addButton(line) {
  const cell = line.querySelector('.n'), button = element('button', cell.textContent);
  button.type = 'button';
  button.className = 'unfold';
  button.tabIndex = -1;
  button.setAttribute('aria-label', 'Machine code of line ' + cell.textContent);
  cell.replaceChildren(button);
}

for (const line of lines) {
  line.tabIndex = -1;
  if (code(line)) addButton(line);
  fold(line, false);
}
(hot[0] ?? lines[0]).tabIndex = 0;

function goTo(line) {
  if (!line) return;
  for (const other of content.querySelectorAll('tr.line[tabindex="0"]')) other.tabIndex = -1;
  line.tabIndex = 0;
  line.focus({preventScroll: true});
  line.scrollIntoView({block: 'center'});
}

const number = new Map(lines.map((line, i) => [line, i]));
const current = () => number.get(document.activeElement?.closest?.('tr.line')) ?? -1;
function step(list, by) {
  const at = current();
  const to = by > 0 ? list.find((line) => number.get(line) > at) : list.findLast((line) => number.get(line) < at);
  goTo(to ?? (by > 0 ? list[0] : list.at(-1)));
  if (list === hot && list.length) told.textContent = `hot line ${hot.indexOf(lines[current()]) + 1} of ${hot.length}`;
}

function unfoldAll() {
  const open = all.getAttribute('aria-pressed') !== 'true';
  all.setAttribute('aria-pressed', open);
  all.textContent = open ? 'Fold all' : 'Unfold all';
  for (const line of lines) fold(line, open);
}

function next(by) {
  if (!found.length) return cprof.lookUp();
  hit = hit < 0 && by < 0 ? found.length - 1 : (hit + by + found.length) % found.length;
  const row = found[hit], asm = row.closest('tr.asm');
  if (asm) fold(asm.previousElementSibling, true);
  showHit(row);
  row.scrollIntoView({block: 'center'});
  told.textContent = `${hit + 1} of ${count(found, ['row found', 'rows found'])}`;
}

function showHit(row) {
  for (const other of content.querySelectorAll('tr.here')) other.classList.remove('here');
  row?.classList.add('here');
}

const count = (list, [one, many]) => list.length + ' ' + (list.length === 1 ? one : many);

function search(text) {
  const rx = text ? cprof.expression(text) : null;
  for (const row of found) row.classList.remove('found');
  found = rx ? [...content.querySelectorAll('tr.line, tr.in, tr.call')].filter((row) => rx.test(row.querySelector('.src, .code').textContent)) : [];
  for (const row of found) row.classList.add('found');
  hit = -1;
  showHit(null);
  told.textContent = text ? count(found, ['row found', 'rows found']) : count(hot, ['hot line', 'hot lines']);
  return found.length;
}

function addTool(button, key, act) {
  button.type = 'button';
  button.setAttribute('aria-keyshortcuts', key);
  button.addEventListener('click', act);
  tools.append(button);
}
const withKey = (text, key) => {
  const button = element('button', text + ' ');
  button.append(element('kbd', key));
  return button;
};
addTool(withKey('Next hot line', 'n'), 'n', () => step(hot, 1));
addTool(withKey('Previous', 'p'), 'p', () => step(hot, -1));
all.setAttribute('aria-pressed', 'false');
if (hasCode) addTool(all, 'a', unfoldAll);
tools.id = 'tools';
tools.setAttribute('role', 'toolbar');
tools.setAttribute('aria-label', 'Source');
tools.append(told);
content.prepend(tools);

content.addEventListener('click', (event) => {
  const line = event.target.closest('tr.has');
  if (line && !String(getSelection())) fold(line, !isOpen(line));
});
const keys = {
  n: () => step(hot, 1), p: () => step(hot, -1), a: () => { if (hasCode) unfoldAll(); },
  ArrowDown: () => step(lines, 1), ArrowUp: () => step(lines, -1),
  ArrowRight: () => fold(lines[current()], true), ArrowLeft: () => fold(lines[current()], false),
  Enter: () => fold(lines[current()], !isOpen(lines[current()])),
  Escape: () => cprof.clearSearch() || document.activeElement.blur(),
};
document.addEventListener('keydown', (event) => {
  if (cprof.isTyping(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  if ((event.key === 'Enter' || event.key.startsWith('Arrow')) && (current() < 0 || event.target.tagName === 'BUTTON')) return;
  keys[event.key]();
  event.preventDefault();
});

// Text that is searched for in code names no function: refining goes by that which the line in focus is in.
const functionOf = (line) => line?.closest('section')?.querySelector('h2').textContent;
cprof.searchable({search, next, hasCode: true, selection: () => [functionOf(lines[current()])].filter((name) => name)});
})();
