// top as JSON.
#include "report/rows.h"

static void write_row(struct json *j, const struct report *r, const struct graph *g, const struct top_row *row) {
  json_open_object(j, NULL);
  report_json_share(j, r, "flat", "flat_percent", row->flat);
  report_json_share(j, r, "sum", "sum_percent", row->sum);
  report_json_share(j, r, "cum", "cum_percent", row->cum);
  j->out->failed |= !row->name.p;
  json_str(j, "name", row->name);
  json_str(j, "inline", str_of(inlining_name(row->inlining)));
  report_json_place(j, g, row->node);
  json_close(j);
}

int report_text_json(const struct report *r, struct buf *out, struct err *e) {
  struct json j = {.out = out};
  struct top_rows rows;
  struct top_row row;
  int result = top_rows_init(&rows, r, e);
  if (!result) {
    report_json_header(&j, r, "cprof.top/1");
    report_json_shown(&j, r, &rows.nodes);
    json_open_array(&j, "rows");
    while (top_rows_next(&rows, &row)) write_row(&j, r, &rows.nodes.graph, &row);
    json_close(&j);
    json_close(&j);
    if (out->failed) result = err_nomem(e);
  }
  top_rows_release(&rows);
  return result;
}
