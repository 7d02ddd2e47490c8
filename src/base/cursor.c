// Numbers and strings of DWARF.
#include "base/cursor.h"

uint64_t cursor_number(struct cursor *c, unsigned size) {
  if (size > cursor_left(c)) {
    cursor_spoil(c);
    return 0;
  }
  uint64_t n = 0;
  for (unsigned i = 0; i < size; i++) n = n << 8 | c->p[c->big ? i : size - 1 - i];
  c->p += size;
  return n;
}

// Bits that do not fit are lost, as in every reader of DWARF.
uint64_t cursor_uleb_long(struct cursor *c) {
  uint64_t n = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = cursor_u8(c);
    if (shift < 64) n |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return n;
  }
}

int64_t cursor_sleb(struct cursor *c) {
  uint64_t n = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = cursor_u8(c);
    if (shift < 64) n |= (uint64_t)(byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    if (byte & 0x40 && shift + 7 < 64) n |= UINT64_MAX << (shift + 7);
    return (int64_t)n;
  }
}

struct str cursor_string(struct cursor *c) {
  const uint8_t *from = c->p, *zero = cursor_left(c) ? memchr(from, 0, cursor_left(c)) : NULL;
  if (!zero) {
    cursor_spoil(c);
    return (struct str){"", 0};
  }
  c->p = zero + 1;
  return (struct str){(const char *)from, (size_t)(zero - from)};
}

void cursor_unit(struct cursor *c, uint8_t *offset_size) {
  uint64_t n = cursor_number(c, 4);
  *offset_size = 4;
  if (n == 0xffffffff) {
    *offset_size = 8;
    n = cursor_number(c, 8);
  } else if (n >= 0xfffffff0) {
    cursor_spoil(c);
  }
  cursor_limit(c, n);
}
