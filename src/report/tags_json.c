// tags as JSON.
#include "report/rows.h"

// One key and its values, row[from] .. row[to-1].
static void write_key(struct json *j, const struct tag_rows *t, size_t from, size_t to, int64_t total) {
  json_open_object(j, NULL);
  json_str(j, "key", tag_str(t, t->row[from].key));
  report_json_share(j, t->r, "total", "total_percent", total);
  json_open_array(j, "values");
  for (size_t i = from; i < to; i++) {
    json_open_object(j, NULL);
    json_str(j, "name", tag_str(t, t->row[i].name));
    report_json_share(j, t->r, "value", "percent", t->row[i].sum);
    json_close(j);
  }
  json_close(j);
  json_close(j);
}

int report_tags_json(const struct report *r, struct buf *out, struct err *e) {
  struct json j = {.out = out};
  struct tag_rows rows;
  int64_t total;
  int result = tag_rows_init(&rows, r, e);
  if (!result) {
    report_json_header(&j, r, "cprof.tags/1");
    json_open_array(&j, "rows");
    for (size_t from = 0, to; from < rows.n; from = to) {
      to = tag_rows_end(&rows, from, &total);
      write_key(&j, &rows, from, to, total);
    }
    json_close(&j);
    json_close(&j);
    if (out->failed) result = err_nomem(e);
  }
  tag_rows_release(&rows);
  return result;
}
