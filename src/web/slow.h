// Clients that take too long to ask, and those that went away. The library's own time limit starts again with every byte; here
// a connection has until a fixed time to get a whole request through, so that nobody can hold all of them with a byte now
// and then. While a request waits for its answer the library does not look at the connection, so it is done here.
//
// Functions may be called from any thread.
#ifndef CPROF_WEB_SLOW_H
#define CPROF_WEB_SLOW_H

#include <pthread.h>

#include "base/base.h"

enum { SLOW_CONNECTIONS = 256, SLOW_SECONDS_TO_ASK = 20, SLOW_SECONDS_TO_TAKE = 3600 };

struct slow_connection {
  int fd;         // -1: the place is free
  int64_t until;  // in milliseconds of the monotonic clock
  void *waiting;  // the request that waits for its answer; NULL: none
};

struct slow {
  pthread_mutex_t lock;
  int timer;  // a timerfd that is readable when slow_sweep is to be called
  size_t n;
  struct slow_connection connection[SLOW_CONNECTIONS];
};
int slow_init(struct slow *s, struct err *e);
void slow_release(struct slow *s);

// The number of the connection; -1: there are too many.
int slow_open(struct slow *s, int fd);
void slow_close(struct slow *s, int number);
// It has so long from now on.
void slow_allow(struct slow *s, int number, int seconds);
// The request that waits for its answer on it from now on; NULL: none does.
void slow_wait(struct slow *s, int number, void *request);
// Ends the connections whose time is over: reading from them, and writing to them, fails from then on. Where the client of a
// waiting request has gone, leave(arg, request) is asked whether the request waits no longer; those are returned in `left`,
// of which there are at most SLOW_CONNECTIONS, for the caller to end.
typedef bool slow_leave(void *arg, void *request);
size_t slow_sweep(struct slow *s, slow_leave *leave, void *arg, void **left);

#endif
