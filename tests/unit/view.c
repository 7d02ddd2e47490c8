// Filters: what each leaves of stacks and samples, in which order they act, and that the profile stays as it is.
#include "profile/view.h"
#include "support/sketch.h"
#include "support/test.h"

// ---- help ---------------------------------------------------------------------------------------

static struct rx *rx(const char *pattern) {
  struct err e = {0};
  if (!pattern) return NULL;
  struct rx *made = rx_new(str_of(pattern), &e);
  if (!made) fail_msg("%s", e.text);
  return made;
}

static struct view open_view(const struct profile *p) {
  struct view v;
  struct err e = {0};
  assert_int_equal(view_init(&v, p, &e), 0);
  return v;
}

static void close_view(struct view *v, struct profile *p) {
  view_release(v);
  view_release(v);
  profile_free(p);
}

struct names {
  const char *focus, *ignore, *hide, *show;
};

static struct name_matches filter_names(struct view *v, struct names n) {
  struct name_filter f = {rx(n.focus), rx(n.ignore), rx(n.hide), rx(n.show)};
  struct name_matches m;
  struct err e = {0};
  assert_int_equal(view_filter_names(v, &f, &m, &e), 0);
  rx_free((struct rx *)f.focus);
  rx_free((struct rx *)f.ignore);
  rx_free((struct rx *)f.hide);
  rx_free((struct rx *)f.show);
  return m;
}

static bool show_from(struct view *v, const char *pattern) {
  struct rx *r = rx(pattern);
  struct err e = {0};
  bool matched;
  assert_int_equal(view_show_from(v, r, &matched, &e), 0);
  rx_free(r);
  return matched;
}

static void prune_from(struct view *v, const char *pattern) {
  struct rx *r = rx(pattern);
  struct err e = {0};
  assert_int_equal(view_prune_from(v, r, &e), 0);
  rx_free(r);
}

// One name filter on a profile.
static void names_leave(struct profile *p, struct names n, const char *samples) {
  struct view v = open_view(p);
  filter_names(&v, n);
  assert_string_equal(shown(&v), samples);
  close_view(&v, p);
}

static struct profile *calls(void) {
  return sketch("n/count", "leaf;work;main 1", "other;main 2", "leaf;main 4", "work 8", NULL);
}

// ---- focus, ignore, hide, show --------------------------------------------------------------------

static void test_view__shows_everything_at_first(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b 1 k=v", "- 2", "a+b 0 n:3", NULL);
  struct view v = open_view(p);
  assert_true(view_stacks_are_plain(&v));
  assert_string_equal(shown(&v), "a;b 1 k=v\n- 2\na+b 0 n:3");
  close_view(&v, p);
}

static void test_view__focus(void **state) {
  (void)state;
  names_leave(calls(), (struct names){.focus = "^work$"}, "leaf;work;main 1\nwork 8");
  names_leave(calls(), (struct names){.focus = "leaf|other"}, "leaf;work;main 1\nother;main 2\nleaf;main 4");
  names_leave(calls(), (struct names){.focus = "other\\.c"}, "other;main 2");  // its file
  names_leave(calls(), (struct names){.focus = "nothing"}, "");
}

static void test_view__focus_on_a_binary(void **state) {
  (void)state;
  struct profile *p = calls();
  struct mapping m = {.id = 1, .file = profile_add_string(p, STR_LIT("/lib/libx.so"))};
  p->places.location[0].mapping = profile_add_mapping(p, &m);
  names_leave(p, (struct names){.focus = "libx"}, "leaf;work;main 1\nleaf;main 4");
}

static void test_view__ignore(void **state) {
  (void)state;
  names_leave(calls(), (struct names){.ignore = "work"}, "other;main 2\nleaf;main 4");
  names_leave(calls(), (struct names){.focus = "main", .ignore = "leaf"}, "other;main 2");
}

static void test_view__hide(void **state) {
  (void)state;
  names_leave(calls(), (struct names){.hide = "main|work"}, "leaf 1\nother 2\nleaf 4");
  names_leave(sketch("n/count", "a+b;c 1", "b+c 2", NULL), (struct names){.hide = "b"}, "a;c 1\nc 2");
}

