// Options in URLs, by the `url` column of driver/options.h.
#ifndef CPROF_WEB_URL_OPTIONS_H
#define CPROF_WEB_URL_OPTIONS_H

#include "driver/options.h"
#include "web/query.h"

// Sets what the query says. A parameter without a value sets the standard value, so that what the command line asked
// for can be taken back. The query must outlive the options.
int url_options_apply(struct options *o, const struct query *q, struct err *e);

// Appends the parameters that make `o` of `base`, in the order of the table, as query_add does.
void url_options_add(struct buf *out, size_t from, const struct options *o, const struct options *base);

#endif
