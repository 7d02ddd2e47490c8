// The page of `cprof -flame`: its data is in it, and it asks nobody for anything.
'use strict';
(() => {
const {element, visible, share, BEFORE, AFTER} = cprof;
const $ = (id) => document.getElementById(id);
const data = JSON.parse($('data').textContent);
const totals = [data.total.before, data.total.after];
const before = data.before?.[0] ?? 0, after = data.after[0];

function list(title, lines) {
  if (!lines.length) return;
  const ul = element('ul');
  for (const line of lines) ul.append(element('li', visible(line)));
  $('facts').append(element('h2', title), ul);
}

function summarize(words) {
  const box = $('summary'), add = (...parts) => box.append(box.childNodes.length ? ' · ' : '', ...parts);
  $('title').textContent = visible(data.title);
  const shown = before && !after ? before : after, total = before && !after ? totals[BEFORE] : totals[AFTER];
  const amount = (v) => element('b', cprof.amount(v, data));
  if (data.before) {
    add('before ', amount(totals[BEFORE]), ', after ', amount(totals[AFTER]));
    if (words) add(words.change(totals[BEFORE], totals[AFTER]));
  } else if (totals[AFTER] > 0) {
    add(amount(totals[AFTER]), ' in total');
  }
  if (shown < total) add(share(shown, total) + ' of it shown');
  const when = data.header.filter((line) => /^(Time|Duration): /.test(line));
  box.append(element('span', when.map((line) => ' · ' + visible(line)).join('')));
  if (data.filters.length) add('filters: ' + visible(data.filters.join(', ')));
  list('Profile', data.header);
  list('Active filters', data.filters);
  list('Note', data.remark ? [data.remark] : []);
  $('about').hidden = !$('facts').childNodes.length;
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !$('about').open) return;
  event.preventDefault();
  $('about').open = false;
  $('about').firstElementChild.focus();
});

if (!(before > 0 || after > 0)) {
  summarize(null);
  const empty = element('p', data.remark);
  empty.id = 'empty';
  empty.setAttribute('role', 'status');
  $('flame').append(empty);
  $('keys').hidden = true;
} else {
  const view = cprof.flameView($('flame'), {title: visible(data.title), graph: data});
  summarize(view.charts[0].words);
  for (const {stage} of view.charts) stage.setAttribute('aria-describedby', 'keys');
}
})();
