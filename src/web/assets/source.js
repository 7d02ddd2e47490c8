// Source: the listing with its tools, search and selection.
'use strict';
(() => {
const {element} = cprof;
const content = $('content'), tools = element('div'), told = element('output'), all = element('button', 'Unfold all');
if (!content.querySelector('tr.line')) return cprof.searchable({search: () => {}, next: cprof.lookUp});
const listing = cprof.listing(content, all, (text) => { told.textContent = text; });

function addTool(button, key) {
  button.type = 'button';
  button.setAttribute('aria-keyshortcuts', key);
  tools.append(button);
}
for (const [text, key, by] of [['Next hot line', 'n', 1], ['Previous', 'p', -1]]) {
  const button = element('button', text + ' ');
  button.append(element('kbd', key));
  button.addEventListener('click', () => listing.step(listing.hot, by));
  addTool(button, key);
}
if (listing.hasCode) addTool(all, 'a');
tools.id = 'tools';
tools.setAttribute('role', 'toolbar');
tools.setAttribute('aria-label', 'Source');
tools.append(told);
content.prepend(tools);

document.addEventListener('keydown', (event) => {
  if (cprof.isTyping(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') cprof.clearSearch() || document.activeElement.blur();
  else if (!listing.onKey(event)) return;
  event.preventDefault();
});
// Text that is searched for in code names no function: refining goes by that which the line in focus is in.
let found = 0, line = null;
document.addEventListener('focusin', (event) => { if (event.target.closest('main')) line = listing.current(); });
cprof.searchable({
  search: (text) => (found = listing.search(text)),
  next: (by) => (found ? listing.next(by) : cprof.lookUp()),
  hasCode: true,
  selection: () => (line ? [line.closest('section').querySelector('h2').textContent] : []),
});
})();
