// Which servers profiles came from, for the names that they lack.
#ifndef CPROF_DRIVER_SERVERS_H
#define CPROF_DRIVER_SERVERS_H

#include "symbolize/symbolize.h"

// Zero-initialised is empty. The keys are its own, the URLs the caller's.
struct servers {
  struct symbol_server *at;
  size_t n, cap;
  struct arena keys;
};
void servers_release(struct servers *s);

// Takes note of where the profile's mappings were fetched from, before it is merged. A mapping that has neither a build
// id nor a file gets the URL as it is shown for a file, until servers_forget.
int servers_add(struct servers *s, struct profile *p, const char *url, const char *shown, struct err *e);
// A mapping whose file is a URL came from a server, and has no file.
void servers_forget(struct profile *p);

#endif
