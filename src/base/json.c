// JSON, as RFC 8259 has it.
#include "base/json.h"

#include <math.h>

enum { MAX_DEPTH = 64, LEVELS_IN_LINES = 2 };

static uint64_t bit(unsigned depth) { return UINT64_C(1) << (depth - 1); }

static void new_line(struct json *j) {
  buf_addc(j->out, '\n');
  buf_pad(j->out, ' ', (size_t)2 * j->depth);
}

static void quoted(struct buf *out, struct str s) {
  static const char hex[] = "0123456789abcdef";
  buf_addc(out, '"');
  for (size_t i = 0; i < s.n;) {
    unsigned char c = (unsigned char)s.p[i];
    size_t n = utf8_rune_length((struct str){s.p + i, s.n - i});
    if (c == '"' || c == '\\') {
      buf_add(out, (char[]){'\\', (char)c}, 2);
    } else if (c == '\n' || c == '\t') {
      buf_adds(out, c == '\n' ? "\\n" : "\\t");
    } else if (c < 0x20 || c == 0x7f) {
      buf_add(out, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
    } else if (n == 1 && c >= 0x80) {
      buf_adds(out, "\xef\xbf\xbd");
    } else {
      buf_add(out, s.p + i, n);
    }
    i += n;
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
  if (isfinite(v)) buf_addf(j->out, "%.6g", v);
  else buf_adds(j->out, "null");
}
