// Slow clients.
#include "web/slow.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

// Every second while there are connections; otherwise the program sleeps.
static void set_timer(struct slow *s, bool on) {
  struct itimerspec every = {{on, 0}, {on, 0}};
  timerfd_settime(s->timer, 0, &every, NULL);
}

int slow_init(struct slow *s, struct err *e) {
  *s = (struct slow){.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
  for (size_t i = 0; i < SLOW_CONNECTIONS; i++) s->connection[i].fd = -1;
  if (s->timer < 0) return err_system(e, "no timer");
  return pthread_mutex_init(&s->lock, NULL) ? err_set(e, "locks cannot be made") : 0;
}

void slow_release(struct slow *s) {
  if (s->timer >= 0) close(s->timer);
  pthread_mutex_destroy(&s->lock);
}

int slow_open(struct slow *s, int fd) {
  int number = -1;
  pthread_mutex_lock(&s->lock);
  for (int i = 0; i < SLOW_CONNECTIONS && number < 0; i++)
    if (s->connection[i].fd < 0) number = i;
  if (number >= 0) {
    s->connection[number] = (struct slow_connection){fd, clock_milliseconds() + SLOW_SECONDS_TO_ASK * 1000, NULL};
    if (s->n++ == 0) set_timer(s, true);
  }
  pthread_mutex_unlock(&s->lock);
  return number;
}

void slow_close(struct slow *s, int number) {
  if (number < 0) return;
  pthread_mutex_lock(&s->lock);
  s->connection[number].fd = -1;
  if (--s->n == 0) set_timer(s, false);
  pthread_mutex_unlock(&s->lock);
}

void slow_allow(struct slow *s, int number, int seconds) {
  if (number < 0) return;
  pthread_mutex_lock(&s->lock);
  s->connection[number].until = clock_milliseconds() + (int64_t)seconds * 1000;
  pthread_mutex_unlock(&s->lock);
}

void slow_wait(struct slow *s, int number, void *request) {
  if (number < 0) return;
  pthread_mutex_lock(&s->lock);
  s->connection[number].waiting = request;
  pthread_mutex_unlock(&s->lock);
}

static bool has_gone(int fd) {
  char byte;
  ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

size_t slow_sweep(struct slow *s, slow_leave *leave, void *arg, void **left) {
  uint64_t expirations;
  int64_t t = clock_milliseconds();
  size_t n = 0;
  if (read(s->timer, &expirations, sizeof expirations) != (ssize_t)sizeof expirations) return 0;
  pthread_mutex_lock(&s->lock);
  // A connection is taken out before its descriptor is closed (slow_close), so this is never another one's. Nor is a request:
  // before it ends it says, under the lock, that it waits no longer.
  for (struct slow_connection *c = s->connection; c < s->connection + SLOW_CONNECTIONS; c++) {
    if (c->fd < 0) continue;
    if (c->until < t) shutdown(c->fd, SHUT_RDWR);
    if (c->waiting && has_gone(c->fd) && leave(arg, c->waiting)) {
      left[n++] = c->waiting;
      c->waiting = NULL;
    }
  }
  pthread_mutex_unlock(&s->lock);
  return n;
}
