// Labels as JSON, for a menu: keys with their heaviest values, and for each value the tagfocus that selects it. The rows
// have the form of tags -json; they are bounded.
#include <stdlib.h>

#include "report/rows.h"

enum { MOST_KEYS = 100, MOST_VALUES = 200, LONGEST = 500 };

// Commas separate expressions, so they must not stand there as such.
static void exactly(struct buf *out, struct str text) {
  buf_addc(out, '^');
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] == ',') buf_adds(out, "\\x2c");
    else rx_quote(out, text.p[i]);
  }
  buf_addc(out, '$');
}

static void write_value(struct json *j, const struct tag_rows *t, const struct tag_row *row, struct buf *filter) {
  struct str key = tag_str(t, row->key), name = tag_str(t, row->name);
  json_open_object(j, NULL);
  json_str(j, "name", name.n > LONGEST ? (struct str){name.p, LONGEST} : name);
  report_json_share(j, t->r, "value", "percent", row->sum);
  buf_clear(filter);
  buf_str(filter, key);
  buf_addc(filter, '=');
  if (row->numeric) buf_str(filter, name);
  else exactly(filter, name);
  // A key with '=' cannot be named in a filter.
  if (!memchr(key.p ? key.p : "", '=', key.n) && filter->n <= 2 * LONGEST) json_str(j, "filter", buf_view(filter));
  json_close(j);
}

static void write_key(struct json *j, const struct tag_rows *t, size_t from, size_t to, int64_t total,
                      struct buf *filter) {
  struct str key = tag_str(t, t->row[from].key);
  json_open_object(j, NULL);
  json_str(j, "key", key.n > LONGEST ? (struct str){key.p, LONGEST} : key);
  report_json_share(j, t->r, "total", "total_percent", total);
  json_i64(j, "n", (int64_t)(to - from));
  json_open_array(j, "values");
  for (size_t i = from; i < to && i - from < MOST_VALUES && j->out->n < REPORT_PAGE_MOST; i++)
    write_value(j, t, &t->row[i], filter);
  json_close(j);
  json_close(j);
}

int report_labels_json(const struct report *r, struct buf *out, struct err *e) {
  struct json j = {.out = out};
  struct tag_rows rows;
  struct buf filter = {0};
  size_t keys = 0;
  int64_t total;
  int result = tag_rows_init(&rows, r, e);
  if (!result) {
    json_open_object(&j, NULL);
    report_json_value(&j, r, "total", r->total);
    json_open_array(&j, "rows");
    for (size_t from = 0, to; from < rows.n && keys < MOST_KEYS && out->n < REPORT_PAGE_MOST; from = to, keys++) {
      to = tag_rows_end(&rows, from, &total);
      write_key(&j, &rows, from, to, total, &filter);
    }
    json_close(&j);
    json_close(&j);
    if (out->failed || filter.failed) result = err_nomem(e);
  }
  buf_release(&filter);
  tag_rows_release(&rows);
  return result;
}
