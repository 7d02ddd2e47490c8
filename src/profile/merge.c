// Several profiles into one. Everything of a source is mapped when a kept sample first needs it, so that ids come out
// in first-seen order and what no sample uses is left behind.
#include "profile/merge.h"

#include <stdlib.h>

static int map_label_set(struct merger *m, uint32_t set, uint32_t *out) {
  uint32_t n;
  const struct label *l = profile_labels(m->from, set, &n);
  *out = NONE;
  if (n == 0) return 0;
  if (m->label_set[set] == NONE) {
    if (ARRAY_RESERVE(m->label, m->label_cap, n)) return err_nomem(m->e);
    for (uint32_t i = 0; i < n; i++) {
      m->label[i] = l[i];
      m->label[i].key = merge_string(m, l[i].key);
      m->label[i].text = merge_string(m, l[i].text);
      if (l[i].unit != NONE) m->label[i].unit = merge_string(m, l[i].unit);
      if (m->label[i].key == NONE || m->label[i].text == NONE) return err_nomem(m->e);
      if (l[i].unit != NONE && m->label[i].unit == NONE) return err_nomem(m->e);
    }
    m->label_set[set] = profile_add_label_set(m->to, m->label, n);
    if (m->label_set[set] == NONE) return err_nomem(m->e);
  }
  *out = m->label_set[set];
  return 0;
}

static bool all_zero(const int64_t *value, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (value[i]) return false;
  return true;
}

static bool same_sample(const struct profile *p, uint32_t sample, const uint32_t *stack, uint32_t depth, uint32_t set) {
  uint32_t from = p->stack[sample];
  return p->stack[sample + 1] - from == depth && profile_label_set(p, sample) == set &&
         memcmp(p->frame + from, stack, depth * sizeof *stack) == 0;
}

static int merge_sample(struct merger *m, uint32_t sample) {
  const struct profile *from = m->from;
  struct profile *to = m->to;
  uint32_t start = from->stack[sample], depth = from->stack[sample + 1] - start, set;
  const int64_t *value = profile_values(from, sample);
  if (ARRAY_RESERVE(m->stack, m->stack_cap, (size_t)depth + 1)) return err_nomem(m->e);
  for (uint32_t i = 0; i < depth; i++) {
    uint32_t location = from->frame[start + i];
    if (m->location[location] == NONE && merge_location(m, location)) return -1;
    m->stack[i] = m->location[location];
  }
  if (map_label_set(m, profile_label_set(from, sample), &set)) return -1;
  uint64_t hash = hash_bytes(m->stack, depth * sizeof *m->stack, set);
  size_t at = 0;
  for (uint32_t i = index_first(&m->samples, hash, &at); i != MAP_NONE; i = index_next(&m->samples, hash, &at)) {
    if (!same_sample(to, i, m->stack, depth, set)) continue;
    int64_t *sum = to->value + (size_t)i * to->n_sample_types;
    for (uint32_t k = 0; k < to->n_sample_types; k++) sum[k] = wrap_add(sum[k], value[k]);
    return 0;
  }
  if (index_add(&m->samples, hash, to->n_samples) || profile_add_sample(to, m->stack, depth, value, set))
    return err_nomem(m->e);
  return 0;
}

static int merge_source(struct merger *m, const struct profile *p) {
  int result = merge_enter(m, p);
  // The main program's mapping stays the first one even where no sample is in it.
  if (!result && m->to->places.n_mappings == 0 && p->places.n_mappings) result = merge_mapping(m, 0);
  for (uint32_t s = 0; s < p->n_samples && !result; s++)
    if (!all_zero(profile_values(p, s), p->n_sample_types)) result = merge_sample(m, s);
  merge_leave(m);
  return result;
}

static bool has_comment(const struct profile *p, uint32_t number) {
  for (uint32_t i = 0; i < p->n_comments; i++)
    if (p->comment[i] == number) return true;
  return false;
}

static int merge_comments(struct merger *m, const struct profile *p) {
  for (uint32_t i = 0; i < p->n_comments; i++) {
    struct str text = profile_str(p, p->comment[i]);
    uint32_t number = profile_add_string(m->to, text);
    if (number == NONE) return err_nomem(m->e);
    if (!has_comment(m->to, number) && profile_add_comment(m->to, text) == NONE) return err_nomem(m->e);
  }
  return 0;
}

static int copy_string(struct merger *m, const struct profile *p, uint32_t number, uint32_t *out) {
  *out = profile_add_string(m->to, profile_str(p, number));
  return *out == NONE ? err_nomem(m->e) : 0;
}

static int merge_header(struct merger *m, const struct profile *p, bool first) {
  struct profile *to = m->to;
  if (to->time_nanos == 0 || p->time_nanos < to->time_nanos) to->time_nanos = p->time_nanos;
  to->duration_nanos = wrap_add(to->duration_nanos, p->duration_nanos);
  if (to->period == 0 || to->period < p->period) to->period = p->period;
  if (!to->default_sample_type && copy_string(m, p, p->default_sample_type, &to->default_sample_type)) return -1;
  if (!to->doc_url && copy_string(m, p, p->doc_url, &to->doc_url)) return -1;
  if (merge_comments(m, p)) return -1;
  if (!first) return 0;
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    if (profile_add_sample_type(to, profile_str(p, p->sample_type[i].type), profile_str(p, p->sample_type[i].unit)) ==
        NONE)
      return err_nomem(m->e);
  return copy_string(m, p, p->drop_frames, &to->drop_frames) || copy_string(m, p, p->keep_frames, &to->keep_frames) ||
                 copy_string(m, p, p->period_type.type, &to->period_type.type) ||
                 copy_string(m, p, p->period_type.unit, &to->period_type.unit)
             ? -1
             : 0;
}

