// Copies of profiles that were fetched: what a server told yesterday can't be asked for again.
#ifndef CPROF_DRIVER_SAVED_COPY_H
#define CPROF_DRIVER_SAVED_COPY_H

#include "profile/profile.h"

// Writes the profile to a new file pprof.BINARY.TYPES.NNN.pb.gz in $PPROF_TMPDIR, else $HOME/pprof, else $TMPDIR or /tmp,
// the first that can be written to, and notes its name, or why there is none. For the owner only, as is a folder that has
// to be made.
void saved_copy_write(const struct profile *p, struct buf *notes);

#endif
