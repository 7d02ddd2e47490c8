// A map from address ranges to numbers. Ranges may nest or overlap, as those of functions and inlined calls do: the one
// that begins last wins where it holds, among those that begin together the shortest, among equals the one added last.
#ifndef CPROF_DWARF_INTERVALS_H
#define CPROF_DWARF_INTERVALS_H

#include "base/base.h"

struct interval {
  uint64_t low, high;  // low <= address < high
  uint32_t value;
};
// Zero-initialised is empty and ready.
struct intervals {
  struct interval *at;
  size_t n, cap;
};

// Empty ranges are dropped. -1 when memory ran out.
int intervals_add(struct intervals *v, uint64_t low, uint64_t high, uint32_t value);
// Has to be called after the last addition and before the first question. -1 when memory ran out.
int intervals_settle(struct intervals *v);
uint32_t intervals_find(const struct intervals *v, uint64_t address);  // MAP_NONE when no range holds it
void intervals_release(struct intervals *v);

#endif
