// Runs the table cases/measure.txt, whose expectations were recorded from the reference.
#include "measure/measure.h"

#include "support/test.h"

static bool same(struct buf *got, const struct fields *f) {
  bool equal = !got->failed && str_eq(buf_view(got), f->at[0]);
  if (!equal) {
    print_error("%.*s %.*s %.*s: expected \"%.*s\", got \"%.*s\"\n", STR_ARG(f->at[1]), STR_ARG(f->at[2]),
                STR_ARG(f->at[3]), STR_ARG(f->at[0]), STR_ARG(buf_view(got)));
  }
  buf_release(got);
  return equal;
}

static bool label_or_share(const struct fields *f) {
  struct buf got = {0};
  assert_true(f->n == 3 || f->n == 4);
  if (f->n == 4) measure_label(&got, int_of(f->at[1]), f->at[2], f->at[3]);
  else measure_percentage(&got, int_of(f->at[1]), int_of(f->at[2]));
  return same(&got, f);
}

static void test_measure__labels_and_percentages(void **state) {
  (void)state;
  assert_int_equal(each_case(CASES_DIR "measure.txt", 800, label_or_share), 0);
}

static void test_measure__families(void **state) {
  (void)state;
  assert_true(measure_same_family(STR_LIT("Bytes"), STR_LIT("GB")));
  assert_true(measure_same_family(STR_LIT("hours"), STR_LIT("ns")));
  assert_true(measure_same_family(STR_LIT("gcu"), STR_LIT("petaGCUs")));
  assert_false(measure_same_family(STR_LIT("bytes"), STR_LIT("ns")));
  assert_false(measure_same_family(STR_LIT("count"), STR_LIT("count")));
  assert_false(measure_same_family(STR_LIT(""), STR_LIT("")));
}

// The unit outlives the call: it is a constant or a part of `to`.
static void test_measure__unit_points_into_target(void **state) {
  (void)state;
  const char target[] = "widgets";
  struct str unit;
  assert_true(measure_scale(12, STR_LIT("things"), str_of(target), &unit) == 12);
  assert_ptr_equal(unit.p, target);
  assert_true(measure_scale(INT64_MIN, STR_LIT("bytes"), STR_LIT("PB"), &unit) == -8192);
  assert_str(unit, "PB");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_measure__labels_and_percentages),
      cmocka_unit_test(test_measure__families),
      cmocka_unit_test(test_measure__unit_points_into_target),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
