// The leaves of Rust's v0 symbols: numbers, identifiers, lifetimes and constants; and the cursor over the input.
#include <inttypes.h>
#include <stdio.h>

#include "symbolize/rust.h"

enum { LARGEST_NUMBER = 214748364, LARGEST_RUNE = 0x10FFFF };

// ---- cursor and output --------------------------------------------------------------------------

_Noreturn void rust_fail(struct rust *r) { longjmp(r->env, 1); }

void rust_step(struct rust *r, size_t cost) {
  r->steps -= (long)cost;
  if (r->steps < 0) rust_fail(r);
}

void rust_enter(struct rust *r) {
  rust_step(r, 1);
  if (++r->depth > DEMANGLE_DEPTH) rust_fail(r);
}

bool rust_accept(struct rust *r, char c) {
  if (rust_peek(r) != c) return false;
  r->at++;
  return true;
}

void rust_expect(struct rust *r, char c) {
  if (!rust_accept(r, c)) rust_fail(r);
}

int rust_next(struct rust *r) {
  int c = rust_peek(r);
  if (c < 0) rust_fail(r);
  r->at++;
  return c;
}

void rust_put(struct rust *r, struct str s) {
  rust_step(r, 1);
  if (r->quiet || !s.n) return;
  buf_str(r->out, s);
  if (r->out->n > DEMANGLE_LIMIT) rust_fail(r);
  r->last = s.p[s.n - 1];
}

void rust_text(struct rust *r, const char *s) { rust_put(r, str_of(s)); }

void rust_char(struct rust *r, char c) { rust_put(r, (struct str){&c, 1}); }

void rust_i64(struct rust *r, int64_t n) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%" PRId64, n);
  rust_put(r, (struct str){digits, (size_t)length});
}

// ---- numbers ------------------------------------------------------------------------------------

// Base 62, one less than meant, "_" alone for 0. Overflow wraps.
int64_t rust_base62(struct rust *r) {
  if (rust_accept(r, '_')) return 0;
  uint64_t value = 0;
  for (;;) {
    int c = rust_next(r);
    if (c == '_') return (int64_t)(value + 1);
    value *= 62;
    if (cx_digit(c)) {
      value += (uint64_t)(c - '0');
    } else if (cx_lower(c)) {
      value += (uint64_t)(c - 'a' + 10);
    } else if (cx_upper(c)) {
      value += (uint64_t)(c - 'A' + 36);
    } else {
      rust_fail(r);
    }
  }
}

// A leading 0 does not end the number, against the rules of the mangling: the reference reads it so. None is 0.
static size_t decimal(struct rust *r) {
  size_t value = 0;
  if (rust_peek(r) < 0) rust_fail(r);
  while (cx_digit(rust_peek(r))) {
    size_t digit = (size_t)(rust_next(r) - '0');
    if (value >= LARGEST_NUMBER - digit) rust_fail(r);
    value = value * 10 + digit;
  }
  return value;
}

int64_t rust_disambiguator(struct rust *r) { return rust_accept(r, 's') ? (int64_t)((uint64_t)rust_base62(r) + 1) : 0; }

// ---- identifiers --------------------------------------------------------------------------------

// Where the parameters of RFC 3492 leave the decoder.
struct punycode {
  struct str in;  // still to be read
  int64_t i, bias, rune;
  size_t n;  // runes decoded
};

static int64_t punycode_digit(struct rust *r, struct punycode *d) {
  if (!d->in.n) rust_fail(r);
  int c = (unsigned char)*d->in.p++;
  d->in.n--;
  if (cx_digit(c)) return c - '0' + 26;
  if (cx_upper(c)) return c - 'A';
  if (cx_lower(c)) return c - 'a';
  rust_fail(r);
}

// Adds one number of variable length to d->i.
static void punycode_delta(struct rust *r, struct punycode *d) {
  int64_t weight = 1;
  for (int64_t k = 36;; k += 36) {
    int64_t digit = punycode_digit(r, d);
    d->i += digit * weight;
    int64_t threshold = k <= d->bias ? 1 : k > d->bias + 26 ? 26 : k - d->bias;
    if (digit < threshold) return;
    if (weight >= INT32_MAX / 36) rust_fail(r);
    weight *= 36 - threshold;
  }
}

static int64_t punycode_bias(int64_t delta, bool first, size_t points) {
  delta /= first ? 700 : 2;
  delta += delta / (int64_t)points;
  int64_t k = 0;
  for (; delta > 35 * 26 / 2; k += 36) delta /= 35;
  return k + 36 * delta / (delta + 38);
}

static void punycode_insert(struct rust *r, struct punycode *d, uint32_t rune, size_t at) {
  rust_step(r, (d->n - at) / 64 + 1);
  if (ARRAY_RESERVE(r->runes, r->runes_cap, d->n + 1)) {
    r->nomem = true;
    rust_fail(r);
  }
  memmove(r->runes + at + 1, r->runes + at, (d->n - at) * sizeof *r->runes);
  r->runes[at] = rune;
  d->n++;
}

static void put_rune(struct rust *r, uint32_t c) {
  char b[4];
  size_t n = 0;
  if (c < 0x80) {
    b[n++] = (char)c;
  } else if (c < 0x800) {
    b[n++] = (char)(0xC0 | c >> 6);
  } else if (c < 0x10000) {
    b[n++] = (char)(0xE0 | c >> 12);
    b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
  } else {
    b[n++] = (char)(0xF0 | c >> 18);
    b[n++] = (char)(0x80 | (c >> 12 & 0x3F));
    b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
  }
  if (c >= 0x80) b[n++] = (char)(0x80 | (c & 0x3F));
  rust_put(r, (struct str){b, n});
}

