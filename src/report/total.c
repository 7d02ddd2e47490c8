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

// A part of the samples, and their sums.
struct summing {
  const struct view *v;
  uint32_t column, first, last;
  bool mean;
  const uint8_t *is_base;  // a label set
  int64_t all, all_div, base, base_div;
};

static void *sum(void *arg) {
  struct summing *m = arg;
  const struct profile *p = m->v->profile;
  for (uint32_t s = m->first; s < m->last; s++) {
    if (!view_has(m->v, s)) continue;
    const int64_t *values = profile_values(p, s);
    int64_t value = wrap_abs(values[m->column]), div = m->mean ? values[0] : 0;
    uint32_t set = profile_label_set(p, s);
    m->all = wrap_add(m->all, value);
    m->all_div = wrap_add(m->all_div, div);
    if (set == NONE || !m->is_base[set]) continue;
    m->base = wrap_add(m->base, value);
    m->base_div = wrap_add(m->base_div, div);
  }
  return NULL;
}

int report_total(const struct view *v, uint32_t column, bool mean, int64_t *total, struct err *e) {
  const struct profile *p = v->profile;
  struct summing part[GRAPH_MOST_PARTS], *first = &part[0];
  unsigned n = graph_parts(p);
  uint8_t *is_base = report_base_sets(p);
  if (!is_base) return err_nomem(e);
  for (unsigned i = 0; i < n; i++)
    part[i] = (struct summing){.v = v,
                               .column = column,
                               .first = graph_part_start(p, n, i),
                               .last = graph_part_start(p, n, i + 1),
                               .mean = mean,
                               .is_base = is_base};
  graph_run_parts(part, sizeof *part, n, sum);
  free(is_base);
  for (unsigned i = 1; i < n; i++) {
    first->all = wrap_add(first->all, part[i].all);
    first->all_div = wrap_add(first->all_div, part[i].all_div);
    first->base = wrap_add(first->base, part[i].base);
    first->base_div = wrap_add(first->base_div, part[i].base_div);
  }
  int64_t all = first->base > 0 ? first->base : first->all, div = first->base > 0 ? first->base_div : first->all_div;
  *total = div ? wrap_div(all, div) : all;
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
