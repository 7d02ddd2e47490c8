// A profile as files have it.
#ifndef CPROF_DRIVER_PACK_H
#define CPROF_DRIVER_PACK_H

#include "profile/profile.h"

// Appends the whole profile as gzip-compressed profile.proto.
int pack_profile(const struct profile *p, struct buf *out, struct err *e);

#endif
