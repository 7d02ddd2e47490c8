// What the machine has: cores, clocks.
#include <time.h>
#include <unistd.h>

#include "base/base.h"

unsigned cores_online(unsigned most) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : (unsigned long)cores < most ? (unsigned)cores : most;
}

int64_t clock_nanoseconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_milliseconds(void) { return clock_nanoseconds(CLOCK_MONOTONIC) / 1000000; }
