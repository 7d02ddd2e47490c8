// Private to merging: merge.c (samples, header), merge_places.c (what samples stand on).
#ifndef CPROF_PROFILE_MERGE_H
#define CPROF_PROFILE_MERGE_H

#include "profile/internal.h"

// Where a mapping of a source went.
struct mapped_mapping {
  uint32_t index;  // in the result; NONE: not yet
  int64_t shift;   // added to addresses: equal mappings may lie elsewhere in another run
};

struct merger {
  struct profile *to;
  struct err *e;
  struct index samples, locations, functions, mappings;

  const struct profile *from;  // the source at hand, and where its things went (NONE: not yet)
  uint32_t *location, *function, *string, *label_set;
  struct mapped_mapping *mapping;
  uint32_t *check;  // of functions or locations that are looked for
  size_t check_cap;
  uint32_t *stack;  // of the sample at hand
  size_t stack_cap;
  struct line *line;  // of the location at hand
  size_t line_cap;
  struct label *label;
  size_t label_cap;
};

// Begins with a source and finds what of it the result has already. -1: out of memory; merge_leave all the same.
int merge_enter(struct merger *m, const struct profile *p);
void merge_leave(struct merger *m);

// Each adds to the result what it does not have. -1 and STRINGS_NONE: out of memory.
uint32_t merge_string(struct merger *m, uint32_t number);
int merge_mapping(struct merger *m, uint32_t index);
int merge_location(struct merger *m, uint32_t index);

#endif
