// Edges by node.
#include <stdlib.h>

#include "graph/graph.h"

static int by_weight(const void *pa, const void *pb, void *arg) {
  struct graph *g = arg;
  const struct edge *a = &g->edge[*(const uint32_t *)pa], *b = &g->edge[*(const uint32_t *)pb];
  int order = compare_magnitudes(a->weight, b->weight);
  if (!order) order = str_cmp(graph_name(g, a->from), graph_name(g, b->from));
  if (!order) order = str_cmp(graph_name(g, a->to), graph_name(g, b->to));
  if (!order) order = (a->from > b->from) - (a->from < b->from);
  return order ? order : (a->to > b->to) - (a->to < b->to);
}

static uint32_t end_of(const struct edge *e, bool in) { return in ? e->to : e->from; }

// Shares the edges, which are in order, out to their nodes: the order stays within each.
static void distribute(const struct graph *g, const uint32_t *order, bool in, uint32_t *first, uint32_t *list) {
  for (uint32_t i = 0; i < g->n_edges; i++) first[end_of(&g->edge[i], in) + 1]++;
  for (uint32_t n = 0; n < g->n_nodes; n++) first[n + 1] += first[n];
  for (uint32_t i = 0; i < g->n_edges; i++) list[first[end_of(&g->edge[order[i]], in)]++] = order[i];
  for (uint32_t n = g->n_nodes; n > 0; n--) first[n] = first[n - 1];
  first[0] = 0;
}

int adjacency_init(struct adjacency *a, struct graph *g, struct err *e) {
  size_t edges = (size_t)g->n_edges + 1, nodes = (size_t)g->n_nodes + 2;
  uint32_t *order = malloc(edges * sizeof *order);
  *a = (struct adjacency){.order = order,
                          .n = g->n_edges,
                          .in = malloc(edges * sizeof *a->in),
                          .first_in = calloc(nodes, sizeof *a->first_in),
                          .out = malloc(edges * sizeof *a->out),
                          .first_out = calloc(nodes, sizeof *a->first_out)};
  bool ok = order && a->in && a->first_in && a->out && a->first_out;
  if (ok) {
    for (uint32_t i = 0; i < g->n_edges; i++) order[i] = i;
    qsort_r(order, g->n_edges, sizeof *order, by_weight, g);
    distribute(g, order, true, a->first_in, a->in);
    distribute(g, order, false, a->first_out, a->out);
  }
  return ok && !g->names_failed ? 0 : err_nomem(e);
}

void adjacency_release(struct adjacency *a) {
  free(a->order);
  free(a->in);
  free(a->first_in);
  free(a->out);
  free(a->first_out);
  *a = (struct adjacency){0};
}
