// Record numbers by hash, open addressing. A slot keeps the upper half of the hash beside the number, so that most
// unequal records are told apart without a look at them and growing needs no rehash of the records' bytes beyond it.
#include <stdlib.h>

#include "base/base.h"

// The slot is chosen from the same 32 bits that are stored, so that growing can place every record again.
static uint32_t check_of(uint64_t hash) { return (uint32_t)(hash >> 32); }
static size_t home_of(uint32_t check, size_t cap) { return (check * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (cap - 1); }

static uint32_t probe(const struct index *ix, uint32_t check, size_t *at) {
  while (ix->slot[*at].record != MAP_NONE && ix->slot[*at].check != check) *at = (*at + 1) & (ix->cap - 1);
  return ix->slot[*at].record;
}

uint32_t index_first(const struct index *ix, uint64_t hash, size_t *at) {
  if (!ix->cap) return MAP_NONE;
  *at = home_of(check_of(hash), ix->cap);
  return probe(ix, check_of(hash), at);
}

uint32_t index_next(const struct index *ix, uint64_t hash, size_t *at) {
  *at = (*at + 1) & (ix->cap - 1);
  return probe(ix, check_of(hash), at);
}

// As much of its hash as counts.
static uint64_t hash_of(const struct index_search *s, size_t i) { return (uint64_t)s->check[i] << 32; }

static uint32_t find_one(const struct index_search *s, size_t i) {
  uint64_t hash = hash_of(s, i);
  size_t at;
  uint32_t record = index_first(s->index, hash, &at);
  while (record != MAP_NONE && !s->same(s->arg, i, record)) record = index_next(s->index, hash, &at);
  return record;
}

// Each step of a look-up is made so many look-ups after the one before: by then its memory has come.
void index_find_all(const struct index_search *s, uint32_t *found) {
  enum { BEHIND = 8, STEPS = 4 };
  const struct index *ix = s->index;
  if (!ix->cap) {
    memset(found, 0xff, s->n * sizeof *found);
    return;
  }
  for (size_t i = 0; i < s->n + (STEPS - 1) * BEHIND; i++) {
    size_t second = i - BEHIND, third = second - BEHIND, last = third - BEHIND, at;
    if (i < s->n) __builtin_prefetch(&ix->slot[home_of(s->check[i], ix->cap)]);
    if (second < s->n) {
      found[second] = index_first(ix, hash_of(s, second), &at);
      if (found[second] != MAP_NONE) __builtin_prefetch((const char *)s->records + found[second] * s->record_size);
    }
    if (third < s->n && found[third] != MAP_NONE && s->expect) s->expect(s->arg, found[third]);
    if (last < s->n && found[last] != MAP_NONE) found[last] = find_one(s, last);
  }
}

static void place(struct index *ix, struct index_slot slot) {
  size_t at = home_of(slot.check, ix->cap);
  while (ix->slot[at].record != MAP_NONE) at = (at + 1) & (ix->cap - 1);
  ix->slot[at] = slot;
}

static int grow(struct index *ix) {
  struct index bigger = {.cap = ix->cap ? ix->cap * 2 : 64, .n = ix->n};
  bigger.slot = malloc(bigger.cap * sizeof *bigger.slot);
  if (!bigger.slot) return -1;
  memset(bigger.slot, 0xff, bigger.cap * sizeof *bigger.slot);
  for (size_t i = 0; i < ix->cap; i++)
    if (ix->slot[i].record != MAP_NONE) place(&bigger, ix->slot[i]);
  index_release(ix);
  *ix = bigger;
  return 0;
}

int index_add(struct index *ix, uint64_t hash, uint32_t record) {
  if (ix->n + 1 > ix->cap / 8 * 5 && grow(ix)) return -1;
  place(ix, (struct index_slot){record, check_of(hash)});
  ix->n++;
  return 0;
}

void index_release(struct index *ix) {
  free(ix->slot);
  *ix = (struct index){0};
}
