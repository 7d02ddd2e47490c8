// What the walks over all samples share.
#include <pthread.h>
#include <stdlib.h>

#include "graph/internal.h"

static const size_t frames_per_part = 1 << 20;

unsigned graph_parts(const struct profile *p) {
  size_t by_work = p->stack[p->n_samples] / frames_per_part;
  if (by_work <= 1) return 1;
  unsigned cores = cores_online(GRAPH_MOST_PARTS);
  return by_work < cores ? (unsigned)by_work : cores;
}

uint32_t graph_part_start(const struct profile *p, unsigned n, unsigned i) {
  return (uint32_t)((uint64_t)p->n_samples * i / n);
}

void graph_run_parts(void *parts, size_t element_size, unsigned n, void *(*run)(void *part)) {
  pthread_t thread[GRAPH_MOST_PARTS];
  char *part = parts;
  unsigned started = 1;
  while (started < n && pthread_create(&thread[started], NULL, run, part + started * element_size) == 0) started++;
  run(part);
  for (unsigned i = started; i < n; i++) run(part + i * element_size);  // threads that could not be had
  for (unsigned i = 1; i < started; i++) pthread_join(thread[i], NULL);
}

uint32_t *graph_only_nodes(const struct graph *g) {
  uint32_t n = g->view->places->n_locations;
  uint32_t *only = malloc(((size_t)n + 1) * sizeof *only);
  for (uint32_t i = 0; i < n && only; i++)
    only[i] = g->first_slot[i + 1] - g->first_slot[i] == 1 ? g->slot[g->first_slot[i]] : NONE;
  return only;
}
