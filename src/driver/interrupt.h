// Ctrl-C and changes of the terminal's size, as events of a descriptor. While there is one, SIGINT and SIGWINCH are
// blocked in the thread that made it and in threads it starts; programs are started with them unblocked (spawn.h).
#ifndef CPROF_DRIVER_INTERRUPT_H
#define CPROF_DRIVER_INTERRUPT_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/base.h"

struct interrupt {
  int fd;            // readable when a signal came
  int end[2];        // a pipe that ends the watching
  atomic_bool stop;  // Ctrl-C was pressed since interrupt_watch
  bool watching;
  pthread_t watcher;
  sigset_t before;
};

int interrupt_init(struct interrupt *i, struct err *e);
void interrupt_release(struct interrupt *i);

// From here to interrupt_unwatch Ctrl-C sets `stop`.
void interrupt_watch(struct interrupt *i);
void interrupt_unwatch(struct interrupt *i);

// The next signal that came, 0 when there is none.
int interrupt_take(struct interrupt *i);

#endif
