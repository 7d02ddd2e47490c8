// tree and peek: each node between its callers and its callees.
#include "measure/measure.h"
#include "report/internal.h"

static const char separator[] = "----------------------------------------------------------+-------------\n";
static const char legend[] = "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n";

struct tree {
  const struct report *r;
  struct report_nodes n;
  struct adjacency calls;
  struct buf cell;
  struct buf *out;
};

static void value_cell(struct tree *t, int64_t value, size_t width) {
  buf_clear(&t->cell);
  report_value(t->r, t->n.unit, &t->cell, value);
  buf_right(t->out, buf_view(&t->cell), width);
  buf_addc(t->out, ' ');
}

// A caller or callee. Weights are not divided for means, as in the reference.
static void call_row(struct tree *t, const struct edge *call, uint32_t other, int64_t cum) {
  value_cell(t, call->weight, 50);
  measure_percentage(t->out, call->weight, cum);
  buf_adds(t->out, " |   ");
  buf_str(t->out, graph_name(&t->n.graph, other));
  buf_adds(t->out, call->inlined ? " (inline)\n" : "\n");
}

static void node_row(struct tree *t, uint32_t node, int64_t sum) {
  const struct node *at = &t->n.graph.node[node];
  int64_t flat = node_flat(at), cum = node_cum(at);
  value_cell(t, flat, 10);
  report_share(t->r, t->out, flat);
  buf_addc(t->out, ' ');
  report_share(t->r, t->out, sum);
  buf_addc(t->out, ' ');
  value_cell(t, cum, 10);
  report_share(t->r, t->out, cum);
  buf_adds(t->out, "                | ");
  buf_str(t->out, graph_name(&t->n.graph, node));
  buf_addc(t->out, '\n');
}

static void node_with_calls(struct tree *t, uint32_t node, int64_t sum) {
  const struct adjacency *a = &t->calls;
  const struct edge *edge = t->n.graph.edge;
  int64_t cum = node_cum(&t->n.graph.node[node]);
  buf_adds(t->out, separator);
  for (uint32_t i = a->first_in[node]; i < a->first_in[node + 1]; i++)
    call_row(t, &edge[a->in[i]], edge[a->in[i]].from, cum);
  node_row(t, node, sum);
  for (uint32_t i = a->first_out[node]; i < a->first_out[node + 1]; i++)
    call_row(t, &edge[a->out[i]], edge[a->out[i]].to, cum);
}

static int write_nodes(struct tree *t, struct err *e) {
  const struct rx *rx = t->r->o.symbol;
  int64_t sum = 0;
  uint32_t matched = 0;
  report_header(t->r, &t->n, 0, t->out);
  buf_adds(t->out, separator);
  buf_adds(t->out, legend);
  for (uint32_t i = 0; i < t->n.shown.n; i++) {
    uint32_t node = t->n.shown.node[i];
    int match = rx ? rx_match(rx, graph_name(&t->n.graph, node), e) : 1;
    if (match < 0) return -1;
    if (match == 0) continue;
    matched++;
    sum = wrap_add(sum, node_flat(&t->n.graph.node[node]));
    node_with_calls(t, node, sum);
  }
  if (t->n.shown.n) buf_adds(t->out, separator);
  if (rx && matched == 0) return err_set(e, "no function matches `%.*s`", STR_ARG(rx_pattern(rx)));
  return t->out->failed || t->cell.failed ? err_nomem(e) : 0;
}

int report_tree(const struct report *r, struct buf *out, struct err *e) {
  struct tree t = {.r = r, .out = out};
  int result = report_nodes_init(&t.n, r, e);
  if (!result) result = report_nodes_connect(&t.n, r, NULL, NULL, e);
  if (!result) result = adjacency_init(&t.calls, &t.n.graph, e);
  if (!result) result = write_nodes(&t, e);
  adjacency_release(&t.calls);
  report_nodes_release(&t.n);
  buf_release(&t.cell);
  return result;
}
