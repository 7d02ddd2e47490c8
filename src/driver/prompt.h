// The (pprof) prompt.
#ifndef CPROF_DRIVER_PROMPT_H
#define CPROF_DRIVER_PROMPT_H

#include <stdio.h>

#include "driver/driver.h"

// Reads commands from standard input until it ends or one says quit: with a line editor where that is a terminal,
// otherwise with neither prompt nor echo. Reports go to standard output, everything else to `errors`. `sources` are
// what the session's profile was loaded from; it may be loaded again. 0, or -1 with a message when the prompt cannot be
// opened.
int prompt_run(struct session *s, char **sources, size_t n_sources, FILE *errors, struct err *e);

#endif
