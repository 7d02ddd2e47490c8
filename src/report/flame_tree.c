// The tree of calls, made only as far as it is looked at.
//
// A frame holds the stacks that go through it: a range of one array. Opening it moves each stack on to the node it goes
// to next, and sorts the range by these. So what is too light to be shown costs nothing, and but for the next steps
// memory is read from front to back.
#include <stdlib.h>

#include "report/flame.h"

static void add_value(struct flame_frame *f, int64_t value) {
  enum flame_side side = value < 0 ? FLAME_BEFORE : FLAME_AFTER;
  f->value[side] = flame_add(f->value[side], value < 0 ? -value : value);
}

static int add_root(struct flame_tree *t, const struct graph *g) {
  size_t n = (size_t)t->stacks.n + 1, nodes = (size_t)g->n_nodes + 1;
  t->work = malloc(n * sizeof *t->work);
  t->next = malloc(n * sizeof *t->next);
  t->child = malloc(nodes * sizeof *t->child);
  if (!t->work || !t->next || !t->child || ARRAY_RESERVE(t->frame, t->cap, 1)) return -1;
  memset(t->child, 0xff, nodes * sizeof *t->child);
  t->frame[0] = (struct flame_frame){.node = NONE, .to = t->stacks.n};
  for (uint32_t i = 0; i < t->stacks.n; i++) add_value(&t->frame[0], t->stacks.stack[i].value);
  t->n = 1;
  return 0;
}

// The child a step leads to; NONE when memory ran out. Its `to` is the number of its stacks for now.
static uint32_t child_of(struct flame_tree *t, uint32_t step) {
  uint32_t *child = &t->child[step >> 1];
  if (*child != NONE) return *child;
  if (t->n == NONE || ARRAY_RESERVE(t->frame, t->cap, (size_t)t->n + 1)) return NONE;
  t->frame[t->n] = (struct flame_frame){.node = step >> 1, .inlined = true};
  return *child = t->n++;
}

// Part of the stacks of a frame.
struct part {
  struct flame_tree *t;
  uint32_t from, to;
};

static void *read_steps(void *arg) {
  enum { AHEAD = 16 };
  const struct part *p = arg;
  const struct flame_stacks *s = &p->t->stacks;
  for (uint32_t i = p->from; i < p->to; i++) {
    if (i + AHEAD < p->to) __builtin_prefetch(s->stack[i + AHEAD].at);
    p->t->next[i] = flame_step(s->graph, &s->stack[i], s->up);
  }
  return NULL;
}

// Moves each stack of the frame on by a step, which goes into t->next. Most of the time goes into waiting for memory
// here, so the stacks of frames that have many are shared out to threads.
static void look_ahead(struct flame_tree *t, const struct flame_frame *f) {
  enum { MANY = 1 << 15 };
  struct part part[GRAPH_MOST_PARTS];
  uint32_t all = f->to - f->from, n = all < MANY ? 1 : t->n_parts;
  for (uint32_t i = 0; i < n; i++)
    part[i] = (struct part){t, f->from + (uint32_t)((uint64_t)all * i / n),
                            f->from + (uint32_t)((uint64_t)all * (i + 1) / n)};
  graph_run_parts(part, sizeof *part, n, read_steps);
}

// Counts the stacks of the frame for the child each goes to next. Returns in *ending how many end there.
static int count(struct flame_tree *t, const struct flame_frame *f, uint32_t *ending) {
  const struct flame_stack *stack = t->stacks.stack;
  look_ahead(t, f);
  for (uint32_t i = f->from; i < f->to; i++) {
    uint32_t step = t->next[i], child = NONE;
    if (step == FLAME_END) {
      ++*ending;
    } else {
      if ((child = child_of(t, step)) == NONE) return -1;
      t->frame[child].to++;
      t->frame[child].inlined &= step & 1;
      add_value(&t->frame[child], stack[i].value);
    }
    t->next[i] = child;
  }
  return 0;
}

// Sorts the stacks of a frame: those that end there, then those of each child, each in the order they were in.
static void sort_stacks(struct flame_tree *t, const struct flame_frame *f, uint32_t ending) {
  struct flame_stack *stack = t->stacks.stack;
  uint32_t end = f->from, at = f->from + ending;
  for (uint32_t i = 0; i < f->n_children; i++) {
    struct flame_frame *child = &t->frame[f->first + i];
    uint32_t n = child->to;
    child->from = child->to = at;
    at += n;
  }
  for (uint32_t i = f->from; i < f->to; i++) {
    uint32_t *to = t->next[i] == NONE ? &end : &t->frame[t->next[i]].to;
    t->work[(*to)++] = stack[i];
  }
  memcpy(stack + f->from, t->work + f->from, (f->to - f->from) * sizeof *stack);
}

// All stacks go to one child: they are in order.
static void pass_on(struct flame_tree *t, const struct flame_frame *f) {
  t->frame[f->first].from = f->from;
  t->frame[f->first].to = f->to;
}

int flame_tree_open(struct flame_tree *t, uint32_t frame) {
  struct flame_frame f = t->frame[frame];
  uint32_t ending = 0;
  f.first = t->n;
  if (count(t, &f, &ending)) return -1;
  f.n_children = t->n - f.first;
  t->frame[frame] = f;
  if (f.n_children == 1 && !ending) pass_on(t, &f);
  else if (f.n_children) sort_stacks(t, &f, ending);
  for (uint32_t i = f.first; i < t->n; i++) t->child[t->frame[i].node] = NONE;
  return 0;
}

int flame_tree_init(struct flame_tree *t, const struct report *r, struct graph *g, struct err *e) {
  *t = (struct flame_tree){.n_parts = graph_parts(r->view->profile)};
  if (flame_stacks_init(&t->stacks, r, g, e)) return -1;
  return add_root(t, g) ? err_nomem(e) : 0;
}

void flame_tree_release(struct flame_tree *t) {
  flame_stacks_release(&t->stacks);
  free(t->frame);
  free(t->work);
  free(t->next);
  free(t->child);
  *t = (struct flame_tree){0};
}
