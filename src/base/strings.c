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

// As much of it as an index looks at.
static uint64_t stored_hash(const struct strings *s, size_t at) { return (uint64_t)s->check[at] << 32; }

uint32_t strings_add_from(struct strings *s, const struct strings *other, uint32_t number) {
  while (number < other->first) other = other->below;
  size_t at = number - other->first;
  return add(s, other->at[at], stored_hash(other, at));
}

// Each look-up goes to three places in memory, one after the other: those of several are under way at a time.
void strings_find_all(const struct strings *s, const struct strings *other, uint32_t *number) {
  enum { AHEAD = 8 };
  for (size_t i = 0; i < (size_t)other->n + 3 * AHEAD; i++) {
    size_t first = i - AHEAD, second = first - AHEAD, last = second - AHEAD, at;
    if (i < other->n) index_prefetch(&s->index, stored_hash(other, i));
    if (first < other->n && (number[first] = index_first(&s->index, stored_hash(other, first), &at)) != MAP_NONE)
      __builtin_prefetch(&s->at[number[first]]);
    if (second < other->n && number[second] != MAP_NONE) __builtin_prefetch(s->at[number[second]].p);
    if (last < other->n && number[last] != MAP_NONE && !str_eq(s->at[number[last]], other->at[last]))
      number[last] = find_here(s, other->at[last], stored_hash(other, last));
  }
}

void strings_release(struct strings *s) {
  arena_release(&s->bytes);
  free(s->at);
  free(s->check);
  index_release(&s->index);
  *s = (struct strings){0};
}
