// Calls between the nodes that are linked. On large profiles samples are shared out to threads with edges of their own,
// which are put together at the end.
//
// Samples that follow each other often share their outer frames. So the calls of the stack at hand are kept open: a
// sample closes those it does not share and opens its own, and its value goes to the innermost, which passes its sum on
// when it is closed. A call counts once a sample, however often it is on the stack: it weighs what its outermost
// occurrence sums up.
#include <stdlib.h>

#include "graph/calls.h"
#include "graph/internal.h"

// A call of the stack at hand that is not opened yet. Its slot is asked for when it is found and looked at when the whole
// stack is known, so that the memory has time to come.
struct found_call {
  struct call_key call;
  uint32_t depth;  // of the callee, in frames from the root
  bool residual, inlined;
};

struct open_call {
  struct call_key call;
  uint32_t depth;
  int64_t value, div;  // of the samples since it was opened, as far as they are passed on
};

// Leaf first.
struct stack {
  const uint32_t *location;
  uint32_t n;
};

// What a part of the samples calls.
struct connecting {
  const struct graph *g;
  const struct calls_wanted *wanted;
  const uint32_t *only_node;  // graph_only_nodes
  const uint8_t *kind;        // a location: bits of enum kind
  uint32_t column;
  bool mean, failed;
  uint32_t first, last;  // samples
  uint32_t *room[2];     // for a stack and the one before
  struct stack before;   // whose calls are open
  struct found_call *found;
  size_t n_found, found_cap;
  struct open_call *open;
  size_t n_open, open_cap;
  struct calls calls;
};

static inline bool is_wanted(const struct calls_wanted *w, uint32_t from, uint32_t to) {
  return from != NONE && from != to && (!w->callees || w->callees[to]) &&
         (!w->either || w->either[from] || w->either[to]);
}

// What is known of a location at once. Most frames of a large profile are those of calls that nobody asked for: their
// walk looks at this byte and at nothing else.
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

static int find_call(struct connecting *c, const struct step *s, uint32_t node, bool inlined) {
  if (ARRAY_RESERVE(c->found, c->found_cap, c->n_found + 1)) return -1;
  struct found_call *f = &c->found[c->n_found++];
  *f = (struct found_call){calls_key(&c->calls, s->parent, node), s->depth, s->residual, inlined};
  calls_expect(&c->calls, f->call);
  return 0;
}

static int open_calls(struct connecting *c) {
  if (calls_reserve(&c->calls, c->n_found) || ARRAY_RESERVE(c->open, c->open_cap, c->n_open + c->n_found)) return -1;
  for (size_t i = 0; i < c->n_found; i++) {
    const struct found_call *f = &c->found[i];
    struct call *call = calls_find(&c->calls, f->call);
    c->open[c->n_open++] = (struct open_call){.call = f->call, .depth = f->depth};
    if (call->open++) continue;
    call->residual |= f->residual;
    call->inlined &= f->inlined;
  }
  c->n_found = 0;
  return 0;
}

// Closes the calls whose callee lies at this depth or deeper.
static void close_calls(struct connecting *c, uint32_t depth) {
  while (c->n_open && c->open[c->n_open - 1].depth >= depth) {
    const struct open_call *inner = &c->open[--c->n_open];
    struct call *call = calls_find(&c->calls, inner->call);
    if (--call->open == 0) {
      call->weight = wrap_add(call->weight, inner->value);
      call->weight_div = wrap_add(call->weight_div, inner->div);
    }
    if (!c->n_open) return;
    struct open_call *outer = &c->open[c->n_open - 1];
    outer->value = wrap_add(outer->value, inner->value);
    outer->div = wrap_add(outer->div, inner->div);
  }
}

static inline int take_node(struct connecting *c, struct step *s, uint32_t node, bool inlined) {
  if (!c->wanted->linked[node]) {
    s->residual = true;
    return 0;
  }
  if (is_wanted(c->wanted, s->parent, node) && find_call(c, s, node, inlined)) return -1;
  s->parent = node;
  s->residual = false;
  return 0;
}

static int take_location(struct connecting *c, struct step *s, uint32_t location) {
  const struct graph *g = c->g;
  uint32_t only = c->only_node[location];
  catch_up(c, s);
  if (only != NONE) return take_node(c, s, only, false);
  uint32_t first = g->first_slot[location], end = g->first_slot[location + 1];
  for (uint32_t k = end; k-- > first;)
    if (take_node(c, s, g->slot[k], k + 1 != end)) return -1;
  return 0;
}

// How many outer frames of the stack are those of the one before. The last of them is a caller that is known at once.
static uint32_t count_shared(const struct connecting *c, struct stack s) {
  const uint32_t *outer = s.location + s.n, *before = c->before.location + c->before.n;
  uint32_t most = s.n < c->before.n ? s.n : c->before.n, shared = 0;
  while (shared < most && outer[-1 - (ptrdiff_t)shared] == before[-1 - (ptrdiff_t)shared]) shared++;
  while (shared && !(c->kind[outer[-(ptrdiff_t)shared]] & SINGLE)) shared--;
  return shared;
}

