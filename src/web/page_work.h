// The making of a page, as work for jobs.h.
#ifndef CPROF_WEB_PAGE_WORK_H
#define CPROF_WEB_PAGE_WORK_H

#include "web/site.h"

// Takes the query over (it is empty afterwards). NULL with *wrong set when the query cannot be understood, or NULL when
// memory ran out. `key` gets what is the same for requests that are.
struct work *page_work_new(const struct site *s, const struct page_route *route, struct query *q, struct buf *key,
                           struct answer **wrong);

#endif
