// The tree of a flame graph holds what a plain count of the samples gives, however it was opened and on how many threads.
#include "report/flame.h"
#include "support/sketch.h"
#include "support/test.h"

enum { SAMPLES = 45000, DEPTH = 60, FEW = 4 };

struct walk {
  uint32_t *step;  // from the root on, as flame_step has them
  uint32_t n;
  int64_t value;
};

// Ways through a few functions that begin alike and part later, some through several inlined calls, up and down recursion,
// some empty, with values of both signs.
static struct profile *make_profile(void) {
  struct profile *p = sketch("n/count", "main;a;b;c;d;e;f+g;h+i+j+k+l+m+n+o;a+b;b+a;p+p+p 0", NULL);
  struct random r = {7};
  uint32_t n_places = p->places.n_locations;
  for (uint32_t s = 0; s < SAMPLES; s++) {
    uint32_t frame[DEPTH], n = s % 97 ? 1 + random_below(&r, DEPTH - 1) : 0, place = 0;
    for (uint32_t i = 0; i < n; i++) {
      frame[n - 1 - i] = place;
      place = random_chance(&r, 80) ? (place * 5 + i + 1) % n_places : random_below(&r, n_places);
    }
    int64_t value = (int64_t)random_below(&r, 1000) - 200;
    assert_int_equal(profile_add_sample(p, frame, n, &value, NONE), 0);
  }
  return p;
}

// ---- the plain count ----------------------------------------------------------------------------

// The steps of a sample; with `up` those from the caller of the pivot, where it was called first, to the root.
static struct walk walk_of(const struct graph *g, uint32_t sample, uint32_t pivot, bool up) {
  const struct profile *p = g->view->profile;
  struct walk w = {.value = profile_values(p, sample)[0]};
  uint32_t from = p->stack[sample], n = 0;
  w.step = malloc((DEPTH * 8 + 1) * sizeof *w.step);
  assert_non_null(w.step);
  for (uint32_t i = p->stack[sample + 1]; i-- > from;) {
    uint32_t first = g->first_slot[p->frame[i]], end = g->first_slot[p->frame[i] + 1];
    for (uint32_t k = end; k-- > first;) w.step[n++] = g->slot[k] << 1 | (k + 1 != end);
  }
  w.n = n;
  if (!up) return w;
  uint32_t at = 0;
  while (at < n && w.step[at] >> 1 != pivot) at++;
  w.n = at < n ? at : 0;
  if (at == n) w.value = 0;  // it is not taken
  for (uint32_t i = 0; i < w.n / 2; i++) {
    uint32_t other = w.step[w.n - 1 - i];
    w.step[w.n - 1 - i] = w.step[i];
    w.step[i] = other;
  }
  return w;
}

struct count {
  int64_t value[FLAME_SIDES];
  bool inlined;
  const struct walk **walk;
  uint32_t n;
};

// What the walks that have taken `depth` steps make the children of their frame; a count a node, to be released.
static struct count *count_next(const struct graph *g, const struct walk **walk, uint32_t n, uint32_t depth) {
  struct count *count = calloc(g->n_nodes, sizeof *count);
  assert_non_null(count);
  for (uint32_t i = 0; i < n; i++) {
    if (walk[i]->n == depth) continue;
    struct count *c = &count[walk[i]->step[depth] >> 1];
    if (!c->walk) *c = (struct count){.inlined = true, .walk = malloc(n * sizeof *c->walk)};
    assert_non_null(c->walk);
    c->walk[c->n++] = walk[i];
    c->inlined &= walk[i]->step[depth] & 1;
    c->value[walk[i]->value < 0 ? FLAME_BEFORE : FLAME_AFTER] += llabs(walk[i]->value);
  }
  return count;
}

