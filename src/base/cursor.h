// A bounded reader over bytes of DWARF, which come from outside. Sticky: a read beyond the end gives zeros and marks the
// cursor as bad, so that loops carry no checks; whoever ends a loop looks at `bad` once. A bad cursor is at its end.
#ifndef CPROF_CURSOR_H
#define CPROF_CURSOR_H

#include "base/base.h"

struct cursor {
  const uint8_t *p, *end;
  bool big;  // big-endian
  bool bad;
};

// The bytes of a section from an offset on; bad when it lies behind the end.
static inline struct cursor cursor_at(struct str bytes, uint64_t offset, bool big) {
  const uint8_t *p = (const uint8_t *)bytes.p;
  if (!p) return (struct cursor){NULL, NULL, big, true};
  bool bad = offset > bytes.n;
  return (struct cursor){p + (bad ? bytes.n : (size_t)offset), p + bytes.n, big, bad};
}

static inline size_t cursor_left(const struct cursor *c) { return (size_t)(c->end - c->p); }

static inline void cursor_spoil(struct cursor *c) {
  c->bad = true;
  c->p = c->end;
}

static inline void cursor_skip(struct cursor *c, uint64_t n) {
  if (n > cursor_left(c)) cursor_spoil(c);
  else c->p += n;
}

// Shortens the cursor to its next n bytes.
static inline void cursor_limit(struct cursor *c, uint64_t n) {
  if (n > cursor_left(c)) cursor_spoil(c);
  else c->end = c->p + n;
}

static inline uint8_t cursor_u8(struct cursor *c) {
  if (c->p < c->end) return *c->p++;
  c->bad = true;
  return 0;
}

// An unsigned number of `size` bytes, 1 to 8.
uint64_t cursor_number(struct cursor *c, unsigned size);
uint64_t cursor_uleb_long(struct cursor *c);
int64_t cursor_sleb(struct cursor *c);
// Up to the zero byte, which is taken too.
struct str cursor_string(struct cursor *c);

// Most numbers have one byte.
static inline uint64_t cursor_uleb(struct cursor *c) {
  if (c->p < c->end && *c->p < 0x80) return *c->p++;
  return cursor_uleb_long(c);
}

// The length that begins a unit: 4 bytes, or 12 in 64-bit DWARF. *offset_size becomes 4 or 8. The cursor is cut at the
// unit's end.
void cursor_unit(struct cursor *c, uint8_t *offset_size);

#endif
