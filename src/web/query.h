// The parameters of a URL, or of a form, by Go's rules: pairs that are malformed (a bad escape, a semicolon) are passed
// over, the first value of a name counts.
#ifndef CPROF_WEB_QUERY_H
#define CPROF_WEB_QUERY_H

#include "base/base.h"

enum { QUERY_MOST_PAIRS = 512 };

struct query_pair {
  const char *name, *value;
};

// Zero-initialised is empty.
struct query {
  struct query_pair *pair;
  size_t n, cap;
  struct arena text;
};

// Parses application/x-www-form-urlencoded text. Fails where there are more pairs than QUERY_MOST_PAIRS, or a NUL.
int query_parse(struct query *q, struct str text, struct err *e);
void query_release(struct query *q);

// NULL when it is not there.
const char *query_get(const struct query *q, const char *name);

// Appends "name=value", behind '&' unless `out` ends at `from`; names and values are escaped.
void query_add(struct buf *out, size_t from, const char *name, const char *value);

#endif
