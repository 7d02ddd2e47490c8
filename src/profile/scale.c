// Changes of values at load: scaling, normalizing, marking, choosing the column.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "profile/internal.h"

// Moves the kept samples together. `gone` has one byte a sample.
static void drop_samples(struct profile *p, const uint8_t *gone) {
  uint32_t n = 0, frames = 0;
  size_t types = p->n_sample_types;
  for (uint32_t s = 0; s < p->n_samples; s++) {
    uint32_t from = p->stack[s], depth = p->stack[s + 1] - from;
    if (gone[s]) continue;
    memmove(p->frame + frames, p->frame + from, depth * sizeof *p->frame);
    memmove(p->value + n * types, p->value + s * types, types * sizeof *p->value);
    if (p->sample_labels) p->sample_labels[n] = p->sample_labels[s];
    // stack[n] for n <= s was read already: stack[s + 1] is read before it is written.
    p->stack[n++] = frames;
    frames += depth;
  }
  p->stack[n] = frames;
  p->n_samples = n;
}

// Scales one sample; true when a scaled column is not 0.
static bool scale_sample(int64_t *value, const double *ratios, uint32_t n) {
  bool some = false;
  for (uint32_t i = 0; i < n; i++) {
    if (ratios[i] == 1) continue;
    value[i] = int64_from_double(round((double)value[i] * ratios[i]));
    some |= value[i] != 0;
  }
  return some;
}

int profile_scale(struct profile *p, const double *ratios, struct err *e) {
  bool any = false;
  for (uint32_t i = 0; i < p->n_sample_types; i++) any |= ratios[i] != 1;
  if (!any) return 0;
  uint8_t *gone = malloc((size_t)p->n_samples + 1);
  if (!gone) return err_nomem(e);
  for (uint32_t s = 0; s < p->n_samples; s++)
    gone[s] = !scale_sample(p->value + (size_t)s * p->n_sample_types, ratios, p->n_sample_types);
  drop_samples(p, gone);
  free(gone);
  return 0;
}

static int64_t column_sum(const struct profile *p, uint32_t column) {
  int64_t sum = 0;
  for (uint32_t s = 0; s < p->n_samples; s++) sum = wrap_add(sum, profile_values(p, s)[column]);
  return sum;
}

static bool same_type(const struct profile *a, struct value_type ta, const struct profile *b, struct value_type tb) {
  return str_eq(profile_str(a, ta.type), profile_str(b, tb.type)) &&
         str_eq(profile_str(a, ta.unit), profile_str(b, tb.unit));
}

static int type_mismatch(const struct profile *a, struct value_type ta, const struct profile *b, struct value_type tb,
                         const char *what, struct err *e) {
  return err_set(e, "%s do not match: %.*s/%.*s and %.*s/%.*s", what, STR_ARG(profile_str(a, ta.type)),
                 STR_ARG(profile_str(a, ta.unit)), STR_ARG(profile_str(b, tb.type)), STR_ARG(profile_str(b, tb.unit)));
}

int profile_compatible(const struct profile *a, const struct profile *b, struct err *e) {
  if (!same_type(a, a->period_type, b, b->period_type))
    return type_mismatch(a, a->period_type, b, b->period_type, "period types", e);
  if (a->n_sample_types != b->n_sample_types)
    return err_set(e, "one profile has %u sample types, another %u", a->n_sample_types, b->n_sample_types);
  for (uint32_t i = 0; i < a->n_sample_types; i++)
    if (!same_type(a, a->sample_type[i], b, b->sample_type[i]))
      return type_mismatch(a, a->sample_type[i], b, b->sample_type[i], "sample types", e);
  return 0;
}

int profile_normalize(struct profile *p, const struct profile *base, struct err *e) {
  if (profile_compatible(p, base, e)) return -1;
  double *ratios = malloc((p->n_sample_types + 1) * sizeof *ratios);
  if (!ratios) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    int64_t own = column_sum(p, i);
    ratios[i] = own ? (double)column_sum(base, i) / (double)own : 0;
  }
  int result = profile_scale(p, ratios, e);
  free(ratios);
  return result;
}

