// Text in pages.
#include "web/page.h"

void page_text(struct buf *out, struct str text) {
  while (text.n) {
    unsigned char c = (unsigned char)text.p[0];
    size_t n = utf8_rune_length(text);
    if (n > 1) buf_add(out, text.p, n);
    else if (c >= 0x80) buf_adds(out, "\xef\xbf\xbd");
    else if (c < 0x20 && c != '\n' && c != '\t') buf_addc(out, ' ');
    else if (c && strchr("<>&\"'", c)) buf_addf(out, "&#%d;", c);
    else buf_addc(out, (char)c);
    text = (struct str){text.p + n, text.n - n};
  }
}

bool page_text_bounded(struct buf *out, struct str text) {
  while (text.n && out->n < PAGE_MOST) {
    const char *end = memchr(text.p, '\n', text.n);
    size_t n = end ? (size_t)(end - text.p) + 1 : text.n;
    // A line alone may be too long, and a character takes up to five bytes.
    if (n > PAGE_MOST / 64) n = PAGE_MOST / 64;
    page_text(out, (struct str){text.p, n});
    text = (struct str){text.p + n, text.n - n};
  }
  return text.n > 0;
}
