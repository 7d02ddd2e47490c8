// Merging: what is added together, what stays apart, and what is refused.
#include "profile/profile.h"
#include "support/sketch.h"
#include "support/test.h"

static struct profile *merged(struct profile *a, struct profile *b) {
  struct profile *both[2] = {a, b};
  struct err e = {0};
  struct profile *sum = profile_merge(both, 2, &e);
  if (!sum) fail_msg("%s", e.text);
  assert_true(!both[0] && !both[1]);
  if (profile_check(sum, &e)) fail_msg("%s", e.text);
  return sum;
}

static void refused(struct profile *a, struct profile *b, const char *message) {
  struct profile *both[2] = {a, b};
  struct err e = {0};
  assert_null(profile_merge(both, 2, &e));
  assert_message(&e, message);
  assert_true(!both[0] && !both[1]);
}

static void expect(struct profile *sum, const char *samples) {
  assert_string_equal(samples_of(sum), samples);
  profile_free(sum);
}

// ---- samples ------------------------------------------------------------------------------------

static void test_merge__equal_samples_are_added(void **state) {
  (void)state;
  expect(merged(sketch("n/count cpu/ns", "a;b 1 10", "c;b 2 20", "a;b 3 30", NULL),
                sketch("n/count cpu/ns", "c;b 4 40", "d 5 50", NULL)),
         "a;b 4 40\nc;b 6 60\nd 5 50");
}

static void test_merge__labels_tell_samples_apart(void **state) {
  (void)state;
  expect(merged(sketch("n/count", "a 1 k=v", "a 2 k=w", "a 4 b:1kb", "a 8", NULL),
                sketch("n/count", "a 16 k=w", "a 32", "a 64 b:1mb", "a 128 b:1kb", NULL)),
         "a 1 k=v\na 18 k=w\na 132 b:1kb\na 40\na 64 b:1mb");
}

static void test_merge__stacks_are_compared_whole(void **state) {
  (void)state;
  expect(merged(sketch("n/count", "a;b 1", "- 2", "b;a 4", NULL), sketch("n/count", "a 8", "a;b;a 16", "- 32", NULL)),
         "a;b 1\n- 34\nb;a 4\na 8\na;b;a 16");
}

static void test_merge__sums_wrap_around(void **state) {
  (void)state;
  expect(merged(sketch("n/count", "a 9223372036854775807", NULL), sketch("n/count", "a 1", NULL)),
         "a -9223372036854775808");
}

static void test_merge__zero_samples_are_dropped(void **state) {
  (void)state;
  struct profile *sum = merged(sketch("n/count cpu/ns", "gone 0 0", "a 0 5", NULL),
                               sketch("n/count cpu/ns", "b 7 7", "also;gone 0 0", NULL));
  assert_int_equal(sum->places.n_locations, 2);
  expect(sum, "a 0 5\nb 7 7");
}

// What two profiles cancel out takes its locations, functions and ids with it.
static void test_merge__sums_of_zero_are_dropped(void **state) {
  (void)state;
  struct profile *sum = merged(sketch("n/count", "a 5", "b;c 7", "d 1", NULL), sketch("n/count", "b;c -7", NULL));
  assert_int_equal(sum->places.n_locations, 2);
  assert_int_equal(sum->places.n_functions, 2);
  assert_int_equal(sum->places.location[1].id, 2);
  expect(sum, "a 5\nd 1");
}

static void test_merge__one_profile_comes_back(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 0", "b 1", NULL), *only[1] = {p};
  struct err e = {0};
  assert_ptr_equal(profile_merge(only, 1, &e), p);
  assert_null(only[0]);
  expect(p, "a 0\nb 1");
}

static void test_merge__ids_in_first_seen_order(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b 1", "c 1", NULL), *q = sketch("n/count", "x 1", "a 1", NULL);
  for (uint32_t i = 0; i < 3; i++) p->places.location[i].id += 1000, p->places.function[i].id += 7000;
  struct profile *sum = merged(p, q);
  assert_int_equal(sum->places.n_locations, 4);
  for (uint32_t i = 0; i < 4; i++) assert_int_equal(sum->places.location[i].id, i + 1);
  for (uint32_t i = 0; i < 4; i++) assert_int_equal(sum->places.function[i].id, i + 1);
  expect(sum, "a;b 1\nc 1\nx 1\na 1");
}

// ---- locations ----------------------------------------------------------------------------------

static void test_merge__locations_differ_by_their_lines(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a+b 1", NULL), *q = sketch("n/count", "a 2", NULL);
  struct profile *folded = sketch("n/count", "a+b 4", NULL), *other_line = sketch("n/count", "a+b 8", NULL);
  folded->places.location[0].folded = true;
  other_line->places.line[0].line = 77;
  struct profile *sum = merged(merged(p, q), merged(folded, other_line));
  assert_int_equal(sum->places.n_locations, 4);
  expect(sum, "a+b 1\na 2\na+b 4\na+b 8");
}

