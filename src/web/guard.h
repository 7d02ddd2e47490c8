// Who may ask. What is told of a request are its headers as they came, "" where there is none.
#ifndef CPROF_WEB_GUARD_H
#define CPROF_WEB_GUARD_H

#include <stdatomic.h>

#include "web/address.h"
#include "web/query.h"

enum { GUARD_SECRET = 33 };  // 128 bits in hexadecimal, with the NUL

struct guard {
  const struct address *address;
  // Where others than this machine's users reach the server: the word in the URL that is printed, and what is kept in a
  // cookie after that. Both are drawn for this run.
  char token[GUARD_SECRET], cookie[GUARD_SECRET], cookie_name[32];
  // The same for the browser that is started here, good for one login: every user sees its command line.
  char once[GUARD_SECRET];
  atomic_bool once_used;
  char form[GUARD_SECRET];  // stands in the pages' forms; what changes something needs it
};
int guard_init(struct guard *g, const struct address *a, struct err *e);

struct guard_request {
  const char *host, *cookie, *origin;
  const char *fetch_site, *fetch_mode;  // Sec-Fetch-Site, Sec-Fetch-Mode
  const struct query *query;
};

enum guard_verdict {
  GUARD_PASS,
  GUARD_LOGIN,    // the token is right: set the cookie, and take the token out of the URL
  GUARD_HOST,     // called by a name that is not ours
  GUARD_FOREIGN,  // embedded into a page of someone else
  GUARD_TOKEN,    // neither token nor cookie
};
enum guard_verdict guard_check(struct guard *g, const struct guard_request *r);

// For what changes something, after guard_check: does the form come from one of our pages?
bool guard_allows_change(const struct guard *g, const struct guard_request *r, const struct query *form);

#endif
