// Label sets: sorted, padded, shared.
//
// A set is looked up by a hash of its sorted labels, so that samples with equal labels refer to one set and everything
// that depends on labels alone (tag filters, tag frames) is decided once a set, not once a sample.
#include <stdlib.h>

#include "profile/internal.h"

static int order(const struct profile *p, const struct label *a, const struct label *b) {
  if (a->numeric != b->numeric) return a->numeric ? 1 : -1;
  if (a->key == b->key) return 0;
  return str_cmp(profile_str(p, a->key), profile_str(p, b->key));
}

// Stable, and sets are small: insertion sort until they are not.
static void sort_small(const struct profile *p, struct label *l, size_t n) {
  for (size_t i = 1; i < n; i++) {
    struct label moving = l[i];
    size_t at = i;
    for (; at && order(p, &l[at - 1], &moving) > 0; at--) l[at] = l[at - 1];
    l[at] = moving;
  }
}

static void merge_halves(const struct profile *p, struct label *l, size_t half, size_t n, struct label *scratch) {
  memcpy(scratch, l, half * sizeof *l);
  size_t a = 0, b = half, to = 0;
  while (a < half) l[to++] = b < n && order(p, &scratch[a], &l[b]) > 0 ? l[b++] : scratch[a++];
}

static void sort_labels(const struct profile *p, struct label *l, size_t n, struct label *scratch) {
  if (n <= 16 || !scratch) {
    sort_small(p, l, n);
    return;
  }
  size_t half = n / 2;
  sort_labels(p, l, half, scratch);
  sort_labels(p, l + half, n - half, scratch);
  merge_halves(p, l, half, n, scratch);
}

// Where one value of a numeric key has a unit, the others get the empty one.
static void pad_units(struct label *l, uint32_t n) {
  for (uint32_t from = 0, to; from < n; from = to) {
    bool some = false;
    for (to = from; to < n && l[to].key == l[from].key && l[to].numeric == l[from].numeric; to++)
      some |= l[to].numeric && l[to].unit != NONE && l[to].unit != 0;
    for (uint32_t i = from; i < to; i++)
      if (!some || l[i].unit == NONE) l[i].unit = some ? 0 : NONE;
  }
}

static uint64_t hash_set(const struct label *l, uint32_t n) {
  uint64_t h = n;
  for (uint32_t i = 0; i < n; i++) {
    uint64_t fields[4] = {(uint64_t)l[i].number, l[i].key, l[i].text, l[i].unit};
    h = hash_bytes(fields, sizeof fields, h);
  }
  return h;
}

static bool same_label(const struct label *a, const struct label *b) {
  return a->number == b->number && a->key == b->key && a->text == b->text && a->unit == b->unit &&
         a->numeric == b->numeric;
}

static bool same_set(const struct profile *p, uint32_t set, const struct label *l, uint32_t n) {
  const struct label_set *s = &p->label_set[set];
  if (s->n != n) return false;
  for (uint32_t i = 0; i < n; i++)
    if (!same_label(&p->label[s->first + i], &l[i])) return false;
  return true;
}

static uint32_t append_set(struct profile *p, const struct label *l, uint32_t n, uint64_t hash) {
  if (n > NONE - p->n_labels || p->n_label_sets == NONE) return NONE;
  if (ARRAY_RESERVE(p->label, p->label_cap, (size_t)p->n_labels + n)) return NONE;
  if (ARRAY_RESERVE(p->label_set, p->label_set_cap, (size_t)p->n_label_sets + 1)) return NONE;
  if (index_add(&p->label_set_index, hash, p->n_label_sets)) return NONE;
  memcpy(p->label + p->n_labels, l, n * sizeof *l);
  p->label_set[p->n_label_sets] = (struct label_set){p->n_labels, n};
  p->n_labels += n;
  return p->n_label_sets++;
}

uint32_t profile_add_label_set(struct profile *p, struct label *labels, uint32_t n) {
  if (n == 0) return NONE;
  struct label *scratch = n > 16 ? malloc(n * sizeof *scratch) : NULL;
  if (n > 16 && !scratch) return NONE;
  for (uint32_t i = 0; i < n; i++) {
    if (labels[i].numeric) labels[i].text = 0;
    else labels[i].number = 0, labels[i].unit = NONE;
  }
  sort_labels(p, labels, n, scratch);
  free(scratch);
  pad_units(labels, n);
  uint64_t hash = hash_set(labels, n);
  size_t at = 0;
  for (uint32_t i = index_first(&p->label_set_index, hash, &at); i != MAP_NONE;
       i = index_next(&p->label_set_index, hash, &at))
    if (same_set(p, i, labels, n)) return i;
  return append_set(p, labels, n, hash);
}
