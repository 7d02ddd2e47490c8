// Collapsed stacks, in and out.
#include "profile/folded.h"

#include "base/gzip.h"
#include "driver/commands.h"
#include "support/sketch.h"
#include "support/test.h"

static struct profile *read_text(struct str text, struct err *e) {
  *e = (struct err){0};
  return profile_read_memory(text, SOURCE_LIMIT_AUTO, e);
}

static void expect_samples(const char *text, const char *samples) {
  struct err e;
  struct profile *p = read_text(str_of(text), &e);
  if (!p) fail_msg("%s", e.text);
  assert_string_equal(samples_of(p), samples);
  profile_free(p);
}

static void expect_refused(const char *text, const char *message) {
  struct err e;
  assert_null(read_text(str_of(text), &e));
  assert_message(&e, message);
}

// The report of a profile, which it frees.
static struct buf folded(struct profile *p, void (*set)(struct options *o)) {
  struct session s = {.profile = p};
  struct buf out = {0}, notes = {0};
  struct err e = {0};
  options_init(&s.options);
  if (set) set(&s.options);
  if (driver_render(&s, &s.options, command_find(STR_LIT("folded")), NULL, &out, &notes, &e)) fail_msg("%s", e.text);
  buf_release(&notes);
  profile_free(p);
  return out;
}

static void expect_folded(struct profile *p, void (*set)(struct options *o), const char *text) {
  struct buf out = folded(p, set);
  assert_str(buf_view(&out), text);
  buf_release(&out);
}

// ---- reading ------------------------------------------------------------------------------------

static void test_folded__leaf_comes_last(void **state) {
  (void)state;
  expect_samples("main;work;step 7\nmain 1\n", "step;work;main 7\nmain 1");
}

static void test_folded__blank_lines_comments_and_carriage_returns(void **state) {
  (void)state;
  expect_samples("\n# of perf\r\n  \r\na;b 1\r\n\n#a;b 2\nb  -3 \t\r\nc\t4", "b;a 1\nb -3\nc 4");
}

static void test_folded__type(void **state) {
  (void)state;
  struct err e;
  struct profile *p = read_text(STR_LIT("a;b;a 1\nb 2\n"), &e);
  assert_non_null(p);
  assert_int_equal(p->n_sample_types, 1);
  assert_str(profile_str(p, p->sample_type[0].type), "samples");
  assert_str(profile_str(p, p->sample_type[0].unit), "count");
  assert_int_equal(p->places.n_locations, 2);
  assert_int_equal(p->places.n_functions, 2);
  profile_free(p);
}

static void test_folded__two_values_are_a_comparison(void **state) {
  (void)state;
  struct err e;
  struct profile *p = read_text(STR_LIT("a;b 1 4\nb 0 2\n"), &e);
  assert_non_null(p);
  assert_int_equal(p->n_sample_types, 2);
  assert_str(profile_str(p, p->sample_type[0].type), "before");
  assert_str(profile_str(p, p->sample_type[1].type), "after");
  assert_string_equal(samples_of(p), "b;a 1 4\nb 0 2");
  profile_free(p);
  expect_refused("a;b 1 4\n\nb 2\n", "line 3: not a stack and two values as in line 1");
  expect_refused("a;b 1 4\nx y 2\n", "line 2: not a stack and two values as in line 1");
}

// The first line has one value: numbers before it belong to names from there on.
static void test_folded__numbers_in_names(void **state) {
  (void)state;
  expect_folded(read_text(STR_LIT("a;b 1\na;f 12 2\n"), &(struct err){0}), NULL, "a;b 1\na;f_12 2\n");
}

static void test_folded__only_symbols_are_demangled(void **state) {
  (void)state;
  struct err e;
  struct profile *p = read_text(STR_LIT("<module>;_ZN1a1bEv;std::f<int>(int) 1\n"), &e);
  assert_non_null(p);
  for (uint32_t i = 0; i < p->places.n_functions; i++) {
    const struct function *f = &p->places.function[i];
    bool symbol = str_starts(profile_str(p, f->name), STR_LIT("_Z"));
    assert_int_equal(f->system_name, symbol ? f->name : 0);
  }
  profile_free(p);
}

