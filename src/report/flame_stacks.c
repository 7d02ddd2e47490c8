// What a flame graph is made of: a stack of nodes for each sample, the root first.
//
// Of a part of the graph only the stacks that lead there are taken, from there on: behind a way of calls from the root
// (`path`), or to both sides of a function (`pivot`), where callers are stacks that begin at the function and lead to
// the root. A function that calls itself is taken where it was called first.
#include <stdlib.h>

#include "report/flame.h"

// Of values that are not negative.
static int64_t add(int64_t a, int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }
static int64_t absolute(int64_t v) { return v == INT64_MIN ? INT64_MAX : wrap_abs(v); }

// What all threads read.
struct recipe {
  const struct report *r;
  const struct graph *g;
  uint8_t *is_base;   // a byte a label set
  bool marked;        // some set is
  uint8_t *is_pivot;  // a byte a node; NULL: no pivot
  bool callers;
  uint32_t *path, n_path;
};

// The samples of one thread, and what it made of them.
struct maker {
  const struct recipe *how;
  uint32_t first, last;
  uint32_t *step;
  size_t n_steps, step_cap;
  struct start {
    size_t step;
    int64_t value;
  } * start;
  size_t n, cap;
  uint32_t *room;
  bool compared, failed;
  uint32_t n_samples;
  int64_t total[FLAME_SIDES];
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

static int find_pivot(struct recipe *h, struct graph *g, struct str name, struct err *e) {
  bool any = false;
  h->is_pivot = calloc((size_t)g->n_nodes + 1, 1);
  if (!h->is_pivot) return err_nomem(e);
  for (uint32_t i = 0; i < g->n_nodes; i++) {
    struct str at = graph_name(g, i);
    if (!at.p) return err_nomem(e);
    any |= h->is_pivot[i] = str_eq(at, name);
  }
  return any ? 0 : err_set(e, "no sample has a frame called %.*s", (int)(name.n < 200 ? name.n : 200), name.p);
}

static int recipe_init(struct recipe *h, const struct report *r, struct graph *g, struct err *e) {
  const struct report_part *part = r->o.part;
  const struct profile *p = r->view->profile;
  *h = (struct recipe){.r = r, .g = g, .is_base = report_base_sets(p)};
  if (!h->is_base) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_label_sets; i++) h->marked |= h->is_base[i];
  if (!part) return 0;
  h->callers = part->callers;
  if (part->pivot && find_pivot(h, g, str_of(part->pivot), e)) return -1;
  return part->path && read_path(h, part->path) ? err_nomem(e) : 0;
}

static void recipe_release(struct recipe *h) {
  free(h->is_base);
  free(h->is_pivot);
  free(h->path);
}

// ---- one stack ----------------------------------------------------------------------------------

static void reverse(uint32_t *step, size_t n) {
  for (size_t i = 0; i < n / 2; i++) {
    uint32_t other = step[n - 1 - i];
    step[n - 1 - i] = step[i];
    step[i] = other;
  }
}

// Moves *from and *to to the steps that lead on from the part asked for; false: the stack does not get there.
static bool narrow(const struct recipe *h, uint32_t *step, size_t *from, size_t *to) {
  if (h->is_pivot) {
    size_t at = *from;
    while (at < *to && !h->is_pivot[step[at] >> 1]) at++;
    if (at == *to) return false;
    if (h->callers) reverse(step + *from, at - *from);
    if (h->callers) *to = at;
    else *from = at + 1;
  }
  if (*to - *from < h->n_path) return false;
  for (uint32_t i = 0; i < h->n_path; i++)
    if (step[*from + i] >> 1 != h->path[i]) return false;
  *from += h->n_path;
  return true;
}

// A step is twice its node, and one more where the call was inlined. The last node of a location holds the address.
static void add_steps(struct maker *m, uint32_t location) {
  const struct graph *g = m->how->g;
  uint32_t first = g->first_slot[location], end = g->first_slot[location + 1];
  for (uint32_t k = end; k-- > first;) m->step[m->n_steps++] = g->slot[k] << 1 | (k + 1 != end);
}

