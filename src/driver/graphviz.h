// Pictures of graphs, laid out by Graphviz's `dot` where it is installed.
#ifndef CPROF_DRIVER_GRAPHVIZ_H
#define CPROF_DRIVER_GRAPHVIZ_H

#include <stdatomic.h>

#include "base/base.h"

// Appends the picture. `stop` ends it soon after it was set, in an error; it may be NULL. Without `dot` the message says what to install and which reports do without.
int graphviz_layout(struct str dot, const char *format, const atomic_bool *stop, struct buf *out, struct err *e);

#endif
