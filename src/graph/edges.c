// Calls between the nodes that are linked.
#include <stdlib.h>

#include "graph/graph.h"

struct connecting {
  struct graph *g;
  const uint8_t *linked, *targets;
  uint8_t *passes;     // a location: is one of its nodes linked?
  struct map64 known;  // from << 32 | to, to edge
  uint32_t column;
  bool mean;
};

// The edge, a new one if there is none yet. NONE when memory ran out.
static uint32_t find_edge(struct connecting *c, uint32_t from, uint32_t to) {
  struct graph *g = c->g;
  uint64_t key = (uint64_t)from << 32 | to;
  uint32_t i = map64_get(&c->known, key);
  if (i != MAP_NONE) return i;
  if (g->n_edges == NONE || ARRAY_RESERVE(g->edge, g->edge_cap, (size_t)g->n_edges + 1)) return NONE;
  if (map64_put(&c->known, key, g->n_edges)) return NONE;
  g->edge[g->n_edges] = (struct edge){.from = from, .to = to, .inlined = true};
  return g->n_edges++;
}

struct step {
  uint32_t parent;  // NONE at the root
  bool residual;    // nodes that are not linked lie between the parent and here
};

static int take_frame(struct connecting *c, struct step *s, uint32_t sample, uint32_t node, bool inlined,
                      const int64_t *values) {
  if (!c->linked[node]) {
    s->residual = true;
    return 0;
  }
  if (s->parent != NONE && s->parent != node && (!c->targets || c->targets[node])) {
    uint32_t i = find_edge(c, s->parent, node);
    if (i == NONE) return -1;
    struct edge *edge = &c->g->edge[i];
    if (edge->stamp != sample + 1) {
      edge->stamp = sample + 1;
      edge->weight = wrap_add(edge->weight, values[c->column]);
      if (c->mean) edge->weight_div = wrap_add(edge->weight_div, values[0]);
      edge->residual |= s->residual;
      edge->inlined &= inlined;
    }
  }
  *s = (struct step){node, false};
  return 0;
}

static int take_sample(struct connecting *c, uint32_t sample, uint32_t *room) {
  const struct graph *g = c->g;
  const int64_t *values = profile_values(g->view->profile, sample);
  uint32_t n;
  if (values[c->column] == 0 && (!c->mean || values[0] == 0)) return 0;
  const uint32_t *stack = view_stack_into(g->view, sample, room, &n);
  struct step step = {NONE, false};
  for (uint32_t i = n; i-- > 0;) {
    if (!c->passes[stack[i]]) {
      step.residual = true;
      continue;
    }
    uint32_t first = g->first_slot[stack[i]], end = g->first_slot[stack[i] + 1];
    for (uint32_t k = end; k-- > first;)
      if (take_frame(c, &step, sample, g->slot[k], k + 1 != end, values)) return -1;
  }
  return 0;
}

// Most frames of a large profile are of nodes that are not linked: a table of bytes passes over them.
static uint8_t *find_passes(const struct graph *g, const uint8_t *linked) {
  uint32_t n = g->view->places->n_locations;
  uint8_t *passes = calloc((size_t)n + 1, 1);
  for (uint32_t i = 0; i < n && passes; i++)
    for (uint32_t k = g->first_slot[i]; k < g->first_slot[i + 1]; k++) passes[i] |= linked[g->slot[k]];
  return passes;
}

int graph_connect(struct graph *g, uint32_t column, bool mean, const uint8_t *linked, const uint8_t *targets,
                  struct err *e) {
  struct connecting c = {.g = g, .linked = linked, .targets = targets, .column = column, .mean = mean};
  uint32_t *room = malloc((view_depth(g->view) + 1) * sizeof *room);
  c.passes = find_passes(g, linked);
  int result = room && c.passes ? 0 : -1;
  g->n_edges = 0;
  for (uint32_t s = 0; s < g->view->profile->n_samples && !result; s++)
    if (view_has(g->view, s)) result = take_sample(&c, s, room);
  map64_release(&c.known);
  free(c.passes);
  free(room);
  return result ? err_nomem(e) : 0;
}

uint32_t graph_trim_edges(struct graph *g, const uint8_t *chosen, int64_t cutoff) {
  uint32_t kept = 0, all = g->n_edges;
  for (uint32_t i = 0; i < all; i++)
    if (!chosen[g->edge[i].to] || wrap_abs(g->edge[i].weight) >= cutoff) g->edge[kept++] = g->edge[i];
  g->n_edges = kept;
  return all - kept;
}
