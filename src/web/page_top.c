// Top: the heaviest functions as a table.
#include "web/page.h"

int page_top(const struct page_request *q, struct page_parts *out, struct err *e) {
  struct options o = *q->options;
  o.json = true;
  return page_render(q, "top", &o, NULL, &out->data, e);
}
