// top as CSV: fields as RFC 4180 quotes them, lines that end in a newline alone.
#include <math.h>

#include "report/rows.h"

static void field(struct buf *out, struct str s) {
  bool plain = true;
  for (size_t i = 0; i < s.n; i++) plain &= s.p[i] != '"' && s.p[i] != ',' && s.p[i] != '\n' && s.p[i] != '\r';
  if (plain) {
    buf_str(out, s);
    return;
  }
  buf_addc(out, '"');
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '"') buf_addc(out, '"');
    buf_addc(out, s.p[i]);
  }
  buf_addc(out, '"');
}

// "flat (nanoseconds)"
static void value_title(const struct report *r, const char *name, struct buf *out) {
  struct buf title = {0};
  buf_adds(&title, name);
  if (r->o.sample_unit.n) {
    buf_adds(&title, " (");
    buf_str(&title, r->o.sample_unit);
    buf_addc(&title, ')');
  }
  field(out, buf_view(&title));
  out->failed |= title.failed;
  buf_release(&title);
}

static void percent(const struct report *r, struct buf *out, int64_t value) {
  buf_addf(out, ",%.10g", r->total ? fabs((double)value / (double)r->total) * 100 : 0.0);
}

static void write_row(const struct report *r, const struct top_row *row, struct buf *out) {
  buf_i64(out, report_number(r, row->flat));
  percent(r, out, row->flat);
  percent(r, out, row->sum);
  buf_addc(out, ',');
  buf_i64(out, report_number(r, row->cum));
  percent(r, out, row->cum);
  buf_addc(out, ',');
  out->failed |= !row->name.p;
  field(out, row->name);
  buf_addc(out, ',');
  buf_adds(out, inlining_name(row->inlining));
  buf_addc(out, '\n');
}

int report_text_csv(const struct report *r, struct buf *out, struct err *e) {
  struct top_rows rows;
  struct top_row row;
  int result = top_rows_init(&rows, r, e);
  if (!result) {
    value_title(r, "flat", out);
    buf_adds(out, ",flat%,sum%,");
    value_title(r, "cum", out);
    buf_adds(out, ",cum%,name,inline\n");
    while (top_rows_next(&rows, &row)) write_row(r, &row, out);
    if (out->failed) result = err_nomem(e);
  }
  top_rows_release(&rows);
  return result;
}
