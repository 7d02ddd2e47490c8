// tree and peek as JSON.
#include "report/rows.h"

static void write_name(struct json *j, struct graph *g, uint32_t node) {
  struct str name = graph_name(g, node);
  j->out->failed |= !name.p;
  json_str(j, "name", name);
}

// Weights as in the text: not divided for means.
static void write_calls(struct json *j, struct tree_rows *t, const struct tree_row *row, bool callers) {
  json_open_array(j, callers ? "callers" : "callees");
  for (uint32_t i = 0, n = tree_n_calls(t, row, callers); i < n; i++) {
    const struct edge *call = tree_call(t, row, callers, i);
    json_open_object(j, NULL);
    write_name(j, &t->nodes.graph, callers ? call->from : call->to);
    report_json_value(j, t->r, "value", call->weight);
    report_json_percent(j, "percent", call->weight, row->cum);
    json_bool(j, "inline", call->inlined);
    json_close(j);
  }
  json_close(j);
}

static void write_row(struct json *j, struct tree_rows *t, const struct tree_row *row) {
  json_open_object(j, NULL);
  report_json_share(j, t->r, "flat", "flat_percent", row->flat);
  report_json_share(j, t->r, "sum", "sum_percent", row->sum);
  report_json_share(j, t->r, "cum", "cum_percent", row->cum);
  write_name(j, &t->nodes.graph, row->node);
  report_json_place(j, &t->nodes.graph, row->node);
  write_calls(j, t, row, true);
  write_calls(j, t, row, false);
  json_close(j);
}

static int write_rows(struct json *j, struct tree_rows *t, struct err *e) {
  struct tree_row row;
  int more;
  report_json_header(j, t->r, "cprof.tree/1");
  report_json_shown(j, t->r, &t->nodes);
  json_open_array(j, "rows");
  while ((more = tree_rows_next(t, &row, e)) > 0) write_row(j, t, &row);
  if (more < 0) return -1;
  json_close(j);
  json_close(j);
  return j->out->failed ? err_nomem(e) : 0;
}

int report_tree_json(const struct report *r, struct buf *out, struct err *e) {
  struct json j = {.out = out};
  struct tree_rows rows;
  int result = tree_rows_init(&rows, r, e);
  if (!result) result = write_rows(&j, &rows, e);
  tree_rows_release(&rows);
  return result;
}
