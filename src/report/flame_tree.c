// The tree of calls, made only as far as it is looked at.
//
// Samples become stacks of nodes, the root first, one behind the other. A frame holds the stacks that go through it: a
// range of `order`. Opening it sorts that range by the node each stack goes to next. So what is too light to be shown
// costs nothing, and memory is read from front to back.
#include <stdlib.h>

#include "report/flame.h"

struct flame_stack {
  size_t first;  // in flame_tree.step
  uint32_t n;
  enum flame_side side;
  int64_t value;
};

// Of values that are not negative.
static int64_t add(int64_t a, int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }
static int64_t absolute(int64_t v) { return v == INT64_MIN ? INT64_MAX : wrap_abs(v); }

// ---- stacks -------------------------------------------------------------------------------------

struct builder {
  struct flame_tree *t;
  const struct report *r;
  const struct graph *g;
  uint8_t *is_base;  // a byte a label set
  bool marked;       // some set is
  uint32_t *room;
  size_t step_cap, stack_cap;
};

// A step is twice its node, and one more where the call was inlined. The last node of a location holds the address.
static int add_steps(struct builder *b, uint32_t location) {
  struct flame_tree *t = b->t;
  uint32_t first = b->g->first_slot[location], end = b->g->first_slot[location + 1];
  if (ARRAY_RESERVE(t->step, b->step_cap, t->n_steps + (end - first))) return -1;
  for (uint32_t k = end; k-- > first;) t->step[t->n_steps++] = b->g->slot[k] << 1 | (k + 1 != end);
  return 0;
}

static int add_stack(struct builder *b, uint32_t sample, enum flame_side side, int64_t value) {
  struct flame_tree *t = b->t;
  size_t first = t->n_steps;
  uint32_t n;
  const uint32_t *stack = view_stack_into(b->r->view, sample, b->room, &n);
  for (uint32_t i = n; i-- > 0;)
    if (add_steps(b, stack[i])) return -1;
  if (t->n_steps - first >= NONE || ARRAY_RESERVE(t->stack, b->stack_cap, (size_t)t->n_stacks + 1)) return -1;
  t->stack[t->n_stacks++] = (struct flame_stack){first, (uint32_t)(t->n_steps - first), side, value};
  return 0;
}

static int take_sample(struct builder *b, uint32_t sample) {
  const struct profile *p = b->r->view->profile;
  struct flame_tree *t = b->t;
  int64_t value = profile_values(p, sample)[b->r->o.column];
  uint32_t set = profile_label_set(p, sample);
  bool before = b->marked ? set != NONE && b->is_base[set] : value < 0, shown = view_has(b->r->view, sample);
  enum flame_side side = before ? FLAME_BEFORE : FLAME_AFTER;
  t->compared |= before && value;
  t->n_samples += shown;
  value = absolute(value);
  if (shown || !b->r->o.relative_percentages) t->total[side] = add(t->total[side], value);
  return shown && value ? add_stack(b, sample, side, value) : 0;
}

static int read_samples(struct builder *b) {
  const struct profile *p = b->r->view->profile;
  b->is_base = report_base_sets(p);
  b->room = malloc((view_depth(b->r->view) + 1) * sizeof *b->room);
  if (!b->is_base || !b->room) return -1;
  for (uint32_t i = 0; i < p->n_label_sets; i++) b->marked |= b->is_base[i];
  b->t->compared = b->marked;
  for (uint32_t s = 0; s < p->n_samples; s++)
    if (take_sample(b, s)) return -1;
  return 0;
}

// ---- frames -------------------------------------------------------------------------------------

static int add_root(struct flame_tree *t, const struct graph *g) {
  size_t n = (size_t)t->n_stacks + 1, nodes = (size_t)g->n_nodes + 1;
  t->order = malloc(n * sizeof *t->order);
  t->work = malloc(n * sizeof *t->work);
  t->child = malloc(nodes * sizeof *t->child);
  if (!t->order || !t->work || !t->child || ARRAY_RESERVE(t->frame, t->cap, 1)) return -1;
  memset(t->child, 0xff, nodes * sizeof *t->child);
  t->frame[0] = (struct flame_frame){.node = NONE, .to = t->n_stacks};
  for (uint32_t i = 0; i < t->n_stacks; i++) {
    const struct flame_stack *s = &t->stack[i];
    t->order[i] = i;
    t->frame[0].value[s->side] = add(t->frame[0].value[s->side], s->value);
  }
  t->n = 1;
  return 0;
}

// Counts a stack for the child it goes to, whose `to` is the number of its stacks for now.
static int count(struct flame_tree *t, const struct flame_stack *s, uint32_t depth) {
  uint32_t step = t->step[s->first + depth], *child = &t->child[step >> 1];
  if (*child == NONE) {
    if (t->n == NONE || ARRAY_RESERVE(t->frame, t->cap, (size_t)t->n + 1)) return -1;
    t->frame[t->n] = (struct flame_frame){.node = step >> 1, .depth = depth + 1, .inlined = true};
    *child = t->n++;
  }
  struct flame_frame *f = &t->frame[*child];
  f->to++;
  f->inlined = f->inlined && step & 1;
  f->value[s->side] = add(f->value[s->side], s->value);
  return 0;
}

// Sorts the stacks of a frame: those that end there, then those of each child, each in the order they were in.
static void sort_stacks(struct flame_tree *t, uint32_t frame, uint32_t ending) {
  struct flame_frame *f = &t->frame[frame], *child = f + (f->first - frame);
  uint32_t end = f->from, at = f->from + ending;
  for (uint32_t i = 0; i < f->n_children; i++) {
    uint32_t n = child[i].to;
    child[i].from = child[i].to = at;
    at += n;
  }
  for (uint32_t i = f->from; i < f->to; i++) {
    const struct flame_stack *s = &t->stack[t->order[i]];
    uint32_t *to = s->n == f->depth ? &end : &t->frame[t->child[t->step[s->first + f->depth] >> 1]].to;
    t->work[(*to)++] = t->order[i];
  }
  memcpy(t->order + f->from, t->work + f->from, (f->to - f->from) * sizeof *t->order);
}

int flame_tree_open(struct flame_tree *t, uint32_t frame) {
  const struct flame_frame f = t->frame[frame];
  uint32_t first = t->n, depth = f.depth, ending = 0;
  for (uint32_t i = f.from; i < f.to; i++) {
    const struct flame_stack *s = &t->stack[t->order[i]];
    if (s->n == depth) ending++;
    else if (count(t, s, depth)) return -1;
  }
  t->frame[frame].first = first;
  t->frame[frame].n_children = t->n - first;
  if (t->n > first) sort_stacks(t, frame, ending);
  for (uint32_t i = first; i < t->n; i++) t->child[t->frame[i].node] = NONE;
  return 0;
}

int flame_tree_init(struct flame_tree *t, const struct report *r, const struct graph *g, struct err *e) {
  struct builder b = {.t = t, .r = r, .g = g};
  *t = (struct flame_tree){0};
  if (g->n_nodes > UINT32_MAX / 2) return err_set(e, "too many different frames for a flame graph");
  int result = read_samples(&b);
  if (!result) result = add_root(t, g);
  free(b.is_base);
  free(b.room);
  return result ? err_nomem(e) : 0;
}

void flame_tree_release(struct flame_tree *t) {
  free(t->frame);
  free(t->stack);
  free(t->step);
  free(t->order);
  free(t->work);
  free(t->child);
  *t = (struct flame_tree){0};
}
