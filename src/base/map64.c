// Open addressing with linear probing; at most 5/8 full.
#include <stdlib.h>

#include "base/base.h"

uint64_t hash_u64(uint64_t v) {
  v ^= v >> 32;
  v *= UINT64_C(0xd6e8feb86659fd93);
  v ^= v >> 32;
  v *= UINT64_C(0xd6e8feb86659fd93);
  return v ^ v >> 32;
}

static uint64_t load_tail(const unsigned char *p, size_t n) {
  uint64_t v = 0;
  memcpy(&v, p, n);
  return v;
}

// Multiply-and-fold over 16 bytes a round, in the manner of wyhash.
static uint64_t fold(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 wide;
  wide product = (wide)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed) {
  const uint64_t k0 = UINT64_C(0xa0761d6478bd642f), k1 = UINT64_C(0xe7037ed1a0b428db);
  const unsigned char *p = bytes;
  uint64_t h = seed ^ k0;
  size_t left = n;
  for (; left > 16; p += 16, left -= 16) h = fold(load_tail(p, 8) ^ k1, load_tail(p + 8, 8) ^ h);
  uint64_t a = 0, b = 0;
  if (left > 8) {
    a = load_tail(p, 8);
    b = load_tail(p + 8, left - 8);
  } else if (left) {
    a = load_tail(p, left);
  }
  return fold(k1 ^ n, fold(a ^ k1, b ^ h));
}

static size_t slot_of(const struct map64 *m, uint64_t key) {
  size_t at = hash_u64(key ^ m->seed) & (m->cap - 1);
  while (m->value[at] != MAP_NONE && m->key[at] != key) at = (at + 1) & (m->cap - 1);
  return at;
}

uint32_t map64_get(const struct map64 *m, uint64_t key) { return m->cap ? m->value[slot_of(m, key)] : MAP_NONE; }

static int grow(struct map64 *m) {
  struct map64 bigger = {.cap = m->cap ? m->cap * 2 : 64, .n = m->n};
  bigger.key = malloc(bigger.cap * sizeof *bigger.key);
  bigger.value = malloc(bigger.cap * sizeof *bigger.value);
  if (!bigger.key || !bigger.value) {
    map64_release(&bigger);
    return -1;
  }
  // Keys may come from a hostile file: where the loader put the table is what its author cannot know.
  bigger.seed = hash_u64((uintptr_t)bigger.value);
  memset(bigger.value, 0xff, bigger.cap * sizeof *bigger.value);
  for (size_t i = 0; i < m->cap; i++) {
    if (m->value[i] == MAP_NONE) continue;
    size_t at = slot_of(&bigger, m->key[i]);
    bigger.key[at] = m->key[i];
    bigger.value[at] = m->value[i];
  }
  map64_release(m);
  *m = bigger;
  return 0;
}

int map64_put(struct map64 *m, uint64_t key, uint32_t value) {
  if (m->n + 1 > m->cap / 8 * 5 && grow(m)) return -1;
  size_t at = slot_of(m, key);
  if (m->value[at] == MAP_NONE) m->n++;
  m->key[at] = key;
  m->value[at] = value;
  return 0;
}

void map64_release(struct map64 *m) {
  free(m->key);
  free(m->value);
  *m = (struct map64){0};
}
