// The total of a report, and values as shares of it.
#include <math.h>
#include <stdlib.h>

#include "measure/measure.h"
#include "report/internal.h"

uint8_t *report_base_sets(const struct profile *p) {
  uint8_t *marks = calloc((size_t)p->n_label_sets + 1, 1);
  for (uint32_t i = 0; i < p->n_label_sets && marks; i++) {
    uint32_t n;
    const struct label *l = profile_labels(p, i, &n);
    for (uint32_t k = 0; k < n; k++)
      marks[i] |= !l[k].numeric && str_eq(profile_str(p, l[k].key), STR_LIT("pprof::base")) &&
                  str_eq(profile_str(p, l[k].text), STR_LIT("true"));
  }
  return marks;
}

int report_total(const struct view *v, uint32_t column, bool mean, int64_t *total, struct err *e) {
  const struct profile *p = v->profile;
  int64_t all = 0, all_div = 0, base = 0, base_div = 0;
  uint8_t *is_base = report_base_sets(p);
  if (!is_base) return err_nomem(e);
  for (uint32_t s = 0; s < p->n_samples; s++) {
    if (!view_has(v, s)) continue;
    const int64_t *values = profile_values(p, s);
    int64_t value = wrap_abs(values[column]), div = mean ? values[0] : 0;
    uint32_t set = profile_label_set(p, s);
    all = wrap_add(all, value);
    all_div = wrap_add(all_div, div);
    if (set == NONE || !is_base[set]) continue;
    base = wrap_add(base, value);
    base_div = wrap_add(base_div, div);
  }
  free(is_base);
  int64_t sum = base > 0 ? base : all, div = base > 0 ? base_div : all_div;
  *total = div ? wrap_div(sum, div) : sum;
  return 0;
}

int64_t report_number(const struct report *r, int64_t value) {
  return r->o.ratio > 0 && r->o.ratio != 1 ? int64_from_double((double)value * r->o.ratio) : value;
}

void report_value(const struct report *r, struct str unit, struct buf *out, int64_t value) {
  measure_label(out, report_number(r, value), r->o.sample_unit, unit);
}

void report_share(const struct report *r, struct buf *out, int64_t value) { measure_percentage(out, value, r->total); }

// ECMA-48: bold red from a tenth of the total on, yellow from a thirtieth.
static const char *heat(const struct report *r, int64_t value) {
  double share = r->o.color && r->total ? fabs((double)value) / fabs((double)r->total) : 0;
  return share >= 0.1 ? "\033[1;31m" : share >= 1.0 / 30 ? "\033[33m" : "";
}

void report_hot_begin(const struct report *r, struct buf *out, int64_t value) { buf_adds(out, heat(r, value)); }

void report_hot_end(const struct report *r, struct buf *out, int64_t value) {
  if (*heat(r, value)) buf_adds(out, "\033[0m");
}