static void test_view__show(void **state) {
  (void)state;
  names_leave(calls(), (struct names){.show = "main|work"}, "work;main 1\nmain 2\nmain 4\nwork 8");
  names_leave(sketch("n/count", "a+b;c 1", "c 2", NULL), (struct names){.show = "a"}, "a 1");
}

// focus sees the frames that hide takes out; show acts on what hide left.
static void test_view__name_filters_together(void **state) {
  (void)state;
  names_leave(calls(), (struct names){.focus = "work", .hide = "work"}, "leaf;main 1");
  names_leave(calls(), (struct names){.hide = "leaf", .show = "leaf|main"}, "main 1\nmain 2\nmain 4");
}

static void test_view__says_what_matched(void **state) {
  (void)state;
  struct profile *p = calls();
  struct view v = open_view(p);
  struct name_matches m = filter_names(&v, (struct names){"main", "nothing", "leaf", "nothing"});
  assert_true(m.focus && !m.ignore && m.hide && !m.show);
  close_view(&v, p);
}

// ---- show_from, prune_from ------------------------------------------------------------------------

static void test_view__show_from(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;work;b;work;main 1", "c;main 2", "work 4", NULL);
  struct view v = open_view(p);
  assert_true(show_from(&v, "work"));
  assert_string_equal(shown(&v), "a;work;b;work 1\nwork 4");
  assert_false(show_from(&v, "nothing"));
  assert_string_equal(shown(&v), "");
  close_view(&v, p);
}

static void test_view__show_from_inside_inlined_calls(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;in+work+out;main 1", NULL);
  struct view v = open_view(p);
  show_from(&v, "work");
  assert_string_equal(shown(&v), "a;in+work 1");
  close_view(&v, p);
}

static void test_view__prune_from(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;work;b;work;main 1", "c;main 2", "a;in+work+out 4", NULL);
  struct view v = open_view(p);
  prune_from(&v, "^work$");
  assert_string_equal(shown(&v), "work;b;work;main 1\nc;main 2\nwork+out 4");
  close_view(&v, p);
}

static void test_view__cuts_add_up(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b;c;d;e 1", "x;b 2", NULL);
  struct view v = open_view(p);
  filter_names(&v, (struct names){.hide = "^c$"});
  show_from(&v, "^d$");
  prune_from(&v, "^b$");
  assert_string_equal(shown(&v), "b;d 1");
  close_view(&v, p);
}

// ---- labels ---------------------------------------------------------------------------------------

// Matches sets with a label of this key.
static int has_key(void *key, const struct view *v, const struct label *l, uint32_t n, struct err *e) {
  (void)e;
  for (uint32_t i = 0; i < n; i++)
    if (str_eq(view_str(v, l[i].key), str_of(key))) return 1;
  return 0;
}

static int cannot_tell(void *arg, const struct view *v, const struct label *l, uint32_t n, struct err *e) {
  (void)arg, (void)v, (void)l, (void)n;
  return err_set(e, "cannot tell");
}

static struct profile *labelled(void) {
  return sketch("n/count", "a 1 k=v", "b 2", "c 4 k=w x:5kb", "d 8 x:7kb", "e 16 k=v", NULL);
}

static void filter_labels(struct view *v, char *focus, char *ignore, bool *focused, bool *ignored) {
  struct label_filter f = {focus ? has_key : NULL, focus}, i = {ignore ? has_key : NULL, ignore};
  struct err e = {0};
  assert_int_equal(view_filter_labels(v, &f, &i, focused, ignored, &e), 0);
}

static void test_view__tagfocus_and_tagignore(void **state) {
  (void)state;
  struct profile *p = labelled();
  struct view v = open_view(p), w = open_view(p), u = open_view(p);
  char k[] = "k", x[] = "x", none[] = "none";
  bool focused, ignored;
  filter_labels(&v, k, NULL, &focused, &ignored);
  assert_true(focused && !ignored);
  assert_string_equal(shown(&v), "a 1 k=v\nc 4 k=w x:5kb\ne 16 k=v");
  filter_labels(&v, NULL, x, &focused, &ignored);
  assert_string_equal(shown(&v), "a 1 k=v\ne 16 k=v");
  filter_labels(&w, NULL, k, &focused, &ignored);
  assert_true(ignored);
  assert_string_equal(shown(&w), "b 2\nd 8 x:7kb");
  filter_labels(&u, none, NULL, &focused, &ignored);
  assert_true(!focused);
  assert_string_equal(shown(&u), "");
  view_release(&w);
  view_release(&u);
  close_view(&v, p);
}

