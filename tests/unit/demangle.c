// Runs the table cases/demangle.txt, whose expectations were recorded from the reference, and tries names made to blow
// up.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "symbolize/demangle.h"

#include <cmocka.h>  // wants the headers above first

#ifndef TEST_CASES_DIR
#define TEST_CASES_DIR "tests/cases"
#endif

enum { MANY = 4000 };

static bool same(struct str name, enum demangle_mode mode, struct str expected) {
  struct buf out = {NULL, 0, 0, false};
  demangle(name, mode, &out);
  bool equal = !out.failed && str_eq(buf_view(&out), expected);
  if (!equal) {
    print_error("mode %d %.*s\n  expected %.*s\n  got      %.*s\n", (int)mode, STR_ARG(name), STR_ARG(expected),
                STR_ARG(buf_view(&out)));
  }
  buf_release(&out);
  return equal;
}

static enum demangle_mode mode_of(struct str word) {
  if (str_eq(word, STR_LIT("default"))) return DEMANGLE_DEFAULT;
  if (str_eq(word, STR_LIT("templates"))) return DEMANGLE_TEMPLATES;
  if (str_eq(word, STR_LIT("full"))) return DEMANGLE_FULL;
  assert_true(str_eq(word, STR_LIT("none")));
  return DEMANGLE_NONE;
}

// The bytes of *line up to a tab or its end, which are taken off it.
static struct str field(struct str *line) {
  size_t n = str_find(*line, STR_LIT("\t"));
  if (n == SIZE_MAX) n = line->n;
  struct str taken = {line->p, n};
  size_t skip = n < line->n ? n + 1 : n;
  *line = (struct str){line->p + skip, line->n - skip};
  return taken;
}

static void table(void **state) {
  (void)state;
  FILE *f = fopen(TEST_CASES_DIR "/demangle.txt", "r");
  assert_non_null(f);
  char *text = NULL;
  size_t cap = 0, cases = 0, wrong = 0;
  ssize_t n;
  while ((n = getline(&text, &cap, f)) > 0) {
    struct str line = {text, (size_t)n};
    if (str_ends(line, STR_LIT("\n"))) line.n--;
    if (!line.n || line.p[0] == '#') continue;
    enum demangle_mode mode = mode_of(field(&line));
    struct str name = field(&line);
    cases++;
    if (!same(name, mode, line)) wrong++;
  }
  free(text);
  fclose(f);
  assert_true(cases > 100);
  assert_int_equal(wrong, 0);
}

static void in_every_mode(struct str name, struct str expected) {
  for (int mode = DEMANGLE_DEFAULT; mode <= DEMANGLE_NONE; mode++) {
    assert_true(same(name, (enum demangle_mode)mode, expected));
  }
}

static void odd_bytes(void **state) {
  (void)state;
  in_every_mode((struct str){NULL, 0}, (struct str){NULL, 0});
  in_every_mode(STR_LIT("_"), STR_LIT("_"));
  in_every_mode(STR_LIT("_Z"), STR_LIT("_Z"));
  in_every_mode(STR_LIT("_R\xff"), STR_LIT("_R\xff"));
  in_every_mode(STR_LIT("_Z3f\xc3"), STR_LIT("_Z3f\xc3"));
  in_every_mode(STR_LIT("a\0b"), STR_LIT("a\0b"));
  assert_true(same(STR_LIT("_Z3f\0gv"), DEMANGLE_FULL, STR_LIT("f\0g()")));
}

static void appends(void **state) {
  (void)state;
  struct buf out = {NULL, 0, 0, false};
  buf_adds(&out, "> ");
  demangle(STR_LIT("_Z1fv"), DEMANGLE_FULL, &out);
  demangle(STR_LIT("main"), DEMANGLE_FULL, &out);
  assert_true(str_eq(buf_view(&out), STR_LIT("> f()main")));
  buf_release(&out);
}

static struct str repeated(struct buf *b, const char *before, const char *part, int times, const char *after) {
  buf_clear(b);
  buf_adds(b, before);
  for (int i = 0; i < times; i++) buf_adds(b, part);
  buf_adds(b, after);
  assert_false(b->failed);
  return buf_view(b);
}

// What nests deeper than the limit stays; the test is that it comes back at all.
static void deep(void **state) {
  (void)state;
  struct buf b = {NULL, 0, 0, false};
  struct str name = repeated(&b, "_Z1f", "P", 100 * MANY, "i");
  assert_true(same(name, DEMANGLE_FULL, name));
  name = repeated(&b, "_Z1fI", "1aI", MANY, "i");
  in_every_mode(name, name);
  name = repeated(&b, "_RNvC1a", "I", 100 * MANY, "");
  in_every_mode(name, name);
  name = repeated(&b, "_ZN1A", "cvT_IN1A", MANY, "");
  in_every_mode(name, name);
  buf_release(&b);
}

static void add_back_reference(struct buf *b, size_t position) {
  static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  size_t n = position - 1;
  buf_adds(b, "B");
  if (n >= 62) buf_addc(b, digits[n / 62]);
  buf_addf(b, "%c_", digits[n % 62]);
}

// Substitutions that double the output each time: a few dozen of them would fill any disk.
static void doubling(void **state) {
  (void)state;
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  struct buf b = {NULL, 0, 0, false};
  buf_adds(&b, "_Z1f1AIiE");
  for (int i = 0; i < 36; i++) buf_addf(&b, "S_IS%c_S%c_E", digits[i], digits[i]);
  assert_true(same(buf_view(&b), DEMANGLE_FULL, buf_view(&b)));
  assert_true(same(buf_view(&b), DEMANGLE_DEFAULT, STR_LIT("f")));

  buf_clear(&b);
  buf_adds(&b, "_RINvC1a1fTiiE");
  for (size_t i = 0, before = 8; i < 40; i++) {
    size_t at = b.n - 2;
    buf_adds(&b, "T");
    add_back_reference(&b, before);
    add_back_reference(&b, before);
    buf_adds(&b, "E");
    before = at;
  }
  buf_adds(&b, "E");
  assert_true(same(buf_view(&b), DEMANGLE_FULL, buf_view(&b)));
  assert_true(same(buf_view(&b), DEMANGLE_DEFAULT, STR_LIT("a::f::<>")));
  buf_release(&b);
}

static void long_output(void **state) {
  (void)state;
  struct buf b = {NULL, 0, 0, false};
  buf_adds(&b, "_Z60000");
  buf_pad(&b, 'a', 60000);
  buf_adds(&b, "v");
  assert_true(same(buf_view(&b), DEMANGLE_DEFAULT, (struct str){b.data + 7, 60000}));
  buf_clear(&b);
  buf_adds(&b, "_Z66000");
  buf_pad(&b, 'a', 66000);
  buf_adds(&b, "v");
  assert_true(same(buf_view(&b), DEMANGLE_DEFAULT, buf_view(&b)));
  buf_release(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(table), cmocka_unit_test(odd_bytes), cmocka_unit_test(appends),
      cmocka_unit_test(deep),  cmocka_unit_test(doubling),  cmocka_unit_test(long_output),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
