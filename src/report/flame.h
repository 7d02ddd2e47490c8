// A flame graph: the tree of calls, what of it a page has room for, and how that is written down.
#ifndef CPROF_REPORT_FLAME_H
#define CPROF_REPORT_FLAME_H

#include "report/internal.h"
#include "report/page.h"

// The two sides of a comparison. A profile that is not compared has FLAME_AFTER only.
enum flame_side { FLAME_BEFORE, FLAME_AFTER, FLAME_SIDES };

// Of values that are not negative.
static inline int64_t flame_add(int64_t a, int64_t b) { return a > INT64_MAX - b ? INT64_MAX : a + b; }

// ---- stacks (flame_stacks.c) ----------------------------------------------------------------------

// A sample on its way through the tree: the locations it has still to go through, `left` of them from `at` on, of the
// first of which `slot` nodes are done. The values of the side before are negative, and none is 0.
struct flame_stack {
  const uint32_t *at;
  uint32_t left, slot;
  int64_t value;
};

// Adds the value of a stack to its side.
static inline void flame_stack_weigh(const struct flame_stack *s, int64_t sum[FLAME_SIDES]) {
  int64_t *side = &sum[s->value < 0 ? FLAME_BEFORE : FLAME_AFTER];
  *side = flame_add(*side, s->value < 0 ? -s->value : s->value);
}

// Stacks that are next to each other: their numbers.
struct flame_range {
  uint32_t from, to;
};

struct flame_stacks {
  const struct graph *graph;
  uint32_t *only;             // a location with one node: that node; others: NONE
  bool up;                    // they go from a function to the root
  struct flame_stack *stack;  // twice `room`; those of `range` are there, in the first half
  uint32_t room;
  struct flame_range range[GRAPH_MOST_PARTS];  // one from each thread that made them
  unsigned n_ranges;
  int64_t weight[FLAME_SIDES];      // of all of them
  uint32_t *own[GRAPH_MOST_PARTS];  // the locations of stacks that filters have changed
  uint32_t n_pivots, pivot;         // functions asked for, the node of one of them
  bool compared;
  uint32_t n_samples;          // those the view has, whatever their values
  int64_t total[FLAME_SIDES];  // what percentages are of, also in a part of the graph
};

// Moves a stack on by one step: twice the node it comes to, and one more where the call was inlined, or FLAME_END.
#define FLAME_END UINT32_MAX
static inline uint32_t flame_step(const struct graph *g, struct flame_stack *s, bool up) {
  if (s->left == 0) return FLAME_END;
  // The last node of a location holds the address; the others were inlined into it.
  uint32_t first = g->first_slot[*s->at], n = g->first_slot[*s->at + 1] - first, k = up ? s->slot : n - 1 - s->slot;
  if (++s->slot == n) {
    s->slot = 0;
    if (--s->left) s->at += up ? 1 : -1;
  }
  return g->slot[first + k] << 1 | (k + 1 != n);
}

// Walks the samples once. Their absolute values go to the side before when they are marked pprof::base or, in a profile
// where none is, when they are negative. r->o.part says which part of the graph is wanted; NULL: all of it. Of one pivot the
// stacks begin behind it; of several each begins with the one it has.
int flame_stacks_init(struct flame_stacks *s, const struct report *r, struct graph *g, struct err *e);
void flame_stacks_release(struct flame_stacks *s);

// ---- bunches (flame_bunch.c) ----------------------------------------------------------------------

// Stacks whose next steps are the same, as many steps as have room in `ahead`: the next one in the lowest bits, each one
// more than it is. 0: they were not read yet.
struct flame_bunch {
  uint64_t ahead;
  int64_t value[FLAME_SIDES];  // never negative, sums stop at INT64_MAX
  uint32_t from, to;           // numbers of stacks
};

struct flame_bunches {
  const struct flame_stacks *stacks;
  unsigned step_bits;  // of `ahead`
  unsigned parts;      // threads that share what is large
  struct flame_bunch *bunch;
  uint32_t n;
  size_t cap;
  uint32_t *slot;  // a hash table of those that are being made: their numbers, or NONE
  size_t n_slots, slot_cap;
  uint32_t *bunch_of;  // a stack: its bunch, while they are made
  size_t bunch_of_cap;
};

