// The nodes of tree and peek.
#include <stdlib.h>

#include "report/rows.h"

// Marks the nodes that the symbol matches; only their calls are worth an edge.
static int find_matching(struct tree_rows *t, struct err *e) {
  struct graph *g = &t->nodes.graph;
  const struct selection *shown = &t->nodes.shown;
  t->matching = calloc((size_t)g->n_nodes + 1, 1);
  if (!t->matching) return err_nomem(e);
  for (uint32_t i = 0; i < shown->n; i++) {
    struct str name = graph_name(g, shown->node[i]);
    int match = name.p ? rx_match(t->r->o.symbol, name, e) : err_nomem(e);
    if (match < 0) return -1;
    t->matching[shown->node[i]] = (uint8_t)match;
  }
  return 0;
}

int tree_rows_init(struct tree_rows *t, const struct report *r, struct err *e) {
  *t = (struct tree_rows){.r = r};
  if (report_nodes_init(&t->nodes, r, e)) return -1;
  if (r->o.symbol && find_matching(t, e)) return -1;
  if (report_nodes_connect(&t->nodes, r, NULL, t->matching, NULL, e)) return -1;
  return adjacency_init(&t->calls, &t->nodes.graph, e);
}

int tree_rows_next(struct tree_rows *t, struct tree_row *row, struct err *e) {
  while (t->next < t->nodes.shown.n) {
    uint32_t node = t->nodes.shown.node[t->next++];
    if (t->matching && !t->matching[node]) continue;
    const struct node *at = &t->nodes.graph.node[node];
    t->matched++;
    t->sum = wrap_add(t->sum, node_flat(at));
    *row = (struct tree_row){node, node_flat(at), t->sum, node_cum(at)};
    return 1;
  }
  const struct rx *rx = t->r->o.symbol;
  return rx && t->matched == 0 ? err_set(e, "no function matches `%.*s`", STR_ARG(rx_pattern(rx))) : 0;
}

void tree_rows_release(struct tree_rows *t) {
  adjacency_release(&t->calls);
  free(t->matching);
  report_nodes_release(&t->nodes);
}
