// top and text: the nodes by their own or their cumulative value.
#include <stdlib.h>

#include "report/internal.h"

// How a node is called: what is known of the calls to it.
enum { CALLED_INLINE = 1, CALLED = 2 };

// Calls are looked at only for the nodes shown that stand for inlined code somewhere; most profiles have few.
static int find_inlined(const struct report *r, struct report_nodes *n, uint8_t *calls, struct err *e) {
  struct graph *g = &n->graph;
  bool any = false;
  uint8_t *targets = calloc((size_t)g->n_nodes + 1, 1);
  if (!targets) return err_nomem(e);
  for (uint32_t i = 0; i < n->shown.n; i++) any |= targets[n->shown.node[i]] = g->node[n->shown.node[i]].inlined;
  int result = any ? report_nodes_connect(n, r, targets, NULL, e) : 0;
  for (uint32_t i = 0; i < g->n_edges && !result; i++)
    calls[g->edge[i].to] |= g->edge[i].inlined ? CALLED_INLINE : CALLED;
  free(targets);
  return result;
}

static void value_cell(const struct report *r, struct str unit, struct buf *cell, struct buf *out, int64_t value) {
  buf_clear(cell);
  report_value(r, unit, cell, value);
  buf_right(out, buf_view(cell), 10);
  buf_addc(out, ' ');
}

static void row(const struct report *r, struct report_nodes *n, uint32_t node, int64_t sum, uint8_t calls,
                struct buf *cell, struct buf *out) {
  const struct node *at = &n->graph.node[node];
  value_cell(r, n->unit, cell, out, node_flat(at));
  report_share(r, out, node_flat(at));
  buf_addc(out, ' ');
  report_share(r, out, sum);
  buf_addc(out, ' ');
  value_cell(r, n->unit, cell, out, node_cum(at));
  report_share(r, out, node_cum(at));
  buf_adds(out, "  ");
  struct str name = graph_name(&n->graph, node);
  out->failed |= !name.p || cell->failed;
  buf_str(out, name);
  if (calls & CALLED_INLINE) buf_adds(out, calls & CALLED ? " (partial-inline)" : " (inline)");
  buf_addc(out, '\n');
}

int report_text(const struct report *r, struct buf *out, struct err *e) {
  struct report_nodes n;
  struct buf cell = {0};
  uint8_t *calls = NULL;
  int64_t sum = 0;
  int result = -1;
  if (report_nodes_init(&n, r, e)) goto done;
  calls = calloc((size_t)n.graph.n_nodes + 1, 1);
  if (!calls) {
    err_nomem(e);
    goto done;
  }
  if (find_inlined(r, &n, calls, e)) goto done;
  report_header(r, &n, 0, out);
  buf_adds(out, "      flat  flat%   sum%        cum   cum%\n");
  for (uint32_t i = 0; i < n.shown.n; i++) {
    uint32_t node = n.shown.node[i];
    sum = wrap_add(sum, node_flat(&n.graph.node[node]));
    row(r, &n, node, sum, calls[node], &cell, out);
  }
  result = out->failed ? err_nomem(e) : 0;
done:
  report_nodes_release(&n);
  buf_release(&cell);
  free(calls);
  return result;
}
