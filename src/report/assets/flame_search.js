// Searches the charts of a view for what is typed into `input`, and tells in `found` what all that match weigh, and how many
// they are. `share` as the view has it: without it nobody knows what is in the frames that were left out.
'use strict';
cprof.flameSearch = (view, input, found, compared, share) => {
const search = {};
const SIDES = ['before', 'after'];
// What was found for the text: a result a chart, and what the server says all that match weigh where frames were left out.
let results = null, sums = null, searched = '', isText = false;

// Matches of a side in the order in which Enter goes through them: [chart, frame].
const matches = (side) => view.charts.flatMap((c, k) => results[k].found[side].map((i) => [c, i]));
const isCut = () => view.charts.some((c) => c.tree.name.some((name) => name < 0));

function shares(side) {
  const {tree, words} = view.charts[0], sum = results.map((r, k) => Math.max(r.sum[side], sums?.[k][SIDES[side]] ?? 0));
  if (!sum.some((v) => v > 0)) return '';
  const least = isCut() && !sums ? 'at least ' : '', [all, above] = sum.map((v) => cprof.share(v, tree.totals[side]));
  return least + (view.charts.length > 1 ? `${all} below, ${least}${above} above` : `${all} of the total (${words.amount(sum[0])})`);
}

function frames(side) {
  const all = matches(side), n = all.length, at = all.findIndex(([c, i]) => c === view.current && i === c.state.focused);
  const what = isCut() ? ' shown' : '', noun = n === 1 ? ' frame' : ' frames';
  if (!n) return ', in frames that were left out';
  return at < 0 ? `${what ? ', ' : ' in '}${n}${noun}${what}` : `, ${at + 1} of ${n}${noun}${what}`;
}

// What is found on the side that is shown; nothing there: what on the other.
function findings() {
  const other = 1 - view.side, count = (side) => matches(side).length;
  if (count(view.side) || shares(view.side)) return shares(view.side) + frames(view.side);
  if (compared && (count(other) || shares(other))) return `Only ${SIDES[other]}: ${shares(other)}${frames(other)}`;
  return isCut() && !sums ? 'None of the frames shown matches' : 'No frame matches';
}

search.show = () => {
  // The web interface says so at the box.
  const note = isText && !share ? '; no regular expression, searched as text' : '';
  found.textContent = input.value && results ? findings() + note : '';
};

search.run = () => {
  const text = input.value, rx = text ? cprof.expression(text) : null, all = view.charts.map((c) => c.search(rx));
  if (text !== searched) for (const c of view.charts) c.state.walked = false;
  if (text !== asked) sums = null;
  [results, searched, isText] = [rx && all, text, Boolean(rx?.isText)];
  search.show();
  if (rx && share && !sums && isCut()) askShares(text);
};

// Where frames were left out, only the server knows what all that match weigh.
let waiting = 0, asked = '';
function askShares(text) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const all = await Promise.all(view.charts.map((c) => share(c, text))).catch(() => null);
    if (!all || input.value !== text) return;
    [sums, asked] = [all, text];
    search.show();
  }, 200);
}

search.next = (step) => {
  const all = results ? matches(view.side) : [], {charts, current} = view;
  if (!all.length) return;
  // Where the focus is among them: at one, or in front of one.
  const [k, i] = [charts.indexOf(current), current.state.focused];
  const at = all.findIndex(([c, m]) => charts.indexOf(c) > k || (c === current && m >= i));
  const isAt = at >= 0 && all[at][0] === current && all[at][1] === i;
  const next = step > 0 ? (at < 0 ? 0 : isAt ? at + 1 : at) : (at < 0 ? all.length : at) - 1;
  const [chart, to] = all[(next + all.length) % all.length];
  chart.walkTo(to);
};
return search;
};
