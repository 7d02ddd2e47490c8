// The order of nodes in a picture: by entropy, which is high where calls come from or go to many places evenly.
#include <math.h>
#include <stdlib.h>

#include "graph/internal.h"

// log2 in the steps of Go's library, so that scores are rounded alike.
static double log_2(double x) {
  int exponent;
  double fraction = frexp(x, &exponent);
  if (fraction == 0.5) return exponent - 1;
  return log(fraction) * (1 / M_LN2) + exponent;
}

static double term(int64_t weight, int64_t total) {
  double share = (double)wrap_abs(weight) / (double)total;
  return -share * log_2(share);
}

// Of the edges on one side of a node. `own` is what the node keeps to itself.
static double side_entropy(const struct graph *g, const uint32_t *list, uint32_t from, uint32_t to, int64_t own) {
  double score = 0;
  int64_t total = own;
  for (uint32_t i = from; i < to; i++)
    if (g->edge[list[i]].weight > 0) total = wrap_add(total, g->edge[list[i]].weight);
  if (total == 0) return 0;
  for (uint32_t i = from; i < to; i++) score += term(g->edge[list[i]].weight, total);
  return own > 0 ? score + term(own, total) : score;
}

static int64_t score_of(const struct graph *g, const struct adjacency *a, uint32_t node) {
  const struct node *n = &g->node[node];
  double score = 0;
  // Roots and leaves are worth showing.
  if (a->first_in[node] == a->first_in[node + 1]) score++;
  else score += side_entropy(g, a->in, a->first_in[node], a->first_in[node + 1], 0);
  if (a->first_out[node] == a->first_out[node + 1]) score++;
  else score += side_entropy(g, a->out, a->first_out[node], a->first_out[node + 1], n->flat);
  return wrap_add(int64_from_double(score * (double)n->cum), n->flat);
}

int graph_sort_by_entropy(struct graph *g, struct selection *s, const struct adjacency *a, struct err *e) {
  int64_t *score = malloc(((size_t)g->n_nodes + 1) * sizeof *score);
  if (!score) return err_nomem(e);
  for (uint32_t i = 0; i < s->n; i++) score[s->node[i]] = score_of(g, a, s->node[i]);
  int result = graph__sort_by_score(g, s, score, e);
  free(score);
  return result;
}
