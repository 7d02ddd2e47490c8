// remote: names from the servers that profiles came from, for addresses that have none.
#ifndef CPROF_SYMBOLIZE_REMOTE_H
#define CPROF_SYMBOLIZE_REMOTE_H

#include "symbolize/symbolize.h"

// Asks for the mappings that have a server, a request each. One that does not answer, or not in time, costs its names:
// that is noted and told in the report, which has an entry for each mapping. -1 only when memory ran out.
int remote_names(struct profile *p, const struct symbolize_mode *mode, const struct search_paths *where,
                 struct symbol_report *report, struct buf *notes, struct err *e);

#endif
