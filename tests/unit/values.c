// Changes to a profile before anybody reads it: scaling, normalizing, marking, dropping frames; choosing a column.
#include "profile/profile.h"
#include "support/sketch.h"
#include "support/test.h"

static void expect(struct profile *p, const char *samples) {
  struct err e = {0};
  assert_int_equal(profile_check(p, &e), 0);
  assert_string_equal(samples_of(p), samples);
  profile_free(p);
}

// ---- scaling ------------------------------------------------------------------------------------

static void test_scale__rounds_to_nearest(void **state) {
  (void)state;
  struct profile *p = sketch("n/count cpu/ns", "a 1 3", "b 2 -3", "c 3 5", NULL);
  const double ratios[] = {1, 0.5};
  struct err e = {0};
  assert_int_equal(profile_scale(p, ratios, &e), 0);
  expect(p, "a 1 2\nb 2 -2\nc 3 3");
}

// A sample goes when nothing is left in the columns that were scaled, whatever the others hold.
static void test_scale__drops_what_became_nothing(void **state) {
  (void)state;
  struct profile *p = sketch("n/count cpu/ns", "a;b 1 4 k=v", "c 9 1", "d;e 2 7 k=w", NULL);
  const double ratios[] = {1, 0.1};
  struct err e = {0};
  assert_int_equal(profile_scale(p, ratios, &e), 0);
  expect(p, "d;e 2 1 k=w");
}

static void test_scale__by_one_changes_nothing(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 0", "b 9223372036854775807", NULL);
  const double one = 1;
  struct err e = {0};
  assert_int_equal(profile_scale(p, &one, &e), 0);
  expect(p, "a 0\nb 9223372036854775807");
}

static void test_normalize__sums_become_those_of_the_base(void **state) {
  (void)state;
  struct profile *p = sketch("n/count cpu/ns", "a 1 10", "b 3 30", NULL),
                 *base = sketch("n/count cpu/ns", "x 8 4", NULL);
  struct err e = {0};
  assert_int_equal(profile_normalize(p, base, &e), 0);
  profile_free(base);
  expect(p, "a 2 1\nb 6 3");
}

static void test_normalize__refuses_other_types(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", NULL), *base = sketch("cpu/ns", "x 8", NULL);
  struct err e = {0};
  assert_int_equal(profile_normalize(p, base, &e), -1);
  assert_message(&e, "sample types do not match: n/count and cpu/ns");
  profile_free(p);
  profile_free(base);
}

// ---- labels -------------------------------------------------------------------------------------

static void test_set_label__replaces_values_of_the_key(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", "b 2 k=old k=older x=y", "c 3 k:5kb", "d 4 x=y", NULL);
  struct err e = {0};
  assert_int_equal(profile_set_label(p, STR_LIT("k"), STR_LIT("new"), &e), 0);
  expect(p, "a 1 k=new\nb 2 k=new x=y\nc 3 k=new k:5kb\nd 4 k=new x=y");
}

static void test_set_label__without_any_labels_or_samples(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", "b 2", NULL), *none = sketch("n/count", NULL);
  struct err e = {0};
  assert_int_equal(profile_set_label(p, STR_LIT("k"), STR_LIT("v"), &e), 0);
  assert_int_equal(profile_set_label(none, STR_LIT("k"), STR_LIT("v"), &e), 0);
  expect(p, "a 1 k=v\nb 2 k=v");
  expect(none, "");
}

// ---- which column -------------------------------------------------------------------------------

static void chosen(const struct profile *p, const char *wanted, uint32_t expected) {
  struct err e = {0};
  uint32_t index = NONE;
  assert_int_equal(profile_sample_index(p, str_of(wanted), &index, &e), 0);
  assert_int_equal(index, expected);
}

static void test_sample_index__by_name_number_and_default(void **state) {
  (void)state;
  struct profile *p = sketch("alloc_objects/count alloc_space/bytes objects/count space/bytes", NULL);
  chosen(p, "", 3);
  chosen(p, "1", 1);
  chosen(p, "+2", 2);
  chosen(p, "alloc_space", 1);
  chosen(p, "inuse_objects", 2);
  p->default_sample_type = profile_add_string(p, STR_LIT("alloc_space"));
  chosen(p, "", 1);
  p->default_sample_type = profile_add_string(p, STR_LIT("not there"));
  chosen(p, "", 3);
  profile_free(p);
}

