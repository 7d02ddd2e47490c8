// Signal handlers that work, on the thread's stack.
#include <signal.h>

#include "work.h"

static volatile uint64_t last = 1;

static void handle(int number) { last = mix(last + (uint64_t)number, 3000); }

static KEPT uint64_t interrupted(uint64_t v) {
  raise(SIGUSR1);
  return mix(v, 3000);
}

int main(int argc, char **argv) {
  struct sigaction action = {.sa_handler = handle};
  uint64_t v = 1;
  sigaction(SIGUSR1, &action, NULL);
  for (long i = rounds_of(argc, argv) * 50; i > 0; i--) v = interrupted(v);
  return v == 0;
}
