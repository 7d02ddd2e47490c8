// top and text: the nodes by their own or their cumulative value.
#include "report/rows.h"

static void value_cell(const struct report *r, struct str unit, struct buf *cell, struct buf *out, int64_t value) {
  buf_clear(cell);
  report_value(r, unit, cell, value);
  buf_right(out, buf_view(cell), 10);
  buf_addc(out, ' ');
}

static void write_row(const struct report *r, struct str unit, const struct top_row *row, struct buf *cell,
                      struct buf *out) {
  static const char *const marks[] = {
      [INLINED_NEVER] = "", [INLINED_ALWAYS] = " (inline)", [INLINED_PARTLY] = " (partial-inline)"};
  report_hot_begin(r, out, row->flat);
  value_cell(r, unit, cell, out, row->flat);
  report_share(r, out, row->flat);
  buf_addc(out, ' ');
  report_share(r, out, row->sum);
  buf_addc(out, ' ');
  value_cell(r, unit, cell, out, row->cum);
  report_share(r, out, row->cum);
  buf_adds(out, "  ");
  out->failed |= !row->name.p || cell->failed;
  buf_str(out, row->name);
  buf_adds(out, marks[row->inlining]);
  report_hot_end(r, out, row->flat);
  buf_addc(out, '\n');
}

int report_text(const struct report *r, struct buf *out, struct err *e) {
  struct top_rows rows;
  struct top_row row;
  struct buf cell = {0};
  int result = top_rows_init(&rows, r, e);
  if (!result) {
    report_header(r, &rows.nodes, 0, out);
    buf_adds(out, "      flat  flat%   sum%        cum   cum%\n");
    while (top_rows_next(&rows, &row)) write_row(r, rows.nodes.unit, &row, &cell, out);
    if (out->failed) result = err_nomem(e);
  }
  top_rows_release(&rows);
  buf_release(&cell);
  return result;
}
