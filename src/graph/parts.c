// Sharing samples out to threads.
#include <pthread.h>
#include <unistd.h>

#include "graph/internal.h"

static const size_t frames_per_part = 1 << 20;

unsigned graph__parts(const struct profile *p) {
  size_t by_work = p->stack[p->n_samples] / frames_per_part;
  long cores = by_work > 1 ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
  size_t most = cores > 1 ? (size_t)cores : 1;
  if (most > GRAPH_MOST_PARTS) most = GRAPH_MOST_PARTS;
  return (unsigned)(by_work < 1 ? 1 : by_work < most ? by_work : most);
}

uint32_t graph__part_start(const struct profile *p, unsigned n, unsigned i) {
  return (uint32_t)((uint64_t)p->n_samples * i / n);
}

void graph__run_parts(void *parts, size_t element_size, unsigned n, void *(*run)(void *part)) {
  pthread_t thread[GRAPH_MOST_PARTS];
  char *part = parts;
  unsigned started = 1;
  while (started < n && pthread_create(&thread[started], NULL, run, part + started * element_size) == 0) started++;
  run(part);
  for (unsigned i = started; i < n; i++) run(part + i * element_size);  // threads that could not be had
  for (unsigned i = 1; i < started; i++) pthread_join(thread[i], NULL);
}
