// fill: answers become lines of locations and functions of the profile.
#ifndef CPROF_SYMBOLIZE_FILL_H
#define CPROF_SYMBOLIZE_FILL_H

#include "symbolize/resolve.h"

// Gives the locations of answered queries their lines, in the order of mappings and of locations, so that functions are
// numbered the same every time; the others keep theirs. Sets the flags of mappings and the counts of `sources`, one a
// mapping.
int fill(struct profile *p, const struct resolving *r, struct symbol_source *sources, struct err *e);

#endif
