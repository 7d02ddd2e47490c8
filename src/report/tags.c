// tags: the values of each label key, with what the samples that have them add up to.
#include "report/rows.h"
#include "report/tabs.h"

struct tags {
  const struct report *r;
  struct tag_rows rows;
  struct buf table;
};

static void value(struct tags *t, int64_t v) { report_value(t->r, t->r->o.output_unit, &t->table, v); }

static void share(struct tags *t, int64_t v) {
  if (t->r->total <= 0) return;
  buf_adds(&t->table, " (");
  report_share(t->r, &t->table, v);
  buf_addc(&t->table, ')');
}

// One key and its values, row[from] .. row[to-1].
static void write_key(struct tags *t, size_t from, size_t to, int64_t total) {
  const struct tag_row *row = t->rows.row;
  buf_str(&t->table, tag_str(&t->rows, row[from].key));
  buf_adds(&t->table, ":\t Total ");
  value(t, total);
  buf_adds(&t->table, " of ");
  value(t, t->r->total);
  share(t, total);
  buf_addc(&t->table, '\n');
  for (size_t i = from; i < to; i++) {
    buf_adds(&t->table, " \t");
    value(t, row[i].sum);
    share(t, row[i].sum);
    buf_adds(&t->table, ":\t ");
    buf_str(&t->table, tag_str(&t->rows, row[i].name));
    buf_addc(&t->table, '\n');
  }
  buf_addc(&t->table, '\n');
}

int report_tags(const struct report *r, struct buf *out, struct err *e) {
  struct tags t = {.r = r};
  int64_t total;
  int result = tag_rows_init(&t.rows, r, e);
  for (size_t from = 0, to; from < t.rows.n && !result; from = to) {
    to = tag_rows_end(&t.rows, from, &total);
    write_key(&t, from, to, total);
  }
  if (!result) result = t.table.failed ? err_nomem(e) : tabs_align(buf_view(&t.table), out, e);
  tag_rows_release(&t.rows);
  buf_release(&t.table);
  return result;
}
