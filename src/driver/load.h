// From source names to the profile a session works on.
#ifndef CPROF_DRIVER_LOAD_H
#define CPROF_DRIVER_LOAD_H

#include <stdatomic.h>
#include <stdio.h>

#include "driver/options.h"
#include "symbolize/symbolize.h"

struct load_request {
  const struct options *options;
  char **sources;
  size_t n;
  FILE *errors;             // is told at once what is fetched from servers
  const atomic_bool *stop;  // ends what takes long there; NULL: nobody stops it
};

// Reads or fetches all sources, merges them, subtracts the base, symbolizes and prunes. A source that fails is named in
// `notes`; the others go on. What came from a server is saved, so that it can be looked at again. NULL with a message when
// none is left or they do not fit together. `report` tells where names came from; it is the caller's to release and may be
// NULL.
struct profile *load_profiles(const struct load_request *q, struct symbol_report *report, struct buf *notes,
                              struct err *e);

#endif
