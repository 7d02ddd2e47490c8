// What a flame graph is made of: for each sample, where its way through the calls begins.
//
// It goes along the locations of the profile itself, from the root on, or along copies of what filters leave of a stack.
// Of a part of the graph only the stacks that lead there are taken, from there on: behind a way of calls from the root
// (`path`), or to both sides of functions (`pivot`), where callers are ways that lead from there to the root. A stack is taken
// where the first of them was called first. Of these there may be wanted only those that go on to certain functions (`through`).
#include <stdlib.h>

#include "report/flame.h"

static int64_t absolute(int64_t v) { return v == INT64_MIN ? INT64_MAX : wrap_abs(v); }

// What all threads read.
struct recipe {
  const struct report *r;
  const struct graph *g;
  uint8_t *is_base;    // a byte a label set
  bool marked;         // some set is
  uint8_t *is_pivot;   // a byte a node; NULL: no pivot
  uint8_t *is_wanted;  // the same for those that stacks have to go through
  bool up;             // to its callers
  bool with_pivot;     // as the first step
  uint32_t *path, n_path;
  bool plain;  // stacks are the profile's own
};

// The samples of one thread, and what it made of them.
struct maker {
  const struct recipe *how;
  uint32_t first, last;
  struct flame_stack *stack;  // room for all; while `own` moves, `at` counts from its begin: `offset` says where
  uint32_t n;
  size_t *offset, offset_cap;
  uint32_t *own;
  size_t n_own, own_cap;
  uint32_t *room;
  bool compared, failed;
  uint32_t n_samples;
  int64_t total[FLAME_SIDES], weight[FLAME_SIDES];
};

// ---- the way a part is asked for ----------------------------------------------------------------

static int read_path(struct recipe *h, const char *text) {
  size_t n = 0;
  for (const char *at = text; *at; at++) n += *at == '.';
  h->path = malloc((n + 1) * sizeof *h->path);
  if (!h->path) return -1;
  while (*text) {
    char *end;
    unsigned long node = strtoul(text, &end, 10);
    h->path[h->n_path++] = end == text || node >= h->g->n_nodes ? NONE : (uint32_t)node;  // no stack goes through NONE
    text = end + strcspn(end, ".");
    text += *text == '.';
  }
  return 0;
}

// Allocates a byte a node: does its name match?
static int find_nodes(uint8_t **found, struct graph *g, const struct rx *rx, struct err *e) {
  *found = calloc((size_t)g->n_nodes + 1, 1);
  if (!*found) return err_nomem(e);
  for (uint32_t i = 0; i < g->n_nodes; i++) {
    struct str name = graph_name(g, i);
    int matches = name.p ? rx_match(rx, name, e) : err_nomem(e);
    if (matches < 0) return -1;
    (*found)[i] = matches > 0;
  }
  return 0;
}

static int find_pivots(struct recipe *h, struct flame_stacks *s, struct graph *g, const struct rx *rx, struct err *e) {
  if (find_nodes(&h->is_pivot, g, rx, e)) return -1;
  for (uint32_t i = 0; i < g->n_nodes; i++)
    if (h->is_pivot[i] && s->n_pivots++ == 0) s->pivot = i;
  h->with_pivot = s->n_pivots > 1;
  return 0;
}

static int find_wanted(struct recipe *h, struct graph *g, const char *expression, struct err *e) {
  struct rx *rx = rx_new(str_of(expression), e);
  int result = rx ? find_nodes(&h->is_wanted, g, rx, e) : -1;
  rx_free(rx);
  return result;
}

static int recipe_init(struct recipe *h, struct flame_stacks *s, const struct report *r, struct graph *g,
                       struct err *e) {
  const struct report_part *part = r->o.part;
  const struct profile *p = r->view->profile;
  *h = (struct recipe){.r = r, .g = g, .is_base = report_base_sets(p), .plain = view_stacks_are_plain(r->view)};
  if (!h->is_base) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_label_sets; i++) h->marked |= h->is_base[i];
  if (!part) return 0;
  h->up = part->pivot && part->callers;
  if (part->pivot && find_pivots(h, s, g, r->o.symbol, e)) return -1;
  if (part->through && find_wanted(h, g, part->through, e)) return -1;
  return part->path && read_path(h, part->path) ? err_nomem(e) : 0;
}

static void recipe_release(struct recipe *h) {
  free(h->is_base);
  free(h->is_pivot);
  free(h->is_wanted);
  free(h->path);
}

// ---- one stack ----------------------------------------------------------------------------------

// To the pivot, then to what it calls or, with `up`, to what called it. `n`: locations of the whole stack.
static bool go_to_pivot(const struct recipe *h, struct flame_stack *s, uint32_t n) {
  struct flame_stack here = *s;
  uint32_t step;
  while ((step = flame_step(h->g, s, false)) != FLAME_END && !h->is_pivot[step >> 1]) here = *s;
  if (step == FLAME_END) return false;
  if (!h->up) {
    if (h->with_pivot) *s = here;
    return true;
  }
  uint32_t slots = h->g->first_slot[*here.at + 1] - h->g->first_slot[*here.at], below = here.left;
  uint32_t slot = slots - here.slot - h->with_pivot;
  if (slot < slots) *s = (struct flame_stack){here.at, n - below + 1, slot, s->value};
  else *s = (struct flame_stack){here.at + (below < n), n - below, 0, s->value};
  return true;
}

static bool goes_through(const struct recipe *h, struct flame_stack s) {
  uint32_t step;
  while ((step = flame_step(h->g, &s, h->up)) != FLAME_END)
    if (h->is_wanted[step >> 1]) return true;
  return false;
}

