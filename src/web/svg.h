// Pictures of Graphviz inside a page.
#ifndef CPROF_WEB_SVG_H
#define CPROF_WEB_SVG_H

#include "base/base.h"

// Appends the <svg> element of a file of Graphviz's, with those elements and attributes that drawings are made of and no
// others: links, scripts and styles are left out, text is escaped anew. -1 when there is none, or it has no end.
int svg_copy(struct str file, struct buf *out);

#endif
