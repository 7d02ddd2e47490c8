// graph: the nodes of a report: places merged at the granularity asked for, their flat and cum values, and the calls
// between them.
//
// Nodes are made once from the locations of a view and numbered densely. Values come from one walk over the samples,
// which needs no edges; edges are made afterwards, between the nodes that are kept, where a report asks for them. A
// sample counts once for a node however often the node is in its stack.
#ifndef CPROF_GRAPH_H
#define CPROF_GRAPH_H

#include "profile/view.h"

// Which attributes tell nodes apart. `object` also names the binary of every node.
struct graph_shape {
  bool function, file, line, column, address, object;
};

// What a node is. Names are numbers in graph.strings.
struct node_info {
  uint64_t address;
  int64_t line, column, start_line;
  uint32_t name, file, object;
};

struct node {
  struct node_info info;
  int64_t flat, cum;
  int64_t flat_div, cum_div;  // sums of the divisor column for means, otherwise 0
  bool inlined;               // it stands for an inlined call somewhere
};

// A call between kept nodes; "residual" where nodes that were not kept lie between them, "inlined" where all calls are.
struct edge {
  uint32_t from, to;
  int64_t weight, weight_div;
  bool residual, inlined;
};

struct graph {
  const struct view *view;
  struct graph_shape shape;
  struct strings strings;  // on top of the view's: cleaned file names
  struct node *node;
  uint32_t n_nodes;
  size_t node_cap;
  // The nodes of location l, innermost first: slot[first_slot[l]] .. slot[first_slot[l+1]-1]; at least one.
  uint32_t *first_slot;
  uint32_t *slot;
  size_t slot_cap;
  struct index index;
  uint32_t *parent;  // of a tree: a node; NONE for roots. NULL in a graph
  struct arena names;
  struct str *printable;  // a node, made when first asked for
  bool names_failed;      // memory ran out for some name: an order made with names does not count

  struct edge *edge;
  uint32_t n_edges;
  size_t edge_cap;
};

// Makes the nodes. Without `paths` (NULL) file names stay as they are. Its paths may be empty: trim_path is a list of
// prefixes to cut from file names, separated by ':'; source_path a list of folders whose last name ends what is cut
// when there is no trim_path.
struct graph_paths {
  struct str trim_path, source_path;
};
int graph_init(struct graph *g, const struct view *v, struct graph_shape shape, const struct graph_paths *paths,
               struct err *e);
void graph_release(struct graph *g);

// The weights of the last graph of a whole profile, unfiltered, for the reports that follow. Threads may share them. They are
// of the profile as it is: to be cleared or freed before it is.
struct kept_weights;
struct kept_weights *kept_weights_new(void);  // NULL: out of memory, and that is no error where it is handed on
void kept_weights_clear(struct kept_weights *k);
void kept_weights_free(struct kept_weights *k);

// Fills in flat and cum from a column of values, and from column 0 the divisors when `mean`; from `kept` where it has them
// (NULL: nothing is kept).
int graph_weigh(struct graph *g, uint32_t column, bool mean, struct kept_weights *kept, struct err *e);

// The values as reports show them: divided where there is a divisor.
static inline int64_t node_flat(const struct node *n) { return n->flat_div ? wrap_div(n->flat, n->flat_div) : n->flat; }
static inline int64_t node_cum(const struct node *n) { return n->cum_div ? wrap_div(n->cum, n->cum_div) : n->cum; }
// Has it a value at all and, with drop_negative, none below zero? By the sums, even for means, as in the reference.
static inline bool node_counts(const struct node *n, bool drop_negative) {
  int64_t value = n->flat ? n->flat : n->cum;
  return value > 0 || (value < 0 && !drop_negative);
}
static inline int64_t edge_weight(const struct edge *e) {
  return e->weight_div ? wrap_div(e->weight, e->weight_div) : e->weight;
}

// "0000000000401000 main /src/main.c:12:3", with the parts the node has. NULL bytes, and names_failed, when memory ran
// out.
struct str graph_name(struct graph *g, uint32_t node);

