// The flame graph with what stands around it: tools, legend, what is said about a frame. Of a function's callers and
// callees there are two graphs, one above the other; everything else is there once.
//
// `of`: {title, graph, callers (or none), root (what the frame at the root stands for, where that is not all), search (an input
// of the page's own, or none), links(chart, i) (elements that lead elsewhere from a frame), more(chart, path, offset) (as the
// chart's host has it), share(chart, text) (a promise of what all frames of a chart weigh that match, {before, after}), changed()}
'use strict';
cprof.flameView = (box, of) => {
const {element, BEFORE, AFTER} = cprof;
const view = {charts: [], flipped: false, colours: '', side: AFTER, current: null};  // `current`: the chart with the focus
const both = Boolean(of.callers), compared = Boolean(of.graph.before);

// ---- parts ----------------------------------------------------------------------------------------------------------

const tools = element('div'), found = element('output'), legend = element('ul'), details = element('section');
const tip = element('div'), reset = element('button', 'Reset zoom');
tools.id = 'tools';
tools.setAttribute('role', 'toolbar');
tools.setAttribute('aria-label', 'Flame graph');
found.id = 'found';
legend.id = 'legend';
legend.hidden = true;
legend.setAttribute('aria-label', 'Colours');
details.id = 'details';
details.setAttribute('aria-label', 'The frame pointed at or in focus');
tip.id = 'tip';
tip.hidden = true;
tip.setAttribute('aria-hidden', 'true');
reset.id = 'reset-zoom';
reset.type = 'button';
reset.disabled = true;

function searchInput() {
  const e = element('input');
  Object.assign(e, {id: 'search', type: 'search', placeholder: 'Search: regular expression', autocomplete: 'off', spellcheck: false});
  e.setAttribute('aria-label', 'Search frames by regular expression');
  e.setAttribute('aria-keyshortcuts', '/');
  e.setAttribute('autocapitalize', 'off');
  return e;
}
const input = of.search ?? searchInput();
input.setAttribute('aria-describedby', ((input.getAttribute('aria-describedby') ?? '') + ' found').trim());

// A choice of a few words: [[value, text], …].
function choice(name, title, values, checked, act) {
  const set = element('fieldset'), all = [];
  set.id = name;
  set.append(element('legend', title));
  for (const [value, text] of values) {
    const label = element('label'), radio = element('input');
    Object.assign(radio, {type: 'radio', name: 'flame-' + name, value, checked: value === checked});
    radio.addEventListener('change', () => act(value));
    label.append(radio, element('span', text));
    set.append(label);
    all.push(radio);
  }
  tools.append(set);
  return (value) => all.forEach((e) => { e.checked = e.value === value; });
}

// ---- what is said ---------------------------------------------------------------------------------------------------

let explained = null;  // the chart of the frame that is explained
function explain(chart, i) {
  const state = chart.state, zoomed = state.zoomed;
  details.replaceChildren(...chart.words.details(i, zoomed));
  if (explained !== chart) explained?.leave();
  explained = chart;
  const links = of.links?.(chart, i);
  if (links?.length) {
    const row = element('p', undefined, 'links');
    row.append(...links);
    details.append(row);
  }
  reset.disabled = view.charts.every((c) => c.isWhole());
}

// The frame in focus is explained again, unless the pointer has gone to what is said of the other, or is on the way there.
function left(to) {
  if ([details, ...view.charts.map((c) => c.stage)].some((e) => e.contains(to))) return;
  explained.leave();
  explain(view.current, view.current.state.focused);
}

let tipOf = null;
function point(chart, i, event) {
  tip.hidden = i < 0 || event?.pointerType !== 'mouse';
  if (tip.hidden) return;
  const key = chart.stage.id + i;
  if (tipOf !== key || !tip.childNodes.length) tip.replaceChildren(...chart.words.tip(i));
  tipOf = key;
  const size = tip.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, innerWidth - size.width - 8), below = event.clientY + 20;
  const y = below + size.height < innerHeight - 8 ? below : event.clientY - size.height - 12;
  tip.style.transform = `translate(${Math.max(8, x)}px, ${Math.max(8, y)}px)`;
}

function showLegend() {
  const {look} = view.charts[0], change = look.mode === 'change', share = look.mode === 'share';
  legend.hidden = !change && !share;
  const kinds = [['same', 0, 'unchanged'], ['grown', 0.6, '▲ grown'], ['shrunk', 0.6, '▼ shrunk'], ['new', 1, '+ new'],
                 ['gone', 1, '× gone']];
  const parts = [[0, 'no flat value'], [0.25, ''], [1, 'the largest flat value']];
  const swatches = change ? kinds.map(([kind, strength, text]) => [look.ofChange(kind, strength).fill, text])
                          : parts.map(([part, text]) => [look.ofShare(part).fill, text]);
  legend.replaceChildren(...swatches.map(([fill, text]) => {
    const li = element('li'), swatch = element('i');
    swatch.style.background = fill;
    li.append(swatch, text);
    return li;
  }));
}

