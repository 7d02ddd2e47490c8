// http: one request to a server, by libcurl, which is loaded when first needed.
#ifndef CPROF_SYMBOLIZE_REMOTE_HTTP_H
#define CPROF_SYMBOLIZE_REMOTE_HTTP_H

#include "base/base.h"

// One thread uses it. NULL with a message that names the missing package.
struct http *http_new(struct err *e);
void http_free(struct http *h);

// Posts the body and appends the answer. Only http and https are spoken, also where the server sends us elsewhere; an
// answer may have `most` bytes and take that many milliseconds. -1 with a reason, also for any status but 200.
struct http_limits {
  size_t most;
  long milliseconds;
};
int http_post(struct http *h, const char *url, struct str body, struct http_limits limits, struct buf *answer,
              struct err *e);

#endif
