// Slow clients.
#include "web/slow.h"

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
    s->connection[number] = (struct slow_connection){fd, clock_milliseconds() + SLOW_SECONDS_TO_ASK * 1000};
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

void slow_sweep(struct slow *s) {
  uint64_t expirations;
  int64_t t = clock_milliseconds();
  if (read(s->timer, &expirations, sizeof expirations) != (ssize_t)sizeof expirations) return;
  pthread_mutex_lock(&s->lock);
  // A connection is taken out before its descriptor is closed (slow_close), so this is never another one's.
  for (size_t i = 0; i < SLOW_CONNECTIONS; i++)
    if (s->connection[i].fd >= 0 && s->connection[i].until < t) shutdown(s->connection[i].fd, SHUT_RDWR);
  pthread_mutex_unlock(&s->lock);
}
