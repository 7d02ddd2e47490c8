// Runs the table cases/path.txt, whose expectations were recorded from Go.
#include "support/test.h"

static bool clean_and_base(const struct fields *f) {
  struct buf out = {0};
  assert_int_equal(f->n, 3);
  buf_adds(&out, "before ");
  path_clean(&out, f->at[0]);
  struct str cleaned = {out.data + 7, out.n - 7}, base = path_base(f->at[0]);
  bool equal = !out.failed && str_eq(cleaned, f->at[1]) && str_eq(base, f->at[2]);
  if (!equal) {
    print_error("\"%.*s\": expected \"%.*s\" and \"%.*s\", got \"%.*s\" and \"%.*s\"\n", STR_ARG(f->at[0]),
                STR_ARG(f->at[1]), STR_ARG(f->at[2]), STR_ARG(cleaned), STR_ARG(base));
  }
  buf_release(&out);
  return equal;
}

static void test_path__clean_and_base(void **state) {
  (void)state;
  assert_int_equal(each_case(CASES_DIR "path.txt", 60, clean_and_base), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_path__clean_and_base)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