static void check_below(struct flame_tree *t, uint32_t frame, const struct walk **walk, uint32_t n, uint32_t depth) {
  const struct graph *g = t->bunches.stacks->graph;
  assert_int_equal(flame_tree_open(t, frame), 0);
  struct count *count = count_next(g, walk, n, depth);
  uint32_t first = t->frame[frame].first, n_children = 0;
  for (uint32_t i = 0; i < g->n_nodes; i++) n_children += count[i].n > 0;
  assert_int_equal(t->frame[frame].n_children, n_children);
  for (uint32_t i = first; i < first + n_children; i++) {
    struct count *c = &count[t->frame[i].node];
    assert_true(c->n > 0);
    assert_int_equal(t->frame[i].value[FLAME_BEFORE], c->value[FLAME_BEFORE]);
    assert_int_equal(t->frame[i].value[FLAME_AFTER], c->value[FLAME_AFTER]);
    assert_int_equal(t->frame[i].inlined, c->inlined);
    if (c->n > FEW) check_below(t, i, c->walk, c->n, depth + 1);
  }
  for (uint32_t i = 0; i < g->n_nodes; i++) free(count[i].walk);
  free(count);
}

// ---- the tests ----------------------------------------------------------------------------------

struct fixture {
  struct profile *profile;
  struct view view;
  struct graph graph;
};

static int set_up(void **state) {
  static struct fixture f;
  struct err e = {0};
  f.profile = make_profile();
  assert_int_equal(view_init(&f.view, f.profile, &e), 0);
  assert_int_equal(graph_init(&f.graph, &f.view, (struct graph_shape){.function = true}, NULL, &e), 0);
  *state = &f;
  return 0;
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  graph_release(&f->graph);
  view_release(&f->view);
  profile_free(f->profile);
  return 0;
}

static uint32_t node_named(struct graph *g, const char *name) {
  uint32_t i = 0;
  while (!str_eq(graph_name(g, i), str_of(name))) assert_true(++i < g->n_nodes);
  return i;
}

static void check(struct fixture *f, unsigned parts, bool heavy_first, const char *callers_of) {
  struct report_part part = {.pivot = true, .callers = true};
  struct report r = {.view = &f->view, .o.part = callers_of ? &part : NULL};
  struct flame_stacks stacks;
  struct flame_tree tree;
  struct err e = {0};
  struct buf exactly = {0};
  uint32_t n = f->profile->n_samples, used = 0, pivot = callers_of ? node_named(&f->graph, callers_of) : NONE;
  struct walk *walk = malloc(n * sizeof *walk);
  const struct walk **all = malloc(n * sizeof *all);
  assert_true(walk && all);
  for (uint32_t i = 0; i < n; i++) {
    walk[i] = walk_of(&f->graph, i, pivot, callers_of != NULL);
    if (walk[i].value) all[used++] = &walk[i];
  }
  if (callers_of) {
    buf_addf(&exactly, "^%s$", callers_of);
    r.o.symbol = rx_new(buf_view(&exactly), &e);
    assert_non_null(r.o.symbol);
  }
  assert_int_equal(flame_stacks_init(&stacks, &r, &f->graph, &e), 0);
  uint32_t taken = 0;
  for (unsigned i = 0; i < stacks.n_ranges; i++) taken += stacks.range[i].to - stacks.range[i].from;
  assert_int_equal(taken, used);
  assert_int_equal(flame_tree_init(&tree, &stacks, parts), 0);
  if (heavy_first) assert_int_equal(flame_tree_open_heavy(&tree), 0);
  check_below(&tree, 0, all, used, 0);
  flame_tree_release(&tree);
  flame_stacks_release(&stacks);
  for (uint32_t i = 0; i < n; i++) free(walk[i].step);
  free(walk);
  free(all);
  buf_release(&exactly);
  rx_free((struct rx *)r.o.symbol);
}

static void test_frame_by_frame(void **state) { check(*state, 1, false, NULL); }
static void test_heavy_first(void **state) { check(*state, 1, true, NULL); }
static void test_on_threads(void **state) { check(*state, 4, true, NULL); }
static void test_callers_frame_by_frame(void **state) { check(*state, 1, false, "p"); }
static void test_callers_on_threads(void **state) { check(*state, 4, true, "p"); }

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_frame_by_frame),     cmocka_unit_test(test_heavy_first),
      cmocka_unit_test(test_on_threads),         cmocka_unit_test(test_callers_frame_by_frame),
      cmocka_unit_test(test_callers_on_threads),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
