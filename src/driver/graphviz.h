// Pictures of graphs, laid out by Graphviz's `dot` where it is installed.
#ifndef CPROF_DRIVER_GRAPHVIZ_H
#define CPROF_DRIVER_GRAPHVIZ_H

#include "base/base.h"

// Appends the picture. Without `dot` the message says what to install and which reports do without.
int graphviz_layout(struct str dot, const char *format, struct buf *out, struct err *e);

#endif
