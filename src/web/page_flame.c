// Flame graph.
#include "web/page.h"

int page_flame(const struct page_request *q, struct page_parts *out, struct err *e) {
  (void)q, (void)e;
  buf_adds(&out->content, "<p>Not there yet.");
  return 0;
}