// Decodes into r->runes; returns how many.
static size_t punycode(struct rust *r, struct str s) {
  struct punycode d = {.in = s, .bias = 72, .rune = 128};
  const char *separator = s.n ? memrchr(s.p, '_', s.n) : NULL;
  if (separator) {
    size_t ascii = (size_t)(separator - s.p);
    for (size_t i = 0; i < ascii; i++) punycode_insert(r, &d, (unsigned char)s.p[i], i);
    d.in = (struct str){separator + 1, s.n - ascii - 1};
  }
  while (d.in.n) {
    int64_t before = d.i;
    punycode_delta(r, &d);
    int64_t points = (int64_t)d.n + 1;
    d.bias = punycode_bias(d.i - before, before == 0, (size_t)points);
    d.rune += d.i / points;
    if (d.rune > LARGEST_RUNE || (d.rune >= 0xD800 && d.rune < 0xE000)) rust_fail(r);
    d.i %= points;
    punycode_insert(r, &d, (uint32_t)d.rune, (size_t)d.i);
    d.i++;
  }
  return d.n;
}

// Punycode is decoded even when it is not printed: it may be wrong.
struct rust_identifier rust_identifier(struct rust *r) {
  struct rust_identifier id = {.punycode = rust_accept(r, 'u')};
  size_t n = decimal(r);
  rust_accept(r, '_');
  if (n > r->end - r->at) rust_fail(r);
  id.ascii = (struct str){r->all.p + r->at, n};
  r->at += n;
  for (size_t i = 0; i < n; i++) {
    int c = (unsigned char)id.ascii.p[i];
    if (!cx_digit(c) && !cx_upper(c) && !cx_lower(c) && c != '_') rust_fail(r);
  }
  if (id.punycode) id.runes = punycode(r, id.ascii);
  return id;
}

void rust_put_identifier(struct rust *r, struct rust_identifier id) {
  if (!id.punycode) {
    rust_put(r, id.ascii);
    return;
  }
  for (size_t i = 0; i < id.runes; i++) put_rune(r, r->runes[i]);
}

// ---- lifetimes and references back --------------------------------------------------------------

void rust_put_lifetime(struct rust *r, int64_t lifetime) {
  rust_char(r, '\'');
  if (lifetime == 0) {
    rust_char(r, '_');
    return;
  }
  int64_t depth = (int64_t)((uint64_t)r->lifetimes - (uint64_t)lifetime);
  if (depth < 0) rust_fail(r);
  rust_char(r, depth < 26 ? (char)('a' + depth) : 'z');
  if (depth >= 26) rust_i64(r, depth - 25);
}

// for<'a, 'b>
void rust_binder(struct rust *r) {
  if (!rust_accept(r, 'G')) return;
  int64_t n = (int64_t)((uint64_t)rust_base62(r) + 1);
  if (n >= (int64_t)(r->end - r->at) - r->lifetimes) rust_fail(r);  // each is referred to later
  rust_text(r, "for<");
  for (int64_t i = 0; i < n; i++) {
    if (i) rust_text(r, ", ");
    r->lifetimes++;
    rust_put_lifetime(r, 1);
  }
  rust_text(r, "> ");
}

// ---- constants ----------------------------------------------------------------------------------

static void put_character(struct rust *r, uint64_t c) {
  char hex[32];
  rust_char(r, '\'');
  switch (c) {
    case '\t': rust_text(r, "\\t"); break;
    case '\r': rust_text(r, "\\r"); break;
    case '\n': rust_text(r, "\\n"); break;
    case '\\': rust_text(r, "\\\\"); break;
    case '\'': rust_text(r, "\\'"); break;
    default:
      if (c >= ' ' && c <= '~') {
        rust_char(r, (char)c);
      } else {
        snprintf(hex, sizeof hex, "\\u{%" PRIx64 "}", c);
        rust_text(r, hex);
      }
      break;
  }
  rust_char(r, '\'');
}

// Hexadecimal digits up to '_'. More than 64 bits wrap.
static struct str hex_digits(struct rust *r, uint64_t *value) {
  size_t start = r->at;
  *value = 0;
  while (rust_peek(r) >= 0 && rust_peek(r) != '_') {
    int c = rust_next(r);
    if (!cx_digit(c) && (c < 'a' || c > 'f')) rust_fail(r);
    uint64_t digit = (uint64_t)(cx_digit(c) ? c - '0' : c - 'a' + 10);
    if (*value == 0 && digit == 0 && rust_peek(r) != '_') rust_fail(r);
    *value = *value * 16 + digit;
  }
  struct str digits = {r->all.p + start, r->at - start};
  rust_accept(r, '_');
  if (!digits.n) rust_fail(r);
  return digits;
}

static bool one_of(int c, const char *set) { return c > 0 && strchr(set, c); }

static void put_integer(struct rust *r, struct str digits, uint64_t value) {
  char decimal_digits[24];
  if (digits.n > 16) {
    rust_text(r, "0x");
    rust_put(r, digits);
    return;
  }
  snprintf(decimal_digits, sizeof decimal_digits, "%" PRIu64, value);
  rust_text(r, decimal_digits);
}

void rust_integer_or_character(struct rust *r) {
  int type = rust_next(r);
  bool is_signed = one_of(type, "aslxni");
  if (!is_signed && !one_of(type, "htmyojbc")) rust_fail(r);
  if (is_signed && rust_accept(r, 'n')) rust_char(r, '-');
  uint64_t value;
  struct str digits = hex_digits(r, &value);
  if (type == 'b') {
    if (digits.n > 1 || value > 1) rust_fail(r);
    rust_text(r, value ? "true" : "false");
  } else if (type == 'c') {
    if (digits.n > 6) rust_fail(r);
    put_character(r, value);
  } else {
    put_integer(r, digits, value);
  }
}
