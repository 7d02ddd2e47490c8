// The graph of a picture: nodes, edges and labels as dot shows them.
#ifndef CPROF_REPORT_PICTURE_H
#define CPROF_REPORT_PICTURE_H

#include "report/internal.h"

// A label (its key and value) of a node, with the values of the samples that have it.
struct node_tag {
  uint32_t node;
  uint32_t text;  // the labels of the samples, joined: a number in tags.strings
  uint32_t name;  // the same for text tags; for numeric ones the value with its unit
  bool numeric;
  int64_t number;  // of numeric tags, the first value that prints this name
  int64_t flat, cum, flat_div, cum_div;
};

// Sorted by node; within a node text tags, then numeric ones by text.
struct node_tags {
  struct strings strings;
  struct str unit;  // of numeric tags
  struct node_tag *tag;
  size_t n, cap;
  size_t *first;  // a node: its first tag; n_nodes + 1
};

struct picture {
  struct report_nodes nodes;  // shown.n nodes in their order
  struct graph base;          // of call trees: what the nodes were unfolded from
  bool is_tree;
  struct node_tags tags;
  struct adjacency calls;
  uint32_t dropped_edges;
};

int picture_init(struct picture *p, const struct report *r, struct err *e);
void picture_release(struct picture *p);

// picture_tags.c: collects the tags of chosen nodes. `graph` is the one whose slots the samples walk; in a call tree
// its nodes are looked up below their parents.
int node_tags_init(struct node_tags *t, const struct report *r, const struct picture *p, struct err *e);
void node_tags_trim(struct node_tags *t, const struct graph *g, int64_t cutoff);
// How many tags have a flat value.
uint32_t node_tags_count(const struct node_tags *t, uint32_t node);
void node_tags_release(struct node_tags *t);

static inline int64_t tag_flat(const struct node_tag *t) {
  return t->flat_div ? wrap_div(t->flat, t->flat_div) : t->flat;
}
static inline int64_t tag_cum(const struct node_tag *t) { return t->cum_div ? wrap_div(t->cum, t->cum_div) : t->cum; }

enum { MAX_NODELETS = 4 };

// dot_node.c and dot_tags.c: one node with its box, one node's tags. True when the node has any.
void dot_escape(struct buf *out, struct str s);
// A name that the reference writes as it is, which a quote in it ends early: with strict_dot it is escaped.
void dot_plain(const struct report *r, struct buf *out, struct str s);
void dot_color(struct buf *out, int64_t value, int64_t total, bool background);
void dot_node(const struct report *r, const struct picture *p, uint32_t node, uint32_t id, int64_t max_flat,
              struct buf *out);
bool dot_node_tags(const struct report *r, const struct picture *p, uint32_t node, uint32_t id, struct buf *out);

// dot_limits.c: the finished text, with what Graphviz would refuse put otherwise.
void dot_make_drawable(struct buf *out, struct str text);

#endif
