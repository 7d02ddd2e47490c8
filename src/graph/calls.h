// The calls that a walk finds, by caller and callee: a table with open addressing that holds the sums themselves, since the
// walk jumps about in it and each line of memory it touches is one it waits for.
#ifndef CPROF_GRAPH_CALLS_H
#define CPROF_GRAPH_CALLS_H

#include "base/base.h"

struct call {
  uint64_t ends;  // caller << 32 | callee
  int64_t weight, weight_div;
  uint32_t open;  // how often the call is on the stack at hand
  bool residual, inlined;
};

// Where to look for a call.
struct call_key {
  uint64_t ends, hash;
};

struct calls {
  struct call *slot;
  size_t cap;     // a power of two
  uint64_t *met;  // the ends of calls as they were met, so that the result does not depend on the table
  size_t met_cap;
  uint32_t n;
  uint64_t seed;  // what a caller calls may come from a hostile file
};

int calls_init(struct calls *c);
void calls_release(struct calls *c);
// Makes room for so many calls more. Calls move.
int calls_reserve(struct calls *c, size_t more);
// The call; a new one weighs 0 and is inlined. There has to be room.
struct call *calls_find(struct calls *c, struct call_key key);
// The call that was met as number i, below n.
struct call *calls_at(struct calls *c, uint32_t i);
// Adds what another table has.
int calls_add(struct calls *c, struct calls *other);

static inline uint32_t call_from(const struct call *c) { return (uint32_t)(c->ends >> 32); }
static inline uint32_t call_to(const struct call *c) { return (uint32_t)c->ends; }

static inline uint64_t calls_hash(const struct calls *c, uint64_t ends) {
  uint64_t h = (ends ^ c->seed) * UINT64_C(0xd6e8feb86659fd93);
  return h ^ h >> 32;
}

static inline struct call_key calls_key(const struct calls *c, uint32_t from, uint32_t to) {
  uint64_t ends = (uint64_t)from << 32 | to;
  return (struct call_key){ends, calls_hash(c, ends)};
}

// It will be asked for soon.
static inline void calls_expect(const struct calls *c, struct call_key key) {
  __builtin_prefetch(&c->slot[key.hash & (c->cap - 1)], 1);
}

#endif
