// Opening the frames that will hardly be left out, on threads: before it is known which are shown, so that each thread may
// go down on its own, and at once, while what it reads is near.
//
// Frames with many bunches are opened first; each of those below is one thread's, which makes what is below in a tree of its own.
// These become parts of the whole one.
#include <stdatomic.h>
#include <stdlib.h>

#include "report/flame.h"

// Of the total: a frame with more than one in LARGE is opened before threads start, one with less than one in SMALL may
// never be shown. Nor are more frames than ENOUGH, however deep the stacks are.
enum { LARGE = 16, SMALL = 16384, ENOUGH = 1 << 17 };

// Frames for whoever has nothing to do.
struct pile {
  struct flame_tree *t;
  uint32_t *frame, n;
  size_t cap;
  atomic_uint next;
};

struct taken {
  uint32_t whole, own;  // the frame in the whole tree and in the thread's own
};

struct opener {
  struct pile *pile;
  struct flame_tree own;
  struct taken *taken;
  size_t n_taken, cap;
  bool failed;
};

static bool is_more(const struct flame_tree *t, const struct flame_frame *f, int64_t part) {
  for (int side = 0; side < FLAME_SIDES; side++)
    if (f->value[side] > t->frame[0].value[side] / part) return true;
  return false;
}

static int make_pile(struct pile *p) {
  struct flame_tree *t = p->t;
  for (uint32_t i = 0; i < t->n; i++) {
    if (t->n < ENOUGH && is_more(t, &t->frame[i], LARGE)) {
      if (flame_tree_open(t, i)) return -1;
    } else if (is_more(t, &t->frame[i], SMALL)) {
      if (ARRAY_RESERVE(p->frame, p->cap, (size_t)p->n + 1)) return -1;
      p->frame[p->n++] = i;
    }
  }
  return 0;
}

static int open_all_below(struct opener *o, uint32_t whole) {
  const struct flame_tree *t = o->pile->t;
  struct flame_tree *own = &o->own;
  struct flame_frame f = t->frame[whole];
  uint32_t at = own->n, first = own->bunches.n;
  if (at >= ENOUGH) return 0;
  if (flame_bunches_append(&own->bunches, t->bunches.bunch + f.from, f.to - f.from)) return -1;
  if (ARRAY_RESERVE(own->frame, own->cap, (size_t)at + 1) || ARRAY_RESERVE(o->taken, o->cap, o->n_taken + 1)) return -1;
  f.from = first;
  f.to = own->bunches.n;
  own->frame[own->n++] = f;
  o->taken[o->n_taken++] = (struct taken){whole, at};
  for (; at < own->n && own->n < ENOUGH; at++)
    if (is_more(t, &own->frame[at], SMALL) && flame_tree_open(own, at)) return -1;
  return 0;
}

static void *open_pile(void *arg) {
  struct opener *o = arg;
  struct pile *p = o->pile;
  for (uint32_t i; !o->failed && (i = atomic_fetch_add(&p->next, 1)) < p->n;)
    o->failed = open_all_below(o, p->frame[i]) != 0;
  return NULL;
}

static int take_over(struct flame_tree *t, const struct opener *o) {
  const struct flame_tree *own = &o->own;
  uint32_t frames = t->n, bunches = t->bunches.n;
  if (o->failed || own->n > NONE - frames || ARRAY_RESERVE(t->frame, t->cap, (size_t)frames + own->n) ||
      flame_bunches_append(&t->bunches, own->bunches.bunch, own->bunches.n))
    return -1;
  for (uint32_t i = 0; i < own->n; i++) {
    struct flame_frame *f = &t->frame[t->n++];
    *f = own->frame[i];
    f->from += bunches;
    f->to += bunches;
    f->first += frames;
  }
  for (size_t i = 0; i < o->n_taken; i++) t->frame[o->taken[i].whole] = t->frame[frames + o->taken[i].own];
  return 0;
}

int flame_tree_open_heavy(struct flame_tree *t) {
  struct pile p = {.t = t};
  struct opener opener[GRAPH_MOST_PARTS];
  unsigned parts = t->bunches.parts, n = 0;
  int result = make_pile(&p);
  for (; !result && n < parts && n < p.n; n++) {
    opener[n] = (struct opener){.pile = &p};
    opener[n].failed = flame_tree_init_empty(&opener[n].own, t->bunches.stacks, 1) != 0;
  }
  if (n) graph_run_parts(opener, sizeof *opener, n, open_pile);
  for (unsigned i = 0; i < n; i++) {
    if (!result) result = take_over(t, &opener[i]);
    flame_tree_release(&opener[i].own);
    free(opener[i].taken);
  }
  free(p.frame);
  return result;
}
