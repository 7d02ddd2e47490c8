#include "base/html.h"

void html_text(struct buf *out, struct str text) {
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
