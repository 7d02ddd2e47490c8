// From source names to the profile a session works on.
#ifndef CPROF_DRIVER_LOAD_H
#define CPROF_DRIVER_LOAD_H

#include "driver/options.h"
#include "symbolize/symbolize.h"

// Reads all sources, merges them, subtracts the base, symbolizes and prunes. A source that fails is named in `notes`;
// the others go on. NULL with a message when none is left or they do not fit together. `report` tells where names came
// from; it is the caller's to release and may be NULL.
struct profile *load_profiles(const struct options *o, char **sources, size_t n, struct symbol_report *report,
                              struct buf *notes, struct err *e);

#endif
