// What the files of the graph module share.
#ifndef CPROF_GRAPH_INTERNAL_H
#define CPROF_GRAPH_INTERNAL_H

#include "graph/graph.h"

// Walks over all samples are shared out to threads on large profiles: into so many parts, of which part i takes the
// samples from graph__part_start(p, n, i) to that of i + 1.
enum { GRAPH_MOST_PARTS = 8 };
unsigned graph__parts(const struct profile *p);
uint32_t graph__part_start(const struct profile *p, unsigned n, unsigned i);
// Calls run(part) for each of the n elements of an array, side by side, and returns when all are done.
void graph__run_parts(void *parts, size_t element_size, unsigned n, void *(*run)(void *part));

// A location with one node: that node; others: NONE. To be freed; NULL when memory ran out.
uint32_t *graph__only_nodes(const struct graph *g);

// Fills in flat and cum from what is kept, if that is of this graph.
bool graph__take_kept(struct graph *g, uint32_t column, bool mean, struct kept_weights *k);
// Keeps them where that is worth it.
void graph__keep(const struct graph *g, uint32_t column, bool mean, struct kept_weights *k);

// < 0: a comes first, 0: equal.
typedef int graph__compare(uint32_t a, uint32_t b, void *arg);

// Equal items come out in the order in which the reference's library would leave them: what a report shows depends on
// it where a call tree is sorted twice.
void graph__sort(uint32_t *item, size_t n, graph__compare *compare, void *arg);

// Sorts by |score| (a value a node), then name, |flat| and the parts of the node.
int graph__sort_by_score(struct graph *g, struct selection *s, const int64_t *score, struct err *e);

#endif
