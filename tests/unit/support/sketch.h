// Profiles as a few lines of text: what goes into a test and what comes out of it.
//
//   struct profile *p = sketch("samples/count cpu/ns", "leaf;work;main 1 10 key=value bytes:16kb", NULL);
//
// A sample is its stack (leaf first, `-` for none), its values, and its labels: key=text, or key:number with a unit
// maybe. A frame is a function name, or several joined by `+` where calls were inlined (the innermost first). The
// function `work` is in the file work.c; equal frames share a location. Functions have line 1, 2, 3 … in the order
// they appear; location i has the id i+1 and the address 0x1000 * (i+1). There are no mappings.
#ifndef CPROF_TEST_SKETCH_H
#define CPROF_TEST_SKETCH_H

#include "profile/view.h"

struct profile *sketch(const char *types, ...) __attribute__((sentinel));

// The samples a view shows in the same form, a line each. Valid until the next call.
const char *shown(const struct view *v);
// Those of a whole profile.
const char *samples_of(const struct profile *p);

// An encoded profile and view; the test fails where that fails.
struct buf encoded(const struct profile *p);
struct buf encoded_view(const struct view *v);
struct profile *decoded(struct str bytes);

#endif
