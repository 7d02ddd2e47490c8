// Signals by signalfd: nothing runs in a handler, and nothing has to be global.
#include "driver/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

int interrupt_init(struct interrupt *i, struct err *e) {
  sigset_t set;
  *i = (struct interrupt){.fd = -1, .end = {-1, -1}};
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGWINCH);
  int error = pthread_sigmask(SIG_BLOCK, &set, &i->before);
  if (error) return err_set(e, "signals: %s", strerror(error));
  i->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (i->fd >= 0 && pipe2(i->end, O_CLOEXEC) == 0) return 0;
  err_system(e, "signals");
  interrupt_release(i);
  return -1;
}

void interrupt_release(struct interrupt *i) {
  while (i->fd >= 0 && interrupt_take(i)) continue;
  for (int k = 0; k < 2; k++)
    if (i->end[k] >= 0) close(i->end[k]);
  if (i->fd >= 0) close(i->fd);
  pthread_sigmask(SIG_SETMASK, &i->before, NULL);
  i->fd = i->end[0] = i->end[1] = -1;
}

int interrupt_take(struct interrupt *i) {
  struct signalfd_siginfo info;
  return read(i->fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

static void *watch(void *arg) {
  struct interrupt *i = arg;
  struct pollfd fds[2] = {{.fd = i->fd, .events = POLLIN}, {.fd = i->end[0], .events = POLLIN}};
  while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
    if (fds[0].revents & POLLIN && interrupt_take(i) == SIGINT) atomic_store(&i->stop, true);
    if (fds[1].revents) break;
  }
  return NULL;
}

void interrupt_watch(struct interrupt *i) {
  while (interrupt_take(i)) continue;
  atomic_store(&i->stop, false);
  i->watching = pthread_create(&i->watcher, NULL, watch, i) == 0;
}

void interrupt_unwatch(struct interrupt *i) {
  char byte = 0;
  if (!i->watching) return;
  if (write(i->end[1], &byte, 1) == 1) pthread_join(i->watcher, NULL);
  if (read(i->end[0], &byte, 1) != 1) i->watching = true;
  i->watching = false;
}
