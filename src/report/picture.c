// Choosing what a picture shows. The steps and their order are the reference's: light nodes go first; of the rest the
// most telling are kept, counting labels as nodes; then light labels and edges go, and edges that say nothing new.
#include "report/picture.h"

#include <stdlib.h>

static int sort_nodes(struct picture *p, struct err *e) {
  struct adjacency a = {0};
  int result = adjacency_init(&a, &p->nodes.graph, e);
  if (!result) result = graph_sort_by_entropy(&p->nodes.graph, &p->nodes.shown, &a, e);
  adjacency_release(&a);
  return result;
}

// The edges among the linked nodes, as the samples have them.
static int connect(struct picture *p, const struct report *r, struct err *e) {
  if (p->is_tree) return graph_trim_tree(&p->nodes.graph, p->nodes.shown.linked, e);
  struct calls_wanted wanted = {.linked = p->nodes.shown.linked};
  return graph_connect(&p->nodes.graph, r->o.column, r->o.mean, &wanted, e);
}

// How many of the nodes fit, with their labels, into the number that was asked for.
static uint32_t count_fitting(const struct picture *p, uint32_t limit) {
  uint32_t boxes = 0;
  for (uint32_t i = 0; i < p->nodes.shown.n; i++) {
    uint32_t tags = node_tags_count(&p->tags, p->nodes.shown.node[i]);
    boxes += (tags < MAX_NODELETS ? tags : MAX_NODELETS) + 1;
    if (boxes >= limit) return i + 1;
  }
  return limit;
}

static int make_nodes(struct picture *p, const struct report *r, struct err *e) {
  struct report_nodes *n = &p->nodes;
  struct selection_options o = {.drop_negative = r->o.drop_negative, .node_fraction = r->o.node_fraction};
  struct graph *first = p->is_tree ? &p->base : &n->graph;
  n->unit = r->o.output_unit;
  if (graph_init(first, r->view, report_shape(&r->o), &r->o.paths, e)) return -1;
  if (p->is_tree ? graph_unfold(&n->graph, first, r->o.column, r->o.mean, e)
                 : graph_weigh(first, r->o.column, r->o.mean, r->weights, e))
    return -1;
  return graph_select(&n->graph, &o, &n->shown, e);
}

static int limit_nodes(struct picture *p, const struct report *r, int64_t tag_cutoff, int64_t edge_cutoff,
                       struct err *e) {
  struct report_nodes *n = &p->nodes;
  node_tags_trim(&p->tags, &n->graph, tag_cutoff);
  graph_trim_edges(&n->graph, n->shown.chosen, edge_cutoff);
  uint32_t fitting = count_fitting(p, r->o.node_count);
  if (fitting >= n->shown.n) return 0;
  selection_cut(&n->graph, &n->shown, fitting);
  return connect(p, r, e) || sort_nodes(p, e) ? -1 : 0;
}

int picture_init(struct picture *p, const struct report *r, struct err *e) {
  struct report_nodes *n = &p->nodes;
  *p = (struct picture){.is_tree = r->o.call_tree};
  if (make_nodes(p, r, e) || connect(p, r, e) || node_tags_init(&p->tags, r, p, e) || sort_nodes(p, e)) return -1;
  int64_t tag_cutoff = graph_cutoff(n->shown.flat_total, r->o.node_fraction);
  int64_t edge_cutoff = graph_cutoff(n->shown.flat_total, r->o.edge_fraction);
  if (r->o.node_count && limit_nodes(p, r, tag_cutoff, edge_cutoff, e)) return -1;
  node_tags_trim(&p->tags, &n->graph, tag_cutoff);
  p->dropped_edges = graph_trim_edges(&n->graph, n->shown.chosen, edge_cutoff);
  if (graph_drop_redundant_edges(&n->graph, &n->shown, e)) return -1;
  report_choose_unit(n, r);
  return adjacency_init(&p->calls, &n->graph, e);
}

void picture_release(struct picture *p) {
  node_tags_release(&p->tags);
  adjacency_release(&p->calls);
  report_nodes_release(&p->nodes);
  graph_release(&p->base);
}
