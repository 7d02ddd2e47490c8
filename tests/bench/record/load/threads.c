// Four threads that work from the beginning to the end.
#include <pthread.h>

#include "work.h"

enum { THREADS = 4 };

static void *work(void *rounds) {
  volatile uint64_t v = 1;
  for (long i = *(long *)rounds; i > 0; i--) v = mix(v, 75000);
  return NULL;
}

int main(int argc, char **argv) {
  long rounds = rounds_of(argc, argv);
  pthread_t thread[THREADS];
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&thread[i], NULL, work, &rounds)) return 1;
  for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
  return 0;
}
