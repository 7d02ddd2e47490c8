// What the files of the graph module share.
#ifndef CPROF_GRAPH_INTERNAL_H
#define CPROF_GRAPH_INTERNAL_H

#include "graph/graph.h"

// Sorts by |score| (a value a node), then name, |flat| and the parts of the node.
void graph__sort_by_score(struct graph *g, struct selection *s, const int64_t *score);

#endif