static void merger_release(struct merger *m) {
  index_release(&m->samples);
  index_release(&m->locations);
  index_release(&m->functions);
  index_release(&m->mappings);
  free(m->check);
  free(m->stack);
  free(m->line);
  free(m->label);
}

static int absorb(struct merger *m, struct profile *p, bool first) {
  int result = merge_header(m, p, first);
  if (!result) result = merge_source(m, p);
  profile_free(p);
  return result;
}

static bool has_zero_sample(const struct profile *p) {
  for (uint32_t s = 0; s < p->n_samples; s++)
    if (all_zero(profile_values(p, s), p->n_sample_types)) return true;
  return false;
}

// Merges profiles of the same types, freeing each when it is done.
static struct profile *combine(struct profile **sources, size_t n, struct err *e) {
  struct merger m = {.e = e, .to = profile_new(e)};
  int result = m.to ? 0 : -1;
  for (size_t k = 1; k < n && !result; k++) result = profile_compatible(sources[0], sources[k], e);
  for (size_t k = 0; k < n && !result; k++) {
    struct profile *p = sources[k];
    sources[k] = NULL;
    result = absorb(&m, p, k == 0);
  }
  merger_release(&m);
  if (!result) return m.to;
  profile_free(m.to);
  return NULL;
}

// Sums that came out as zero go, and the locations only they had.
static struct profile *without_zeros(struct profile *p, struct err *e) {
  if (!p || !has_zero_sample(p)) return p;
  struct profile *sum = p;
  p = combine(&sum, 1, e);
  profile_free(sum);
  return p;
}

// ---- as they come -------------------------------------------------------------------------------

// Profiles of the same types go into the merger one by one. From the first that differs on they wait, since only all of
// them together tell which types are common and which unit is finest.
struct profile_merger {
  struct merger merger;
  bool merging;
  struct profile **waiting;
  size_t n, cap;
};

struct profile_merger *profile_merger_new(struct err *e) {
  struct profile_merger *m = calloc(1, sizeof *m);
  if (!m) err_nomem(e);
  return m;
}

static bool types_differ_among_themselves(const struct profile *p) {
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    for (uint32_t k = 0; k < i; k++)
      if (p->sample_type[i].type == p->sample_type[k].type) return false;
  return p->n_sample_types > 0;
}

static int wait(struct profile_merger *m, struct profile *p, struct err *e) {
  if (ARRAY_RESERVE(m->waiting, m->cap, m->n + 1)) {
    profile_free(p);
    return err_nomem(e);
  }
  m->waiting[m->n++] = p;
  return 0;
}

// The first two are there and alike.
static int start_merging(struct profile_merger *m, struct err *e) {
  struct profile *first = m->waiting[0];
  m->merger = (struct merger){.e = e, .to = profile_new(e)};
  m->n = 0;
  if (!m->merger.to) {
    profile_free(first);
    return -1;
  }
  m->merging = true;
  return absorb(&m->merger, first, true);
}

int profile_merger_add(struct profile_merger *m, struct profile *p, struct err *e) {
  struct err ignored = {""};
  if (!m->merging && m->n == 0) return wait(m, p, e);
  const struct profile *like = m->merging ? m->merger.to : m->waiting[0];
  bool alike = profile_compatible(like, p, &ignored) == 0 && types_differ_among_themselves(p);
  if (!alike || m->n != (m->merging ? 0 : 1)) return wait(m, p, e);
  if (!m->merging && start_merging(m, e)) {
    profile_free(p);
    return -1;
  }
  m->merger.e = e;
  return absorb(&m->merger, p, false);
}

static struct profile *merge_all(struct profile **sources, size_t n, struct err *e) {
  struct profile *p = NULL;
  if (profile_align(sources, n, e) == 0) {
    p = n == 1 ? sources[0] : without_zeros(combine(sources, n, e), e);
    if (n == 1) sources[0] = NULL;
  }
  return p;
}

// Puts what was merged so far before the ones that wait.
static int wait_first(struct profile_merger *m, struct err *e) {
  struct profile *merged = m->merger.to;
  m->merger.to = NULL;
  if (wait(m, merged, e)) return -1;
  memmove(m->waiting + 1, m->waiting, (m->n - 1) * sizeof *m->waiting);
  m->waiting[0] = merged;
  return 0;
}

struct profile *profile_merger_finish(struct profile_merger *m, struct err *e) {
  struct profile *p = NULL;
  if (m->merging && m->n == 0) {
    p = without_zeros(m->merger.to, e);
    m->merger.to = NULL;
  } else if (!m->merging || wait_first(m, e) == 0) {
    p = merge_all(m->waiting, m->n, e);
  }
  profile_merger_free(m);
  return p;
}

void profile_merger_free(struct profile_merger *m) {
  if (!m) return;
  profile_free(m->merger.to);
  merger_release(&m->merger);
  for (size_t k = 0; k < m->n; k++) profile_free(m->waiting[k]);
  free(m->waiting);
  free(m);
}

struct profile *profile_merge(struct profile **sources, size_t n, struct err *e) {
  struct profile_merger *m = profile_merger_new(e);
  int result = m ? 0 : -1;
  for (size_t k = 0; k < n; k++) {
    if (result) profile_free(sources[k]);
    else result = profile_merger_add(m, sources[k], e);
    sources[k] = NULL;
  }
  if (!result) return profile_merger_finish(m, e);
  profile_merger_free(m);
  return NULL;
}
