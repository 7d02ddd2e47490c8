// Asks for the time, which the kernel's library in the process answers.
#include <time.h>

#include "work.h"

static KEPT int64_t ask(int times) {
  struct timespec t = {0};
  for (int i = 0; i < times; i++) clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_nsec;
}

int main(int argc, char **argv) {
  volatile int64_t v = 0;
  for (long i = rounds_of(argc, argv); i > 0; i--) v = ask(20000);
  return v < 0;
}