// As in the reference: columns of inlined calls do not tell locations apart, that of the outermost line does.
static void test_merge__columns_count_for_the_outermost_line(void **state) {
  (void)state;
  struct profile *inner = sketch("n/count", "a+b 2", NULL), *outer = sketch("n/count", "a+b 4", NULL);
  inner->places.line[0].column = 5;
  outer->places.line[1].column = 5;
  expect(merged(merged(sketch("n/count", "a+b 1", NULL), inner), outer), "a+b 3\na+b 4");
}

// ---- mappings -----------------------------------------------------------------------------------

static uint32_t add_mapping(struct profile *p, const char *file, const char *build_id, uint64_t start, uint64_t limit) {
  struct mapping m = {.id = (uint64_t)p->places.n_mappings + 1,
                      .start = start,
                      .limit = limit,
                      .file = profile_add_string(p, str_of(file)),
                      .build_id = profile_add_string(p, str_of(build_id))};
  return profile_add_mapping(p, &m);
}

// A profile with one sample in one mapping.
static struct profile *mapped(const char *file, const char *build_id, uint64_t start, uint64_t address) {
  struct profile *p = sketch("n/count", "a 1", NULL);
  p->places.location[0].mapping = add_mapping(p, file, build_id, start, start + 0x5000);
  p->places.location[0].address = address;
  return p;
}

static void test_merge__disjoint_mappings(void **state) {
  (void)state;
  struct profile *sum = merged(mapped("/bin/a", "", 0x1000, 0x1234), mapped("/bin/b", "", 0x1000, 0x1234));
  assert_int_equal(sum->places.n_mappings, 2);
  assert_str(profile_str(sum, sum->places.mapping[1].file), "/bin/b");
  assert_int_equal(sum->places.mapping[1].id, 2);
  assert_int_equal(sum->places.location[0].mapping, 0);
  assert_int_equal(sum->places.location[1].mapping, 1);
  expect(sum, "a 1\na 1");
}

// The same binary elsewhere in another run: its addresses move to where the first one was.
static void test_merge__addresses_shift_with_the_mapping(void **state) {
  (void)state;
  struct profile *sum = merged(mapped("/bin/a", "id", 0x1000, 0x1234), mapped("/other/name", "id", 0x7f0000, 0x7f0234));
  assert_int_equal(sum->places.n_mappings, 1);
  assert_int_equal(sum->places.n_locations, 1);
  assert_true(sum->places.location[0].address == 0x1234);
  expect(sum, "a 2");
  sum = merged(mapped("/bin/a", "", 0x7f0000, 0x7f0234), mapped("/bin/a", "", 0x1000, 0x1235));
  assert_true(sum->places.location[1].address == 0x7f0235);
  expect(sum, "a 1\na 1");
}

static void test_merge__mappings_are_equal_to_the_page(void **state) {
  (void)state;
  struct profile *p = mapped("/bin/a", "id", 0x1000, 0x1234), *q = mapped("/bin/a", "id", 0x1000, 0x1234);
  struct profile *larger = mapped("/bin/a", "id", 0x1000, 0x1234), *moved = mapped("/bin/a", "id", 0x1000, 0x1234);
  q->places.mapping[0].limit -= 0xfff;
  larger->places.mapping[0].limit += 1;
  moved->places.mapping[0].offset = 0x1000;
  struct profile *sum = merged(merged(p, q), merged(larger, moved));
  assert_int_equal(sum->places.n_mappings, 3);
  expect(sum, "a 2\na 1\na 1");
}

// Readers take the first mapping for the main program.
static void test_merge__main_mapping_stays_first(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", NULL);
  add_mapping(p, "/bin/main", "", 0x1000, 0x2000);
  p->places.location[0].mapping = add_mapping(p, "/lib/used", "", 0x5000, 0x6000);
  add_mapping(p, "/lib/unused", "", 0x8000, 0x9000);
  struct profile *sum = merged(p, sketch("n/count", "b 1", NULL));
  assert_int_equal(sum->places.n_mappings, 2);
  assert_str(profile_str(sum, sum->places.mapping[0].file), "/bin/main");
  assert_str(profile_str(sum, sum->places.mapping[1].file), "/lib/used");
  expect(sum, "a 1\nb 1");
}

// ---- types and units ----------------------------------------------------------------------------

static void test_merge__common_sample_types(void **state) {
  (void)state;
  struct profile *p = sketch("n/count cpu/ns wall/ns", "a 1 10 100", NULL),
                 *q = sketch("wall/ns n/count", "a 200 2", NULL);
  p->default_sample_type = profile_add_string(p, STR_LIT("cpu"));
  struct profile *sum = merged(p, q);
  assert_int_equal(sum->n_sample_types, 2);
  assert_str(profile_str(sum, sum->sample_type[0].type), "n");
  assert_str(profile_str(sum, sum->sample_type[1].type), "wall");
  assert_str(profile_str(sum, sum->default_sample_type), "n");
  expect(sum, "a 3 300");
}

