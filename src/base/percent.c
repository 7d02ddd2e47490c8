// Bytes that stand as %41 in URLs.
#include "base/base.h"

int percent_decode(struct buf *out, struct str text, bool plus) {
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] != '%') {
      buf_addc(out, text.p[i] == '+' && plus ? ' ' : text.p[i]);
      continue;
    }
    int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1, low = i + 2 < text.n ? hex_digit(text.p[i + 2]) : -1;
    if (high < 0 || low < 0) return -1;
    buf_addc(out, (char)(high << 4 | low));
    i += 2;
  }
  return 0;
}
