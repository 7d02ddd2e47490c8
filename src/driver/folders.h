// Where files of the user are kept (XDG base directory specification).
#ifndef CPROF_DRIVER_FOLDERS_H
#define CPROF_DRIVER_FOLDERS_H

#include "base/base.h"

// $VARIABLE/cprof/NAME, or $HOME/STANDARD/cprof/NAME where the variable is not set. A path in the variable that is not
// absolute is ignored, as the specification wants. False when there is no such folder or memory ran out.
bool folders_find(struct buf *path, const char *variable, const char *standard, const char *name);
// Makes the folders above a file that are missing, for their owner only. 0 or -1 with a message.
int folders_make(const char *path, struct err *e);

#endif
