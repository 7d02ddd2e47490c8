// Names close to one that was mistyped.
#ifndef CPROF_DRIVER_SUGGEST_H
#define CPROF_DRIVER_SUGGEST_H

#include "base/base.h"

// The flag (option, choice, command or legacy flag) nearest to the name, NULL when none is near.
const char *suggest_flag(struct str name);
// The command nearest to the word.
const char *suggest_command(struct str word);

#endif
