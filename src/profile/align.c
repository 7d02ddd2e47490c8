// Making profiles comparable before they are merged: the sample types all of them have, in the finest unit any has.
#include <stdlib.h>

#include "measure/measure.h"
#include "profile/internal.h"

static uint32_t find_type(const struct profile *p, struct str type) {
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    if (str_eq(profile_str(p, p->sample_type[i].type), type)) return i;
  return NONE;
}

static size_t count_type(struct profile *const *sources, size_t n, struct str type) {
  size_t count = 0;
  for (size_t k = 0; k < n; k++)
    for (uint32_t i = 0; i < sources[k]->n_sample_types; i++)
      count += str_eq(profile_str(sources[k], sources[k]->sample_type[i].type), type);
  return count;
}

// Reorders and drops columns so that column i is the old column from[i].
static int select_columns(struct profile *p, const uint32_t *from, uint32_t n, struct err *e) {
  struct value_type *types = malloc((n + 1) * sizeof *types);
  int64_t *row = malloc((n + 1) * sizeof *row);
  if (types && row) {
    for (uint32_t i = 0; i < n; i++) types[i] = p->sample_type[from[i]];
    for (uint32_t s = 0; s < p->n_samples; s++) {
      for (uint32_t i = 0; i < n; i++) row[i] = profile_values(p, s)[from[i]];
      memcpy(p->value + (size_t)s * n, row, n * sizeof *row);
    }
    memcpy(p->sample_type, types, n * sizeof *types);
    p->n_sample_types = n;
  }
  bool ok = types && row;
  free(types);
  free(row);
  return ok ? 0 : err_nomem(e);
}

// Brings one profile to the given types; its default becomes the first of them when it is not among them.
static int reduce_types(struct profile *p, const struct str *types, uint32_t n, struct err *e) {
  uint32_t *from = malloc((n + 1) * sizeof *from);
  if (!from) return err_nomem(e);
  bool same = n == p->n_sample_types, has_default = false;
  int result = 0;
  for (uint32_t i = 0; i < n; i++) {
    from[i] = find_type(p, types[i]);
    // One that has the type twice may have made up for one that has it not.
    if (from[i] == NONE || n > p->n_sample_types)
      result = err_set(e, "a profile has not the sample type \"%.*s\" of the others", STR_ARG(types[i]));
    same = same && from[i] == i;
    has_default |= str_eq(types[i], profile_str(p, p->default_sample_type));
  }
  if (!result && !same) result = select_columns(p, from, n, e);
  if (!same && !result && !has_default) p->default_sample_type = p->sample_type[0].type;
  free(from);
  return result;
}

static int keep_common_types(struct profile **sources, size_t n, struct err *e) {
  int result = -1;
  uint32_t n_types = 0;
  struct str *types = malloc((sources[0]->n_sample_types + 1) * sizeof *types);
  if (!types) return err_nomem(e);
  for (uint32_t i = 0; i < sources[0]->n_sample_types; i++) {
    struct str type = profile_str(sources[0], sources[0]->sample_type[i].type);
    if (count_type(sources, n, type) == n) types[n_types++] = type;
  }
  if (n_types == 0) {
    err_set(e, n == 1 ? "the profile has no sample types" : "the profiles have no sample type in common");
    goto done;
  }
  for (size_t k = 0; k < n; k++)
    if (reduce_types(sources[k], types, n_types, e)) goto done;
  result = 0;
done:
  free(types);
  return result;
}

static struct str without_s(struct str s) {
  if (str_ends(s, STR_LIT("s"))) s.n--;
  return s;
}

struct named_type {
  struct str type, unit;
};

static struct named_type name_type(const struct profile *p, struct value_type t) {
  return (struct named_type){profile_str(p, t.type), profile_str(p, t.unit)};
}

static bool comparable(struct named_type a, struct named_type b) {
  if (!str_eq(without_s(a.type), without_s(b.type))) return false;
  return str_eq(a.unit, b.unit) || measure_same_family(a.unit, b.unit);
}

static double unit_ratio(struct str from, struct str to) {
  struct str ignored;
  return measure_scale(1, from, to, &ignored);
}

// Moves *finest to `t` when t's unit is finer.
static int finer(struct named_type *finest, struct named_type t, struct err *e) {
  if (!comparable(*finest, t))
    return err_set(e, "the profiles cannot be combined: %.*s/%.*s and %.*s/%.*s", STR_ARG(finest->type),
                   STR_ARG(finest->unit), STR_ARG(t.type), STR_ARG(t.unit));
  if (unit_ratio(t.unit, finest->unit) < 1) *finest = t;
  return 0;
}

static int set_unit(struct profile *p, struct value_type *t, struct str unit, struct err *e) {
  uint32_t number = profile_add_string(p, unit);
  if (number == STRINGS_NONE) return err_nomem(e);
  t->unit = number;
  return 0;
}

static int scale_period(struct profile *p, struct str unit, struct err *e) {
  struct str ignored;
  p->period = int64_from_double(measure_scale(p->period, profile_str(p, p->period_type.unit), unit, &ignored));
  return set_unit(p, &p->period_type, unit, e);
}

static int scale_values(struct profile *p, const struct named_type *common, struct err *e) {
  int result = -1;
  double *ratios = malloc((p->n_sample_types + 1) * sizeof *ratios);
  if (!ratios) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    ratios[i] = unit_ratio(profile_str(p, p->sample_type[i].unit), common[i].unit);
    if (set_unit(p, &p->sample_type[i], common[i].unit, e)) goto done;
  }
  result = profile_scale(p, ratios, e);
done:
  free(ratios);
  return result;
}

static int bring_to_finest_units(struct profile **sources, size_t n, struct err *e) {
  struct profile *first = sources[0];
  int result = -1;
  struct named_type period = name_type(first, first->period_type);
  struct named_type *common = malloc((first->n_sample_types + 1) * sizeof *common);
  if (!common) return err_nomem(e);
  for (uint32_t i = 0; i < first->n_sample_types; i++) common[i] = name_type(first, first->sample_type[i]);
  for (size_t k = 1; k < n; k++) {
    if (finer(&period, name_type(sources[k], sources[k]->period_type), e)) goto done;
    for (uint32_t i = 0; i < first->n_sample_types; i++)
      if (finer(&common[i], name_type(sources[k], sources[k]->sample_type[i]), e)) goto done;
  }
  for (size_t k = 0; k < n; k++)
    if (scale_period(sources[k], period.unit, e) || scale_values(sources[k], common, e)) goto done;
  result = 0;
done:
  free(common);
  return result;
}

int profile_align(struct profile **sources, size_t n, struct err *e) {
  if (keep_common_types(sources, n, e)) return -1;
  return n > 1 ? bring_to_finest_units(sources, n, e) : 0;
}
