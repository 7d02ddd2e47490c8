// Threads that live for a short time, two after each other side by side.
//
//     brief MICROSECONDS MILLISECONDS
//
// Each thread works for so many microseconds of CPU time, all together for so many milliseconds. Standard error gets
// "work NANOSECONDS", what the threads measured themselves in their function `work`.
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "work.h"

static int64_t used(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct life {
  long times;
  int64_t worked;
};

static KEPT void *work(void *arg) {
  struct life *l = arg;
  int64_t from = used();
  volatile uint64_t v = mix(1, l->times);
  (void)v;
  l->worked = used() - from;
  return NULL;
}

// How many times one mixes in so many nanoseconds, by the quickest of some tries.
static long times_in(int64_t nanoseconds) {
  int64_t best = INT64_MAX;
  for (int i = 0; i < 10; i++) {
    int64_t from = used();
    volatile uint64_t v = mix(1, 1000000);
    (void)v;
    int64_t took = used() - from;
    if (took < best) best = took;
  }
  return (long)((double)nanoseconds * 1e6 / (double)best);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int64_t nanoseconds = strtoll(argv[1], NULL, 10) * 1000, all = strtoll(argv[2], NULL, 10) * 1000000, sum = 0;
  long times = times_in(nanoseconds);
  while (sum < all) {
    struct life life[2] = {{times, 0}, {times, 0}};
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
      if (pthread_create(&thread[i], NULL, work, &life[i])) return 1;
    for (int i = 0; i < 2; i++) {
      pthread_join(thread[i], NULL);
      sum += life[i].worked;
    }
  }
  fprintf(stderr, "work %lld\n", (long long)sum);
  return 0;
}