static void test_folded__what_is_refused(void **state) {
  (void)state;
  expect_refused("a;b 1.5\n", "line 1: the value is not a whole number");
  expect_refused("a;b 1\nc 2e3\n", "line 2: the value is not a whole number");
  expect_refused("a;b 1\nc +2\n", "line 2: the value is not a whole number");
  expect_refused("a;b 1\nc -\n", "line 2: the value is not a whole number");
  expect_refused("a;b 1\n\n12\n", "line 3: not a stack, a blank and its value");
  expect_refused("a;b 1\n 12\n", "line 2: not a stack, a blank and its value");
  expect_refused("a;b 9223372036854775808\n", "line 1: the value takes more than 64 bits");
  expect_refused("a;b 1\na -9223372036854775809\n", "line 2: the value takes more than 64 bits");
  expect_samples("a 9223372036854775807\nb -9223372036854775808\n", "a 9223372036854775807\nb -9223372036854775808");
}

// Any byte may stand in a name once the first line has told the format.
static void test_folded__hostile_names(void **state) {
  (void)state;
  expect_folded(read_text(STR_LIT("a;b 1\n\x01\xff;;x 2\n; 3\n"), &(struct err){0}), NULL,
                "<unknown>;<unknown> 3\n_\xff;<unknown>;x 2\na;b 1\n");
}

static void test_folded__sniffing(void **state) {
  (void)state;
  assert_true(folded_sniff(STR_LIT("main 1")));
  assert_true(folded_sniff(STR_LIT("# x\n\na;b c 12\r\n\x01")));
  assert_true(folded_sniff(STR_LIT("a;b 1.5\n")));
  assert_false(folded_sniff(STR_LIT("")));
  assert_false(folded_sniff(STR_LIT("\n\n# 1\n")));
  assert_false(folded_sniff(STR_LIT("12\n")));
  assert_false(folded_sniff(STR_LIT("a b\n1 1\n")));
  assert_false(folded_sniff(STR_LIT("a\tb 1\n")));
  assert_false(folded_sniff(STR_LIT("a;b 1\nc\0 2\n")));
  assert_false(folded_sniff(STR_LIT("\n\x04\x08\x01\x10\x02 2\n")));
}

static struct buf deep(size_t frames) {
  struct buf text = {0};
  for (size_t i = 0; i < frames; i++) buf_addf(&text, "%sfunction%zu", i ? ";" : "", i % 100);
  buf_adds(&text, " 5\nb 1\n");
  return text;
}

// The first line does not end in the first block.
static void test_folded__lines_longer_than_blocks(void **state) {
  (void)state;
  struct buf text = deep(100000);
  struct err e;
  struct profile *p = read_text(buf_view(&text), &e);
  if (!p) fail_msg("%s", e.text);
  assert_int_equal(p->n_samples, 2);
  assert_int_equal(p->stack[1], 100000);
  assert_int_equal(p->places.n_locations, 101);
  struct buf out = folded(p, NULL);
  assert_int_equal(out.n, text.n);
  buf_release(&out);
  buf_release(&text);
}

// Wherever blocks begin, lines come out whole.
static void test_folded__many_blocks(void **state) {
  (void)state;
  struct buf text = {0}, zipped = {0};
  struct err e = {0};
  for (int i = 0; i < 100000; i++) buf_addf(&text, "main;f%d;g %d\n", i % 1000, i);
  assert_int_equal(gzip_add(&zipped, buf_view(&text), &e), 0);
  struct profile *plain = read_text(buf_view(&text), &e), *inflated = read_text(buf_view(&zipped), &e);
  assert_true(plain && inflated);
  assert_int_equal(plain->n_samples, 100000);
  struct buf a = folded(plain, NULL), b = folded(inflated, NULL);
  assert_str(buf_view(&a), b.data);
  buf_release(&a);
  buf_release(&b);
  buf_release(&text);
  buf_release(&zipped);
}