// ---- searching ------------------------------------------------------------------------------------------------------

const search = cprof.flameSearch(view, input, found, compared, of.share);
view.search = search.run;

function focused(chart) {
  view.current = chart;
  for (const c of view.charts) if (c !== chart) c.state.walked = false;
  search.show();
}

// ---- choices --------------------------------------------------------------------------------------------------------

const changed = () => of.changed?.();
view.setSide = (side) => {
  view.side = side;
  for (const c of view.charts) c.setSide(side);
  explain(view.current, view.current.state.focused);
  search.show();
  changed();
};
view.setFlipped = (flipped) => {
  view.flipped = flipped;
  view.charts[0].setFlipped(flipped);
  if (both) view.charts[1].setFlipped(!flipped);
  explain(view.current, view.current.state.focused);
  box.classList.toggle('flipped', flipped);
  changed();
};
view.setColours = (mode) => {
  view.colours = mode;
  for (const c of view.charts) c.setColours(mode);
  showLegend();
  changed();
};

// One step, whatever there is to take back.
function resetZoom() {
  for (const c of [...view.charts].reverse()) c.zoomTo(0, true);
  changed();
  view.charts[0].focus();
}

function onAnyKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const typing = event.target === input;
  if (!typing && cprof.isTyping(event)) return;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === 'Escape' && input.value) {
    input.value = '';
    view.search();
    changed();
  } else if (event.key === 'Escape' && (typing || event.target === document.body || box.contains(event.target))) {
    resetZoom();
  }
}

// ---- putting it together --------------------------------------------------------------------------------------------

function addChart(data, id, name) {
  const stage = element('div', undefined, 'stage'), tree = cprof.flameTree(data);
  stage.id = id;
  if (of.root) tree.rootName = cprof.visible(of.root);
  box.append(stage);
  view.charts.push(cprof.flameChart(tree, stage, name + ' of ' + (of.root ?? of.title),
    {explain, point, focused, zoomed: changed, arrived: search.run, left, more: of.more}));
}

let setSides;
const sides = of.graph.before ? [of.graph.before[0], of.graph.after[0]] : [0, of.graph.after[0]];
if (!of.search) {
  const finding = element('div');
  finding.id = 'finding';
  finding.setAttribute('role', 'search');
  finding.append(input, found);
  tools.append(finding);
}
box.append(tools, legend);
if (both) addChart(of.graph, 'stage', 'Callees');
else addChart(of.graph, 'stage', 'Flame graph');
if (both) addChart(of.callers, 'stage-callers', 'Callers');
if (both) box.insertBefore(view.charts[1].stage, view.charts[0].stage);
view.side = view.charts[0].state.side;
view.colours = view.charts[0].look.mode;
if (both) view.charts[1].setFlipped(true);
if (compared) {
  setSides = choice('sides', 'Widths by', [[String(BEFORE), 'before'], [String(AFTER), 'after']], String(view.side),
         (v) => view.setSide(Number(v)));
  tools.querySelectorAll('#sides input').forEach((e) => { e.disabled = !(sides[e.value] > 0); });
}
const setRoot = choice('direction', both ? 'Callees' : 'Root at the', both ? [['top', 'below'], ['bottom', 'above']] : [['top', 'top'], ['bottom', 'bottom']],
                       'top', (v) => view.setFlipped(v === 'bottom'));
const setColour = choice('colours', 'Colours by', [...(compared ? [['change', 'change']] : []), ['package', 'package'], ['share', 'flat']],
                         view.colours, view.setColours);
tools.append(reset);
if (of.search) tools.append(found);
if (compared) details.classList.add('compared');
box.append(details, tip);
document.body.classList.add('flame');
showLegend();

view.show = ({flipped, colours, side}) => {
  if (setSides && side !== undefined && side !== view.side && sides[side] > 0) {
    setSides(String(side));
    view.setSide(side);
  }
  if (flipped !== undefined && flipped !== view.flipped) {
    setRoot(flipped ? 'bottom' : 'top');
    view.setFlipped(flipped);
  }
  if (colours && colours !== view.colours) {
    setColour(colours);
    view.setColours(colours);
  }
};
reset.addEventListener('click', resetZoom);
input.addEventListener('input', () => { view.search(); changed(); });
input.addEventListener('keydown', (e) => {
  if (e.key !== 'Enter') return;
  e.preventDefault();
  search.next(e.shiftKey ? -1 : 1);
});
details.addEventListener('pointerleave', (e) => left(e.relatedTarget));
document.addEventListener('keydown', onAnyKey);
cprof.dark.addEventListener('change', showLegend);
view.current = view.charts[0];
explain(view.charts[0], 0);
if (input.value) view.search();
return view;
};