static void test_view__label_test_may_fail(void **state) {
  (void)state;
  struct profile *p = labelled();
  struct view v = open_view(p);
  struct label_filter broken = {cannot_tell, NULL}, none = {0};
  struct err e = {0};
  bool focused, ignored;
  assert_int_equal(view_filter_labels(&v, &broken, &none, &focused, &ignored, &e), -1);
  assert_string_equal(e.text, "cannot tell");
  close_view(&v, p);
}

static void test_view__tagshow_and_taghide(void **state) {
  (void)state;
  struct profile *p = labelled();
  struct view v = open_view(p), w = open_view(p);
  struct rx *k = rx("^k$");
  struct err e = {0};
  bool shows, hides;
  assert_int_equal(view_filter_keys(&v, k, NULL, &shows, &hides, &e), 0);
  assert_true(shows && !hides);
  assert_string_equal(shown(&v), "a 1 k=v\nb 2\nc 4 k=w\nd 8\ne 16 k=v");
  assert_int_equal(view_filter_keys(&w, NULL, k, &shows, &hides, &e), 0);
  assert_true(hides);
  assert_string_equal(shown(&w), "a 1\nb 2\nc 4 x:5kb\nd 8 x:7kb\ne 16");
  rx_free(k);
  view_release(&w);
  close_view(&v, p);
}

// Later filters see neither labels that are hidden nor samples that are out.
static void test_view__hidden_labels_are_gone(void **state) {
  (void)state;
  struct profile *p = labelled();
  struct view v = open_view(p);
  struct rx *k = rx("k");
  struct err e = {0};
  bool a, b;
  char key[] = "k";
  assert_int_equal(view_filter_keys(&v, NULL, k, &a, &b, &e), 0);
  filter_labels(&v, key, NULL, &a, &b);
  assert_false(a);
  assert_string_equal(shown(&v), "");
  rx_free(k);
  close_view(&v, p);
}

// ---- frames from labels -----------------------------------------------------------------------------

static void test_view__tagroot_and_tagleaf(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b 1 k=v k=w x:2048bytes", "c 2", NULL);
  struct view v = open_view(p);
  const struct str roots[] = {STR_LIT("k"), STR_LIT("x")}, leaves[] = {STR_LIT("none"), STR_LIT("x")};
  struct err e = {0};
  bool root, leaf;
  assert_int_equal(view_add_label_frames(&v, roots, 2, leaves, 2, STR_LIT("minimum"), &root, &leaf, &e), 0);
  assert_true(root && leaf);
  // The leaves' last key is innermost, the roots' first outermost; a sample without the label has a nameless frame.
  assert_string_equal(shown(&v), "2kB;;a;b;2kB;v,w 1 k=v k=w x:2048bytes\n;;c;; 2");
  filter_names(&v, (struct names){.focus = "^v,w$"});
  prune_from(&v, "^b$");
  assert_string_equal(shown(&v), "b;2kB;v,w 1 k=v k=w x:2048bytes");
  close_view(&v, p);
}

static void test_view__tagroot_that_nobody_has(void **state) {
  (void)state;
  struct profile *p = labelled();
  struct view v = open_view(p);
  const struct str key = STR_LIT("nobody");
  struct err e = {0};
  bool root, leaf;
  assert_int_equal(view_add_label_frames(&v, &key, 1, NULL, 0, STR_LIT("minimum"), &root, &leaf, &e), 0);
  assert_true(!root && !leaf);
  close_view(&v, p);
}

// ---- inlined calls ----------------------------------------------------------------------------------

static void test_view__noinlines(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a+b+c;d 1", NULL);
  struct view v = open_view(p), w = open_view(p);
  struct err e = {0};
  p->places.line[2].column = 17;
  assert_int_equal(view_fold_inlines(&v, true, &e), 0);
  assert_int_equal(view_fold_inlines(&w, false, &e), 0);
  assert_string_equal(shown(&v), "c;d 1");
  assert_true(v.places->line[v.places->location[0].first_line].column == 17);
  assert_true(w.places->line[w.places->location[0].first_line].column == 0);
  view_release(&w);
  close_view(&v, p);
}

