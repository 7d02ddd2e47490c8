// JSON, as RFC 8259 has it.
#include "base/json.h"

#include <math.h>

enum { MAX_DEPTH = 64, LEVELS_IN_LINES = 2 };

static uint64_t bit(unsigned depth) { return UINT64_C(1) << (depth - 1); }

static void new_line(struct json *j) {
  buf_addc(j->out, '\n');
  buf_pad(j->out, ' ', (size_t)2 * j->depth);
}

// How many bytes at the start need no thought: ASCII without quotes, backslashes and control characters.
static size_t plain_prefix(struct str s) {
  size_t n = 0;
  while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\') n++;
  return n;
}

// The character at the start of s, `n` bytes, in the form it has in a string.
static void escaped(struct buf *out, struct str s, size_t n) {
  static const char hex[] = "0123456789abcdef";
  unsigned char c = (unsigned char)s.p[0];
  if (c == '"' || c == '\\') buf_add(out, (char[]){'\\', (char)c}, 2);
  else if (c == '\n' || c == '\t') buf_adds(out, c == '\n' ? "\\n" : "\\t");
  else if (c < 0x80) buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
  else if (n == 1) buf_adds(out, "\xef\xbf\xbd");
  else buf_add(out, s.p, n);
}

static void quoted(struct buf *out, struct str s) {
  buf_addc(out, '"');
  while (s.n) {
    size_t n = plain_prefix(s);
    buf_add(out, s.p, n);
    s = (struct str){s.p + n, s.n - n};
    if (s.n == 0) break;
    n = utf8_rune_length(s);
    escaped(out, s, n);
    s = (struct str){s.p + n, s.n - n};
  }
  buf_addc(out, '"');
}

// What stands before a value: a comma, its place, its key.
static void begin(struct json *j, const char *key) {
  if (j->depth) {
    bool first = !(j->filled & bit(j->depth));
    j->filled |= bit(j->depth);
    if (!first) buf_addc(j->out, ',');
    if (j->depth <= LEVELS_IN_LINES) new_line(j);
    else if (!first) buf_addc(j->out, ' ');
  }
  if (!key) return;
  quoted(j->out, str_of(key));
  buf_adds(j->out, ": ");
}

static void open(struct json *j, const char *key, bool array) {
  begin(j, key);
  if (j->depth == MAX_DEPTH) {
    j->out->failed = true;
    return;
  }
  j->depth++;
  j->filled &= ~bit(j->depth);
  j->arrays = array ? j->arrays | bit(j->depth) : j->arrays & ~bit(j->depth);
  buf_addc(j->out, array ? '[' : '{');
}

void json_open_object(struct json *j, const char *key) { open(j, key, false); }
void json_open_array(struct json *j, const char *key) { open(j, key, true); }

void json_close(struct json *j) {
  if (j->out->failed || !j->depth) return;
  bool array = j->arrays & bit(j->depth), filled = j->filled & bit(j->depth);
  j->depth--;
  if (filled && j->depth < LEVELS_IN_LINES) new_line(j);
  buf_addc(j->out, array ? ']' : '}');
  if (j->depth == 0) buf_addc(j->out, '\n');
}

void json_str(struct json *j, const char *key, struct str text) {
  begin(j, key);
  quoted(j->out, text);
}

void json_i64(struct json *j, const char *key, int64_t v) {
  begin(j, key);
  buf_i64(j->out, v);
}

void json_bool(struct json *j, const char *key, bool v) {
  begin(j, key);
  buf_adds(j->out, v ? "true" : "false");
}

void json_double(struct json *j, const char *key, double v) {
  begin(j, key);
  if (isfinite(v)) buf_addf(j->out, "%.10g", v);
  else buf_adds(j->out, "null");
}

void json_raw(struct json *j, struct str key, struct str value) {
  begin(j, NULL);
  buf_str(j->out, key);
  if (key.n) buf_adds(j->out, ": ");
  buf_str(j->out, value);
}
