// Pictures of Graphviz inside a page.
#ifndef CPROF_WEB_SVG_H
#define CPROF_WEB_SVG_H

#include "base/base.h"

// Appends the <svg> element of a file of Graphviz's, with those elements and attributes that drawings are made of and no
// others: scripts and styles are left out, and attributes whose value has a quote, an escape, a reference or the address
// of another place; a link becomes a group whose <title> is the link's, which is what browsers show under the pointer;
// text is escaped anew. -1 when there is none, or it has no end.
int svg_copy(struct str file, struct buf *out);

#endif
