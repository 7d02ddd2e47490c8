// What is encoded decodes to the same profile, and the bytes depend on the profile alone.
#include "base/gzip.h"
#include "profile/profile.h"
#include "support/message.h"
#include "support/same.h"
#include "support/sketch.h"

enum { RANDOM_PROFILES = 500 };

static void round_trip(const struct profile *p) {
  struct buf once = encoded(p), again = encoded(p);
  struct profile *q = decoded(buf_view(&once));
  struct buf twice = encoded(q);
  assert_same_profile(p, q);
  assert_true(str_eq(buf_view(&once), buf_view(&again)));
  assert_true(str_eq(buf_view(&once), buf_view(&twice)));
  profile_free(q);
  buf_release(&once);
  buf_release(&again);
  buf_release(&twice);
}

static void test_encode__random_profiles(void **state) {
  (void)state;
  for (uint64_t number = 10000; number < 10000 + RANDOM_PROFILES; number++) {
    struct buf bytes = random_profile(number);
    struct profile *p = decoded(buf_view(&bytes));
    round_trip(p);
    profile_free(p);
    buf_release(&bytes);
  }
}

// The format cannot hold a label that is the number 0 without a unit, which text profiles have.
static struct profile *without_zero_labels(struct profile *p) {
  struct buf bytes = encoded(p);
  profile_free(p);
  p = decoded(buf_view(&bytes));
  buf_release(&bytes);
  return p;
}

static void check_file(const char *path, struct str bytes) {
  struct profile *p = decoded(bytes);
  if (str_ends(str_of(path), STR_LIT(".txt"))) p = without_zero_labels(p);
  round_trip(p);
  profile_free(p);
}

static void test_encode__testdata(void **state) {
  (void)state;
  each_testdata(check_file);
}

static void test_encode__empty_profile(void **state) {
  (void)state;
  struct err e = {0};
  struct profile *p = profile_new(&e);
  round_trip(p);
  profile_free(p);
}

// Two ways to build the same profile, with other string numbers, give the same bytes.
static void test_encode__string_numbers_do_not_show(void **state) {
  (void)state;
  struct profile *p = sketch("cpu/ns", "a;b 1 k=v n:1kb", NULL), *q = sketch("cpu/ns", NULL);
  profile_add_string(q, STR_LIT("nobody uses this"));
  profile_add_string(q, STR_LIT("b"));
  profile_free(q);
  q = sketch("cpu/ns", "a;b 1 n:1kb k=v", NULL);
  struct buf x = encoded(p), y = encoded(q);
  assert_true(str_eq(buf_view(&x), buf_view(&y)));
  profile_free(p);
  profile_free(q);
  buf_release(&x);
  buf_release(&y);
}

static void test_encode__empty_comment_is_kept(void **state) {
  (void)state;
  struct profile *p = sketch("cpu/ns", NULL);
  profile_add_comment(p, STR_LIT("first"));
  profile_add_comment(p, STR_LIT(""));
  profile_add_comment(p, STR_LIT("first"));
  round_trip(p);
  assert_int_equal(p->n_comments, 3);
  profile_free(p);
}

static void test_encode__ratio_truncates(void **state) {
  (void)state;
  struct profile *p = sketch("cpu/ns n/count", "a 7 -7", "b 1 -9223372036854775808", NULL);
  struct view v;
  struct buf out = {0};
  struct err e = {0};
  assert_int_equal(view_init(&v, p, &e), 0);
  assert_int_equal(profile_encode(&v, 0.5, &out, &e), 0);
  struct profile *half = decoded(buf_view(&out));
  assert_string_equal(samples_of(half), "a 3 -3\nb 0 -4611686018427387904");
  profile_free(half);
  view_release(&v);
  profile_free(p);
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_encode__random_profiles),       cmocka_unit_test(test_encode__testdata),
      cmocka_unit_test(test_encode__empty_profile),         cmocka_unit_test(test_encode__string_numbers_do_not_show),
      cmocka_unit_test(test_encode__empty_comment_is_kept), cmocka_unit_test(test_encode__ratio_truncates),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
