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
    const f = cprof.exactly([name]);
    if (name !== pivot) all.push(cprof.link('Callers and callees', 'flamegraph', {p: f}));
    all.push(cprof.link('Peek', 'peek', {f}), cprof.link('Source', 'source', {f}), cprof.link('Focus', 'flamegraph', {f}));
  }
  if (p) all.push(cprof.link('Whole graph', 'flamegraph', {}));
  return all;
}

const more = (chart, path) =>
  cprof.ask('data/flame', {path, ...(p && {p}), ...(view.charts.indexOf(chart) === 1 && {callers: 1})});

// ---- the URL --------------------------------------------------------------------------------------------------------

const zoomOf = (i) => { const c = view.charts[i]; return c ? c.tree.pathTo(c.state.zoomed) : ''; };
let zooms = '';
function changed() {
  if (!isReady) return;
  const now = zoomOf(0) + '/' + zoomOf(1);
  cprof.remember({zoom: zoomOf(0), above: zoomOf(1), root: view.flipped ? 'bottom' : '', colours: view.colours === view.usual ? '' : view.colours,
                  q: $('search-text').value}, now !== zooms);
  zooms = now;
}

// A zoom may lead to frames that were left out: they are asked for, one step of the way at a time at most.
async function zoomTo(chart, path) {
  const {tree} = chart;
  let i = tree.frameOn(path);
  for (let tries = 0; tree.pathTo(i) !== path && tries < 8; tries++) {
    const from = tree.pathTo(i);
    if (!from) break;
    try {
      tree.graft(i, await more(chart, from));
    } catch (error) {
      break;
    }
    const next = tree.frameOn(path);
    if (next === i) break;
    i = next;
  }
  chart.zoomTo(i, true);
}

async function show() {
  isReady = false;
  view.show({flipped: cprof.remembered('root') === 'bottom', colours: cprof.remembered('colours') || view.usual});
  const paths = [cprof.remembered('zoom'), cprof.remembered('above')];
  for (const [i, chart] of view.charts.entries())
    if (chart.tree.pathTo(chart.state.zoomed) !== paths[i]) await zoomTo(chart, paths[i]);
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
  view = cprof.flameView(content, {title: cprof.visible(graph.title), root: of || undefined, graph, callers, search: input, links, more, changed,
                                   share: (text) => cprof.ask('data/share', {only: cprof.typed(text)})});
  view.usual = view.colours;
  if (graph.remark) content.append(cprof.element('p', graph.remark, 'remark'));
  const chart = () => view.charts.find((c) => c.stage === document.activeElement) ?? view.charts.find((c) => c.state.focused) ?? view.charts[0];
  Object.assign(cprof.page, {
    search: () => view.search(),
    selection: () => {
      const {state, tree} = chart(), i = state.focused;
      return i > 0 && !tree.isRest(i) ? [tree.names[tree.nameOf(i)]] : [];
    },
  });
  $('search').addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'c' || event.ctrlKey || event.metaKey || event.altKey || cprof.isTyping(event)) return;
    const [name] = cprof.page.selection();
    if (name !== undefined) location.href = cprof.href('flamegraph', {p: cprof.exactly([name])});
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
