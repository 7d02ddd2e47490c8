#include "support/wire.h"

void wire_varint(struct buf *b, uint64_t v) {
  for (; v >= 0x80; v >>= 7) buf_addc(b, (char)(v | 0x80));
  buf_addc(b, (char)v);
}

void wire_tag(struct buf *b, unsigned field, enum wire_type type) { wire_varint(b, field << 3 | (unsigned)type); }

void wire_number(struct buf *b, unsigned field, uint64_t v) {
  wire_tag(b, field, WIRE_VARINT);
  wire_varint(b, v);
}

void wire_bytes(struct buf *b, unsigned field, struct str bytes) {
  wire_tag(b, field, WIRE_BYTES);
  wire_varint(b, bytes.n);
  buf_str(b, bytes);
}

void wire_string(struct buf *b, unsigned field, const char *s) { wire_bytes(b, field, str_of(s)); }

void wire_numbers(struct buf *b, unsigned field, const struct wire_pair *pair, size_t n) {
  struct buf message = {0};
  for (size_t i = 0; i < n; i++) wire_number(&message, pair[i].field, pair[i].value);
  wire_bytes(b, field, buf_view(&message));
  buf_release(&message);
}
