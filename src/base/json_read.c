// Reading JSON. The text is checked once as a whole, so that the walk over it needs no checks.
#include "base/json_read.h"

enum { MAX_DEPTH = 64 };

static void skip_space(struct str *s) {
  while (s->n && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
    *s = (struct str){s->p + 1, s->n - 1};
}

static bool take(struct str *s, char c) {
  if (!s->n || *s->p != c) return false;
  *s = (struct str){s->p + 1, s->n - 1};
  return true;
}

static int skip_word(struct str *s, struct str word) {
  if (!str_starts(*s, word)) return -1;
  *s = (struct str){s->p + word.n, s->n - word.n};
  return 0;
}

static size_t digits(struct str *s) {
  size_t n = 0;
  while (s->n && *s->p >= '0' && *s->p <= '9') {
    *s = (struct str){s->p + 1, s->n - 1};
    n++;
  }
  return n;
}

static int skip_number(struct str *s) {
  take(s, '-');
  if (!take(s, '0') && digits(s) == 0) return -1;
  if (take(s, '.') && digits(s) == 0) return -1;
  if (take(s, 'e') || take(s, 'E')) {
    if (!take(s, '+')) take(s, '-');
    if (digits(s) == 0) return -1;
  }
  return 0;
}

static int hex4(const char *p, uint32_t *v) {
  uint64_t value;
  bool is_number = hex_number((struct str){p, 4}, &value);
  *v = (uint32_t)value;
  return is_number ? 0 : -1;
}

static int skip_string(struct str *s) {
  uint32_t unused;
  if (!take(s, '"')) return -1;
  while (s->n && *s->p != '"') {
    size_t n = 1;
    if ((unsigned char)*s->p < 0x20) return -1;
    if (*s->p == '\\') {
      n = s->n > 1 && s->p[1] == 'u' ? 6 : 2;
      if (s->n < n || (n == 2 && (!s->p[1] || !strchr("\"\\/bfnrt", s->p[1]))) || (n == 6 && hex4(s->p + 2, &unused)))
        return -1;
    }
    *s = (struct str){s->p + n, s->n - n};
  }
  return take(s, '"') ? 0 : -1;
}

static int skip_value(struct str *s, enum json_kind *kind, unsigned depth);

static int skip_container(struct str *s, char end, unsigned depth) {
  enum json_kind kind;
  if (depth == MAX_DEPTH) return -1;
  *s = (struct str){s->p + 1, s->n - 1};
  skip_space(s);
  if (take(s, end)) return 0;
  do {
    skip_space(s);
    if (end == '}') {
      if (skip_string(s)) return -1;
      skip_space(s);
      if (!take(s, ':')) return -1;
    }
    if (skip_value(s, &kind, depth + 1)) return -1;
    skip_space(s);
  } while (take(s, ','));
  return take(s, end) ? 0 : -1;
}

// Skips white space, then one value.
static int skip_value(struct str *s, enum json_kind *kind, unsigned depth) {
  skip_space(s);
  if (!s->n) return -1;
  switch (*s->p) {
    case '{': *kind = JSON_OBJECT; return skip_container(s, '}', depth);
    case '[': *kind = JSON_ARRAY; return skip_container(s, ']', depth);
    case '"': *kind = JSON_STRING; return skip_string(s);
    case 't': *kind = JSON_BOOL; return skip_word(s, STR_LIT("true"));
    case 'f': *kind = JSON_BOOL; return skip_word(s, STR_LIT("false"));
    case 'n': *kind = JSON_NULL; return skip_word(s, STR_LIT("null"));
    default: *kind = JSON_NUMBER; return skip_number(s);
  }
}

int json_read(struct str text, struct json_value *v) {
  skip_space(&text);
  v->text = text;
  if (skip_value(&text, &v->kind, 0)) return -1;
  v->text.n -= text.n;
  skip_space(&text);
  return text.n ? -1 : 0;
}

struct json_members json_members(const struct json_value *v) {
  bool container = v->kind == JSON_ARRAY || v->kind == JSON_OBJECT;
  struct str inside = container ? (struct str){v->text.p + 1, v->text.n - 2} : (struct str){NULL, 0};
  return (struct json_members){inside, v->kind == JSON_OBJECT};
}

bool json_next(struct json_members *m, struct str *key, struct json_value *v) {
  *key = (struct str){NULL, 0};
  skip_space(&m->rest);
  take(&m->rest, ',');
  skip_space(&m->rest);
  if (!m->rest.n) return false;
  if (m->keys) {
    key->p = m->rest.p;
    skip_string(&m->rest);
    key->n = (size_t)(m->rest.p - key->p);
    skip_space(&m->rest);
    take(&m->rest, ':');
    skip_space(&m->rest);
  }
  v->text = m->rest;
  skip_value(&m->rest, &v->kind, 0);
  v->text.n -= m->rest.n;
  return true;
}

// ---- strings ------------------------------------------------------------------------------------

static void add_utf8(struct buf *out, uint32_t c) {
  if (c < 0x80) buf_addc(out, (char)c);
  else if (c < 0x800) buf_add(out, (char[]){(char)(0xc0 | c >> 6), (char)(0x80 | (c & 63))}, 2);
  else if (c < 0x10000)
    buf_add(out, (char[]){(char)(0xe0 | c >> 12), (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63))}, 3);
  else
    buf_add(out,
            (char[]){(char)(0xf0 | c >> 18), (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
                     (char)(0x80 | (c & 63))},
            4);
}

// The escape at the start, which is \uXXXX; returns its length.
static size_t add_unicode(struct buf *out, struct str s) {
  uint32_t c, low;
  hex4(s.p + 2, &c);
  bool high = c >= 0xd800 && c < 0xdc00, pair = high && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u';
  if (pair && !hex4(s.p + 8, &low) && low >= 0xdc00 && low < 0xe000) {
    add_utf8(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
    return 12;
  }
  add_utf8(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
  return 6;
}

void json_unquote(struct str quoted, struct buf *out) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  if (quoted.n < 2) return;
  struct str s = {quoted.p + 1, quoted.n - 2};
  while (s.n) {
    size_t n = 1;
    if (*s.p != '\\') buf_addc(out, *s.p);
    else if (s.p[1] == 'u') n = add_unicode(out, s);
    else {
      buf_addc(out, to[strchr(from, s.p[1]) - from]);
      n = 2;
    }
    s = (struct str){s.p + n, s.n - n};
  }
}
