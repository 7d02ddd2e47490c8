// What -inflate_limit means.
#ifndef CPROF_DRIVER_LIMITS_H
#define CPROF_DRIVER_LIMITS_H

#include "driver/options.h"

// Of what input may unpack to, as base/gzip.h takes it.
int limit_of_input(const struct options *o, uint64_t *limit, struct err *e);
// Of what a server may send: by default a GiB.
int limit_of_answer(const struct options *o, uint64_t *limit, struct err *e);

#endif
