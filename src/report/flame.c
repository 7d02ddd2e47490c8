// flame: an interactive flame graph in one HTML file of at most a million bytes.
//
// The page is made of the files in assets/ when cprof is built. What is written here is its title and its data: JSON in
// a script element that no browser runs.
#include "report/flame.h"

enum { MOST_BYTES = 1000000, LONGEST_TITLE = 200 };

int report_flame(const struct report *r, struct buf *out, struct err *e) {
  struct buf title = {0};
  size_t start = out->n;
  flame_subject(r, &title);
  buf_add(out, flame_page_head, flame_page_head_size);
  page_html(out, buf_view(&title), LONGEST_TITLE);
  buf_add(out, flame_page_body, flame_page_body_size);
  int result = title.failed || out->failed ? err_nomem(e) : 0;
  if (!result) result = flame_data(r, MOST_BYTES - (out->n - start) - flame_page_tail_size, false, out, e);
  buf_add(out, flame_page_tail, flame_page_tail_size);
  buf_release(&title);
  return !result && out->failed ? err_nomem(e) : result;
}
