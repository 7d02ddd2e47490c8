// Top: the heaviest functions as a table, which is sent a part at a time.
#include <stdlib.h>

#include "web/page.h"

enum { FIRST_ROWS = 300, MOST_ROWS = 4000 };

static uint32_t number(const struct page_request *q, const char *name, uint32_t standard) {
  const char *text = page_parameter(q, name);
  unsigned long v = *text ? strtoul(text, NULL, 10) : standard;
  return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

// The column to sort by: the parameter, or what -sort says.
static const char *order(const struct page_request *q) {
  static const char *const orders[] = {"flat", "cum", "name"};
  const char *text = page_parameter(q, "by");
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
    if (strcmp(text, orders[i]) == 0) return orders[i];
  return q->options->sort;
}

static int add_rows(const struct page_request *q, uint32_t offset, uint32_t limit, struct buf *out, struct err *e) {
  struct report_part part = {.offset = offset, .limit = limit, .order = order(q)};
  struct options o = *q->options;
  part.ascending = strcmp(page_parameter(q, "dir"), "up") == 0;
  o.part = &part;
  return page_render(q, "top_part", &o, page_parameter(q, "only"), out, e);
}

int page_top(const struct page_request *q, struct page_parts *out, struct err *e) {
  out->style = "top.css";
  out->script = "top.js";
  buf_adds(&out->content, "<noscript><p>This table needs JavaScript, which is turned off here.</p></noscript>");
  return add_rows(q, 0, FIRST_ROWS, &out->data, e);
}

int page_top_rows(const struct page_request *q, struct page_parts *out, struct err *e) {
  return add_rows(q, number(q, "offset", 0), number(q, "limit", MOST_ROWS), &out->data, e);
}
