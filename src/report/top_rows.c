// The rows of top.
#include <stdlib.h>

#include "report/rows.h"

// Calls are looked at only for the nodes shown that stand for inlined code somewhere; most profiles have few.
static int find_inlined(const struct report *r, struct top_rows *t, struct err *e) {
  struct graph *g = &t->nodes.graph;
  const struct selection *shown = &t->nodes.shown;
  bool any = false;
  uint8_t *targets = calloc((size_t)g->n_nodes + 1, 1);
  if (!targets) return err_nomem(e);
  for (uint32_t i = 0; i < shown->n; i++) any |= targets[shown->node[i]] = g->node[shown->node[i]].inlined;
  int result = any ? report_nodes_connect(&t->nodes, r, targets, NULL, NULL, e) : 0;
  free(targets);
  return result;
}

static void judge_calls(struct top_rows *t) {
  enum { INLINED = 1, CALLED = 2 };
  static const enum inlining of[] = {
      [0] = INLINED_NEVER, [INLINED] = INLINED_ALWAYS, [CALLED] = INLINED_NEVER, [INLINED | CALLED] = INLINED_PARTLY};
  const struct graph *g = &t->nodes.graph;
  for (uint32_t i = 0; i < g->n_edges; i++) t->inlining[g->edge[i].to] |= g->edge[i].inlined ? INLINED : CALLED;
  for (uint32_t i = 0; i < g->n_nodes; i++) t->inlining[i] = of[t->inlining[i]];
}

int top_rows_init(struct top_rows *t, const struct report *r, struct err *e) {
  *t = (struct top_rows){0};
  if (report_nodes_init(&t->nodes, r, e)) return -1;
  t->inlining = calloc((size_t)t->nodes.graph.n_nodes + 1, sizeof *t->inlining);
  if (!t->inlining) return err_nomem(e);
  if (find_inlined(r, t, e)) return -1;
  judge_calls(t);
  return 0;
}

bool top_rows_next(struct top_rows *t, struct top_row *row) {
  if (t->next == t->nodes.shown.n) return false;
  uint32_t node = t->nodes.shown.node[t->next++];
  const struct node *at = &t->nodes.graph.node[node];
  t->sum = wrap_add(t->sum, node_flat(at));
  *row = (struct top_row){.node = node,
                          .flat = node_flat(at),
                          .sum = t->sum,
                          .cum = node_cum(at),
                          .name = graph_name(&t->nodes.graph, node),
                          .inlining = t->inlining[node]};
  return true;
}

void top_rows_release(struct top_rows *t) {
  report_nodes_release(&t->nodes);
  free(t->inlining);
}

const char *inlining_name(enum inlining i) {
  static const char *const names[] = {[INLINED_NEVER] = "none", [INLINED_ALWAYS] = "all", [INLINED_PARTLY] = "partial"};
  return names[i];
}
