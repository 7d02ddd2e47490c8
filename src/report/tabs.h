// Right-aligned columns of a text with tabs, as Go's text/tabwriter lays them out.
#ifndef CPROF_REPORT_TABS_H
#define CPROF_REPORT_TABS_H

#include "base/base.h"

// A cell is what stands before a tab. Cells of the same column in lines that follow each other directly get the width
// of the widest and one space before it; the rest of a line after its last tab is not aligned.
int tabs_align(struct str text, struct buf *out, struct err *e);

#endif
