// The sticky output buffer.
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

// With room for the terminator behind them.
char *buf_room(struct buf *b, size_t n) {
  if (b->failed || n >= SIZE_MAX - b->n || ARRAY_RESERVE(b->data, b->cap, b->n + n + 1)) b->failed = true;
  return b->failed ? NULL : b->data + b->n;
}

void buf_add(struct buf *b, const void *bytes, size_t n) {
  if (!buf_room(b, n)) return;
  if (n) memcpy(b->data + b->n, bytes, n);
  b->n += n;
  b->data[b->n] = '\0';
}

void buf_adds(struct buf *b, const char *s) { buf_add(b, s, strlen(s)); }

void buf_str(struct buf *b, struct str s) { buf_add(b, s.p, s.n); }

void buf_addc(struct buf *b, char c) { buf_add(b, &c, 1); }

void buf_pad(struct buf *b, char c, size_t count) {
  if (!buf_room(b, count)) return;
  memset(b->data + b->n, c, count);
  b->n += count;
  b->data[b->n] = '\0';
}

void buf_addf(struct buf *b, const char *format, ...) {
  char small[256];
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(small, sizeof small, format, args);
  if (n < 0) {
    b->failed = true;
  } else if ((size_t)n < sizeof small) {
    buf_add(b, small, (size_t)n);
  } else if (buf_room(b, (size_t)n)) {
    vsnprintf(b->data + b->n, (size_t)n + 1, format, again);
    b->n += (size_t)n;
  }
  va_end(again);
  va_end(args);
}

void buf_i64(struct buf *b, int64_t v) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  do digits[--at] = (char)('0' + u % 10);
  while (u /= 10);
  if (v < 0) buf_addc(b, '-');
  buf_add(b, digits + at, sizeof digits - at);
}

void buf_right(struct buf *b, struct str s, size_t width) {
  size_t runes = utf8_runes(s);
  if (runes < width) buf_pad(b, ' ', width - runes);
  buf_str(b, s);
}

void buf_left(struct buf *b, struct str s, size_t width) {
  size_t runes = utf8_runes(s);
  buf_str(b, s);
  if (runes < width) buf_pad(b, ' ', width - runes);
}

void buf_clear(struct buf *b) {
  b->n = 0;
  if (b->data) b->data[0] = '\0';
}

void buf_release(struct buf *b) {
  free(b->data);
  *b = (struct buf){0};
}

struct str buf_view(const struct buf *b) {
  return (struct str){b->data ? b->data : "", b->n};
}