static int walk_stack(struct connecting *c, struct stack s) {
  struct step step = {.passed = NONE, .parent = NONE, .depth = c->before.n ? count_shared(c, s) : 0};
  close_calls(c, step.depth);
  if (step.depth) {
    step.passed = s.location[s.n - step.depth];
    step.kind = c->kind[step.passed];
  }
  for (; step.depth < s.n; step.depth++) {
    uint32_t location = s.location[s.n - 1 - step.depth];
    uint8_t kind = c->kind[location];
    if (is_passed_over(&step, kind)) step.passed = location;
    else if (kind & UNLINKED) catch_up(c, &step), step.residual = true;
    else if (take_location(c, &step, location)) return -1;
    step.kind = kind;
  }
  return open_calls(c);
}

static int take_sample(struct connecting *c, uint32_t sample) {
  const int64_t *values = profile_values(c->g->view->profile, sample);
  struct stack s;
  if (values[c->column] == 0 && (!c->mean || values[0] == 0)) return 0;
  s.location = view_stack_into(c->g->view, sample, c->room[0], &s.n);
  if (walk_stack(c, s)) return -1;
  if (c->n_open) {
    struct open_call *inner = &c->open[c->n_open - 1];
    inner->value = wrap_add(inner->value, values[c->column]);
    if (c->mean) inner->div = wrap_add(inner->div, values[0]);
  }
  c->before = s;
  uint32_t *room = c->room[0];
  c->room[0] = c->room[1];
  c->room[1] = room;
  return 0;
}

static void *take_samples(void *part) {
  struct connecting *c = part;
  for (uint32_t s = c->first; s < c->last && !c->failed; s++)
    if (view_has(c->g->view, s)) c->failed = take_sample(c, s) != 0;
  close_calls(c, 0);
  return NULL;
}

static void part_init(struct connecting *c, unsigned parts, unsigned i) {
  const struct profile *p = c->g->view->profile;
  c->first = graph_part_start(p, parts, i);
  c->last = graph_part_start(p, parts, i + 1);
  size_t depth = view_depth(c->g->view) + 1;
  for (int k = 0; k < 2; k++) c->room[k] = malloc(depth * sizeof *c->room[k]);
  c->failed = !c->room[0] || !c->room[1] || !c->only_node || !c->kind || calls_init(&c->calls);
}

static void part_release(struct connecting *c) {
  calls_release(&c->calls);
  free(c->room[0]);
  free(c->room[1]);
  free(c->found);
  free(c->open);
}

static int give_to(struct graph *g, struct calls *calls) {
  g->n_edges = 0;
  if (ARRAY_RESERVE(g->edge, g->edge_cap, (size_t)calls->n + 1)) return -1;
  for (uint32_t i = 0; i < calls->n; i++) {
    const struct call *call = calls_at(calls, i);
    g->edge[i] = (struct edge){.from = call_from(call),
                               .to = call_to(call),
                               .weight = call->weight,
                               .weight_div = call->weight_div,
                               .residual = call->residual,
                               .inlined = call->inlined};
  }
  g->n_edges = calls->n;
  return 0;
}

int graph_connect(struct graph *g, uint32_t column, bool mean, const struct calls_wanted *wanted, struct err *e) {
  struct connecting part[GRAPH_MOST_PARTS] = {{0}};
  unsigned n = graph_parts(g->view->profile);
  uint32_t *only = graph_only_nodes(g);
  uint8_t *kind = find_kinds(g, only, wanted);
  for (unsigned i = 0; i < n; i++) {
    part[i] =
        (struct connecting){.g = g, .wanted = wanted, .only_node = only, .kind = kind, .column = column, .mean = mean};
    part_init(&part[i], n, i);
  }
  graph_run_parts(part, sizeof *part, n, take_samples);
  int result = part[0].failed ? -1 : 0;
  for (unsigned i = 1; i < n && !result; i++) result = part[i].failed ? -1 : calls_add(&part[0].calls, &part[i].calls);
  if (!result) result = give_to(g, &part[0].calls);
  for (unsigned i = 0; i < n; i++) part_release(&part[i]);
  free(only);
  free(kind);
  return result ? err_nomem(e) : 0;
}

uint32_t graph_trim_edges(struct graph *g, const uint8_t *chosen, int64_t cutoff) {
  uint32_t kept = 0, all = g->n_edges;
  for (uint32_t i = 0; i < all; i++)
    if (!chosen[g->edge[i].to] || wrap_abs(g->edge[i].weight) >= cutoff) g->edge[kept++] = g->edge[i];
  g->n_edges = kept;
  return all - kept;
}
