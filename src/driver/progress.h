// A line on a terminal while something takes long.
#ifndef CPROF_DRIVER_PROGRESS_H
#define CPROF_DRIVER_PROGRESS_H

#include <pthread.h>

#include "base/base.h"

struct progress {
  const char *what;
  bool running, stop;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

// After a second standard error begins to show what is being done and for how long, if it is a terminal. progress_end
// takes the line away. `what` stays the caller's.
void progress_begin(struct progress *p, const char *what);
void progress_end(struct progress *p);

#endif
