// Rings are emptied when one is filling, or when a while has passed; their records wait for those of other CPUs that may be
// older, and go to the sink in the order of time.
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "record/internal.h"

enum {
  // How long after its time a record may still come, on a CPU that was taken away for a while.
  LATE = 50 * 1000000,  // ns
  LONGEST_WAIT = 100,   // ms
  SHORT_WAIT = 5,       // where the kernel does not tell any more that a ring fills
  AT_ONCE = 16,
};

void perf_init(struct perf *perf) { *perf = (struct perf){.ready = -1}; }

int perf_watch(struct sampling *s, const struct events *v, struct err *e) {
  struct perf *perf = s->state;
  if (perf->ready < 0) perf->ready = epoll_create1(EPOLL_CLOEXEC);
  if (perf->ready < 0) return err_system(e, "epoll");
  for (size_t i = 0; i < v->n_rings; i++) {
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = v->ring[i].fd};
    if (wanted.data.fd >= 0 && epoll_ctl(perf->ready, EPOLL_CTL_ADD, wanted.data.fd, &wanted))
      return err_system(e, "epoll");
  }
  s->descriptor = perf->ready;
  s->wait = LONGEST_WAIT;
  return 0;
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

int perf_take(struct events *v, const struct ring_filter *filter, struct queue *q, struct err *e) {
  for (size_t i = 0; i < v->n_rings; i++)
    if (ring_take(&v->ring[i], filter, q, e)) return -1;
  return 0;
}

void perf_look(struct events *v) {
  for (size_t i = 0; i < v->n_rings; i++) ring_look(&v->ring[i]);
}

int perf_deliver(struct sampling *s, bool all, struct err *e) {
  struct perf *perf = s->state;
  return queue_flush(&perf->queue, all ? UINT64_MAX : perf_now() - LATE, &s->sink) ? err_nomem(e) : 0;
}

int perf_drain(struct sampling *s, bool all, struct err *e) {
  struct perf *perf = s->state;
  forget_hung_up(s);
  perf_look(&perf->events);
  return perf_take(&perf->events, NULL, &perf->queue, e) ? -1 : perf_deliver(s, all, e);
}

void perf_stop(struct sampling *s) { events_disable(&((struct perf *)s->state)->events); }

void perf_close(struct sampling *s) {
  struct perf *perf = s->state;
  events_release(&perf->events);
  queue_release(&perf->queue);
  if (perf->ready >= 0) close(perf->ready);
  free(s->state);
  s->state = NULL;
}
