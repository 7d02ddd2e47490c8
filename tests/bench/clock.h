// What the tools of the bench share.
#ifndef CPROF_BENCH_CLOCK_H
#define CPROF_BENCH_CLOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Milliseconds.
static inline double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline void die(const char *what) {
  perror(what);
  exit(1);
}

#endif
