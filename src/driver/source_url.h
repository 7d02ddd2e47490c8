// Names of sources that are URLs, and what is asked for by them.
#ifndef CPROF_DRIVER_SOURCE_URL_H
#define CPROF_DRIVER_SOURCE_URL_H

#include "base/base.h"

struct source_url {
  struct buf url;        // what is asked
  struct buf shown;      // the same without user and password
  int64_t seconds;       // that the profile takes; 0: not known
  int64_t milliseconds;  // to wait for it
};

// Is the name a URL? HOST:PORT[/PATH] is one, too; whether there is such a file is for the caller to see. Then fills *u: a
// URL without a path asks for Go's CPU profile, one without a host this machine; `seconds` above 0 becomes a parameter, `timeout` above 0 is what is waited
// for the server. What is no URL but for its beginning (http://) counts as one: asking for it tells what is wrong.
bool source_url_init(struct source_url *u, struct str name, int64_t seconds, int64_t timeout);
void source_url_release(struct source_url *u);

#endif
