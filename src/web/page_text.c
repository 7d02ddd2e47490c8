// Text in pages.
#include "web/page.h"

bool page_text_bounded(struct buf *out, struct str text) {
  while (text.n && out->n < PAGE_MOST) {
    const char *end = memchr(text.p, '\n', text.n);
    size_t n = end ? (size_t)(end - text.p) + 1 : text.n;
    // A line alone may be too long, and a character takes up to five bytes.
    if (n > PAGE_MOST / 64) n = PAGE_MOST / 64;
    html_text(out, (struct str){text.p, n});
    text = (struct str){text.p + n, text.n - n};
  }
  return text.n > 0;
}
