// The progress line: a thread that mostly waits.
#include "driver/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { TICKS_A_SECOND = 4 };

// The time of tick `n` from `start` on.
static struct timespec tick_time(struct timespec start, unsigned n) {
  long nanos = start.tv_nsec + (long)(n % TICKS_A_SECOND) * (1000000000 / TICKS_A_SECOND);
  return (struct timespec){start.tv_sec + (time_t)(n / TICKS_A_SECOND) + nanos / 1000000000, nanos % 1000000000};
}

static void *show(void *arg) {
  struct progress *p = arg;
  struct timespec start;
  unsigned tick = TICKS_A_SECOND;
  clock_gettime(CLOCK_MONOTONIC, &start);
  pthread_mutex_lock(&p->mutex);
  while (!p->stop) {
    struct timespec next = tick_time(start, tick);
    if (pthread_cond_timedwait(&p->changed, &p->mutex, &next) == 0) continue;
    fprintf(stderr, "\r%s: %u s", p->what, tick / TICKS_A_SECOND);
    fflush(stderr);
    tick++;
  }
  if (tick > TICKS_A_SECOND) fputs("\r\033[K", stderr);
  pthread_mutex_unlock(&p->mutex);
  return NULL;
}

void progress_begin(struct progress *p, const char *what) {
  pthread_condattr_t monotonic;
  *p = (struct progress){.what = what};
  if (!isatty(STDERR_FILENO)) return;
  pthread_mutex_init(&p->mutex, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&p->changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  p->running = pthread_create(&p->thread, NULL, show, p) == 0;
}

void progress_end(struct progress *p) {
  if (!p->running) return;
  pthread_mutex_lock(&p->mutex);
  p->stop = true;
  pthread_cond_signal(&p->changed);
  pthread_mutex_unlock(&p->mutex);
  pthread_join(p->thread, NULL);
  pthread_cond_destroy(&p->changed);
  pthread_mutex_destroy(&p->mutex);
  p->running = false;
}
