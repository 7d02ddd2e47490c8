// Settling cuts the ranges into pieces that do not overlap: a sweep over their starts with a stack of what is open.
#include "symbolize/dwarf_intervals.h"

#include <stdlib.h>

int intervals_add(struct intervals *v, uint64_t low, uint64_t high, uint32_t value) {
  if (low >= high) return 0;
  if (ARRAY_RESERVE(v->at, v->cap, v->n + 1)) return -1;
  v->at[v->n++] = (struct interval){low, high, value};
  return 0;
}

// Values grow as ranges are added, so that they stand for that order.
static int compare(const void *a, const void *b) {
  const struct interval *x = a, *y = b;
  if (x->low != y->low) return x->low < y->low ? -1 : 1;
  if (x->high != y->high) return x->high > y->high ? -1 : 1;
  return (x->value > y->value) - (x->value < y->value);
}

static bool sorted(const struct intervals *v) {
  for (size_t i = 1; i < v->n; i++)
    if (compare(&v->at[i - 1], &v->at[i]) > 0) return false;
  return true;
}

static bool disjoint(const struct intervals *v) {
  for (size_t i = 1; i < v->n; i++)
    if (v->at[i].low < v->at[i - 1].high) return false;
  return true;
}

struct sweep {
  struct intervals pieces;
  struct intervals open;  // a stack
  uint64_t done;          // pieces reach up to here
};

static int piece(struct sweep *s, uint64_t high) {
  uint64_t low = s->done;
  s->done = high;
  return intervals_add(&s->pieces, low, high, s->open.at[s->open.n - 1].value);
}

static int close_up_to(struct sweep *s, uint64_t limit) {
  for (; s->open.n && s->open.at[s->open.n - 1].high <= limit; s->open.n--) {
    uint64_t high = s->open.at[s->open.n - 1].high;
    if (high > s->done && piece(s, high)) return -1;
  }
  return s->open.n && limit > s->done ? piece(s, limit) : 0;
}

static int sweep(struct sweep *s, const struct intervals *v) {
  for (size_t i = 0; i < v->n; i++) {
    struct interval r = v->at[i];
    if (close_up_to(s, r.low) || intervals_add(&s->open, r.low, r.high, r.value)) return -1;
    s->done = r.low;
  }
  return close_up_to(s, UINT64_MAX);
}

int intervals_settle(struct intervals *v) {
  if (!sorted(v)) qsort(v->at, v->n, sizeof *v->at, compare);
  if (disjoint(v)) return 0;
  struct sweep s = {{NULL, 0, 0}, {NULL, 0, 0}, 0};
  int rc = sweep(&s, v);
  struct intervals old = *v;
  *v = s.pieces;
  intervals_release(&old);
  intervals_release(&s.open);
  return rc;
}

uint32_t intervals_find(const struct intervals *v, uint64_t address) {
  size_t from = 0, to = v->n;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (v->at[middle].high <= address) from = middle + 1;
    else to = middle;
  }
  return from < v->n && v->at[from].low <= address ? v->at[from].value : MAP_NONE;
}

void intervals_release(struct intervals *v) {
  free(v->at);
  *v = (struct intervals){NULL, 0, 0};
}
