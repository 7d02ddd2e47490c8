// web: a profile in the browser (cprof -http).
#ifndef CPROF_WEB_H
#define CPROF_WEB_H

#include "driver/driver.h"

// Serves pages until SIGINT, SIGTERM or SIGHUP, then ends at once. The address and what to open are in *v; where the
// pages are is written to v->errors. 0 after a signal, or -1 with a message when it cannot serve.
driver_serve web_serve;

#endif
