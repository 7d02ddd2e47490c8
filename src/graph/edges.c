// Calls between the nodes that are linked. On large profiles samples are shared out to threads with edges of their own, which
// are put together at the end.
#include <stdlib.h>

#include "graph/internal.h"

// The calls of one sample are mostly those of the one before: before the map is asked, a small table is.
enum { RECENT_BITS = 14, RECENT = 1 << RECENT_BITS };

struct recent {
  uint64_t key;
  uint32_t edge;
};

// What a part of the samples calls.
struct connecting {
  const struct graph *g;
  const struct calls_wanted *wanted;
  const uint8_t *passes;  // a location: is one of its nodes linked?
  uint32_t column;
  bool mean, failed;
  uint32_t first, last;  // samples
  uint32_t *room;        // for a stack
  struct edge *edge;
  size_t edge_cap;
  uint32_t n_edges;
  struct map64 known;     // from << 32 | to, to edge
  struct recent *recent;  // by a hash of the key
};

static uint32_t add_edge(struct connecting *c, uint64_t key, uint32_t from, uint32_t to) {
  if (c->n_edges == NONE || ARRAY_RESERVE(c->edge, c->edge_cap, (size_t)c->n_edges + 1)) return NONE;
  if (map64_put(&c->known, key, c->n_edges)) return NONE;
  c->edge[c->n_edges] = (struct edge){.from = from, .to = to, .inlined = true};
  return c->n_edges++;
}

// The edge, a new one if there is none yet. NONE when memory ran out.
static uint32_t find_edge(struct connecting *c, uint32_t from, uint32_t to) {
  uint64_t key = (uint64_t)from << 32 | to;
  struct recent *recent = &c->recent[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - RECENT_BITS)];
  if (recent->key == key && recent->edge != NONE) return recent->edge;
  uint32_t i = map64_get(&c->known, key);
  if (i == MAP_NONE) i = add_edge(c, key, from, to);
  *recent = (struct recent){key, i};
  return i;
}

static bool is_wanted(const struct calls_wanted *w, uint32_t from, uint32_t to) {
  return from != NONE && from != to && (!w->callees || w->callees[to]) &&
         (!w->either || w->either[from] || w->either[to]);
}

struct step {
  uint32_t parent;  // NONE at the root
  bool residual;    // nodes that are not linked lie between the parent and here
};

static int take_frame(struct connecting *c, struct step *s, uint32_t sample, uint32_t node, bool inlined,
                      const int64_t *values) {
  if (!c->wanted->linked[node]) {
    s->residual = true;
    return 0;
  }
  if (is_wanted(c->wanted, s->parent, node)) {
    uint32_t i = find_edge(c, s->parent, node);
    if (i == NONE) return -1;
    struct edge *edge = &c->edge[i];
    if (edge->stamp != sample + 1) {
      edge->stamp = sample + 1;
      edge->weight = wrap_add(edge->weight, values[c->column]);
      if (c->mean) edge->weight_div = wrap_add(edge->weight_div, values[0]);
      edge->residual |= s->residual;
      edge->inlined &= inlined;
    }
  }
  *s = (struct step){node, false};
  return 0;
}

static int take_sample(struct connecting *c, uint32_t sample) {
  const struct graph *g = c->g;
  const int64_t *values = profile_values(g->view->profile, sample);
  uint32_t n;
  if (values[c->column] == 0 && (!c->mean || values[0] == 0)) return 0;
  const uint32_t *stack = view_stack_into(g->view, sample, c->room, &n);
  struct step step = {NONE, false};
  for (uint32_t i = n; i-- > 0;) {
    if (!c->passes[stack[i]]) {
      step.residual = true;
      continue;
    }
    uint32_t first = g->first_slot[stack[i]], end = g->first_slot[stack[i] + 1];
    for (uint32_t k = end; k-- > first;)
      if (take_frame(c, &step, sample, g->slot[k], k + 1 != end, values)) return -1;
  }
  return 0;
}

// Most frames of a large profile are of nodes that are not linked: a table of bytes passes over them.
static uint8_t *find_passes(const struct graph *g, const uint8_t *linked) {
  uint32_t n = g->view->places->n_locations;
  uint8_t *passes = calloc((size_t)n + 1, 1);
  for (uint32_t i = 0; i < n && passes; i++)
    for (uint32_t k = g->first_slot[i]; k < g->first_slot[i + 1]; k++) passes[i] |= linked[g->slot[k]];
  return passes;
}

static void *take_samples(void *part) {
  struct connecting *c = part;
  for (uint32_t s = c->first; s < c->last && !c->failed; s++)
    if (view_has(c->g->view, s)) c->failed = take_sample(c, s) != 0;
  return NULL;
}

static void part_init(struct connecting *c, unsigned parts, unsigned i) {
  const struct profile *p = c->g->view->profile;
  c->first = graph__part_start(p, parts, i);
  c->last = graph__part_start(p, parts, i + 1);
  c->room = malloc((view_depth(c->g->view) + 1) * sizeof *c->room);
  c->recent = malloc(RECENT * sizeof *c->recent);
  for (size_t k = 0; k < RECENT && c->recent; k++) c->recent[k].edge = NONE;
  c->failed = !c->room || !c->recent || !c->passes;
}

static void part_release(struct connecting *c) {
  map64_release(&c->known);
  free(c->recent);
  free(c->room);
  free(c->edge);
}

// Adds the edges of another part.
static void take_over(struct connecting *c, const struct connecting *other) {
  c->failed |= other->failed;
  for (uint32_t k = 0; k < other->n_edges && !c->failed; k++) {
    const struct edge *from = &other->edge[k];
    uint32_t i = find_edge(c, from->from, from->to);
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
  uint8_t *passes = find_passes(g, wanted->linked);
  for (unsigned i = 0; i < n; i++) {
    part[i] = (struct connecting){.g = g, .wanted = wanted, .passes = passes, .column = column, .mean = mean};
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
  free(passes);
  return failed ? err_nomem(e) : 0;
}

uint32_t graph_trim_edges(struct graph *g, const uint8_t *chosen, int64_t cutoff) {
  uint32_t kept = 0, all = g->n_edges;
  for (uint32_t i = 0; i < all; i++)
    if (!chosen[g->edge[i].to] || wrap_abs(g->edge[i].weight) >= cutoff) g->edge[kept++] = g->edge[i];
  g->n_edges = kept;
  return all - kept;
}