// ---- which nodes, in which order ------------------------------------------------------------------

struct selection_options {
  bool drop_negative, by_cum;
  double node_fraction;
  uint32_t node_count;  // 0: all
};

// The chosen nodes in order. Nodes may take part in edges without being chosen, since the reference leaves those of
// value 0 (and negative ones it drops) linked as long as nothing else is cut: `linked` has a byte a node.
struct selection {
  uint32_t *node;
  uint8_t *linked;
  uint8_t *chosen;  // a byte a node
  uint32_t n;
  uint32_t n_significant;  // before node_count cut them
  uint32_t n_dropped;      // by node_fraction
  int64_t flat_total;      // sum of flats before node_fraction, from which cutoffs are computed
};
int graph_select(struct graph *g, const struct selection_options *o, struct selection *s, struct err *e);
// Keeps the first n.
void selection_cut(const struct graph *g, struct selection *s, uint32_t n);
void selection_release(struct selection *s);
// |int64(total * fraction)|: what weighs less is left out.
int64_t graph_cutoff(int64_t total, double fraction);

// ---- edges --------------------------------------------------------------------------------------

// Which calls become edges: a byte a node each.
struct calls_wanted {
  const uint8_t *linked;   // both ends are linked; what lies between them is passed over
  const uint8_t *callees;  // and the callee is one of these; NULL: any
  const uint8_t *either;   // and the caller or the callee is one of these; NULL: any
};
int graph_connect(struct graph *g, uint32_t column, bool mean, const struct calls_wanted *wanted, struct err *e);
// Takes edges to chosen nodes out that weigh less; returns how many.
uint32_t graph_trim_edges(struct graph *g, const uint8_t *chosen, int64_t cutoff);

// The edges of each node, the heaviest first, equal ones by the names of caller and callee: into node n lead
// edge[in[first_in[n]]] .. edge[in[first_in[n+1]-1]], out of it likewise. To be made anew when edges change.
struct adjacency {
  uint32_t *order, n;  // all edges
  uint32_t *in, *first_in, *out, *first_out;
};
int adjacency_init(struct adjacency *a, struct graph *g, struct err *e);
void adjacency_release(struct adjacency *a);

// ---- pictures -----------------------------------------------------------------------------------

// Orders the chosen nodes by how much they tell: those whose calls branch come before those that only pass on.
int graph_sort_by_entropy(struct graph *g, struct selection *s, const struct adjacency *a, struct err *e);
// Takes out edges over nodes that are not linked where another way leads to the same node.
int graph_drop_redundant_edges(struct graph *g, const struct selection *s, struct err *e);

// Makes `tree` from g: one node for each way of calls to a node, weighed, with its edges. Names come from g, which has
// to outlive it. Its locations have no slots.
int graph_unfold(struct graph *tree, const struct graph *g, uint32_t column, bool mean, struct err *e);
// Takes out the nodes that are not chosen; the calls they made are their callers' then.
int graph_trim_tree(struct graph *tree, const uint8_t *chosen, struct err *e);

// ---- walks over all samples ----------------------------------------------------------------------

// A location with one node: that node; others: NONE. To be freed; NULL when memory ran out.
uint32_t *graph_only_nodes(const struct graph *g);

// Walks over all samples are shared out to threads on large profiles: into so many parts, of which part i takes the
// samples from graph_part_start(p, n, i) to that of i + 1.
enum { GRAPH_MOST_PARTS = 8 };
unsigned graph_parts(const struct profile *p);
uint32_t graph_part_start(const struct profile *p, unsigned n, unsigned i);
// Calls run(part) for each of the n elements of an array, side by side, and returns when all are done.
void graph_run_parts(void *parts, size_t element_size, unsigned n, void *(*run)(void *part));

// The function's name without path, package, namespace and parameters, for Go, Java and C++ names; others as they are.
void graph_short_name(struct buf *out, struct str name);

#endif
