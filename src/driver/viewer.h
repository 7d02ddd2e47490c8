// Showing a report with another program.
#ifndef CPROF_DRIVER_VIEWER_H
#define CPROF_DRIVER_VIEWER_H

#include "base/base.h"

// Writes the bytes to a temporary file and starts the first of the programs that can be started on it; waits for it, at least
// as long as it takes to open the file, and removes the file. A name may carry arguments; "$NAME" is an environment
// variable, "?name" is tried only where there is a display.
int viewer_show(const char *const *programs, const char *extension, struct str bytes, struct err *e);

#endif