void flame_bunches_init(struct flame_bunches *s, const struct flame_stacks *stacks, unsigned parts);
// Reads the next steps of the stacks in n ranges, bunches them and appends the bunches. Stacks that end here are in none. A
// range's stacks move to the same place in the other half of stacks->stack; nobody else's are there, so that threads may do this
// for different ranges.
int flame_bunches_add(struct flame_bunches *s, const struct flame_range *range, uint32_t n);
int flame_bunches_append(struct flame_bunches *s, const struct flame_bunch *bunch, uint32_t n);
void flame_bunches_release(struct flame_bunches *s);

// Takes a bunch's next step, which was read.
static inline uint32_t flame_bunch_step(const struct flame_bunches *s, struct flame_bunch *b) {
  uint64_t step = b->ahead & ((UINT64_C(1) << s->step_bits) - 1);
  b->ahead >>= s->step_bits;
  return (uint32_t)(step - 1);
}

// ---- the tree (flame_tree.c) ----------------------------------------------------------------------

// One way of calls from the root to a function. Frame 0 is the root.
struct flame_frame {
  uint32_t node;               // of the graph; NONE for the root
  uint32_t from, to;           // its bunches
  uint32_t first, n_children;  // once opened: the frames below it, in no particular order
  bool inlined;                // every call to it was
  bool opened;
  int64_t value[FLAME_SIDES];  // with all it calls; never negative, sums stop at INT64_MAX
};

struct flame_tree {
  struct flame_bunches bunches;
  struct flame_frame *frame;
  uint32_t n;
  size_t cap;
  uint32_t *child;  // a node: the frame for it below the one that is being opened
  uint32_t *next;   // a bunch of that one: the frame it goes to
  size_t next_cap;
  struct flame_bunch *sorted;
  size_t sorted_cap;
  struct flame_range *unread;  // stacks of that one whose next steps are not known
  size_t unread_cap;
};

// `parts`: threads that share the work.
int flame_tree_init(struct flame_tree *t, const struct flame_stacks *stacks, unsigned parts);
int flame_tree_init_empty(struct flame_tree *t, const struct flame_stacks *stacks, unsigned parts);  // without a root
// Makes the frames below a frame unless they are there; this moves t->frame. 0, or -1 when memory ran out.
int flame_tree_open(struct flame_tree *t, uint32_t frame);
// Opens the frames that will hardly be left out, on threads (flame_ahead.c).
int flame_tree_open_heavy(struct flame_tree *t);
void flame_tree_release(struct flame_tree *t);

// ---- what of it is shown (flame_rows.c) -----------------------------------------------------------

// A frame that is shown. Its children are linked, the heaviest first; what of them is not shown is summed up.
struct flame_row {
  uint32_t frame, name;  // `name`: number of its name in the page; not for the root
  uint32_t parent, first, last, next;
  uint32_t n_children, n_left;
  int64_t left[FLAME_SIDES];
};

struct flame_rows {
  struct flame_row *row;
  uint32_t n;
  size_t cap;
  struct buf names, shorts, ids;  // elements of JSON arrays
  bool with_ids;
};

// Takes the heaviest frames, callers before what they call, until writing them down would need more than `room` bytes.
// `ids`: a name says which node of the graph it is of.
int flame_rows_init(struct flame_rows *s, struct flame_tree *t, const struct report *r, struct graph *g, size_t room,
                    bool ids, struct err *e);
void flame_rows_release(struct flame_rows *s);
// Appends the names and the columns as members of a JSON object, at most as many bytes as flame_rows_init was given.
void flame_rows_write(const struct flame_rows *s, const struct flame_tree *t, struct buf *out);

enum { FLAME_LONGEST_NAME = 1024 };

// ---- as JSON (flame_data.c) -----------------------------------------------------------------------

// What it is about: the program and the sample type.
void flame_subject(const struct report *r, struct buf *text);
// The whole graph or r->o.part of it as an object of at most `room` bytes; docs/flame.md tells what is in it.
int flame_data(const struct report *r, size_t room, bool ids, struct buf *out, struct err *e);

// The page without its data, in three parts: the title goes behind the first, the data behind the second. Made from
// assets/ when cprof is built.
extern const char flame_page_head[], flame_page_body[], flame_page_tail[];
extern const size_t flame_page_head_size, flame_page_body_size, flame_page_tail_size;

#endif
