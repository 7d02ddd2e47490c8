// Rust's legacy symbols: _ZN, identifiers with their lengths, the last of which is a hash, and E. What C++ names cannot
// hold is escaped in them.
#include "symbolize/cxx.h"

enum { HASH = 17, TAIL = 20, SHORTEST = 24, LARGEST_NUMBER = 214748364 };  // "h" and 16 digits; "17" before, "E" behind

static int small_hex_digit(char c) {
  if (cx_digit(c)) return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// A C++ name might end like a hash; a hash has at least five different digits.
static bool is_hash(const char *digits) {
  unsigned seen = 0;
  int different = 0;
  for (int i = 0; i < HASH - 1; i++) {
    int digit = small_hex_digit(digits[i]);
    if (digit < 0) return false;
    different += !(seen >> digit & 1);
    seen |= 1u << digit;
  }
  return different >= 5;
}

// The name without a suffix the compiler added behind its E.
static struct str without_suffix(struct str name) {
  for (size_t i = name.n; i-- > 2;) {
    if (name.p[i - 1] == 'E' && name.p[i] == '.') return (struct str){name.p, i};
  }
  return name;
}

// Takes an identifier with its length off the front of `rest`.
static bool take_identifier(struct str *rest, struct str *id) {
  long n = 0;
  if (!rest->n || !cx_digit(*rest->p)) return false;
  for (; rest->n && cx_digit(*rest->p); rest->p++, rest->n--) {
    long digit = *rest->p - '0';
    if (n >= LARGEST_NUMBER - digit) return false;
    n = n * 10 + digit;
  }
  if (rest->n && *rest->p == '_') {  // may set off the length, which counts it
    rest->p++;
    rest->n--;
    n--;
  }
  if (n < 0 || rest->n < (size_t)n) return false;
  *id = (struct str){rest->p, (size_t)n};
  rest->p += n;
  rest->n -= (size_t)n;
  return true;
}

// The character for an escape at the start of `s`, which begins with '$'; its length goes to *n, 0 when it is none.
static char escape(struct str s, size_t *n) {
  static const char codes[][4] = {"SP@", "BP*", "RF&", "LT<", "GT>", "LP(", "RP)"};
  *n = 0;
  if (s.n > 2 && s.p[1] == 'C' && s.p[2] == '$') {
    *n = 3;
    return ',';
  }
  if (s.n > 4 && s.p[1] == 'u' && s.p[4] == '$') {
    int high = small_hex_digit(s.p[2]), low = small_hex_digit(s.p[3]);
    if (high >= 2 && high <= 7 && low >= 0) *n = 5;
    return (char)(high * 16 + low);
  }
  if (s.n <= 3 || s.p[3] != '$') return 0;
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    if (memcmp(codes[i], s.p + 1, 2) != 0) continue;
    *n = 4;
    return codes[i][2];
  }
  return 0;
}

static void put_identifier(struct str id, struct buf *out) {
  if (id.n > 1 && id.p[0] == '_' && id.p[1] == '$') id = (struct str){id.p + 1, id.n - 1};
  while (id.n) {
    size_t n = 1;
    if (*id.p == '$') {
      char c = escape(id, &n);
      if (!n) {  // the rest is no escape at all
        buf_str(out, id);
        return;
      }
      buf_addc(out, c);
    } else if (id.n > 1 && id.p[0] == '.' && id.p[1] == '.') {
      buf_adds(out, "::");
      n = 2;
    } else {
      buf_addc(out, *id.p);
    }
    id.p += n;
    id.n -= n;
  }
}

enum demangled rust_demangle_legacy(struct str name, struct buf *out) {
  struct str rest = without_suffix(name);
  if (rest.n < SHORTEST || !str_ends(rest, STR_LIT("E")) || memcmp(rest.p + rest.n - TAIL, "17h", 3) != 0) {
    return NOT_DEMANGLED;
  }
  if (!is_hash(rest.p + rest.n - HASH)) return NOT_DEMANGLED;
  rest = (struct str){rest.p + 3, rest.n - 3 - TAIL};
  while (rest.n) {
    struct str id;
    if (!take_identifier(&rest, &id)) return NOT_DEMANGLED;
    if (out->n) buf_adds(out, "::");
    put_identifier(id, out);
  }
  if (out->failed) return DEMANGLE_NOMEM;
  return out->n > DEMANGLE_LIMIT ? NOT_DEMANGLED : DEMANGLED;
}
