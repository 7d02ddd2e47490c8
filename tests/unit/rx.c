// Runs the table cases/rx.txt, whose expectations were recorded from Go, and tries messages, limits, positions and
// threads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <pthread.h>

#include "base/rx.h"

#include <cmocka.h>  // wants the headers above first

#ifndef TEST_CASES_DIR
#define TEST_CASES_DIR "tests/cases"
#endif

enum { THREADS = 4, ROUNDS = 2000 };

// The bytes of *line up to a tab or its end, which are taken off it.
static struct str field(struct str *line) {
  size_t n = str_find(*line, STR_LIT("\t"));
  if (n == SIZE_MAX) n = line->n;
  struct str taken = {line->p, n};
  size_t skip = n < line->n ? n + 1 : n;
  *line = (struct str){line->p + skip, line->n - skip};
  return taken;
}

static char hex_byte(const char *digits) {
  char text[3] = {digits[0], digits[1], '\0'}, *end;
  unsigned long v = strtoul(text, &end, 16);
  assert_true(*end == '\0');
  return (char)v;
}

static void unescape(struct buf *out, struct str s) {
  static const char letters[] = "ntrvf\\", meaning[] = "\n\t\r\v\f\\";
  buf_clear(out);
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] != '\\') {
      buf_addc(out, s.p[i]);
      continue;
    }
    assert_true(++i < s.n);
    const char *letter = strchr(letters, s.p[i]);
    if (letter) {
      buf_addc(out, meaning[letter - letters]);
    } else {
      assert_true(s.p[i] == 'x' && s.n - i > 2);
      buf_addc(out, hex_byte(s.p + i + 1));
      i += 2;
    }
  }
  assert_false(out->failed);
}

// What the table would say.
static void result(struct buf *out, struct str pattern, struct str subject) {
  struct err e = {""};
  size_t from = 0, to = 0;
  buf_clear(out);
  struct rx *rx = rx_new(pattern, &e);
  int rc = rx ? rx_search(rx, subject, 0, &from, &to, &e) : 0;
  if (!rx) buf_adds(out, strstr(e.text, "bad regular expression `") == e.text ? "bad" : e.text);
  else if (rc < 0) buf_adds(out, e.text);
  else if (rc == 0) buf_adds(out, "nomatch");
  else buf_addf(out, "%zu-%zu", from, to);
  if (rx) {
    assert_true(str_eq(rx_pattern(rx), pattern));
    if (rc >= 0) assert_int_equal(rx_match(rx, subject, &e), rc);
  }
  rx_free(rx);
}

static void table(void **state) {
  (void)state;
  FILE *f = fopen(TEST_CASES_DIR "/rx.txt", "r");
  assert_non_null(f);
  char *text = NULL;
  size_t cap = 0, cases = 0, wrong = 0;
  struct buf subject = {NULL, 0, 0, false}, got = {NULL, 0, 0, false};
  ssize_t n;
  while ((n = getline(&text, &cap, f)) > 0) {
    struct str line = {text, (size_t)n};
    if (str_ends(line, STR_LIT("\n"))) line.n--;
    if (!line.n || line.p[0] == '#') continue;
    struct str pattern = field(&line);
    unescape(&subject, field(&line));
    result(&got, pattern, buf_view(&subject));
    cases++;
    if (str_eq(buf_view(&got), line)) continue;
    wrong++;
    print_error("%.*s: expected %.*s, got %.*s\n", STR_ARG(pattern), STR_ARG(line), STR_ARG(buf_view(&got)));
  }
  buf_release(&subject);
  buf_release(&got);
  free(text);
  fclose(f);
  assert_true(cases > 200);
  assert_int_equal(wrong, 0);
}

static void refused(struct str pattern, const char *message) {
  struct err e = {""};
  assert_null(rx_new(pattern, &e));
  assert_string_equal(e.text, message);
}

static void messages(void **state) {
  (void)state;
  refused(STR_LIT("a("), "bad regular expression `a(`: missing closing )");
  refused(STR_LIT("a**"), "bad regular expression `a**`: quantifier after a quantifier `*`");
  refused(STR_LIT("[[:foo:]]"), "bad regular expression `[[:foo:]]`: unknown class `[:foo:]`");
  refused(STR_LIT("x\\8"), "bad regular expression `x\\8`: unknown escape `\\8`");
  refused(STR_LIT("a\n\xff\x01)"), "bad regular expression `a\\x0a\\xff\\x01)`: invalid UTF-8 `\\xff`");
  assert_null(rx_new(STR_LIT("("), NULL));
}

// A long pattern is cut in the message, at the end of a character.
static void long_message(void **state) {
  (void)state;
  struct buf pattern = {NULL, 0, 0, false};
  for (int i = 0; i < 4000; i++) buf_adds(&pattern, "日");
  buf_adds(&pattern, "(");
  struct err e = {""};
  assert_null(rx_new(buf_view(&pattern), &e));
  assert_non_null(strstr(e.text, "日...`: missing closing )"));
  buf_release(&pattern);
}