// Moves the stack, of `n` locations, to where the part asked for begins; false: it does not get there.
static bool go_to_part(const struct recipe *h, struct flame_stack *s, uint32_t n) {
  if (h->is_pivot && !go_to_pivot(h, s, n)) return false;
  for (uint32_t i = 0; i < h->n_path; i++) {
    uint32_t step = flame_step(h->g, s, h->up);
    if (step == FLAME_END || step >> 1 != h->path[i]) return false;
  }
  return !h->is_wanted || goes_through(h, *s);
}

static void from_root(struct flame_stack *s, const uint32_t *stack, uint32_t n, int64_t value) {
  *s = (struct flame_stack){n ? stack + n - 1 : stack, n, 0, value};
}

static int add_stack(struct maker *m, uint32_t sample, int64_t value) {
  const struct recipe *h = m->how;
  struct flame_stack *s = &m->stack[m->n];
  uint32_t n;
  const uint32_t *stack = view_stack_into(h->r->view, sample, m->room, &n);
  from_root(s, stack, n, value);
  if (!go_to_part(h, s, n)) return 0;
  if (!h->plain) {
    if (ARRAY_RESERVE(m->offset, m->offset_cap, (size_t)m->n + 1) ||
        ARRAY_RESERVE(m->own, m->own_cap, m->n_own + n + 1))
      return -1;
    if (n) memcpy(m->own + m->n_own, stack, n * sizeof *stack);
    m->offset[m->n] = m->n_own + (size_t)(s->at - stack);
    m->n_own += n;
  }
  flame_stack_weigh(s, m->weight);
  m->n++;
  return 0;
}

static int take_sample(struct maker *m, uint32_t sample) {
  const struct recipe *h = m->how;
  const struct profile *p = h->r->view->profile;
  int64_t value = profile_values(p, sample)[h->r->o.column];
  uint32_t set = profile_label_set(p, sample);
  bool before = h->marked ? set != NONE && h->is_base[set] : value < 0, shown = view_has(h->r->view, sample);
  enum flame_side side = before ? FLAME_BEFORE : FLAME_AFTER;
  m->compared |= before && value;
  m->n_samples += shown;
  value = absolute(value);
  if (shown || !h->r->o.relative_percentages) m->total[side] = flame_add(m->total[side], value);
  return shown && value ? add_stack(m, sample, before ? -value : value) : 0;
}

static void *make(void *arg) {
  struct maker *m = arg;
  if (!m->how->plain) {
    m->room = malloc((view_depth(m->how->r->view) + 1) * sizeof *m->room);
    m->failed = !m->room;
  }
  for (uint32_t s = m->first; s < m->last && !m->failed; s++) m->failed = take_sample(m, s) != 0;
  free(m->room);
  return NULL;
}

// ---- all of them --------------------------------------------------------------------------------

static void take_over(struct flame_stacks *s, struct maker *m, unsigned number) {
  for (uint32_t i = 0; i < m->n && m->offset; i++) m->stack[i].at = m->own + m->offset[i];
  s->range[s->n_ranges++] = (struct flame_range){m->first, m->first + m->n};
  s->own[number] = m->own;
  m->own = NULL;
  s->compared |= m->compared;
  s->n_samples += m->n_samples;
  for (int side = 0; side < FLAME_SIDES; side++) {
    s->total[side] = flame_add(s->total[side], m->total[side]);
    s->weight[side] = flame_add(s->weight[side], m->weight[side]);
  }
}

static int take_all(struct flame_stacks *s, const struct recipe *how, struct err *e) {
  const struct profile *p = how->r->view->profile;
  struct maker maker[GRAPH_MOST_PARTS] = {{0}};
  unsigned n = graph_parts(p);
  bool failed = false;
  if (p->n_samples > UINT32_MAX / 2) return err_set(e, "too many samples for a flame graph");
  s->room = p->n_samples;
  s->stack = malloc((2 * (size_t)s->room + 1) * sizeof *s->stack);
  if (!s->stack) return err_nomem(e);
  for (unsigned i = 0; i < n; i++) {
    uint32_t first = graph_part_start(p, n, i);
    maker[i] =
        (struct maker){.how = how, .first = first, .last = graph_part_start(p, n, i + 1), .stack = s->stack + first};
  }
  graph_run_parts(maker, sizeof *maker, n, make);
  for (unsigned i = 0; i < n; i++) {
    failed |= maker[i].failed;
    if (!failed) take_over(s, &maker[i], i);
    free(maker[i].offset);
    free(maker[i].own);
  }
  return failed ? err_nomem(e) : 0;
}

int flame_stacks_init(struct flame_stacks *s, const struct report *r, struct graph *g, struct err *e) {
  struct recipe how;
  *s = (struct flame_stacks){.graph = g, .only = graph_only_nodes(g)};
  if (!s->only) return err_nomem(e);
  if (g->n_nodes > UINT32_MAX / 2) return err_set(e, "too many different frames for a flame graph");
  int result = recipe_init(&how, s, r, g, e);
  if (!result) result = take_all(s, &how, e);
  s->up = how.up;
  s->compared |= how.marked;
  recipe_release(&how);
  return result;
}

void flame_stacks_release(struct flame_stacks *s) {
  for (unsigned i = 0; i < GRAPH_MOST_PARTS; i++) free(s->own[i]);
  free(s->stack);
  free(s->only);
  *s = (struct flame_stacks){0};
}