static void test_merge__finest_unit(void **state) {
  (void)state;
  struct profile *sum =
      merged(sketch("cpu/milliseconds mem/kb", "a 5 1", "b 0 3", NULL), sketch("cpu/us mem/bytes", "a 7 1", NULL));
  assert_str(profile_str(sum, sum->sample_type[0].unit), "us");
  assert_str(profile_str(sum, sum->sample_type[1].unit), "bytes");
  expect(sum, "a 5007 1025\nb 0 3072");
}

static void set_period(struct profile *p, int64_t period, const char *type, const char *unit) {
  p->period = period;
  p->period_type.type = profile_add_string(p, str_of(type));
  p->period_type.unit = profile_add_string(p, str_of(unit));
}

static void test_merge__periods_in_the_finest_unit(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", NULL), *q = sketch("n/count", "a 1", NULL);
  set_period(p, 10, "cpu", "ms");
  set_period(q, 3000000, "cpu", "ns");
  struct profile *sum = merged(p, q);
  assert_true(sum->period == 10000000);
  assert_str(profile_str(sum, sum->period_type.unit), "ns");
  expect(sum, "a 2");
}

static void test_merge__incompatible_types(void **state) {
  (void)state;
  refused(sketch("n/count", "a 1", NULL), sketch("cpu/ns", "a 1", NULL), "the profiles have no sample type in common");
  refused(sketch("cpu/ns", "a 1", NULL), sketch("cpu/bytes", "a 1", NULL), "cannot be combined: cpu/ns and cpu/bytes");
  struct profile *p = sketch("n/count", "a 1", NULL), *q = sketch("n/count", "a 1", NULL);
  set_period(p, 1, "cpu", "ns");
  set_period(q, 1, "space", "bytes");
  refused(p, q, "cannot be combined: cpu/ns and space/bytes");
  // A type that one has twice and the other not at all.
  refused(sketch("n/count n/count", "a 1 2", NULL), sketch("cpu/ns", "a 1", NULL), "has not the sample type \"n\"");
  refused(sketch("n/count n/count x/count", "a 1 2 3", NULL), sketch("x/count", "a 1", NULL), "sample type");
}

// ---- header -------------------------------------------------------------------------------------

static void test_merge__header(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1", NULL), *q = sketch("n/count", "a 1", NULL);
  p->time_nanos = 2000, q->time_nanos = 1000;
  p->duration_nanos = 30, q->duration_nanos = 4;
  p->period = 5, q->period = 9;
  p->drop_frames = profile_add_string(p, STR_LIT("first"));
  q->drop_frames = profile_add_string(q, STR_LIT("second"));
  q->doc_url = profile_add_string(q, STR_LIT("https://x"));
  profile_add_comment(p, STR_LIT("one"));
  profile_add_comment(q, STR_LIT("two"));
  profile_add_comment(q, STR_LIT("one"));
  struct profile *sum = merged(p, q);
  assert_true(sum->time_nanos == 1000 && sum->duration_nanos == 34 && sum->period == 9);
  assert_str(profile_str(sum, sum->drop_frames), "first");
  assert_str(profile_str(sum, sum->doc_url), "https://x");
  assert_int_equal(sum->n_comments, 2);
  assert_str(profile_str(sum, sum->comment[0]), "one");
  assert_str(profile_str(sum, sum->comment[1]), "two");
  profile_free(sum);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_merge__equal_samples_are_added),
      cmocka_unit_test(test_merge__labels_tell_samples_apart),
      cmocka_unit_test(test_merge__stacks_are_compared_whole),
      cmocka_unit_test(test_merge__sums_wrap_around),
      cmocka_unit_test(test_merge__zero_samples_are_dropped),
      cmocka_unit_test(test_merge__sums_of_zero_are_dropped),
      cmocka_unit_test(test_merge__one_profile_comes_back),
      cmocka_unit_test(test_merge__ids_in_first_seen_order),
      cmocka_unit_test(test_merge__locations_differ_by_their_lines),
      cmocka_unit_test(test_merge__columns_count_for_the_outermost_line),
      cmocka_unit_test(test_merge__disjoint_mappings),
      cmocka_unit_test(test_merge__addresses_shift_with_the_mapping),
      cmocka_unit_test(test_merge__mappings_are_equal_to_the_page),
      cmocka_unit_test(test_merge__main_mapping_stays_first),
      cmocka_unit_test(test_merge__common_sample_types),
      cmocka_unit_test(test_merge__finest_unit),
      cmocka_unit_test(test_merge__periods_in_the_finest_unit),
      cmocka_unit_test(test_merge__incompatible_types),
      cmocka_unit_test(test_merge__header),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
