// Calls between the nodes that are linked. On large profiles samples are shared out to threads with edges of their own, which
// are put together at the end.
#include <stdlib.h>

#include "graph/internal.h"

// Before the map is asked, two small tables are: samples that follow each other often share their outer frames, so that
// the call at one depth is the same; and the calls of a program are not many.
enum { RECENT_BITS = 14, RECENT = 1 << RECENT_BITS };

struct recent {
  uint64_t key;
  uint32_t edge;
};

// What a part of the samples calls.
struct connecting {
  const struct graph *g;
  const struct calls_wanted *wanted;
  const uint32_t *only_node;  // graph__only_nodes
  const uint8_t *kind;        // a location: bits of enum kind
  uint32_t column;
  bool mean, failed;
  uint32_t first, last;  // samples
  uint32_t *room;        // for a stack
  struct edge *edge;
  size_t edge_cap;
  uint32_t n_edges;
  struct map64 known;     // from << 32 | to, to edge
  struct recent *recent;  // by a hash of the key
  struct recent *trail;   // by the depth of the callee
};

static uint32_t add_edge(struct connecting *c, uint64_t key, uint32_t from, uint32_t to) {
  if (c->n_edges == NONE || ARRAY_RESERVE(c->edge, c->edge_cap, (size_t)c->n_edges + 1)) return NONE;
  if (map64_put(&c->known, key, c->n_edges)) return NONE;
  c->edge[c->n_edges] = (struct edge){.from = from, .to = to, .inlined = true};
  return c->n_edges++;
}

// The edge, a new one if there is none yet. NONE when memory ran out.
static uint32_t find_edge(struct connecting *c, uint64_t key, uint32_t from, uint32_t to) {
  struct recent *recent = &c->recent[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - RECENT_BITS)];
  if (recent->key == key && recent->edge != NONE) return recent->edge;
  uint32_t i = map64_get(&c->known, key);
  if (i == MAP_NONE) i = add_edge(c, key, from, to);
  *recent = (struct recent){key, i};
  return i;
}

static inline uint64_t key_of(uint32_t from, uint32_t to) { return (uint64_t)from << 32 | to; }

static inline bool is_wanted(const struct calls_wanted *w, uint32_t from, uint32_t to) {
  return from != NONE && from != to && (!w->callees || w->callees[to]) &&
         (!w->either || w->either[from] || w->either[to]);
}

// What is known of a location at once. Most frames of a large profile are those of calls that nobody asked for: their walk
// looks at this byte and at nothing else.
enum kind {
  SINGLE = 1,     // it has one node, which is linked
  NO_CALLEE = 2,  // and that is not a callee that is wanted
  NO_EITHER = 4,  // nor the one end that is
  UNLINKED = 8,   // none of its nodes is linked
};

struct step {
  uint32_t passed;  // the caller is the node of this location; NONE: it is `parent`
  uint32_t parent;  // NONE at the root
  uint32_t depth;   // frames from the root
  bool residual;    // nodes that are not linked lie between the parent and here
  uint8_t kind;     // of the frame before
};

static inline bool is_passed_over(const struct step *s, uint8_t kind) {
  return kind & SINGLE && (kind & NO_CALLEE || kind & s->kind & NO_EITHER);
}

static void catch_up(const struct connecting *c, struct step *s) {
  if (s->passed == NONE) return;
  s->parent = c->only_node[s->passed];
  s->residual = false;
  s->passed = NONE;
}

static uint8_t kind_of(const struct graph *g, uint32_t location, uint32_t only, const struct calls_wanted *w) {
  bool linked = false;
  for (uint32_t k = g->first_slot[location]; k < g->first_slot[location + 1]; k++) linked |= w->linked[g->slot[k]];
  if (!linked) return UNLINKED;
  if (only == NONE) return 0;
  bool no_callee = w->callees && !w->callees[only], no_either = w->either && !w->either[only];
  return (uint8_t)(SINGLE | (no_callee ? NO_CALLEE : 0) | (no_either ? NO_EITHER : 0));
}

static uint8_t *find_kinds(const struct graph *g, const uint32_t *only, const struct calls_wanted *w) {
  uint32_t n = g->view->places->n_locations;
  uint8_t *kind = malloc((size_t)n + 1);
  for (uint32_t i = 0; i < n && kind && only; i++) kind[i] = kind_of(g, i, only[i], w);
  return kind;
}

static int count_call(struct connecting *c, const struct step *s, uint32_t sample, uint32_t node, bool inlined,
                      const int64_t *values) {
  struct recent *here = &c->trail[s->depth];
  uint64_t key = key_of(s->parent, node);
  if (here->key != key || here->edge == NONE) *here = (struct recent){key, find_edge(c, key, s->parent, node)};
  if (here->edge == NONE) return -1;
  struct edge *edge = &c->edge[here->edge];
  if (edge->stamp == sample + 1) return 0;
  edge->stamp = sample + 1;
  edge->weight = wrap_add(edge->weight, values[c->column]);
  if (c->mean) edge->weight_div = wrap_add(edge->weight_div, values[0]);
  edge->residual |= s->residual;
  edge->inlined &= inlined;
  return 0;
}