// ---- writing ------------------------------------------------------------------------------------

static void test_folded__sums_equal_stacks(void **state) {
  (void)state;
  expect_folded(sketch("n/count", "c;b;a 1", "b;a 2", "c;b;a 4 k=v", "d;a 3", "d;a -3", NULL), NULL,
                "a;b 2\na;b;c 5\n");
}

static void test_folded__inlined_frames(void **state) {
  (void)state;
  expect_folded(sketch("n/count", "a+b;c 1", NULL), NULL, "c;b;a 1\n");
}

static void set_noinlines(struct options *o) { o->noinlines = true; }
static void set_divisor(struct options *o) { o->divide_by = 10; }
static void set_mean(struct options *o) { o->mean = true; }
static void set_tagroot(struct options *o) { o->tagroot = "k"; }
static void set_hide(struct options *o) { o->hide = "^[ac]$"; }
static void set_index(struct options *o) { o->sample_index = "n"; }

static void test_folded__options(void **state) {
  (void)state;
  expect_folded(sketch("n/count", "a+b;c 1", NULL), set_noinlines, "c;b 1\n");
  expect_folded(sketch("n/count", "a 19", "b 9", NULL), set_divisor, "a 1\n");
  expect_folded(sketch("n/count cpu/ns", "a 2 10", "a 2 11", "b 0 7", NULL), set_mean, "a 5\nb 7\n");
  expect_folded(sketch("n/count", "b;a 1 k=v", "b;a 1", NULL), set_tagroot, "<unknown>;a;b 1\nv;a;b 1\n");
  expect_folded(sketch("n/count", "c;b;a 1", "a 2", "d;a 4", NULL), set_hide, "b 1\nd 4\n");
  expect_folded(sketch("n/count cpu/ns", "a 2 10", NULL), set_index, "a 2\n");
}

static struct profile *named(struct str root, struct str leaf) {
  struct err e = {0};
  struct profile *p = sketch("n/count", "a;b 1", "a 2", NULL);
  p->places.function[0].name = profile_add_string(p, leaf);
  p->places.function[1].name = profile_add_string(p, root);
  assert_int_equal(profile_check(p, &e), 0);
  return p;
}

static void test_folded__names_that_would_break_lines(void **state) {
  (void)state;
  expect_folded(named(STR_LIT("r;s"), STR_LIT("x\ny\tz")), NULL, "r:s;x_y_z 1\nx_y_z 2\n");
  expect_folded(named(STR_LIT("#r"), STR_LIT("#l")), NULL, "_l 2\n_r;#l 1\n");
  expect_folded(named(STR_LIT("r 1"), STR_LIT("l 1")), NULL, "l_1 2\nr 1;l_1 1\n");
  expect_folded(named(STR_LIT("r"), STR_LIT("l -5 ")), NULL, "l -5_ 2\nr;l -5_ 1\n");
  expect_folded(named(STR_LIT("r"), STR_LIT("l -5")), NULL, "l_-5 2\nr;l_-5 1\n");
  expect_folded(named(STR_LIT("r"), STR_LIT("12")), NULL, "12 2\nr;12 1\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_folded__leaf_comes_last),
      cmocka_unit_test(test_folded__blank_lines_comments_and_carriage_returns),
      cmocka_unit_test(test_folded__type),
      cmocka_unit_test(test_folded__two_values_are_a_comparison),
      cmocka_unit_test(test_folded__numbers_in_names),
      cmocka_unit_test(test_folded__only_symbols_are_demangled),
      cmocka_unit_test(test_folded__what_is_refused),
      cmocka_unit_test(test_folded__hostile_names),
      cmocka_unit_test(test_folded__sniffing),
      cmocka_unit_test(test_folded__lines_longer_than_blocks),
      cmocka_unit_test(test_folded__many_blocks),
      cmocka_unit_test(test_folded__sums_equal_stacks),
      cmocka_unit_test(test_folded__inlined_frames),
      cmocka_unit_test(test_folded__options),
      cmocka_unit_test(test_folded__names_that_would_break_lines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
