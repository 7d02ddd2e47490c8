// The manual page, made from the tables of options and commands.
#ifndef CPROF_DRIVER_MANUAL_H
#define CPROF_DRIVER_MANUAL_H

#include "base/base.h"

// Appends cprof.1 in man(7)'s language.
void manual_page(struct buf *out);

#endif
