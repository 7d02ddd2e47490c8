// Runs the table cases/tags.txt, whose expectations were recorded from the reference.
#include "profile/tag_filter.h"
#include "support/sketch.h"
#include "support/test.h"

// The samples of the table so far, as a sketch has them.
static struct profile *samples;

static void add_sample(struct str labels) {
  struct profile *both[2] = {samples, NULL};
  struct err e = {0};
  struct buf line = {0};
  // A frame of its own keeps samples with equal labels apart.
  buf_addf(&line, "f%u 1%s%.*s", samples->n_samples + 1, labels.n ? " " : "", STR_ARG(labels));
  both[1] = sketch("n/count", line.data, NULL);
  samples = profile_merge(both, 2, &e);
  assert_non_null(samples);
  buf_release(&line);
}

// The numbers of the samples that are left, from 1, or "none".
static void list_samples(const struct view *v, struct buf *out) {
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (view_has(v, s)) buf_addf(out, "%s%u", out->n ? " " : "", s + 1);
  if (out->n == 0) buf_adds(out, "none");
}

// What tagfocus leaves, or "error".
static void focus(struct str filter, struct buf *out) {
  struct err e = {0};
  struct label_units units;
  struct view v;
  bool focused, ignored;
  assert_int_equal(label_units_init(&units, samples, &e), 0);
  assert_int_equal(view_init(&v, samples, &e), 0);
  struct tag_filter *f = tag_filter_new(filter, &units, &e);
  assert_int_equal(f != NULL, e.text[0] == '\0');
  if (f) {
    struct label_filter asked = {tag_filter_test, f}, none = {0};
    assert_int_equal(view_filter_labels(&v, &asked, &none, &focused, &ignored, &e), 0);
    list_samples(&v, out);
    assert_int_equal(focused, !str_eq(buf_view(out), STR_LIT("none")));
  } else {
    buf_adds(out, "error");
  }
  tag_filter_free(f);
  view_release(&v);
  label_units_release(&units);
}

static bool one_line(const struct fields *f) {
  struct buf got = {0};
  assert_int_equal(f->n, 2);
  if (str_eq(f->at[0], STR_LIT("sample"))) {
    add_sample(f->at[1]);
    return true;
  }
  focus(f->at[1], &got);
  bool equal = str_eq(buf_view(&got), f->at[0]);
  if (!equal) print_error("%.*s: expected %.*s, got %s\n", STR_ARG(f->at[1]), STR_ARG(f->at[0]), got.data);
  buf_release(&got);
  return equal;
}

static void test_tag_filter__table(void **state) {
  (void)state;
  samples = sketch("n/count", NULL);
  assert_int_equal(each_case(CASES_DIR "tags.txt", 120, one_line), 0);
  profile_free(samples);
}

static void test_tag_filter__says_what_is_a_range(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool range;
  } cases[] = {{"4kb", true}, {"key=:4kb", true},   {"1s:2s", true},
               {"v4", false}, {"key=value", false}, {"4kb:2s", false}};
  struct profile *p = sketch("n/count", NULL);
  struct label_units units;
  struct err e = {0};
  assert_int_equal(label_units_init(&units, p, &e), 0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct tag_filter *f = tag_filter_new(str_of(cases[i].text), &units, &e);
    assert_int_equal(tag_filter_is_range(f), cases[i].range);
    tag_filter_free(f);
  }
  label_units_release(&units);
  profile_free(p);
}

// The first unit of a key holds for all its values; others are told.
static void test_label_units__conflicts_are_noted(void **state) {
  (void)state;
  struct profile *p =
      sketch("n/count", "a 1 x:1 y:5", "b 1 x:2kb z:1ms", "c 1 x:3mb x:4bytes", "d 1 x:5kb request:1", NULL);
  struct label_units units;
  struct buf notes = {0};
  struct err e = {0};
  assert_int_equal(label_units_init(&units, p, &e), 0);
  assert_str(label_unit(&units, profile_add_string(p, STR_LIT("x"))), "kb");
  assert_str(label_unit(&units, profile_add_string(p, STR_LIT("y"))), "y");
  assert_str(label_unit(&units, profile_add_string(p, STR_LIT("request"))), "bytes");
  assert_int_equal(label_units_conflicts(&units, &notes, &e), 0);
  assert_str(buf_view(&notes), "For tag x used unit kb, also encountered unit(s) bytes, mb\n");
  label_units_release(&units);
  profile_free(p);
  buf_release(&notes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_tag_filter__table),
      cmocka_unit_test(test_tag_filter__says_what_is_a_range),
      cmocka_unit_test(test_label_units__conflicts_are_noted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
