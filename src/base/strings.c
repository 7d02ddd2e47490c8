// The string pool.
#include <stdlib.h>

#include "base/base.h"

int strings_init(struct strings *s, const struct strings *below) {
  *s = (struct strings){.below = below};
  if (below) {
    s->first = s->n = below->n;
    return 0;
  }
  return strings_add(s, STR_LIT("")) == 0 ? 0 : -1;
}

static uint64_t hash_of(struct str text) { return hash_bytes(text.p, text.n, 0); }

static uint32_t find_here(const struct strings *s, struct str text, uint64_t hash) {
  size_t at = 0;
  for (uint32_t i = index_first(&s->index, hash, &at); i != MAP_NONE; i = index_next(&s->index, hash, &at))
    if (str_eq(s->at[i - s->first], text)) return i;
  return STRINGS_NONE;
}

static uint32_t find(const struct strings *s, struct str text, uint64_t hash) {
  for (; s; s = s->below) {
    uint32_t number = find_here(s, text, hash);
    if (number != STRINGS_NONE) return number;
  }
  return STRINGS_NONE;
}

uint32_t strings_find(const struct strings *s, struct str text) { return find(s, text, hash_of(text)); }

static uint32_t add(struct strings *s, struct str text, uint64_t hash) {
  uint32_t number = find(s, text, hash);
  if (number != STRINGS_NONE) return number;
  size_t n = s->n - s->first;
  if (s->n == STRINGS_NONE || ARRAY_RESERVE(s->at, s->cap, n + 1) || ARRAY_RESERVE(s->check, s->check_cap, n + 1))
    return STRINGS_NONE;
  const char *copy = arena_text(&s->bytes, text);
  if (!copy || index_add(&s->index, hash, s->n)) return STRINGS_NONE;
  s->at[n] = (struct str){copy, text.n};
  s->check[n] = (uint32_t)(hash >> 32);
  return s->n++;
}

uint32_t strings_add(struct strings *s, struct str text) { return add(s, text, hash_of(text)); }

uint32_t strings_add_from(struct strings *s, const struct strings *other, uint32_t number) {
  while (number < other->first) other = other->below;
  size_t at = number - other->first;
  return add(s, other->at[at], (uint64_t)other->check[at] << 32);
}

struct two_pools {
  const struct strings *s, *other;
};

static bool same_string(void *arg, size_t i, uint32_t record) {
  const struct two_pools *p = arg;
  return str_eq(p->s->at[record], p->other->at[i]);
}

static void expect_string(void *arg, uint32_t record) {
  const struct two_pools *p = arg;
  __builtin_prefetch(p->s->at[record].p);
}

void strings_find_all(const struct strings *s, const struct strings *other, uint32_t *number) {
  struct two_pools pools = {s, other};
  struct index_search search = {.index = &s->index,
                                .records = s->at,
                                .record_size = sizeof *s->at,
                                .check = other->check,
                                .n = other->n,
                                .arg = &pools,
                                .same = same_string,
                                .expect = expect_string};
  index_find_all(&search, number);
}

void strings_release(struct strings *s) {
  arena_release(&s->bytes);
  free(s->at);
  free(s->check);
  index_release(&s->index);
  *s = (struct strings){0};
}
