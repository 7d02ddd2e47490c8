// Which processes belong to the program: those it started, and what these started, whoever may be their parent by now.
#include "record/internal.h"

enum { OUTSIDE, INSIDE };

int tree_begin(struct tree *t, const struct subject *subject) {
  *t = (struct tree){.root = (uint32_t)subject->pid,
                     .alone = subject->options->no_children,
                     .begin = subject->at_exec ? UINT64_MAX : 0};
  return map64_put(&t->member, t->root, INSIDE);
}

bool tree_has(const struct tree *t, uint32_t pid) { return map64_get(&t->member, pid) == INSIDE; }

// Numbers of processes that ended are used again, also by others.
static int take_process(struct tree *t, const struct record *r) {
  bool inside = !t->alone && tree_has(t, r->parent);
  return inside != tree_has(t, r->pid) ? map64_put(&t->member, r->pid, inside ? INSIDE : OUTSIDE) : 0;
}

int tree_take(struct tree *t, const struct record *r) {
  if (r->kind == RECORD_COMM && r->exec && r->pid == t->root && t->begin == UINT64_MAX) t->begin = r->time;
  return r->kind == RECORD_FORK && r->pid != r->parent ? take_process(t, r) : 0;
}

void tree_release(struct tree *t) { map64_release(&t->member); }