static inline int take_frame(struct connecting *c, struct step *s, uint32_t sample, uint32_t node, bool inlined,
                             const int64_t *values) {
  if (!c->wanted->linked[node]) {
    s->residual = true;
    return 0;
  }
  if (is_wanted(c->wanted, s->parent, node) && count_call(c, s, sample, node, inlined, values)) return -1;
  s->parent = node;
  s->residual = false;
  return 0;
}

static int take_location(struct connecting *c, struct step *s, uint32_t sample, uint32_t location,
                         const int64_t *values) {
  const struct graph *g = c->g;
  uint32_t first = g->first_slot[location], end = g->first_slot[location + 1];
  catch_up(c, s);
  for (uint32_t k = end; k-- > first;)
    if (take_frame(c, s, sample, g->slot[k], k + 1 != end, values)) return -1;
  return 0;
}

static int take_sample(struct connecting *c, uint32_t sample) {
  const struct graph *g = c->g;
  const int64_t *values = profile_values(g->view->profile, sample);
  uint32_t n;
  if (values[c->column] == 0 && (!c->mean || values[0] == 0)) return 0;
  const uint32_t *stack = view_stack_into(g->view, sample, c->room, &n);
  struct step step = {.passed = NONE, .parent = NONE};
  for (; step.depth < n; step.depth++) {
    uint32_t location = stack[n - 1 - step.depth];
    uint8_t kind = c->kind[location];
    if (is_passed_over(&step, kind)) step.passed = location;
    else if (kind & UNLINKED) catch_up(c, &step), step.residual = true;
    else if (take_location(c, &step, sample, location, values)) return -1;
    step.kind = kind;
  }
  return 0;
}

static void *take_samples(void *part) {
  struct connecting *c = part;
  for (uint32_t s = c->first; s < c->last && !c->failed; s++)
    if (view_has(c->g->view, s)) c->failed = take_sample(c, s) != 0;
  return NULL;
}

static struct recent *no_calls(size_t n) {
  struct recent *table = malloc(n * sizeof *table);
  for (size_t i = 0; i < n && table; i++) table[i].edge = NONE;
  return table;
}

static void part_init(struct connecting *c, unsigned parts, unsigned i) {
  const struct profile *p = c->g->view->profile;
  c->first = graph__part_start(p, parts, i);
  c->last = graph__part_start(p, parts, i + 1);
  size_t depth = view_depth(c->g->view) + 1;
  c->room = malloc(depth * sizeof *c->room);
  c->recent = no_calls(RECENT);
  c->trail = no_calls(depth);
  c->failed = !c->room || !c->recent || !c->trail || !c->only_node || !c->kind;
}

static void part_release(struct connecting *c) {
  map64_release(&c->known);
  free(c->recent);
  free(c->trail);
  free(c->room);
  free(c->edge);
}

// Adds the edges of another part.
static void take_over(struct connecting *c, const struct connecting *other) {
  c->failed |= other->failed;
  for (uint32_t k = 0; k < other->n_edges && !c->failed; k++) {
    const struct edge *from = &other->edge[k];
    uint32_t i = find_edge(c, key_of(from->from, from->to), from->from, from->to);
    if (i == NONE) {
      c->failed = true;
      return;
    }
    struct edge *to = &c->edge[i];
    to->weight = wrap_add(to->weight, from->weight);
    to->weight_div = wrap_add(to->weight_div, from->weight_div);
    to->residual |= from->residual;
    to->inlined &= from->inlined;
  }
}

int graph_connect(struct graph *g, uint32_t column, bool mean, const struct calls_wanted *wanted, struct err *e) {
  struct connecting part[GRAPH_MOST_PARTS] = {{0}};
  unsigned n = graph__parts(g->view->profile);
  uint32_t *only = graph__only_nodes(g);
  uint8_t *kind = find_kinds(g, only, wanted);
  for (unsigned i = 0; i < n; i++) {
    part[i] =
        (struct connecting){.g = g, .wanted = wanted, .only_node = only, .kind = kind, .column = column, .mean = mean};
    part_init(&part[i], n, i);
  }
  graph__run_parts(part, sizeof *part, n, take_samples);
  for (unsigned i = 1; i < n; i++) take_over(&part[0], &part[i]);
  bool failed = part[0].failed;
  free(g->edge);
  g->edge = part[0].edge;
  g->edge_cap = part[0].edge_cap;
  g->n_edges = part[0].n_edges;
  part[0].edge = NULL;
  for (unsigned i = 0; i < n; i++) part_release(&part[i]);
  free(only);
  free(kind);
  return failed ? err_nomem(e) : 0;
}

uint32_t graph_trim_edges(struct graph *g, const uint8_t *chosen, int64_t cutoff) {
  uint32_t kept = 0, all = g->n_edges;
  for (uint32_t i = 0; i < all; i++)
    if (!chosen[g->edge[i].to] || wrap_abs(g->edge[i].weight) >= cutoff) g->edge[kept++] = g->edge[i];
  g->n_edges = kept;
  return all - kept;
}
