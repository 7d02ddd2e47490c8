// Weights kept from one report to the next.
#include <pthread.h>
#include <stdlib.h>

#include "graph/internal.h"

struct kept_node {
  int64_t flat, cum, flat_div, cum_div;
};

// What nodes a graph has, and in which order, follows from the profile and the shape; what they weigh from these two.
struct kept_key {
  const struct profile *profile;
  struct graph_shape shape;
  uint32_t column;
  bool mean;
};

struct kept_weights {
  pthread_mutex_t lock;
  struct kept_key key;
  struct kept_node *node;
  uint32_t n;  // 0: nothing is kept
};

struct kept_weights *kept_weights_new(void) {
  struct kept_weights *k = calloc(1, sizeof *k);
  if (k) pthread_mutex_init(&k->lock, NULL);
  return k;
}

static void forget(struct kept_weights *k) {
  free(k->node);
  k->node = NULL;
  k->n = 0;
}

void kept_weights_clear(struct kept_weights *k) {
  pthread_mutex_lock(&k->lock);
  forget(k);
  pthread_mutex_unlock(&k->lock);
}

void kept_weights_free(struct kept_weights *k) {
  if (!k) return;
  forget(k);
  pthread_mutex_destroy(&k->lock);
  free(k);
}

static bool same_shape(struct graph_shape a, struct graph_shape b) {
  return a.function == b.function && a.file == b.file && a.line == b.line && a.column == b.column &&
         a.address == b.address && a.object == b.object;
}

static bool same_key(const struct kept_key *a, const struct kept_key *b) {
  return a->profile == b->profile && same_shape(a->shape, b->shape) && a->column == b->column && a->mean == b->mean;
}

// Names of files are trimmed by options, which may make one node of two.
static bool is_keepable(const struct graph *g) { return view_is_whole(g->view) && !g->shape.file; }

static struct kept_key key_of(const struct graph *g, uint32_t column, bool mean) {
  return (struct kept_key){g->view->profile, g->shape, column, mean};
}

bool graph__take_kept(struct graph *g, uint32_t column, bool mean, struct kept_weights *k) {
  if (!k || !is_keepable(g)) return false;
  struct kept_key key = key_of(g, column, mean);
  pthread_mutex_lock(&k->lock);
  bool found = k->n && k->n == g->n_nodes && same_key(&k->key, &key);
  for (uint32_t i = 0; i < g->n_nodes && found; i++) {
    g->node[i].flat = k->node[i].flat;
    g->node[i].cum = k->node[i].cum;
    g->node[i].flat_div = k->node[i].flat_div;
    g->node[i].cum_div = k->node[i].cum_div;
  }
  pthread_mutex_unlock(&k->lock);
  return found;
}

static struct kept_node *copy_nodes(const struct graph *g) {
  struct kept_node *copy = malloc(g->n_nodes * sizeof *copy);
  for (uint32_t i = 0; i < g->n_nodes && copy; i++) {
    const struct node *n = &g->node[i];
    copy[i] = (struct kept_node){n->flat, n->cum, n->flat_div, n->cum_div};
  }
  return copy;
}

void graph__keep(const struct graph *g, uint32_t column, bool mean, struct kept_weights *k) {
  if (!k || !is_keepable(g) || view_is_stopped(g->view) || g->n_nodes == 0) return;
  struct kept_node *copy = copy_nodes(g);
  if (!copy) return;  // it will be computed again
  pthread_mutex_lock(&k->lock);
  forget(k);
  k->key = key_of(g, column, mean);
  k->node = copy;
  k->n = g->n_nodes;
  pthread_mutex_unlock(&k->lock);
}
