// The writer of JSON.
#include "base/json.h"

#include <math.h>

#include "support/test.h"

static void expect(struct buf *out, const char *text) {
  assert_false(out->failed);
  assert_str(buf_view(out), text);
  buf_release(out);
}

static void test_json__empty_containers(void **state) {
  (void)state;
  struct buf out = {0};
  struct json j = {.out = &out};
  json_open_object(&j, NULL);
  json_open_array(&j, "a");
  json_close(&j);
  json_open_object(&j, "o");
  json_close(&j);
  json_close(&j);
  expect(&out, "{\n  \"a\": [],\n  \"o\": {}\n}\n");
}

static void test_json__nothing_in_it(void **state) {
  (void)state;
  struct buf out = {0};
  struct json j = {.out = &out};
  json_open_array(&j, NULL);
  json_close(&j);
  expect(&out, "[]\n");
}

// What is deeper than two levels stands on one line.
static void test_json__lines(void **state) {
  (void)state;
  struct buf out = {0};
  struct json j = {.out = &out};
  json_open_object(&j, NULL);
  json_open_array(&j, "rows");
  for (int i = 0; i < 2; i++) {
    json_open_object(&j, NULL);
    json_bool(&j, "b", i);
    json_open_array(&j, "n");
    json_i64(&j, NULL, i);
    json_open_array(&j, NULL);
    json_close(&j);
    json_i64(&j, NULL, -i);
    json_close(&j);
    json_close(&j);
  }
  json_close(&j);
  json_i64(&j, "after", 1);
  json_close(&j);
  expect(&out,
         "{\n  \"rows\": [\n    {\"b\": false, \"n\": [0, [], 0]},\n    {\"b\": true, \"n\": [1, [], -1]}\n  ],\n"
         "  \"after\": 1\n}\n");
}

static void numbers(struct buf *out) {
  struct json j = {.out = out};
  json_open_array(&j, NULL);
  json_i64(&j, NULL, INT64_MIN);
  json_i64(&j, NULL, INT64_MAX);
  json_double(&j, NULL, 0);
  json_double(&j, NULL, 100.0 / 3);
  json_double(&j, NULL, 1e-9);
  json_double(&j, NULL, 12345678.9);
  json_double(&j, NULL, HUGE_VAL);
  json_close(&j);
}

static void test_json__numbers(void **state) {
  (void)state;
  struct buf out = {0};
  numbers(&out);
  expect(
      &out,
      "[\n  -9223372036854775808,\n  9223372036854775807,\n  0,\n  33.33333333,\n  1e-09,\n  12345678.9,\n  null\n]\n");
}

static void expect_quoted(struct str text, const char *quoted) {
  struct buf out = {0}, wanted = {0};
  struct json j = {.out = &out};
  json_open_array(&j, NULL);
  json_str(&j, NULL, text);
  json_close(&j);
  buf_addf(&wanted, "[\n  %s\n]\n", quoted);
  expect(&out, wanted.data);
  buf_release(&wanted);
}

static void test_json__escapes(void **state) {
  (void)state;
  expect_quoted(STR_LIT(""), "\"\"");
  expect_quoted(STR_LIT("a/b \"c\" \\ d"), "\"a/b \\\"c\\\" \\\\ d\"");
  expect_quoted(STR_LIT("\n\t\r\0\x1f\x7f"), "\"\\n\\t\\u000d\\u0000\\u001f\\u007f\"");
}

#define FFFD "\xef\xbf\xbd"

// Surrogates, overlong forms and what lies above U+10FFFF are no UTF-8.
static void test_json__strings_are_utf8(void **state) {
  (void)state;
  expect_quoted(STR_LIT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\xa5"), "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\xa5\"");
  expect_quoted(STR_LIT("a\xff"
                        "b"),
                "\"a" FFFD "b\"");
  expect_quoted(STR_LIT("\xc3"), "\"" FFFD "\"");
  expect_quoted(STR_LIT("\xc3\""), "\"" FFFD "\\\"\"");
  expect_quoted(STR_LIT("\xed\xa0\x80"), "\"" FFFD FFFD FFFD "\"");
  expect_quoted(STR_LIT("\xc0\x80"), "\"" FFFD FFFD "\"");
  expect_quoted(STR_LIT("\xf4\x90\x80\x80"), "\"" FFFD FFFD FFFD FFFD "\"");
}

static void test_json__too_deep_fails(void **state) {
  (void)state;
  struct buf out = {0};
  struct json j = {.out = &out};
  for (int i = 0; i < 64; i++) json_open_array(&j, NULL);
  assert_false(out.failed);
  json_open_array(&j, NULL);
  assert_true(out.failed);
  json_close(&j);
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_json__empty_containers),
      cmocka_unit_test(test_json__nothing_in_it),
      cmocka_unit_test(test_json__lines),
      cmocka_unit_test(test_json__numbers),
      cmocka_unit_test(test_json__escapes),
      cmocka_unit_test(test_json__strings_are_utf8),
      cmocka_unit_test(test_json__too_deep_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
