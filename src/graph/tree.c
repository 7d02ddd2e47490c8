// Call trees: a node for each way to it.
#include <stdlib.h>

#include "graph/graph.h"

struct unfolding {
  struct graph *tree;
  const struct graph *g;
  uint32_t column;
  bool mean;
  struct map64 known;  // parent << 32 | node of g, to node of the tree
  size_t parent_cap;
};

// The child of `parent` (NONE: a root) that stands for a node of g. NONE when memory ran out.
static uint32_t find_child(struct unfolding *u, uint32_t parent, uint32_t node) {
  struct graph *t = u->tree;
  uint64_t key = (uint64_t)parent << 32 | node;
  uint32_t at = map64_get(&u->known, key);
  if (at != MAP_NONE) return at;
  if (t->n_nodes == NONE || ARRAY_RESERVE(t->node, t->node_cap, (size_t)t->n_nodes + 1) ||
      ARRAY_RESERVE(t->parent, u->parent_cap, (size_t)t->n_nodes + 1) || map64_put(&u->known, key, t->n_nodes))
    return NONE;
  t->node[t->n_nodes] = (struct node){.info = u->g->node[node].info};
  t->parent[t->n_nodes] = parent;
  if (parent != NONE) {
    if (ARRAY_RESERVE(t->edge, t->edge_cap, (size_t)t->n_edges + 1)) return NONE;
    t->edge[t->n_edges++] = (struct edge){.from = parent, .to = t->n_nodes, .inlined = true};
  }
  return t->n_nodes++;
}

static int take_frame(struct unfolding *u, uint32_t *at, uint32_t node, bool inlined, int64_t value, int64_t div) {
  uint32_t child = find_child(u, *at, node);
  if (child == NONE) return -1;
  struct node *n = &u->tree->node[child];
  n->cum = wrap_add(n->cum, value);
  n->cum_div = wrap_add(n->cum_div, div);
  // For now the inlined flag of a node says whether all calls to it were: the edges take it over at the end.
  n->inlined = n->inlined || !inlined;
  *at = child;
  return 0;
}

static int take_sample(struct unfolding *u, uint32_t sample, uint32_t *room) {
  const struct graph *g = u->g;
  const int64_t *values = profile_values(g->view->profile, sample);
  int64_t value = values[u->column], div = u->mean ? values[0] : 0;
  uint32_t n, at = NONE;
  if (value == 0 && div == 0) return 0;
  const uint32_t *stack = view_stack_into(g->view, sample, room, &n);
  for (uint32_t i = n; i-- > 0;) {
    uint32_t first = g->first_slot[stack[i]], end = g->first_slot[stack[i] + 1];
    for (uint32_t k = end; k-- > first;)
      if (take_frame(u, &at, g->slot[k], k + 1 != end, value, div)) return -1;
  }
  if (at == NONE) return 0;
  u->tree->node[at].flat = wrap_add(u->tree->node[at].flat, value);
  u->tree->node[at].flat_div = wrap_add(u->tree->node[at].flat_div, div);
  return 0;
}

// A node of a tree is called from one place, so an edge weighs what its callee does.
static void weigh_edges(struct graph *t) {
  for (uint32_t i = 0; i < t->n_edges; i++) {
    const struct node *to = &t->node[t->edge[i].to];
    t->edge[i].weight = to->cum;
    t->edge[i].weight_div = to->cum_div;
    t->edge[i].inlined = !to->inlined;
  }
}

int graph_unfold(struct graph *tree, const struct graph *g, uint32_t column, bool mean, struct err *e) {
  struct unfolding u = {.tree = tree, .g = g, .column = column, .mean = mean};
  uint32_t *room = malloc((view_depth(g->view) + 1) * sizeof *room);
  *tree = (struct graph){.view = g->view};
  int result = room && strings_init(&tree->strings, &g->strings) == 0 ? 0 : -1;
  for (uint32_t s = 0; s < g->view->profile->n_samples && !result; s++)
    if (view_has(g->view, s)) result = take_sample(&u, s, room);
  weigh_edges(tree);
  map64_release(&u.known);
  free(room);
  return result ? err_nomem(e) : 0;
}

int graph_trim_tree(struct graph *t, const uint8_t *chosen, struct err *e) {
  uint32_t *in = malloc(((size_t)t->n_nodes + 1) * sizeof *in), kept = 0;
  if (!in) return err_nomem(e);
  memset(in, 0xff, ((size_t)t->n_nodes + 1) * sizeof *in);
  for (uint32_t i = 0; i < t->n_edges; i++) in[t->edge[i].to] = i;
  for (uint32_t i = 0; i < t->n_edges; i++) {
    struct edge edge = t->edge[i];
    while (chosen[edge.to] && edge.from != NONE && !chosen[edge.from]) {
      uint32_t above = in[edge.from];
      edge.residual = true;
      edge.inlined = edge.inlined && above != NONE && t->edge[above].inlined;
      edge.from = above == NONE ? NONE : t->edge[above].from;
    }
    t->edge[i].residual = edge.residual;
    if (chosen[edge.to]) t->edge[i] = edge;
  }
  // Edges of nodes that went were needed until here.
  for (uint32_t i = 0; i < t->n_edges; i++)
    if (chosen[t->edge[i].to] && t->edge[i].from != NONE) t->edge[kept++] = t->edge[i];
  t->n_edges = kept;
  free(in);
  return 0;
}