static void test_sample_index__says_what_there_is(void **state) {
  (void)state;
  struct profile *p = sketch("n/count cpu/ns", NULL), *none = sketch("", NULL);
  struct err unknown = {0}, outside = {0}, negative = {0}, nothing = {0};
  uint32_t index;
  assert_int_equal(profile_sample_index(p, STR_LIT("wall"), &index, &unknown), -1);
  assert_message(&unknown, "\"wall\" is none of the sample types: n, cpu");
  assert_int_equal(profile_sample_index(p, STR_LIT("2"), &index, &outside), -1);
  assert_message(&outside, "sample_index 2 is outside of 0 to 1");
  assert_int_equal(profile_sample_index(p, STR_LIT("-1"), &index, &negative), -1);
  assert_message(&negative, "outside of 0 to 1");
  assert_int_equal(profile_sample_index(none, STR_LIT(""), &index, &nothing), -1);
  assert_message(&nothing, "the profile has no sample types");
  profile_free(p);
  profile_free(none);
}

// ---- frames to drop -------------------------------------------------------------------------------

static struct profile *pruned(struct profile *p, const char *drop, const char *keep) {
  struct err e = {0};
  p->drop_frames = profile_add_string(p, str_of(drop));
  p->keep_frames = profile_add_string(p, str_of(keep));
  if (profile_prune(p, &e)) fail_msg("%s", e.text);
  return p;
}

static void test_prune__cuts_up_to_the_dropped_frame(void **state) {
  (void)state;
  expect(pruned(sketch("n/count", "leaf;malloc;work;main 1", "malloc;main 2", "work;main 4", NULL), "malloc", ""),
         "work;main 1\nmain 2\nwork;main 4");
}

static void test_prune__needs_the_whole_name(void **state) {
  (void)state;
  expect(
      pruned(sketch("n/count", "x;malloc_hook;main 1", "x;malloc(int);main 2", "x;.malloc;main 4", NULL), "malloc", ""),
      "x;malloc_hook;main 1\nmain 2\nmain 4");
}

static void test_prune__keep_frames_spares(void **state) {
  (void)state;
  expect(pruned(sketch("n/count", "x;alloc_a;main 1", "x;alloc_b;main 2", NULL), "alloc_.*", "alloc_a"),
         "x;alloc_a;main 1\nmain 2");
}

// Roots that match stay until a frame that does not has been seen.
static void test_prune__roots_stay(void **state) {
  (void)state;
  expect(pruned(sketch("n/count", "leaf;drop 1", "drop;user;drop 2", "drop 4", NULL), "drop", ""),
         "leaf;drop 1\nuser;drop 2\ndrop 4");
}

static void test_prune__cuts_inlined_lines(void **state) {
  (void)state;
  expect(pruned(sketch("n/count", "leaf;inner+drop+outer;main 1", NULL), "drop", ""), "outer;main 1");
}

static void test_prune__bad_expression(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", NULL);
  struct err e = {0};
  p->drop_frames = profile_add_string(p, STR_LIT("a("));
  assert_int_equal(profile_prune(p, &e), -1);
  assert_message(&e, "a(");
  expect(p, "a 1");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_scale__rounds_to_nearest),
      cmocka_unit_test(test_scale__drops_what_became_nothing),
      cmocka_unit_test(test_scale__by_one_changes_nothing),
      cmocka_unit_test(test_normalize__sums_become_those_of_the_base),
      cmocka_unit_test(test_normalize__refuses_other_types),
      cmocka_unit_test(test_set_label__replaces_values_of_the_key),
      cmocka_unit_test(test_set_label__without_any_labels_or_samples),
      cmocka_unit_test(test_sample_index__by_name_number_and_default),
      cmocka_unit_test(test_sample_index__says_what_there_is),
      cmocka_unit_test(test_prune__cuts_up_to_the_dropped_frame),
      cmocka_unit_test(test_prune__needs_the_whole_name),
      cmocka_unit_test(test_prune__keep_frames_spares),
      cmocka_unit_test(test_prune__roots_stay),
      cmocka_unit_test(test_prune__cuts_inlined_lines),
      cmocka_unit_test(test_prune__bad_expression),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
