// The search box of all pages, which searches in the page that is shown.
'use strict';

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

const judge = () => { asText.hidden = !cprof.expression(searchText.value).isText; };
searchText?.addEventListener('input', judge);
document.addEventListener('DOMContentLoaded', () => { if (cprof.page.search && !isOurs) judge(); });  // a page that searches by itself
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