static bool nested(const char *open, const char *close, int times) {
  struct buf pattern = {NULL, 0, 0, false};
  struct err e = {""};
  for (int i = 0; i < times; i++) buf_adds(&pattern, open);
  for (int i = 0; i < times; i++) buf_adds(&pattern, close);
  struct rx *rx = rx_new(buf_view(&pattern), &e);
  bool accepted = rx != NULL;
  if (accepted) assert_int_equal(rx_match(rx, STR_LIT("a"), &e), 1);
  rx_free(rx);
  buf_release(&pattern);
  return accepted;
}

static void depth(void **state) {
  (void)state;
  assert_true(nested("(", ")", 999));
  assert_false(nested("(", ")", 1000));
  assert_true(nested("(?:", ")*", 999));
  assert_false(nested("(?:", ")*", 1000));
  assert_false(nested("(", ")", 1000000));
}

// Patterns made to backtrack come back with an error.
static void limits(void **state) {
  (void)state;
  static const char *const patterns[] = {"(a+)+$", "(a|aa)+$", "(a*)*[bc]", "(\\w+\\s*)+[-+]"};
  struct buf subject = {NULL, 0, 0, false};
  buf_pad(&subject, 'a', 200);
  buf_addc(&subject, '!');
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    struct err e = {""};
    struct rx *rx = rx_new(str_of(patterns[i]), &e);
    assert_non_null(rx);
    clock_t before = clock();
    assert_int_equal(rx_match(rx, buf_view(&subject), &e), -1);
    assert_true(clock() - before < CLOCKS_PER_SEC);
    assert_non_null(strstr(e.text, patterns[i]));
    assert_non_null(strstr(e.text, "took too much work"));
    rx_free(rx);
  }
  buf_release(&subject);
}

static void check_from(const char *pattern, struct str subject, size_t start, size_t from, size_t to) {
  struct err e = {""};
  size_t got_from = 0, got_to = 0;
  struct rx *rx = rx_new(str_of(pattern), &e);
  assert_non_null(rx);
  assert_int_equal(rx_search(rx, subject, start, &got_from, &got_to, &e), from <= to);
  if (from <= to) {
    assert_int_equal(got_from, from);
    assert_int_equal(got_to, to);
  }
  rx_free(rx);
}

// What is before the start is seen by ^ and \b; a start inside a character is moved to the next one.
static void starts(void **state) {
  (void)state;
  const size_t none = SIZE_MAX;
  check_from("a", STR_LIT("aba"), 1, 2, 3);
  check_from("[a]", STR_LIT("aba"), 1, 2, 3);
  check_from("a", STR_LIT("aba"), 3, none, 0);
  check_from("a*", STR_LIT("aba"), 3, 3, 3);
  check_from("", STR_LIT("ab"), 2, 2, 2);
  check_from("", STR_LIT("ab"), 3, none, 0);
  check_from("a*", STR_LIT("ab"), 3, none, 0);
  check_from("^b", STR_LIT("ab"), 1, none, 0);
  check_from("\\bb", STR_LIT("ab"), 1, none, 0);
  check_from(".", STR_LIT("\xe6\x97\xa5x"), 1, 3, 4);
  check_from("[b]",
             STR_LIT("a\xff\xfe"
                     "b\xffz"),
             2, 3, 4);
  check_from("..$", STR_LIT("b\xff\xe6\x97\xa5"), 1, 1, 5);
  check_from("x*", (struct str){NULL, 0}, 0, 0, 0);
}

static void *match_often(void *arg) {
  const struct rx *rx = arg;
  char name[64];
  for (int i = 0; i < ROUNDS; i++) {
    size_t from, to;
    struct err e = {""};
    int n = snprintf(name, sizeof name, "main.%d\xff.worker%d", i, i);
    if (rx_search(rx, (struct str){name, (size_t)n}, 0, &from, &to, &e) != 1 || to != (size_t)n) return NULL;
  }
  return arg;
}

static void threads(void **state) {
  (void)state;
  struct err e = {""};
  struct rx *rx = rx_new(STR_LIT("(\\w+\\.|x).*\\.(?i)WORK[^.]*$"), &e);
  assert_non_null(rx);
  pthread_t thread[THREADS];
  for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&thread[i], NULL, match_often, rx), 0);
  bool right = true;
  for (int i = 0; i < THREADS; i++) {
    void *got;
    assert_int_equal(pthread_join(thread[i], &got), 0);
    right = right && got == rx;
  }
  assert_true(right);
  rx_free(rx);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(table),  cmocka_unit_test(messages), cmocka_unit_test(long_message), cmocka_unit_test(depth),
      cmocka_unit_test(limits), cmocka_unit_test(starts),   cmocka_unit_test(threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
