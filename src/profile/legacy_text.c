// Scanners over text with a length: runs of character classes, trimming, integers, lines.
#include "profile/legacy_parts.h"

// The buffer of Go's line scanner: a line and its newline have to fit.
enum { LONGEST_LINE = 65535 };

static unsigned classes_of(char c) {
  if (c >= '0' && c <= '9') return IN_DIGIT | IN_HEX | IN_LOW_HEX | IN_STACK | IN_NAME | IN_ATTRIBUTE | IN_VISIBLE;
  if (c >= 'a' && c <= 'f') return IN_HEX | IN_LOW_HEX | IN_STACK | IN_NAME | IN_ATTRIBUTE | IN_VISIBLE;
  if (c >= 'A' && c <= 'F') return IN_HEX | IN_ATTRIBUTE | IN_VISIBLE;
  if (c >= 'A' && c <= 'Z') return IN_ATTRIBUTE | IN_VISIBLE;
  switch (c) {
    case ' ': return IN_SPACE | IN_BLANK | IN_STACK | IN_ATTRIBUTE;
    case '\t':
    case '\n':
    case '\f':
    case '\r': return IN_SPACE;
    case 'x': return IN_STACK | IN_PERM | IN_NAME | IN_ATTRIBUTE | IN_VISIBLE;
    case 'r':
    case 'w':
    case 'p': return IN_PERM | IN_NAME | IN_ATTRIBUTE | IN_VISIBLE;
    case '-': return IN_PERM | IN_VISIBLE;
    case '_': return IN_NAME | IN_ATTRIBUTE | IN_VISIBLE;
    default: return c >= 'a' && c <= 'z' ? IN_NAME | IN_ATTRIBUTE | IN_VISIBLE : IN_VISIBLE;
  }
}

static void drop(struct str *s, size_t n) {
  s->p += n;
  s->n -= n;
}

struct str text_take(struct str *s, unsigned classes) {
  struct str taken = {s->p, 0};
  while (taken.n < s->n && classes_of(s->p[taken.n]) & classes) taken.n++;
  drop(s, taken.n);
  return taken;
}

bool text_skip(struct str *s, const char *literal) {
  struct str wanted = str_of(literal);
  if (!str_starts(*s, wanted)) return false;
  drop(s, wanted.n);
  return true;
}

bool text_seek(struct str *s, unsigned classes) {
  while (s->n && !(classes_of(s->p[0]) & classes)) drop(s, 1);
  return s->n > 0;
}

bool text_seek_behind(struct str *s, const char *literal) {
  struct str wanted = str_of(literal);
  size_t at = str_find(*s, wanted);
  if (at == SIZE_MAX) return false;
  drop(s, at + wanted.n);
  return true;
}

bool text_is_comment(struct str line) {
  line = str_trim_space(line);
  return line.n == 0 || line.p[0] == '#';
}

bool text_announces_maps(struct str line) {
  return text_has(line, "--- Memory map: ---") || text_has(line, "MAPPED_LIBRARIES:");
}

// ---- integers -----------------------------------------------------------------------------------

static unsigned digit_of(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a') + 10;
  if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A') + 10;
  return 255;
}

// Base 0: takes the prefix off and says which base it means. *after_digit: may an underscore come first?
static unsigned take_base(struct str *s, bool *after_digit) {
  if (s->n == 0 || s->p[0] != '0') return 10;
  char mark = s->n >= 3 ? (char)(s->p[1] | 0x20) : '0';
  unsigned base = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  drop(s, base ? 2 : 1);
  *after_digit = true;
  return base ? base : 8;
}

bool text_uint64(struct str s, int base, uint64_t *value) {
  if (s.n == 0) return false;
  bool underscores = base == 0, after_digit = false;
  unsigned radix = base == 0 ? take_base(&s, &after_digit) : (unsigned)base;
  uint64_t sum = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '_' && underscores && after_digit) {
      after_digit = false;
      if (i + 1 == s.n) return false;
      continue;
    }
    unsigned digit = digit_of(s.p[i]);
    if (digit >= radix) return false;
    if (__builtin_mul_overflow(sum, (uint64_t)radix, &sum) || __builtin_add_overflow(sum, (uint64_t)digit, &sum))
      return false;
    after_digit = true;
  }
  *value = sum;
  return true;
}

bool text_int64(struct str s, int base, int64_t *value) {
  bool negative = s.n && s.p[0] == '-';
  if (negative || (s.n && s.p[0] == '+')) drop(&s, 1);
  uint64_t magnitude;
  if (!text_uint64(s, base, &magnitude)) return false;
  if (magnitude > (uint64_t)INT64_MAX + (negative ? 1 : 0)) return false;
  *value = (int64_t)(negative ? 0 - magnitude : magnitude);
  return true;
}

// ---- lines --------------------------------------------------------------------------------------

bool text_next(struct text_lines *t) {
  t->line = (struct str){"", 0};
  if (t->rest.n == 0 || t->too_long) return false;
  t->number++;
  size_t look = t->rest.n > LONGEST_LINE + 1 ? LONGEST_LINE + 1 : t->rest.n;
  const char *end = memchr(t->rest.p, '\n', look);
  size_t n = end ? (size_t)(end - t->rest.p) : t->rest.n;
  if (n > LONGEST_LINE) {
    t->too_long = true;
    return false;
  }
  t->line = (struct str){t->rest.p, n};
  if (n && t->line.p[n - 1] == '\r') t->line.n--;
  drop(&t->rest, n + (end != NULL));
  return true;
}

bool text_next_content(struct text_lines *t) {
  while (text_next(t))
    if (!text_is_comment(t->line)) return true;
  return false;
}

int text_too_long(const struct text_lines *t, struct err *e) {
  return t->too_long ? err_set(e, "line %zu: longer than %d bytes", t->number, LONGEST_LINE) : 0;
}
