// Stacks whose next steps are the same go through the tree together.
//
// Stacks lie all over the memory, and going there takes longer than all else. So several steps are read at a time, and of
// the many stacks of a large profile few bunches are left, as they begin alike.
#include <stdlib.h>

#include "report/flame.h"

void flame_bunches_init(struct flame_bunches *s, const struct flame_stacks *stacks, unsigned parts) {
  *s = (struct flame_bunches){.stacks = stacks, .step_bits = 1, .parts = parts};
  while (stacks->graph->n_nodes >> (s->step_bits - 1)) s->step_bits++;
}

void flame_bunches_release(struct flame_bunches *s) {
  free(s->bunch);
  free(s->slot);
  free(s->bunch_of);
  *s = (struct flame_bunches){0};
}

// As many steps as there is room for; 0 when the stack ends.
static uint64_t read_ahead(const struct flame_bunches *s, struct flame_stack *stack) {
  const uint32_t *only = s->stacks->only;
  bool up = s->stacks->up;
  uint64_t ahead = 0;
  for (unsigned bit = 0; bit + s->step_bits <= 64 && stack->left; bit += s->step_bits) {
    uint32_t node = only[*stack->at], step = node << 1;
    if (node == NONE) step = flame_step(s->stacks->graph, stack, up);
    else if (--stack->left) stack->at += up ? 1 : -1;
    ahead |= ((uint64_t)step + 1) << bit;
  }
  return ahead;
}

// ---- the table ----------------------------------------------------------------------------------

static void enter(struct flame_bunches *s, uint32_t bunch) {
  size_t at = hash_u64(s->bunch[bunch].ahead) & (s->n_slots - 1);
  while (s->slot[at] != NONE) at = (at + 1) & (s->n_slots - 1);
  s->slot[at] = bunch;
}

// Makes the table anew with room for `most` bunches, of those from `first` on.
static int make_table(struct flame_bunches *s, size_t most, uint32_t first) {
  s->n_slots = 16;
  while (s->n_slots < 2 * most) s->n_slots *= 2;
  if (ARRAY_RESERVE(s->slot, s->slot_cap, s->n_slots)) return -1;
  memset(s->slot, 0xff, s->n_slots * sizeof *s->slot);
  for (uint32_t i = first; i < s->n; i++) enter(s, i);
  return 0;
}

static uint32_t find(const struct flame_bunches *s, uint64_t ahead) {
  size_t at = hash_u64(ahead) & (s->n_slots - 1);
  while (s->slot[at] != NONE && s->bunch[s->slot[at]].ahead != ahead) at = (at + 1) & (s->n_slots - 1);
  return s->slot[at];
}

// Appends a bunch; NONE when memory ran out. Its `to` is the number of its stacks for now.
static uint32_t make(struct flame_bunches *s, uint64_t ahead, uint32_t first) {
  uint32_t made = s->n;
  if (made == NONE || ARRAY_RESERVE(s->bunch, s->cap, (size_t)made + 1)) return NONE;
  s->bunch[s->n++] = (struct flame_bunch){.ahead = ahead};
  if (s->n - first <= s->n_slots / 2) enter(s, made);
  else if (make_table(s, s->n_slots, first)) return NONE;
  return made;
}

// ---- the bunches --------------------------------------------------------------------------------

// Finds or makes the bunch of each stack.
static int assign(struct flame_bunches *s, uint32_t from, uint32_t to) {
  enum { AHEAD = 16, USUALLY_MOST = 1 << 14 };
  struct flame_stack *stack = s->stacks->stack;
  uint32_t first = s->n, n = to - from;
  if (make_table(s, n < USUALLY_MOST ? n : USUALLY_MOST, first)) return -1;
  for (uint32_t i = 0; i < n; i++) {
    struct flame_stack *at = &stack[from + i];
    if (i + AHEAD < n) __builtin_prefetch(at[AHEAD].at);
    uint64_t ahead = read_ahead(s, at);
    uint32_t bunch = ahead ? find(s, ahead) : NONE;
    if (ahead && bunch == NONE && (bunch = make(s, ahead, first)) == NONE) return -1;
    s->bunch_of[i] = bunch;
    if (bunch == NONE) continue;
    flame_stack_weigh(at, s->bunch[bunch].value);
    s->bunch[bunch].to++;
  }
  return 0;
}