// ---- several views ----------------------------------------------------------------------------------

static void test_view__views_do_not_see_each_other(void **state) {
  (void)state;
  struct profile *p = calls();
  struct view v = open_view(p), w = open_view(p);
  filter_names(&v, (struct names){.hide = "main"});
  filter_names(&w, (struct names){.focus = "other"});
  assert_string_equal(shown(&v), "leaf;work 1\nother 2\nleaf 4\nwork 8");
  assert_string_equal(shown(&w), "other;main 2");
  view_release(&w);
  close_view(&v, p);
}

// Every filter at once, and the profile's bytes stay what they were.
static void check_file(const char *path, struct str bytes) {
  struct profile *p = decoded(bytes);
  struct buf before = encoded(p);
  struct view v = open_view(p);
  const struct str key = p->n_labels ? profile_str(p, p->label[0].key) : STR_LIT("key");
  struct rx *any = rx("[aeiou]");
  struct err e = {0};
  bool a, b;
  char k[] = "k";
  assert_int_equal(view_add_label_frames(&v, &key, 1, &key, 1, STR_LIT("minimum"), &a, &b, &e), 0);
  filter_names(&v, (struct names){".", "zzz", "^m", "[a-y0-9]"});
  show_from(&v, "e");
  filter_labels(&v, NULL, k, &a, &b);
  assert_int_equal(view_filter_keys(&v, any, NULL, &a, &b, &e), 0);
  prune_from(&v, "r");
  assert_int_equal(view_fold_inlines(&v, false, &e), 0);
  struct buf filtered = encoded_view(&v);
  struct profile *q = decoded(buf_view(&filtered));
  struct buf after = encoded(p);
  if (!str_eq(buf_view(&before), buf_view(&after))) fail_msg("%s was changed by a view", path);
  rx_free(any);
  profile_free(q);
  close_view(&v, p);
  buf_release(&before);
  buf_release(&after);
  buf_release(&filtered);
}

static void test_view__profile_stays_as_it_is(void **state) {
  (void)state;
  each_testdata(check_file);
}

// What a view shows is what a profile encoded from it holds.
static void test_view__encodes_as_shown(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b;c 1 k=v x:3kb", "d;c 2 k=w", "a 4", NULL);
  struct view v = open_view(p);
  struct rx *x = rx("x");
  struct err e = {0};
  bool a, b;
  filter_names(&v, (struct names){.ignore = "d", .hide = "b"});
  assert_int_equal(view_filter_keys(&v, NULL, x, &a, &b, &e), 0);
  struct buf bytes = encoded_view(&v);
  struct profile *q = decoded(buf_view(&bytes));
  assert_string_equal(samples_of(q), "a;c 1 k=v\na 4");
  rx_free(x);
  profile_free(q);
  buf_release(&bytes);
  close_view(&v, p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_view__shows_everything_at_first),
      cmocka_unit_test(test_view__focus),
      cmocka_unit_test(test_view__focus_on_a_binary),
      cmocka_unit_test(test_view__ignore),
      cmocka_unit_test(test_view__hide),
      cmocka_unit_test(test_view__show),
      cmocka_unit_test(test_view__name_filters_together),
      cmocka_unit_test(test_view__says_what_matched),
      cmocka_unit_test(test_view__show_from),
      cmocka_unit_test(test_view__show_from_inside_inlined_calls),
      cmocka_unit_test(test_view__prune_from),
      cmocka_unit_test(test_view__cuts_add_up),
      cmocka_unit_test(test_view__tagfocus_and_tagignore),
      cmocka_unit_test(test_view__label_test_may_fail),
      cmocka_unit_test(test_view__tagshow_and_taghide),
      cmocka_unit_test(test_view__hidden_labels_are_gone),
      cmocka_unit_test(test_view__tagroot_and_tagleaf),
      cmocka_unit_test(test_view__tagroot_that_nobody_has),
      cmocka_unit_test(test_view__noinlines),
      cmocka_unit_test(test_view__views_do_not_see_each_other),
      cmocka_unit_test(test_view__profile_stays_as_it_is),
      cmocka_unit_test(test_view__encodes_as_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
