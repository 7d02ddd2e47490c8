// What the files of the graph module share.
#ifndef CPROF_GRAPH_INTERNAL_H
#define CPROF_GRAPH_INTERNAL_H

#include "graph/graph.h"

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
