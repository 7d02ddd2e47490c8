// The profile as a file, and its labels for the menu.
#include "web/page.h"

// As it was loaded, or what the filters leave of it.
int page_download(const struct page_request *q, struct page_parts *out, struct err *e) {
  struct options whole = q->session->options;
  page_drop_filters(&whole);
  return page_render(q, "proto", *page_parameter(q, "filtered") ? NULL : &whole, NULL, &out->content, e);
}

int page_labels(const struct page_request *q, struct page_parts *out, struct err *e) {
  return page_render(q, "labels", NULL, NULL, &out->data, e);
}
