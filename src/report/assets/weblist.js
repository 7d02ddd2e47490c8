// The page of weblist: the listing with its own search box. Without this it shows all machine code.
'use strict';
(() => {
const $ = (id) => document.getElementById(id);
const input = $('search'), listing = cprof.listing($('listing'), $('all'), (text) => { $('found').textContent = text; });

input.addEventListener('input', () => {
  listing.search(input.value);
  listing.next(1);
});
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') listing.next(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') {
    input.value = '';
    listing.search('');
    listing.goTo(listing.lines.find((line) => line.tabIndex === 0));
  } else return;
  event.preventDefault();
});
$('next').addEventListener('click', () => listing.step(listing.hot, 1));
document.addEventListener('keydown', (event) => {
  if (event.target === input || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') input.focus();
  else if (!listing.onKey(event)) return;
  event.preventDefault();
});
})();