// The set with its values of `key` replaced; NONE when memory ran out.
static uint32_t set_with(struct profile *p, uint32_t set, uint32_t key, uint32_t value, struct label **room,
                         size_t *cap) {
  uint32_t n, kept = 0;
  const struct label *l = profile_labels(p, set, &n);
  if (ARRAY_RESERVE(*room, *cap, (size_t)n + 1)) return NONE;
  for (uint32_t i = 0; i < n; i++)
    if (l[i].numeric || l[i].key != key) (*room)[kept++] = l[i];
  (*room)[kept++] = (struct label){.key = key, .text = value, .unit = NONE};
  return profile_add_label_set(p, *room, kept);
}

int profile_set_label(struct profile *p, struct str key, struct str value, struct err *e) {
  uint32_t k = profile_add_string(p, key), v = profile_add_string(p, value), sets = p->n_label_sets;
  struct label *room = NULL;
  size_t cap = 0;
  uint32_t *changed = malloc(((size_t)sets + 1) * sizeof *changed);
  bool ok = changed && k != NONE && v != NONE;
  for (uint32_t i = 0; i <= sets && ok; i++) {
    changed[i] = set_with(p, i < sets ? i : NONE, k, v, &room, &cap);
    ok = changed[i] != NONE;
  }
  bool had_column = p->sample_labels != NULL;
  if (ok && ARRAY_RESERVE(p->sample_labels, p->sample_labels_cap, p->n_samples)) ok = false;
  for (uint32_t s = 0; s < p->n_samples && ok; s++) {
    uint32_t set = had_column ? p->sample_labels[s] : NONE;
    p->sample_labels[s] = changed[set == NONE ? sets : set];
  }
  free(room);
  free(changed);
  return ok ? 0 : err_nomem(e);
}

// An integer as Go's strconv.Atoi takes it; false when the text is none.
static bool parse_index(struct str s, int64_t *v) {
  bool negative = s.n && s.p[0] == '-';
  if (s.n && (s.p[0] == '-' || s.p[0] == '+')) s.p++, s.n--;
  if (s.n == 0 || s.n > 18) return false;
  *v = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] < '0' || s.p[i] > '9') return false;
    *v = *v * 10 + (s.p[i] - '0');
  }
  if (negative) *v = -*v;
  return true;
}

static int unknown_type(const struct profile *p, struct str wanted, struct err *e) {
  struct buf names = {0};
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    if (i) buf_adds(&names, ", ");
    buf_str(&names, profile_str(p, p->sample_type[i].type));
  }
  err_set(e, "sample_index \"%.*s\" is none of the sample types: %.*s", STR_ARG(wanted), STR_ARG(buf_view(&names)));
  buf_release(&names);
  return -1;
}

int profile_sample_index(const struct profile *p, struct str wanted, uint32_t *index, struct err *e) {
  int64_t number;
  if (p->n_sample_types == 0) return err_set(e, "the profile has no sample types");
  if (wanted.n == 0) {
    *index = p->n_sample_types - 1;
    for (uint32_t i = p->n_sample_types; i-- > 0 && p->default_sample_type;)
      if (p->sample_type[i].type == p->default_sample_type) *index = i;
    return 0;
  }
  if (parse_index(wanted, &number)) {
    if (number < 0 || number >= p->n_sample_types)
      return err_set(e, "sample_index %.*s is outside of 0 to %u", STR_ARG(wanted), p->n_sample_types - 1);
    *index = (uint32_t)number;
    return 0;
  }
  struct str bare = wanted, inuse = STR_LIT("inuse_");
  if (str_starts(wanted, inuse)) bare = (struct str){wanted.p + inuse.n, wanted.n - inuse.n};
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    struct str type = profile_str(p, p->sample_type[i].type);
    if (!str_eq(type, wanted) && !str_eq(type, bare)) continue;
    *index = i;
    return 0;
  }
  return unknown_type(p, wanted, e);
}
