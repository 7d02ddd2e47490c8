// The nodes of tree and peek.
#include "report/rows.h"

int tree_rows_init(struct tree_rows *t, const struct report *r, struct err *e) {
  *t = (struct tree_rows){.r = r};
  if (report_nodes_init(&t->nodes, r, e)) return -1;
  if (report_nodes_connect(&t->nodes, r, NULL, NULL, e)) return -1;
  return adjacency_init(&t->calls, &t->nodes.graph, e);
}

// 1 when the node is to be shown, 0 when not, -1 on an error.
static int matches(struct tree_rows *t, uint32_t node, struct err *e) {
  const struct rx *rx = t->r->o.symbol;
  if (!rx) return 1;
  struct str name = graph_name(&t->nodes.graph, node);
  return name.p ? rx_match(rx, name, e) : err_nomem(e);
}

int tree_rows_next(struct tree_rows *t, struct tree_row *row, struct err *e) {
  while (t->next < t->nodes.shown.n) {
    uint32_t node = t->nodes.shown.node[t->next++];
    int match = matches(t, node, e);
    if (match < 0) return -1;
    if (match == 0) continue;
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
  report_nodes_release(&t->nodes);
}
