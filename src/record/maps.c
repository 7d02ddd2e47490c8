// Regions in an array sorted by address. A new region takes the place of what it covers: an unmapping is not told, but what is
// mapped later at its address is.
#include <stdlib.h>

#include "record/internal.h"

static size_t first_behind(const struct maps *m, uint64_t address) {
  size_t low = 0, high = m->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (m->at[middle].limit <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

struct region *maps_find(const struct maps *m, uint64_t address) {
  size_t i = first_behind(m, address);
  return i < m->n && m->at[i].start <= address ? &m->at[i] : NULL;
}

static struct region cut_front(struct region r, uint64_t start) {
  r.offset += start - r.start;
  r.start = start;
  return r;
}

int maps_add(struct maps *m, struct region r) {
  if (r.start >= r.limit) return 0;
  // At most one region more than before, and the rest of one that is split.
  if (ARRAY_RESERVE(m->at, m->cap, m->n + 2)) return -1;
  size_t from = first_behind(m, r.start), to = from, n = 0;
  struct region in_place[3];
  while (to < m->n && m->at[to].start < r.limit) to++;
  if (from < to && m->at[from].start < r.start) {
    in_place[n] = m->at[from];
    in_place[n++].limit = r.start;
  }
  in_place[n++] = r;
  if (from < to && m->at[to - 1].limit > r.limit) in_place[n++] = cut_front(m->at[to - 1], r.limit);
  memmove(m->at + from + n, m->at + to, (m->n - to) * sizeof *m->at);
  memcpy(m->at + from, in_place, n * sizeof *in_place);
  m->n = m->n - (to - from) + n;
  return 0;
}

int maps_copy(struct maps *to, const struct maps *from) {
  if (ARRAY_RESERVE(to->at, to->cap, from->n)) return -1;
  if (from->n) memcpy(to->at, from->at, from->n * sizeof *from->at);
  to->n = from->n;
  return 0;
}

void maps_release(struct maps *m) {
  free(m->at);
  *m = (struct maps){0};
}
