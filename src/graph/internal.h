// What the files of the graph module share.
#ifndef CPROF_GRAPH_INTERNAL_H
#define CPROF_GRAPH_INTERNAL_H

#include "graph/graph.h"

// Sorts by |score| (a value a node), then name, |flat| and the parts of the node. Nodes that are equal in all of these (in a
// call tree) keep the order they were in.
int graph__sort_by_score(struct graph *g, struct selection *s, const int64_t *score, struct err *e);

#endif
