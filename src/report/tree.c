// tree and peek: each node between its callers and its callees.
#include "measure/measure.h"
#include "report/rows.h"

static const char separator[] = "----------------------------------------------------------+-------------\n";
static const char legend[] = "      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n";

struct tree {
  const struct report *r;
  struct tree_rows rows;
  struct buf cell;
  struct buf *out;
};

static void value_cell(struct tree *t, int64_t value, size_t width) {
  buf_clear(&t->cell);
  report_value(t->r, t->rows.nodes.unit, &t->cell, value);
  buf_right(t->out, buf_view(&t->cell), width);
  buf_addc(t->out, ' ');
}

static void name_of(struct tree *t, uint32_t node) {
  struct str name = graph_name(&t->rows.nodes.graph, node);
  t->out->failed |= !name.p;
  buf_str(t->out, name);
}

// Callers or callees. Weights are not divided for means, as in the reference.
static void call_rows(struct tree *t, const struct tree_row *row, bool callers) {
  for (uint32_t i = 0, n = tree_n_calls(&t->rows, row, callers); i < n; i++) {
    const struct edge *call = tree_call(&t->rows, row, callers, i);
    value_cell(t, call->weight, 50);
    measure_percentage(t->out, call->weight, row->cum);
    buf_adds(t->out, " |   ");
    name_of(t, callers ? call->from : call->to);
    buf_adds(t->out, call->inlined ? " (inline)\n" : "\n");
  }
}

static void node_row(struct tree *t, const struct tree_row *row) {
  report_hot_begin(t->r, t->out, row->flat);
  value_cell(t, row->flat, 10);
  report_share(t->r, t->out, row->flat);
  buf_addc(t->out, ' ');
  report_share(t->r, t->out, row->sum);
  buf_addc(t->out, ' ');
  value_cell(t, row->cum, 10);
  report_share(t->r, t->out, row->cum);
  buf_adds(t->out, "                | ");
  name_of(t, row->node);
  report_hot_end(t->r, t->out, row->flat);
  buf_addc(t->out, '\n');
}

static int write_nodes(struct tree *t, struct err *e) {
  struct tree_row row;
  int more;
  report_header(t->r, &t->rows.nodes, 0, t->out);
  buf_adds(t->out, separator);
  buf_adds(t->out, legend);
  while ((more = tree_rows_next(&t->rows, &row, e)) > 0) {
    buf_adds(t->out, separator);
    call_rows(t, &row, true);
    node_row(t, &row);
    call_rows(t, &row, false);
  }
  if (more < 0) return -1;
  if (t->rows.nodes.shown.n) buf_adds(t->out, separator);
  return t->out->failed || t->cell.failed ? err_nomem(e) : 0;
}

int report_tree(const struct report *r, struct buf *out, struct err *e) {
  struct tree t = {.r = r, .out = out};
  int result = tree_rows_init(&t.rows, r, e);
  if (!result) result = write_nodes(&t, e);
  tree_rows_release(&t.rows);
  buf_release(&t.cell);
  return result;
}
