// Which nodes a report shows, and in which order.
//
// The reference leaves nodes that print the same name in the order of a hash map; here cum and then the parts of the
// node decide, so that every order is total.
#include <stdlib.h>

#include "graph/internal.h"

int64_t graph_cutoff(int64_t total, double fraction) { return wrap_abs(int64_from_double((double)total * fraction)); }

static int compare_i64(int64_t a, int64_t b) { return (a > b) - (a < b); }
static int compare_u64(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int compare_info(const struct graph *g, const struct node_info *a, const struct node_info *b) {
  int order = str_cmp(strings_at(&g->strings, a->name), strings_at(&g->strings, b->name));
  if (!order) order = compare_u64(a->address, b->address);
  if (!order) order = str_cmp(strings_at(&g->strings, a->file), strings_at(&g->strings, b->file));
  if (!order) order = compare_i64(a->start_line, b->start_line);
  if (!order) order = compare_i64(a->line, b->line);
  if (!order) order = compare_i64(a->column, b->column);
  return order ? order : str_cmp(strings_at(&g->strings, a->object), strings_at(&g->strings, b->object));
}

static int compare_names(struct graph *g, uint32_t a, uint32_t b) {
  uint64_t x = g->node[a].info.address, y = g->node[b].info.address;
  if (x && y && x != y) return compare_u64(x, y);
  return str_cmp(graph_name(g, a), graph_name(g, b));
}

static int compare_rest(struct graph *g, uint32_t a, uint32_t b, int64_t other_a, int64_t other_b) {
  int order = compare_names(g, a, b);
  if (!order) order = compare_magnitudes(other_a, other_b);
  return order ? order : compare_info(g, &g->node[a].info, &g->node[b].info);
}

static int by_flat(uint32_t a, uint32_t b, void *arg) {
  struct graph *g = arg;
  int order = compare_magnitudes(g->node[a].flat, g->node[b].flat);
  return order ? order : compare_rest(g, a, b, g->node[a].cum, g->node[b].cum);
}

static int by_cum(uint32_t a, uint32_t b, void *arg) {
  struct graph *g = arg;
  int order = compare_magnitudes(g->node[a].cum, g->node[b].cum);
  return order ? order : compare_rest(g, a, b, g->node[a].flat, g->node[b].flat);
}

struct scored {
  struct graph *g;
  const int64_t *score;
};

static int by_score(uint32_t a, uint32_t b, void *arg) {
  struct scored *t = arg;
  int order = compare_magnitudes(t->score[a], t->score[b]);
  return order ? order : compare_rest(t->g, a, b, t->g->node[a].flat, t->g->node[b].flat);
}

int graph__sort_by_score(struct graph *g, struct selection *s, const int64_t *score, struct err *e) {
  struct scored t = {g, score};
  graph__sort(s->node, s->n, by_score, &t);
  return g->names_failed ? err_nomem(e) : 0;
}

static void mark(const struct graph *g, const struct selection *s, uint8_t *marks) {
  memset(marks, 0, g->n_nodes);
  for (uint32_t i = 0; i < s->n; i++) marks[s->node[i]] = 1;
}

// In a tree only nodes that are cut here are taken out: those without value or below zero were never in the list, and
// stay linked, as in the reference.
static void cut_links(const struct graph *g, struct selection *s, uint32_t n) {
  for (uint32_t i = n; g->parent && i < s->n; i++) s->linked[s->node[i]] = 0;
}

void selection_cut(const struct graph *g, struct selection *s, uint32_t n) {
  if (n >= s->n) return;
  cut_links(g, s, n);
  s->n = n;
  mark(g, s, s->chosen);
  if (!g->parent) mark(g, s, s->linked);
}

// Nodes with a value, and without drop_negative's.
static void choose_significant(const struct graph *g, const struct selection_options *o, struct selection *s) {
  for (uint32_t i = 0; i < g->n_nodes; i++) {
    const struct node *n = &g->node[i];
    if (!node_counts(n, o->drop_negative)) continue;
    s->flat_total = wrap_add(s->flat_total, n->flat);
    s->node[s->n++] = i;
  }
}

static void drop_light(const struct graph *g, int64_t cutoff, struct selection *s) {
  uint32_t all = s->n;
  s->n = 0;
  for (uint32_t i = 0; i < all; i++)
    if (cutoff <= 0 || wrap_abs(g->node[s->node[i]].cum) >= cutoff) s->node[s->n++] = s->node[i];
    else s->linked[s->node[i]] = 0;
  s->n_dropped = all - s->n;
  s->n_significant = s->n;
}

int graph_select(struct graph *g, const struct selection_options *o, struct selection *s, struct err *e) {
  size_t n = (size_t)g->n_nodes + 1;
  *s = (struct selection){.node = malloc(n * sizeof *s->node), .linked = malloc(n), .chosen = malloc(n)};
  if (!s->node || !s->linked || !s->chosen) return err_nomem(e);
  memset(s->linked, 1, g->n_nodes);
  choose_significant(g, o, s);
  drop_light(g, graph_cutoff(s->flat_total, o->node_fraction), s);
  graph__sort(s->node, s->n, o->by_cum ? by_cum : by_flat, g);
  mark(g, s, s->chosen);
  if (s->n_dropped && !g->parent) mark(g, s, s->linked);
  if (o->node_count) selection_cut(g, s, o->node_count);
  return g->names_failed ? err_nomem(e) : 0;
}

void selection_release(struct selection *s) {
  free(s->node);
  free(s->linked);
  free(s->chosen);
  *s = (struct selection){0};
}
