// The walk over all samples that gives every node its flat and cum. It is the hot loop of most reports: on large
// profiles samples are shared out to threads with sums of their own, which are added up at the end.
#include <stdlib.h>

#include "graph/internal.h"

// The walk touches one of these a frame, so they are small: flat is kept apart.
struct sum {
  int64_t cum;
  uint32_t stamp;  // the last sample counted, plus one
};

struct walk {
  const struct graph *g;
  const uint32_t *only_node;  // graph_only_nodes
  uint32_t column;
  bool mean;
  uint32_t first, last;  // samples
  struct sum *sum;       // a node
  int64_t *flat;         // the same
  int64_t *divs;         // a node: cum, flat; NULL without mean
  uint32_t *stack;       // room for a stack that is not the profile's own
};

static inline void count(struct walk *w, uint32_t node, uint32_t sample, int64_t value, int64_t div) {
  struct sum *s = &w->sum[node];
  if (s->stamp == sample + 1) return;
  s->stamp = sample + 1;
  s->cum = wrap_add(s->cum, value);
  if (w->divs) w->divs[2 * (size_t)node] = wrap_add(w->divs[2 * (size_t)node], div);
}

static void count_location(struct walk *w, uint32_t location, uint32_t sample, int64_t value, int64_t div) {
  const struct graph *g = w->g;
  for (uint32_t i = g->first_slot[location]; i < g->first_slot[location + 1]; i++)
    count(w, g->slot[i], sample, value, div);
}

static void walk_sample(struct walk *w, uint32_t sample) {
  const struct graph *g = w->g;
  const int64_t *values = profile_values(g->view->profile, sample);
  int64_t value = values[w->column], div = w->mean ? values[0] : 0;
  uint32_t n;
  if (value == 0 && div == 0) return;
  const uint32_t *stack = view_stack_into(g->view, sample, w->stack, &n);
  for (uint32_t i = 0; i < n; i++) {
    uint32_t node = w->only_node[stack[i]];
    if (node != NONE) count(w, node, sample, value, div);
    else count_location(w, stack[i], sample, value, div);
  }
  if (n == 0) return;
  uint32_t leaf = g->slot[g->first_slot[stack[0]]];
  w->flat[leaf] = wrap_add(w->flat[leaf], value);
  if (w->divs) w->divs[2 * (size_t)leaf + 1] = wrap_add(w->divs[2 * (size_t)leaf + 1], div);
}

static void *walk_samples(void *arg) {
  struct walk *w = arg;
  const struct view *v = w->g->view;
  for (uint32_t s = w->first; s < w->last; s++)
    if (view_has(v, s)) walk_sample(w, s);
  return NULL;
}

static int walk_init(struct walk *w, const struct graph *g, const uint32_t *only, uint32_t column, bool mean) {
  *w = (struct walk){.g = g, .only_node = only, .column = column, .mean = mean};
  w->sum = calloc((size_t)g->n_nodes + 1, sizeof *w->sum);
  w->flat = calloc((size_t)g->n_nodes + 1, sizeof *w->flat);
  if (mean) w->divs = calloc((size_t)g->n_nodes + 1, 2 * sizeof *w->divs);
  if (!view_stacks_are_plain(g->view)) w->stack = malloc((view_depth(g->view) + 1) * sizeof *w->stack);
  bool ok = w->sum && w->flat && (w->divs || !mean) && (w->stack || view_stacks_are_plain(g->view));
  return ok ? 0 : -1;
}

static void add_to_nodes(struct graph *g, const struct walk *w) {
  for (uint32_t i = 0; i < g->n_nodes; i++) {
    g->node[i].cum = wrap_add(g->node[i].cum, w->sum[i].cum);
    g->node[i].flat = wrap_add(g->node[i].flat, w->flat[i]);
    if (!w->divs) continue;
    g->node[i].cum_div = wrap_add(g->node[i].cum_div, w->divs[2 * (size_t)i]);
    g->node[i].flat_div = wrap_add(g->node[i].flat_div, w->divs[2 * (size_t)i + 1]);
  }
}

static void walk_release(struct walk *w) {
  free(w->sum);
  free(w->flat);
  free(w->divs);
  free(w->stack);
}

static int weigh(struct graph *g, uint32_t column, bool mean) {
  const struct profile *p = g->view->profile;
  struct walk walk[GRAPH_MOST_PARTS] = {{0}};
  unsigned n = graph_parts(p);
  uint32_t *only = graph_only_nodes(g);
  bool ok = only != NULL;
  for (unsigned i = 0; i < n && ok; i++) {
    ok = walk_init(&walk[i], g, only, column, mean) == 0;
    walk[i].first = graph_part_start(p, n, i);
    walk[i].last = graph_part_start(p, n, i + 1);
  }
  if (ok) graph_run_parts(walk, sizeof *walk, n, walk_samples);
  for (unsigned i = 0; i < n && ok; i++) add_to_nodes(g, &walk[i]);
  for (unsigned i = 0; i < n; i++) walk_release(&walk[i]);
  free(only);
  return ok ? 0 : -1;
}

int graph_weigh(struct graph *g, uint32_t column, bool mean, struct kept_weights *kept, struct err *e) {
  if (graph__take_kept(g, column, mean, kept)) return 0;
  if (weigh(g, column, mean)) return err_nomem(e);
  graph__keep(g, column, mean, kept);
  return 0;
}
