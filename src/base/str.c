// Byte strings with a length.
#include "base/base.h"

bool str_eq(struct str a, struct str b) { return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0); }

int str_cmp(struct str a, struct str b) {
  size_t common = a.n < b.n ? a.n : b.n;
  int order = common ? memcmp(a.p, b.p, common) : 0;
  if (order) return order;
  return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix) {
  return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix) {
  return s.n >= suffix.n && str_eq((struct str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

size_t str_find(struct str s, struct str needle) {
  if (needle.n == 0) return 0;
  if (needle.n > s.n) return SIZE_MAX;
  const char *at = memmem(s.p, s.n, needle.p, needle.n);
  return at ? (size_t)(at - s.p) : SIZE_MAX;
}

// Length of the white space character at the front in UTF-8, 0 when there is another one. The list is Unicode's
// property White_Space.
static size_t space_length(struct str s) {
  if (s.n == 0) return 0;
  const unsigned char *c = (const unsigned char *)s.p;
  if (c[0] == ' ' || (c[0] >= '\t' && c[0] <= '\r')) return 1;
  if (s.n >= 2 && c[0] == 0xc2 && (c[1] == 0x85 || c[1] == 0xa0)) return 2;
  if (s.n < 3) return 0;
  uint32_t three = (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2];
  bool space = (three >= 0xe28080 && three <= 0xe2808a) || three == 0xe280a8 || three == 0xe280a9 ||
               three == 0xe280af || three == 0xe2819f || three == 0xe19a80 || three == 0xe38080;
  return space ? 3 : 0;
}

static size_t space_length_at_end(struct str s) {
  for (size_t n = 1; n <= 3 && n <= s.n; n++)
    if (space_length((struct str){s.p + s.n - n, n}) == n) return n;
  return 0;
}

struct str str_trim_space(struct str s) {
  for (size_t n; (n = space_length(s)) > 0;) s = (struct str){s.p + n, s.n - n};
  for (size_t n; (n = space_length_at_end(s)) > 0;) s.n -= n;
  return s;
}

// Length of the well-formed UTF-8 sequence at s, 1 for a byte that starts none.
static size_t rune_length(const unsigned char *s, size_t n) {
  unsigned char c = s[0];
  if (c < 0xc2 || c > 0xf4) return 1;
  size_t length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  if (n < length) return 1;
  unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
  unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
  if (s[1] < low || s[1] > high) return 1;
  for (size_t i = 2; i < length; i++)
    if ((s[i] & 0xc0) != 0x80) return 1;
  return length;
}

size_t utf8_rune_length(struct str s) { return rune_length((const unsigned char *)s.p, s.n); }

size_t utf8_runes(struct str s) {
  size_t runes = 0;
  for (size_t i = 0; i < s.n; runes++) i += rune_length((const unsigned char *)s.p + i, s.n - i);
  return runes;
}
