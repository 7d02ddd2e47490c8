// Rings are emptied when one is filling, or when a while has passed; their records wait for those of other CPUs that may be
// older, and go to the sink in the order of time.
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "record/internal.h"

enum {
  // How long after its time a record may still come, on a CPU that was taken away for a while.
  LATE = 50 * 1000000,  // ns
  LONGEST_WAIT = 100,   // ms
  SHORT_WAIT = 5,       // where the kernel does not tell any more that a ring fills
  AT_ONCE = 16,
};

struct perf *perf_new(struct sampling *s, struct err *e) {
  struct perf *perf = calloc(1, sizeof *perf);
  if (!perf) err_nomem(e);
  else perf->ready = -1;
  s->state = perf;
  return perf;
}

int perf_watch(struct sampling *s, struct err *e) {
  struct perf *perf = s->state;
  perf->ready = epoll_create1(EPOLL_CLOEXEC);
  for (size_t i = 0; i < perf->events.n_rings && perf->ready >= 0; i++) {
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = perf->events.ring[i].fd};
    if (wanted.data.fd >= 0 && epoll_ctl(perf->ready, EPOLL_CTL_ADD, wanted.data.fd, &wanted))
      return err_set(e, "epoll: %s", strerror(errno));
  }
  s->descriptor = perf->ready;
  s->wait = LONGEST_WAIT;
  return perf->ready < 0 ? err_set(e, "epoll: %s", strerror(errno)) : 0;
}

// The ring of a thread that ended is said to be ready for ever, though others may write to it.
static void forget_hung_up(struct sampling *s) {
  struct perf *perf = s->state;
  struct epoll_event ready[AT_ONCE];
  int n = epoll_wait(perf->ready, ready, AT_ONCE, 0);
  for (int i = 0; i < n; i++) {
    if (!(ready[i].events & (EPOLLHUP | EPOLLERR))) continue;
    epoll_ctl(perf->ready, EPOLL_CTL_DEL, ready[i].data.fd, NULL);
    s->wait = SHORT_WAIT;
  }
}

static uint64_t settled(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec - LATE;
}

int perf_drain(struct sampling *s, bool all, struct err *e) {
  struct perf *perf = s->state;
  uint64_t until = all ? UINT64_MAX : settled();
  forget_hung_up(s);
  for (size_t i = 0; i < perf->events.n_rings; i++)
    if (ring_take(&perf->events.ring[i], &perf->queue, e)) return -1;
  return queue_flush(&perf->queue, until, &s->sink) ? err_nomem(e) : 0;
}

void perf_stop(struct sampling *s) { events_disable(&((struct perf *)s->state)->events); }

void perf_close(struct sampling *s) {
  struct perf *perf = s->state;
  events_release(&perf->events);
  queue_release(&perf->queue);
  if (perf->ready >= 0) close(perf->ready);
  free(perf);
  s->state = NULL;
}