static size_t count_steps(const struct graph *g, const uint32_t *stack, uint32_t n) {
  size_t steps = 0;
  for (uint32_t i = 0; i < n; i++) steps += g->first_slot[stack[i] + 1] - g->first_slot[stack[i]];
  return steps;
}

static int add_stack(struct maker *m, uint32_t sample, int64_t value) {
  uint32_t n;
  const uint32_t *stack = view_stack_into(m->how->r->view, sample, m->room, &n);
  size_t from = m->n_steps, steps = count_steps(m->how->g, stack, n);
  if (ARRAY_RESERVE(m->step, m->step_cap, from + steps + 1) || ARRAY_RESERVE(m->start, m->cap, m->n + 1)) return -1;
  for (uint32_t i = n; i-- > 0;) add_steps(m, stack[i]);
  size_t first = from, to = m->n_steps;
  if (narrow(m->how, m->step, &first, &to)) {
    m->n_steps = to;
    m->step[m->n_steps++] = FLAME_END;
    m->start[m->n++] = (struct start){first, value};
  } else {
    m->n_steps = from;
  }
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
  if (shown || !h->r->o.relative_percentages) m->total[side] = add(m->total[side], value);
  return shown && value ? add_stack(m, sample, before ? -value : value) : 0;
}

static void *make(void *arg) {
  struct maker *m = arg;
  m->room = malloc((view_depth(m->how->r->view) + 1) * sizeof *m->room);
  m->failed = !m->room;
  for (uint32_t s = m->first; s < m->last && !m->failed; s++) m->failed = take_sample(m, s) != 0;
  free(m->room);
  return NULL;
}

// ---- all of them --------------------------------------------------------------------------------

static int join(struct flame_stacks *s, struct maker *maker, unsigned n) {
  size_t stacks = 0;
  for (unsigned i = 0; i < n; i++) {
    if (maker[i].failed) return -1;
    stacks += maker[i].n;
  }
  s->stack = malloc((stacks + 1) * sizeof *s->stack);
  if (!s->stack) return -1;
  for (unsigned i = 0; i < n; i++) {
    struct maker *m = &maker[i];
    for (size_t k = 0; k < m->n; k++)
      s->stack[s->n++] = (struct flame_stack){m->step + m->start[k].step, m->start[k].value};
    s->steps[i] = m->step;
    m->step = NULL;
    s->compared |= m->compared;
    s->n_samples += m->n_samples;
    for (int side = 0; side < FLAME_SIDES; side++) s->total[side] = add(s->total[side], m->total[side]);
  }
  return 0;
}

int flame_stacks_init(struct flame_stacks *s, const struct report *r, struct graph *g, struct err *e) {
  const struct profile *p = r->view->profile;
  struct recipe how;
  struct maker maker[GRAPH_MOST_PARTS] = {{0}};
  unsigned n = graph_parts(p);
  *s = (struct flame_stacks){0};
  if (g->n_nodes > UINT32_MAX / 2) return err_set(e, "too many different frames for a flame graph");
  int result = recipe_init(&how, r, g, e);
  for (unsigned i = 0; i < n; i++)
    maker[i] = (struct maker){.how = &how, .first = graph_part_start(p, n, i), .last = graph_part_start(p, n, i + 1)};
  if (!result) {
    graph_run_parts(maker, sizeof *maker, n, make);
    result = join(s, maker, n) ? err_nomem(e) : 0;
    s->compared |= how.marked;
  }
  for (unsigned i = 0; i < n; i++) {
    free(maker[i].step);
    free(maker[i].start);
  }
  recipe_release(&how);
  return result;
}

void flame_stacks_release(struct flame_stacks *s) {
  for (unsigned i = 0; i < GRAPH_MOST_PARTS; i++) free(s->steps[i]);
  free(s->stack);
  *s = (struct flame_stacks){0};
}
