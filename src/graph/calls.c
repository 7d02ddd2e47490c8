// Linear probing; at most 5/8 full.
#include "graph/calls.h"

#include <stdlib.h>

static const uint64_t no_call = UINT64_MAX;  // a node that calls has a number below UINT32_MAX

static struct call *make_slots(size_t n) {
  struct call *slot = malloc(n * sizeof *slot);
  for (size_t i = 0; i < n && slot; i++) slot[i].ends = no_call;
  return slot;
}

int calls_init(struct calls *c) {
  *c = (struct calls){.cap = 1024};
  c->slot = make_slots(c->cap);
  c->seed = hash_u64((uintptr_t)c->slot);
  return c->slot ? 0 : -1;
}

void calls_release(struct calls *c) {
  free(c->slot);
  free(c->met);
  *c = (struct calls){0};
}

static struct call *find_slot(struct call *slot, size_t cap, struct call_key key) {
  size_t at = key.hash & (cap - 1);
  while (slot[at].ends != key.ends && slot[at].ends != no_call) at = (at + 1) & (cap - 1);
  return &slot[at];
}

static int grow(struct calls *c, size_t cap) {
  struct call *bigger = make_slots(cap);
  if (!bigger) return -1;
  for (const struct call *call = c->slot; call < c->slot + c->cap; call++)
    if (call->ends != no_call)
      *find_slot(bigger, cap, (struct call_key){call->ends, calls_hash(c, call->ends)}) = *call;
  free(c->slot);
  c->slot = bigger;
  c->cap = cap;
  return 0;
}

int calls_reserve(struct calls *c, size_t more) {
  size_t n = c->n + more, cap = c->cap;
  if (n >= UINT32_MAX || ARRAY_RESERVE(c->met, c->met_cap, n)) return -1;
  while (n > cap / 8 * 5) cap *= 2;
  return cap == c->cap ? 0 : grow(c, cap);
}

struct call *calls_find(struct calls *c, struct call_key key) {
  struct call *call = find_slot(c->slot, c->cap, key);
  if (call->ends == key.ends) return call;
  c->met[c->n++] = key.ends;
  *call = (struct call){.ends = key.ends, .inlined = true};
  return call;
}

struct call *calls_at(struct calls *c, uint32_t i) {
  return find_slot(c->slot, c->cap, (struct call_key){c->met[i], calls_hash(c, c->met[i])});
}

int calls_add(struct calls *c, struct calls *other) {
  for (uint32_t i = 0; i < other->n; i++) {
    if (calls_reserve(c, 1)) return -1;  // most are in both
    const struct call *from = calls_at(other, i);
    struct call *to = calls_find(c, calls_key(c, call_from(from), call_to(from)));
    to->weight = wrap_add(to->weight, from->weight);
    to->weight_div = wrap_add(to->weight_div, from->weight_div);
    to->residual |= from->residual;
    to->inlined &= from->inlined;
  }
  return 0;
}
