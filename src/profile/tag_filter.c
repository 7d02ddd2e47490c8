// Tag filters: parsing and testing.
#include "profile/tag_filter.h"

#include <stdlib.h>

#include "measure/measure.h"

struct tag_filter {
  const struct label_units *units;
  char *text;  // own copy; key, unit point into it
  bool has_key, is_range;
  struct str key;
  // A range: in `unit`, from low to high, both included.
  struct str unit;
  bool has_low, has_high;
  double low, high;
  struct rx **rx;
  size_t n_rx;
};

// ---- ranges -------------------------------------------------------------------------------------

// A number with an optional unit, somewhere in a text.
struct quantity {
  struct str whole, unit;
  int64_t value;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The first quantity at or after *at; moves *at behind it. 1 found, 0 none, -1 a number that does not fit.
static int next_quantity(struct str s, size_t *at, struct quantity *q, struct err *e) {
  size_t i = *at;
  while (i < s.n && !is_digit(s.p[i])) i++;
  if (i == s.n) return 0;
  bool sign = i > *at && (s.p[i - 1] == '-' || s.p[i - 1] == '+');
  bool negative = sign && s.p[i - 1] == '-';
  size_t from = i - sign;
  uint64_t v = 0, most = (uint64_t)INT64_MAX + negative;
  for (; i < s.n && is_digit(s.p[i]); i++) {
    unsigned digit = (unsigned)(s.p[i] - '0');
    if (v > (most - digit) / 10) return err_set(e, "the number in \"%.*s\" is too large", STR_ARG(s));
    v = v * 10 + digit;
  }
  size_t unit = i;
  while (i < s.n && is_letter(s.p[i])) i++;
  *q = (struct quantity){{s.p + from, i - from}, {s.p + unit, i - unit}, negative ? (int64_t)(0 - v) : (int64_t)v};
  *at = i;
  return 1;
}

static void set_bounds(struct tag_filter *f, const double *low, const double *high) {
  f->is_range = true;
  f->has_low = low != NULL;
  f->has_high = high != NULL;
  f->low = low ? *low : 0;
  f->high = high ? *high : 0;
}

// 0 with f->is_range set when the text is a range; -1 on a number that does not fit.
static int parse_range(struct tag_filter *f, struct str s, struct err *e) {
  struct quantity a, b;
  struct str unit_b;
  size_t at = 0;
  int found = next_quantity(s, &at, &a, e);
  if (found <= 0) return found;
  double low = measure_scale(a.value, a.unit, a.unit, &f->unit);
  size_t n = a.whole.n;
  found = next_quantity(s, &at, &b, e);
  if (found < 0) return -1;
  if (found == 0) {
    bool starts = a.whole.p == s.p, ends = a.whole.p + n == s.p + s.n;
    if (starts && ends) set_bounds(f, &low, &low);
    else if (starts && s.n == n + 1 && s.p[n] == ':') set_bounds(f, &low, NULL);
    else if (ends && s.n == n + 1 && s.p[0] == ':') set_bounds(f, NULL, &low);
    return 0;
  }
  bool exact = a.whole.p == s.p && s.n == n + 1 + b.whole.n && s.p[n] == ':' && b.whole.p == s.p + n + 1;
  double high = measure_scale(b.value, b.unit, f->unit, &unit_b);
  if (exact && str_eq(f->unit, unit_b)) set_bounds(f, &low, &high);
  return 0;
}

static bool in_range(const struct tag_filter *f, const struct label *l) {
  struct str unit;
  double v = measure_scale(l->number, label_unit(f->units, l->key), f->unit, &unit);
  return str_eq(unit, f->unit) && (!f->has_low || v >= f->low) && (!f->has_high || v <= f->high);
}

static int test_range(const struct tag_filter *f, const struct view *v, const struct label *l, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (l[i].numeric && (!f->has_key || str_eq(view_str(v, l[i].key), f->key)) && in_range(f, &l[i])) return 1;
  return 0;
}

// ---- expressions --------------------------------------------------------------------------------

static int parse_expressions(struct tag_filter *f, struct str s, struct err *e) {
  size_t parts = 1;
  for (size_t i = 0; i < s.n; i++) parts += s.p[i] == ',';
  f->rx = calloc(parts, sizeof *f->rx);
  if (!f->rx) return err_nomem(e);
  while (f->n_rx < parts) {
    size_t n = 0;
    while (n < s.n && s.p[n] != ',') n++;
    f->rx[f->n_rx] = rx_new((struct str){s.p, n}, e);
    if (!f->rx[f->n_rx]) return -1;
    f->n_rx++;
    if (n < s.n) n++;
    s = (struct str){s.p + n, s.n - n};
  }
  return 0;
}

// With a key: does any expression match any of its values?
static int test_key(const struct tag_filter *f, const struct view *v, const struct label *l, uint32_t n,
                    struct err *e) {
  for (uint32_t i = 0; i < n; i++) {
    if (l[i].numeric || !str_eq(view_str(v, l[i].key), f->key)) continue;
    for (size_t k = 0; k < f->n_rx; k++) {
      int match = rx_match(f->rx[k], view_str(v, l[i].text), e);
      if (match) return match;
    }
  }
  return 0;
}

static int any_label(const struct rx *rx, const struct view *v, const struct label *l, uint32_t n, struct buf *text,
                     struct err *e) {
  for (uint32_t i = 0; i < n; i++) {
    if (l[i].numeric) continue;
    buf_clear(text);
    buf_str(text, view_str(v, l[i].key));
    buf_addc(text, ':');
    buf_str(text, view_str(v, l[i].text));
    if (text->failed) return err_nomem(e);
    int match = rx_match(rx, buf_view(text), e);
    if (match) return match;
  }
  return 0;
}

// Without a key: does every expression match some "key:value"?
static int test_any_key(const struct tag_filter *f, const struct view *v, const struct label *l, uint32_t n,
                        struct err *e) {
  struct buf text = {0};
  int match = 1;
  for (size_t k = 0; k < f->n_rx && match > 0; k++) match = any_label(f->rx[k], v, l, n, &text, e);
  buf_release(&text);
  return match;
}

int tag_filter_test(void *filter, const struct view *v, const struct label *labels, uint32_t n, struct err *e) {
  const struct tag_filter *f = filter;
  if (f->is_range) return test_range(f, v, labels, n);
  return f->has_key ? test_key(f, v, labels, n, e) : test_any_key(f, v, labels, n, e);
}

struct tag_filter *tag_filter_new(struct str text, const struct label_units *units, struct err *e) {
  struct tag_filter *f = calloc(1, sizeof *f);
  if (!f || !(f->text = malloc(text.n + 1))) {
    err_nomem(e);
    tag_filter_free(f);
    return NULL;
  }
  if (text.n) memcpy(f->text, text.p, text.n);
  f->units = units;
  struct str value = {f->text, text.n};
  size_t equals = str_find(value, STR_LIT("="));
  if (equals != SIZE_MAX) {
    f->has_key = equals > 0;  // "=value" is for any key, as in the reference
    f->key = (struct str){value.p, equals};
    value = (struct str){value.p + equals + 1, value.n - equals - 1};
  }
  if (parse_range(f, value, e) || (!f->is_range && parse_expressions(f, value, e))) {
    tag_filter_free(f);
    return NULL;
  }
  return f;
}

bool tag_filter_is_range(const struct tag_filter *f) { return f->is_range; }

void tag_filter_free(struct tag_filter *f) {
  if (!f) return;
  for (size_t i = 0; i < f->n_rx; i++) rx_free(f->rx[i]);
  free(f->rx);
  free(f->text);
  free(f);
}
