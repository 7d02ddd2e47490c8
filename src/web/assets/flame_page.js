// The flame graph of the web interface: asks for what was left out, keeps its state in the URL, leads to the other views.
'use strict';
(() => {
const {graph, callers} = cprof.data;
const p = new URLSearchParams(location.search).get('p') ?? '';
const pivot = graph.pivot;  // its name, where p matches one function
const content = $('content');
let isReady = false;

function links(chart, i) {
  const {tree} = chart, all = [];
  const name = i > 0 && !tree.isRest(i) ? tree.names[tree.nameOf(i)] : i === 0 ? pivot : undefined;
  if (name !== undefined) {
    const by = cprof.shownIn(name), focus = cprof.link('Focus', 'flamegraph');
    focus.href = cprof.stay(by.focus);
    if (name !== pivot) all.push(cprof.link('Callers and callees', 'flamegraph', by.flamegraph));
    all.push(cprof.link('Peek', 'peek', by.peek), cprof.link('Source', 'source', by.source), focus);
  }
  if (p) all.push(cprof.link('Whole graph', 'flamegraph', {}));
  return all;
}

const ask = (what, chart, values) =>
  cprof.ask('data/' + what, {...values, ...(p && {p}), ...(view.charts.indexOf(chart) === 1 && {callers: 1})});
const more = (chart, path, offset) => ask('flame', chart, {path, ...(offset && {offset})});
const share = (chart, text) => ask('share', chart, {only: cprof.typed(text)});

// ---- the URL --------------------------------------------------------------------------------------------------------

const zoomOf = (i) => { const c = view.charts[i]; return c ? c.tree.pathTo(c.state.zoomed) : ''; };
const SIDES = ['before', 'after'];
let zooms = '', usual;
function changed() {
  if (!isReady) return;
  const now = zoomOf(0) + '/' + zoomOf(1);
  cprof.remember({zoom: zoomOf(0), above: zoomOf(1), root: view.flipped ? 'bottom' : '', q: $('search-text').value,
                  colours: view.colours === usual.colours ? '' : view.colours,
                  side: view.side === usual.side ? '' : SIDES[view.side]}, now !== zooms);
  zooms = now;
}

// A zoom may lead to a frame that was left out: the way there is opened, if there is one.
async function openWay(chart, path, isWanted) {
  const {tree} = chart, here = () => tree.pathTo(tree.frameOn(path));
  if (here() === path) return;
  const part = await more(chart, path, 0).catch(() => null);
  if (!(part?.after[0] > 0 || part?.before?.[0] > 0)) return;
  while (isWanted() && here() !== path && await chart.fill(here()));
}

// What the URL says, which may have changed once more before all is there: the last one wins.
let shown = 0;
async function show() {
  const mine = ++shown;
  isReady = false;
  const side = SIDES.indexOf(cprof.remembered('side'));
  view.show({flipped: cprof.remembered('root') === 'bottom', colours: cprof.remembered('colours') || usual.colours,
             side: side < 0 ? usual.side : side});
  const paths = [cprof.remembered('zoom'), cprof.remembered('above')];
  for (const [i, chart] of view.charts.entries()) {
    if (chart.tree.pathTo(chart.state.zoomed) === paths[i]) continue;
    await openWay(chart, paths[i], () => mine === shown);
    if (mine !== shown) return;
    chart.zoomTo(chart.tree.frameOn(paths[i]), true);
  }
  zooms = zoomOf(0) + '/' + zoomOf(1);
  isReady = true;
}

// ---- start ----------------------------------------------------------------------------------------------------------

const isEmpty = !(graph.after[0] > 0 || graph.before?.[0] > 0);
let view;
if (isEmpty) {
  const empty = cprof.element('p', graph.remark || 'Nothing is left to show.');
  empty.id = 'empty';
  empty.setAttribute('role', 'status');
  content.append(empty);
  document.body.classList.add('flame');
} else {
  const input = $('search-text');
  input.value = cprof.remembered('q');
  const of = pivot ?? (p && `${graph.pivots} functions`), matching = p && !pivot ? ' that match ' + p : '';
  if (of) content.append(cprof.element('h1', 'Callers and callees of ' + cprof.visible(of + matching), 'pivot'));
  view = cprof.flameView(content, {title: cprof.visible(graph.title), root: of || undefined, graph, callers, search: input, links, more, changed, share});
  usual = {colours: view.colours, side: view.side};
  if (graph.remark) content.append(cprof.element('p', graph.remark, 'remark'));
  const focused = () => {
    const {state, tree} = view.current, i = state.focused;
    return i > 0 && !tree.isRest(i) ? tree.names[tree.nameOf(i)] : undefined;
  };
  Object.assign(cprof.page, {
    search: () => view.search(),
    selection: () => (focused() === undefined ? [] : [cprof.functionOf(focused())]),
  });
  $('search').addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey || cprof.isTyping(event)) return;
    const name = focused();
    if (name !== undefined) location.href = cprof.href('flamegraph', cprof.shownIn(name).flamegraph);
  });
  addEventListener('popstate', () => {
    input.value = cprof.remembered('q');
    view.search();
    show();
  });
  // Keys that nobody else takes are the graph's.
  document.addEventListener('keydown', (event) => {
    if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    view.charts[0].focus();
  });
  show();
}
})();
