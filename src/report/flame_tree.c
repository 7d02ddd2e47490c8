// The tree of calls, made only as far as it is looked at.
//
// A frame holds the bunches of stacks that go through it: a range of one array. Opening it moves each bunch on to the node
// it goes to next, and sorts the range by these. So what is too light to be shown costs nothing, and where stacks are alike
// they cost little.
#include <stdlib.h>

#include "report/flame.h"

static void add_values(int64_t sum[FLAME_SIDES], const int64_t more[FLAME_SIDES]) {
  for (int side = 0; side < FLAME_SIDES; side++) sum[side] = flame_add(sum[side], more[side]);
}

// The child a step leads to; NONE when memory ran out. Its `to` is the number of its bunches for now.
static uint32_t child_of(struct flame_tree *t, uint32_t step) {
  uint32_t *child = &t->child[step >> 1];
  if (*child != NONE) return *child;
  if (t->n == NONE || ARRAY_RESERVE(t->frame, t->cap, (size_t)t->n + 1)) return NONE;
  t->frame[t->n] = (struct flame_frame){.node = step >> 1, .inlined = true};
  return *child = t->n++;
}

// Reads the steps of those bunches that have taken all that were read. The frame's bunches are others then.
static int read_on(struct flame_tree *t, struct flame_frame *f) {
  struct flame_bunches *s = &t->bunches;
  uint32_t first = s->n, i = f->from, n = 0;
  while (i < f->to && s->bunch[i].ahead) i++;
  if (i == f->to) return 0;
  for (i = f->from; i < f->to; i++) {
    struct flame_bunch b = s->bunch[i];
    if (b.ahead) {
      if (flame_bunches_append(s, &b, 1)) return -1;
    } else {
      if (ARRAY_RESERVE(t->unread, t->unread_cap, (size_t)n + 1)) return -1;
      t->unread[n++] = (struct flame_range){b.from, b.to};
    }
  }
  if (flame_bunches_add(s, t->unread, n)) return -1;
  f->from = first;
  f->to = s->n;
  return 0;
}

// Counts the bunches of the frame for the child each goes to next.
static int count(struct flame_tree *t, const struct flame_frame *f) {
  if (ARRAY_RESERVE(t->next, t->next_cap, f->to - f->from)) return -1;
  for (uint32_t i = f->from; i < f->to; i++) {
    struct flame_bunch *b = &t->bunches.bunch[i];
    uint32_t step = flame_bunch_step(&t->bunches, b), child = child_of(t, step);
    if (child == NONE) return -1;
    t->frame[child].to++;
    t->frame[child].inlined &= step & 1;
    add_values(t->frame[child].value, b->value);
    t->next[i - f->from] = child;
  }
  return 0;
}

// Sorts the bunches of a frame by the child they go to, those of one in the order they were in.
static int sort(struct flame_tree *t, const struct flame_frame *f) {
  struct flame_bunch *bunch = t->bunches.bunch;
  uint32_t n = f->to - f->from, at = f->from;
  if (ARRAY_RESERVE(t->sorted, t->sorted_cap, n)) return -1;
  memcpy(t->sorted, bunch + f->from, n * sizeof *bunch);
  for (uint32_t i = f->first; i < t->n; i++) {
    uint32_t own = t->frame[i].to;
    t->frame[i].from = t->frame[i].to = at;
    at += own;
  }
  for (uint32_t i = 0; i < n; i++) bunch[t->frame[t->next[i]].to++] = t->sorted[i];
  return 0;
}

// All bunches go to one child: they are in order.
static void pass_on(struct flame_tree *t, const struct flame_frame *f) {
  t->frame[f->first].from = f->from;
  t->frame[f->first].to = f->to;
}

int flame_tree_open(struct flame_tree *t, uint32_t frame) {
  struct flame_frame f = t->frame[frame];
  if (f.opened) return 0;
  f.opened = true;
  f.first = t->n;
  if (read_on(t, &f) || count(t, &f)) return -1;
  f.n_children = t->n - f.first;
  t->frame[frame] = f;
  for (uint32_t i = f.first; i < t->n; i++) t->child[t->frame[i].node] = NONE;
  if (f.n_children > 1) return sort(t, &f);
  if (f.n_children == 1) pass_on(t, &f);
  return 0;
}

int flame_tree_init_empty(struct flame_tree *t, const struct flame_stacks *stacks, unsigned parts) {
  size_t nodes = (size_t)stacks->graph->n_nodes + 1;
  *t = (struct flame_tree){.child = malloc(nodes * sizeof *t->child)};
  flame_bunches_init(&t->bunches, stacks, parts);
  if (!t->child) return -1;
  memset(t->child, 0xff, nodes * sizeof *t->child);
  return 0;
}

int flame_tree_init(struct flame_tree *t, const struct flame_stacks *stacks, unsigned parts) {
  if (flame_tree_init_empty(t, stacks, parts) || ARRAY_RESERVE(t->frame, t->cap, 1)) return -1;
  t->frame[t->n++] = (struct flame_frame){.node = NONE, .to = stacks->n_ranges};
  add_values(t->frame[0].value, stacks->weight);
  for (unsigned i = 0; i < stacks->n_ranges; i++) {
    struct flame_bunch made = {.from = stacks->range[i].from, .to = stacks->range[i].to};
    if (flame_bunches_append(&t->bunches, &made, 1)) return -1;
  }
  return 0;
}

void flame_tree_release(struct flame_tree *t) {
  flame_bunches_release(&t->bunches);
  free(t->frame);
  free(t->child);
  free(t->next);
  free(t->sorted);
  free(t->unread);
  *t = (struct flame_tree){0};
}
