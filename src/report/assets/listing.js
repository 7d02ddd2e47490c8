// Source with values: folds the machine code of lines, goes from one hot line to the next, finds text. For the page of
// weblist and the web interface.
'use strict';

// `content` holds the tables, `all` is the button that unfolds everything, tell(text) says where one is.
cprof.listing = (content, all, tell) => {
  const lines = [...content.querySelectorAll('tr.line')], number = new Map(lines.map((line, i) => [line, i]));
  const hot = lines.filter((line) => line.classList.contains('hot'));
  const code = (line) => (line?.classList.contains('has') ? line.nextElementSibling : null);
  const hasCode = lines.some(code);
  let found = [], hit = -1;

  const count = (list, [one, many]) => list.length + ' ' + (list.length === 1 ? one : many);
  const FOUND = ['row found', 'rows found'], HOT = ['hot line', 'hot lines'];

  // ---- folding ------------------------------------------------------------------------------------------------------

  function fold(line, open) {
    const rows = code(line);
    if (!rows) return;
    rows.hidden = !open;
    line.classList.toggle('open', open);
    line.querySelector('.n button').setAttribute('aria-expanded', open);
  }
  const turn = (line) => fold(line, code(line)?.hidden);

  function unfoldAll() {
    const open = all.getAttribute('aria-pressed') !== 'true';
    all.setAttribute('aria-pressed', open);
    all.textContent = open ? 'Fold all' : 'Unfold all';
    for (const line of lines) fold(line, open);
  }

  // A button for those who do not see the row: the line's number.
  function addButton(line) {
    const cell = line.querySelector('.n'), button = cprof.element('button', cell.textContent, 'unfold');
    button.type = 'button';
    button.tabIndex = -1;
    button.setAttribute('aria-label', 'Machine code of line ' + cell.textContent);
    cell.replaceChildren(button);
  }

  // ---- from line to line --------------------------------------------------------------------------------------------

  function goTo(line) {
    if (!line) return;
    for (const other of content.querySelectorAll('tr.line[tabindex="0"]')) other.tabIndex = -1;
    line.tabIndex = 0;
    line.focus({preventScroll: true});
    line.scrollIntoView({block: 'center'});
  }

  const current = () => document.activeElement?.closest('tr.line') ?? null;
  function step(list, by) {
    const at = number.get(current()) ?? -1;
    const to = by > 0 ? list.find((line) => number.get(line) > at) : list.findLast((line) => number.get(line) < at);
    goTo(to ?? (by > 0 ? list[0] : list.at(-1)));
    if (list === hot && list.length) tell(`hot line ${hot.indexOf(current()) + 1} of ${hot.length}`);
  }

  const ON_LINES = {
    ArrowDown: () => step(lines, 1), ArrowUp: () => step(lines, -1), ArrowRight: () => fold(current(), true),
    ArrowLeft: () => fold(current(), false), Enter: () => turn(current()),
  };
  const ANYWHERE = {n: () => step(hot, 1), p: () => step(hot, -1), a: () => { if (hasCode) unfoldAll(); }};
  // Whether the key was one of these.
  function onKey(event) {
    const isOnLine = current() && event.target.tagName !== 'BUTTON', act = ANYWHERE[event.key] ?? (isOnLine ? ON_LINES[event.key] : null);
    act?.();
    return Boolean(act);
  }

  // ---- finding ------------------------------------------------------------------------------------------------------

  function showHit(row) {
    for (const other of content.querySelectorAll('tr.here')) other.classList.remove('here');
    row?.classList.add('here');
  }

  // How many rows match.
  function search(text) {
    const rx = text ? cprof.expression(text) : null;
    for (const row of found) row.classList.remove('found');
    found = rx ? [...content.querySelectorAll('tr.line, tr.in, tr.call')].filter((row) => rx.test(row.querySelector('.src, .code').textContent)) : [];
    for (const row of found) row.classList.add('found');
    hit = -1;
    showHit(null);
    tell(text ? count(found, FOUND) : count(hot, HOT));
    return found.length;
  }

  // To the next row that matches; the focus stays where it is.
  function next(by) {
    if (!found.length) return;
    hit = hit < 0 && by < 0 ? found.length - 1 : (hit + by + found.length) % found.length;
    const row = found[hit];
    fold(row.closest('tr.asm')?.previousElementSibling, true);
    showHit(row);
    row.scrollIntoView({block: 'center'});
    tell(`${hit + 1} of ${count(found, FOUND)}`);
  }

  for (const line of lines) {
    line.tabIndex = -1;
    if (code(line)) addButton(line);
    fold(line, false);
  }
  if (lines.length) (hot[0] ?? lines[0]).tabIndex = 0;
  all.setAttribute('aria-pressed', 'false');
  all.addEventListener('click', unfoldAll);
  content.addEventListener('click', (event) => {
    const line = event.target.closest('tr.has');
    if (line && !String(getSelection())) turn(line);
  });
  return {lines, hot, hasCode, current, goTo, step, onKey, search, next};
};
