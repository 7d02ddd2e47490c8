// Residual edges that say nothing new: their end is reached on another way already.
#include <stdlib.h>

#include "graph/graph.h"

struct search {
  struct graph *g;
  const struct adjacency *a;
  uint8_t *gone;    // an edge
  uint32_t *queue;  // nodes
  uint32_t *seen;   // a node: the search that saw it last, plus one
  uint32_t searches;
};

// Does another way lead from the edge's caller to its callee? Searched backwards, a breadth at a time.
static bool has_detour(struct search *s, uint32_t edge) {
  const struct edge *e = &s->g->edge[edge];
  uint32_t head = 0, tail = 0, stamp = ++s->searches;
  s->queue[tail++] = e->to;
  s->seen[e->to] = stamp;
  while (head < tail) {
    uint32_t node = s->queue[head++];
    for (uint32_t i = s->a->first_in[node]; i < s->a->first_in[node + 1]; i++) {
      uint32_t in = s->a->in[i], from = s->g->edge[in].from;
      if (in == edge || s->gone[in] || s->seen[from] == stamp) continue;
      if (from == e->from) return true;
      s->seen[from] = stamp;
      s->queue[tail++] = from;
    }
  }
  return false;
}

// From the lightest edge into the node up, as far as they are residual: an edge heavier than a real call stays.
static void drop_into(struct search *s, uint32_t node) {
  uint32_t *in = s->a->in;
  for (uint32_t i = s->a->first_in[node + 1]; i-- > s->a->first_in[node];) {
    if (!s->g->edge[in[i]].residual) return;
    if (has_detour(s, in[i])) s->gone[in[i]] = 1;
  }
}

static void sweep(struct search *s) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < s->g->n_edges; i++)
    if (!s->gone[i]) s->g->edge[kept++] = s->g->edge[i];
  s->g->n_edges = kept;
}

int graph_drop_redundant_edges(struct graph *g, const struct selection *chosen, struct err *e) {
  struct adjacency a = {0};
  struct search s = {.g = g, .a = &a};
  int result = adjacency_init(&a, g, e);
  s.gone = calloc((size_t)g->n_edges + 1, 1);
  s.queue = malloc(((size_t)g->n_nodes + 1) * sizeof *s.queue);
  s.seen = calloc((size_t)g->n_nodes + 1, sizeof *s.seen);
  if (!result && (!s.gone || !s.queue || !s.seen)) result = err_nomem(e);
  if (!result) {
    for (uint32_t i = chosen->n; i-- > 0;) drop_into(&s, chosen->node[i]);
    sweep(&s);
  }
  adjacency_release(&a);
  free(s.gone);
  free(s.queue);
  free(s.seen);
  return result;
}
