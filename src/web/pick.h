// What to look at, for pages that show some functions only.
#ifndef CPROF_WEB_PICK_H
#define CPROF_WEB_PICK_H

#include "web/page.h"

// Appends links to a page at `path` for each of the heaviest functions.
int pick_functions(const struct page_request *q, const char *path, struct buf *out, struct err *e);

#endif