// Moves the stacks to the other half, those of a bunch together, in the order they were in.
static void gather(struct flame_bunches *s, uint32_t from, uint32_t to, uint32_t first) {
  struct flame_stack *stack = s->stacks->stack;
  uint32_t place = from < s->stacks->room ? from + s->stacks->room : from - s->stacks->room;
  for (uint32_t i = first; i < s->n; i++) {
    uint32_t n = s->bunch[i].to;
    s->bunch[i].from = s->bunch[i].to = place;
    place += n;
  }
  for (uint32_t i = from; i < to; i++)
    if (s->bunch_of[i - from] != NONE) stack[s->bunch[s->bunch_of[i - from]].to++] = stack[i];
}

static int add(struct flame_bunches *s, uint32_t from, uint32_t to) {
  uint32_t first = s->n;
  if (ARRAY_RESERVE(s->bunch_of, s->bunch_of_cap, to - from) || assign(s, from, to)) return -1;
  if (s->n == first) return 0;
  struct flame_bunch *only = &s->bunch[first];
  if (s->n - first > 1 || only->to < to - from) {
    gather(s, from, to, first);
  } else {
    only->from = from;
    only->to = to;
  }
  return 0;
}

// ---- on threads ---------------------------------------------------------------------------------

// What a thread reads: of the stacks of all ranges, counted through, those from `from` to `to`.
struct share {
  struct flame_bunches own;
  const struct flame_range *range;
  uint32_t n_ranges, from, to;
  bool failed;
};

static void *add_share(void *arg) {
  struct share *h = arg;
  uint32_t before = 0;
  for (uint32_t i = 0; i < h->n_ranges && before < h->to && !h->failed; i++) {
    struct flame_range r = h->range[i];
    uint32_t n = r.to - r.from, from = h->from > before ? h->from - before : 0, to = h->to - before;
    before += n;
    if (from < n) h->failed = add(&h->own, r.from + from, to < n ? r.from + to : r.to) != 0;
  }
  return NULL;
}

int flame_bunches_append(struct flame_bunches *s, const struct flame_bunch *bunch, uint32_t n) {
  if (n > NONE - s->n || ARRAY_RESERVE(s->bunch, s->cap, (size_t)s->n + n)) return -1;
  if (n) memcpy(s->bunch + s->n, bunch, n * sizeof *bunch);
  s->n += n;
  return 0;
}

static int add_on_threads(struct flame_bunches *s, const struct flame_range *range, uint32_t n, uint32_t stacks) {
  struct share share[GRAPH_MOST_PARTS];
  int result = 0;
  for (unsigned i = 0; i < s->parts; i++) {
    share[i] = (struct share){.range = range, .n_ranges = n};
    share[i].from = (uint32_t)((uint64_t)stacks * i / s->parts);
    share[i].to = (uint32_t)((uint64_t)stacks * (i + 1) / s->parts);
    flame_bunches_init(&share[i].own, s->stacks, 1);
  }
  graph_run_parts(share, sizeof *share, s->parts, add_share);
  for (unsigned i = 0; i < s->parts; i++) {
    if (share[i].failed || result) result = -1;
    else result = flame_bunches_append(s, share[i].own.bunch, share[i].own.n);
    flame_bunches_release(&share[i].own);
  }
  return result;
}

int flame_bunches_add(struct flame_bunches *s, const struct flame_range *range, uint32_t n) {
  enum { MANY = 1 << 15 };
  uint32_t stacks = 0;
  int result = 0;
  for (uint32_t i = 0; i < n; i++) stacks += range[i].to - range[i].from;
  if (stacks >= MANY && s->parts > 1) return add_on_threads(s, range, n, stacks);
  for (uint32_t i = 0; i < n && !result; i++) result = add(s, range[i].from, range[i].to);
  return result;
}
