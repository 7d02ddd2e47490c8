// The building blocks of base: errors, integers, arrays, arena, strings, buffers, hashing, interned strings.
#include <math.h>
#include <unistd.h>

#include "base/html.h"
#include "support/test.h"

// ---- errors -------------------------------------------------------------------------------------

static void test_err__first_message_wins(void **state) {
  (void)state;
  struct err e = {0};
  assert_int_equal(err_set(&e, "location %d", 7), -1);
  assert_int_equal(err_set(&e, "later"), -1);
  assert_string_equal(e.text, "location 7");
  assert_int_equal(err_wrap(&e, "file %s", "x"), -1);
  assert_string_equal(e.text, "file x: location 7");
  err_clear(&e);
  err_nomem(&e);
  assert_string_equal(e.text, "out of memory");
  assert_int_equal(err_set(NULL, "nobody listens"), -1);
  assert_int_equal(err_wrap(NULL, "nobody listens"), -1);
}

// What does not fit is cut at the end; the prefix, which says where, stays.
static void test_err__long_messages_are_cut(void **state) {
  (void)state;
  struct err e = {0};
  char tail[sizeof e.text + 100];
  memset(tail, 'x', sizeof tail - 1);
  tail[sizeof tail - 1] = '\0';
  err_set(&e, "%s", tail);
  assert_int_equal(strlen(e.text), sizeof e.text - 1);
  err_wrap(&e, "prefix");
  assert_int_equal(strlen(e.text), sizeof e.text - 1);
  assert_true(strncmp(e.text, "prefix: xxx", 11) == 0);
  err_wrap(&e, "%s", tail);
  assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

// ---- integers -----------------------------------------------------------------------------------

static void test_int__wraps_as_go_does(void **state) {
  (void)state;
  assert_true(wrap_add(INT64_MAX, 1) == INT64_MIN);
  assert_true(wrap_add(INT64_MIN, -1) == INT64_MAX);
  assert_true(wrap_neg(INT64_MIN) == INT64_MIN && wrap_abs(INT64_MIN) == INT64_MIN);
  assert_true(wrap_abs(-5) == 5 && wrap_neg(5) == -5);
  assert_true(wrap_mul(INT64_MAX, 2) == -2);
  assert_true(wrap_div(INT64_MIN, -1) == INT64_MIN);
  assert_true(wrap_div(-7, 2) == -3);
}

static void test_int__from_double(void **state) {
  (void)state;
  assert_true(int64_from_double(-1.9) == -1);
  assert_true(int64_from_double(9.3e18) == INT64_MIN);
  assert_true(int64_from_double(-9.3e18) == INT64_MIN);
  assert_true(int64_from_double(9223372036854774784.0) == 9223372036854774784);
  assert_true(int64_from_double((double)NAN) == INT64_MIN);
}

// ---- arrays -------------------------------------------------------------------------------------

static void test_array__grows_and_keeps_contents(void **state) {
  (void)state;
  uint32_t *number = NULL;
  size_t cap = 0;
  for (uint32_t i = 0; i < 10000; i++) {
    assert_int_equal(ARRAY_RESERVE(number, cap, (size_t)i + 1), 0);
    number[i] = i * 3;
  }
  assert_true(cap >= 10000);
  for (uint32_t i = 0; i < 10000; i++) assert_int_equal(number[i], i * 3);
  free(number);
}

static void test_array__impossible_size_keeps_array(void **state) {
  (void)state;
  uint64_t *number = NULL;
  size_t cap = 0;
  assert_int_equal(ARRAY_RESERVE(number, cap, 1), 0);
  number[0] = 42;
  uint64_t *before = number;
  size_t cap_before = cap;
  assert_int_equal(ARRAY_RESERVE(number, cap, SIZE_MAX / 4), -1);
  assert_int_equal(ARRAY_RESERVE(number, cap, SIZE_MAX), -1);
  assert_ptr_equal(number, before);
  assert_int_equal(cap, cap_before);
  assert_int_equal(number[0], 42);
  free(number);
}

// ---- arena --------------------------------------------------------------------------------------

static void test_arena__pieces_are_aligned_and_apart(void **state) {
  (void)state;
  struct arena a = {0};
  unsigned char *piece[200];
  for (size_t i = 0; i < 200; i++) {
    size_t n = i * 37 % 501;
    piece[i] = arena_alloc(&a, n);
    assert_non_null(piece[i]);
    assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
    memset(piece[i], (int)i, n);
  }
  for (size_t i = 0; i < 200; i++)
    for (size_t k = 0; k < i * 37 % 501; k++) assert_int_equal(piece[i][k], i);
  arena_release(&a);
  arena_release(&a);
}

static void test_arena__zeroed_copied_and_cleared(void **state) {
  (void)state;
  struct arena a = {0};
  static const char zeros[5000] = {0};
  memset(arena_alloc(&a, 5000), 0xff, 5000);
  arena_clear(&a);
  assert_memory_equal(arena_zalloc(&a, 5000), zeros, 5000);
  assert_string_equal(arena_copy(&a, "copy", 5), "copy");
  assert_non_null(arena_copy(&a, NULL, 0));
  assert_null(arena_alloc(&a, SIZE_MAX - 3));
  arena_clear(&a);
  assert_non_null(arena_alloc(&a, 3 << 20));
  arena_release(&a);
}

// ---- strings ------------------------------------------------------------------------------------

static void test_str__compare(void **state) {
  (void)state;
  struct str nothing = {NULL, 0};
  assert_true(str_eq(nothing, STR_LIT("")));
  assert_false(str_eq(STR_LIT("a"), STR_LIT("b")));
  assert_true(str_cmp(STR_LIT("ab"), STR_LIT("abc")) < 0);
  assert_true(str_cmp(STR_LIT("\xff"), STR_LIT("a")) > 0);
  assert_true(str_cmp(nothing, STR_LIT("")) == 0);
  assert_true(str_cmp(STR_LIT("b"), STR_LIT("ab")) > 0);
}

static void test_str__find_and_trim(void **state) {
  (void)state;
  assert_true(str_starts(STR_LIT("main.c"), STR_LIT("main")) && !str_starts(STR_LIT("ma"), STR_LIT("main")));
  assert_true(str_ends(STR_LIT("main.c"), STR_LIT(".c")) && !str_ends(STR_LIT("c"), STR_LIT(".c")));
  assert_int_equal(str_find(STR_LIT("abcabc"), STR_LIT("ca")), 2);
  assert_int_equal(str_find(STR_LIT("abc"), STR_LIT("")), 0);
  assert_true(str_find(STR_LIT("abc"), STR_LIT("abcd")) == SIZE_MAX);
  assert_true(str_find(STR_LIT("aaa"), STR_LIT("b")) == SIZE_MAX);
  assert_str(str_trim_space(STR_LIT("\t a b\r\n")), "a b");
  assert_str(str_trim_space(STR_LIT(" \n ")), "");
}

static void test_str__runes(void **state) {
  (void)state;
  assert_int_equal(utf8_runes(STR_LIT("h\xc3\xa9")), 2);
  assert_int_equal(utf8_runes(STR_LIT("\xf0\x9f\x98\x80")), 1);
  assert_int_equal(utf8_runes(STR_LIT("\xe4\xb8")), 2);          // cut short
  assert_int_equal(utf8_runes(STR_LIT("\xed\xa0\x80")), 3);      // a surrogate
  assert_int_equal(utf8_runes(STR_LIT("\xc0\x80")), 2);          // too long for what it means
  assert_int_equal(utf8_runes(STR_LIT("\xf4\x90\x80\x80")), 4);  // beyond the last code point
}

// ---- buffers ------------------------------------------------------------------------------------

// Widths were recorded from Go's fmt.Sprintf("%10s") and ("%-10s").
static void test_buf__pads_by_runes(void **state) {
  (void)state;
  struct buf b = {0};
  buf_right(&b, STR_LIT("\xe6\x97\xa5\xe6\x9c\xac"), 5);
  buf_left(&b, STR_LIT("h\xc3\xa9"), 4);
  buf_right(&b, STR_LIT("\xff\xfe"), 4);
  buf_left(&b, STR_LIT("wider than that"), 4);
  assert_str(buf_view(&b), "   \xe6\x97\xa5\xe6\x9c\xach\xc3\xa9    \xff\xfewider than that");
  buf_release(&b);
}

static void test_buf__numbers_and_formats(void **state) {
  (void)state;
  struct buf b = {0};
  char wide[600];
  memset(wide, 'w', sizeof wide - 1);
  wide[sizeof wide - 1] = '\0';
  buf_i64(&b, 0);
  buf_addc(&b, ' ');
  buf_i64(&b, INT64_MIN);
  buf_addc(&b, ' ');
  buf_i64(&b, INT64_MAX);
  assert_str(buf_view(&b), "0 -9223372036854775808 9223372036854775807");
  buf_clear(&b);
  buf_addf(&b, "%s|%d", wide, 5);
  assert_int_equal(b.n, sizeof wide + 1);
  assert_string_equal(b.data + b.n - 3, "w|5");
  assert_true(strlen(b.data) == b.n);
  buf_release(&b);
  buf_release(&b);
  assert_str(buf_view(&b), "");
}

static void test_buf__stays_failed(void **state) {
  (void)state;
  struct buf b = {0};
  buf_adds(&b, "kept");
  buf_pad(&b, ' ', SIZE_MAX - 2);
  assert_true(b.failed);
  buf_adds(&b, " ignored");
  buf_addf(&b, "%d", 1);
  assert_true(b.failed);
  assert_str(buf_view(&b), "kept");
  buf_clear(&b);
  buf_adds(&b, "still ignored");
  assert_true(b.failed);
  assert_str(buf_view(&b), "");
  buf_release(&b);
  buf_adds(&b, "again");
  assert_false(b.failed);
  assert_str(buf_view(&b), "again");
  buf_release(&b);
}

// ---- hashing ------------------------------------------------------------------------------------

static void test_map64__finds_what_was_put(void **state) {
  (void)state;
  struct map64 m = {0};
  assert_int_equal(map64_get(&m, 0), MAP_NONE);
  for (uint32_t i = 0; i < 5000; i++) assert_int_equal(map64_put(&m, (uint64_t)i << 40, i), 0);
  assert_int_equal(map64_put(&m, UINT64_MAX, 1), 0);
  assert_int_equal(map64_put(&m, UINT64_MAX, 2), 0);
  assert_int_equal(m.n, 5001);
  assert_int_equal(map64_get(&m, UINT64_MAX), 2);
  for (uint32_t i = 0; i < 5000; i++) assert_int_equal(map64_get(&m, (uint64_t)i << 40), i);
  assert_int_equal(map64_get(&m, 1), MAP_NONE);
  map64_release(&m);
  map64_release(&m);
}

// Records with equal hashes are all visited; the caller compares.
static void test_index__visits_equal_hashes(void **state) {
  (void)state;
  struct index ix = {0};
  size_t at = 0;
  assert_int_equal(index_first(&ix, 1, &at), MAP_NONE);
  for (uint32_t i = 0; i < 1000; i++) assert_int_equal(index_add(&ix, hash_u64(i % 250), i), 0);
  for (uint32_t h = 0; h < 250; h++) {
    uint32_t found = 0;
    for (uint32_t i = index_first(&ix, hash_u64(h), &at); i != MAP_NONE; i = index_next(&ix, hash_u64(h), &at))
      found += i % 250 == h;
    assert_int_equal(found, 4);
  }
  index_release(&ix);
}

static void test_hash__depends_on_every_byte(void **state) {
  (void)state;
  char bytes[80] = {0};
  for (size_t n = 1; n <= sizeof bytes; n++) {
    uint64_t h = hash_bytes(bytes, n, 0);
    assert_true(h != hash_bytes(bytes, n - 1, 0));
    assert_true(h != hash_bytes(bytes, n, 1));
    for (size_t i = 0; i < n; i++) {
      bytes[i] ^= 1;
      assert_true(h != hash_bytes(bytes, n, 0));
      bytes[i] ^= 1;
    }
  }
}

// ---- interned strings ---------------------------------------------------------------------------

static void test_strings__numbers_distinct_strings(void **state) {
  (void)state;
  struct strings s;
  assert_int_equal(strings_init(&s, NULL), 0);
  assert_int_equal(strings_add(&s, STR_LIT("")), 0);
  uint32_t zero = strings_add(&s, (struct str){"a\0b", 3});
  assert_int_equal(zero, 1);
  assert_int_equal(strings_add(&s, STR_LIT("a")), 2);
  assert_int_equal(strings_add(&s, (struct str){"a\0b", 3}), 1);
  assert_int_equal(strings_find(&s, STR_LIT("b")), STRINGS_NONE);
  assert_true(strings_at(&s, zero).n == 3 && strings_at(&s, zero).p[3] == '\0');
  strings_release(&s);
}

static void test_strings__pool_on_a_pool(void **state) {
  (void)state;
  struct strings below, s;
  char text[16];
  assert_int_equal(strings_init(&below, NULL), 0);
  uint32_t old = strings_add(&below, STR_LIT("old"));
  assert_int_equal(strings_init(&s, &below), 0);
  assert_int_equal(strings_add(&s, STR_LIT("old")), old);
  for (uint32_t i = 0; i < 500; i++) {
    snprintf(text, sizeof text, "new%u", i);
    assert_int_equal(strings_add(&s, str_of(text)), old + 1 + i);
  }
  assert_str(strings_at(&s, old), "old");
  assert_str(strings_at(&s, old + 500), "new499");
  assert_int_equal(strings_find(&below, STR_LIT("new0")), STRINGS_NONE);
  assert_int_equal(below.n, old + 1);
  strings_release(&s);
  strings_release(&below);
}

// Of so many some have hashes that a table takes for the same.
static void test_strings__finds_those_of_another_pool(void **state) {
  (void)state;
  static const uint32_t sizes[][2] = {{0, 0}, {0, 9}, {9, 0}, {5, 30}, {200000, 200000}};
  char text[24];
  for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
    struct strings s, other;
    assert_int_equal(strings_init(&s, NULL), 0);
    assert_int_equal(strings_init(&other, NULL), 0);
    for (uint32_t i = 0; i < sizes[k][0]; i++) {
      snprintf(text, sizeof text, "%s%u", i % 4 ? "both" : "here", i);
      strings_add(&s, str_of(text));
    }
    for (uint32_t i = sizes[k][1]; i > 0; i--) {
      snprintf(text, sizeof text, "%s%u", i % 4 ? "both" : "there", i);
      strings_add(&other, str_of(text));
    }
    uint32_t *number = malloc(other.n * sizeof *number);
    assert_non_null(number);
    strings_find_all(&s, &other, number);
    for (uint32_t i = 0; i < other.n; i++) assert_int_equal(number[i], strings_find(&s, strings_at(&other, i)));
    free(number);
    strings_release(&s);
    strings_release(&other);
  }
}

// ---- text in URLs and pages, files --------------------------------------------------------------

static void test_hex__reads_numbers(void **state) {
  (void)state;
  static const struct {
    const char *text;
    uint64_t value;
  } good[] = {{"0", 0}, {"7fFf", 0x7fff}, {"ffffffffffffffff", UINT64_MAX}, {"000ffffffffffffffff", UINT64_MAX}};
  static const char *const bad[] = {"", "0x1", "12g", "-1", " 1", "10000000000000000", "\x10"};
  uint64_t value;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(hex_number(str_of(good[i].text), &value));
    assert_int_equal(value, good[i].value);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(hex_number(str_of(bad[i]), &value));
}

static void test_percent__decodes(void **state) {
  (void)state;
  static const struct {
    const char *text, *decoded;  // NULL: refused
    bool plus;
  } cases[] = {{"a%41%6a%2Fb", "aAj/b", false},
               {"a+b%2b", "a+b+", false},
               {"a+b%2b", "a b+", true},
               {"", "", true},
               {"%", NULL, false},
               {"a%4", NULL, false},
               {"%4g", NULL, false},
               {"%%41", NULL, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct buf out = {0};
    assert_int_equal(percent_decode(&out, str_of(cases[i].text), cases[i].plus), cases[i].decoded ? 0 : -1);
    if (cases[i].decoded) assert_str(buf_view(&out), cases[i].decoded);
    buf_release(&out);
  }
}

static void test_html__text(void **state) {
  (void)state;
  struct buf out = {0};
  html_text(&out, STR_LIT("\t<a b=\"c\">&'\n\x01\xff\xc3\xa9\xed\xa0\x80"));
  assert_str(buf_view(&out),
             "\t&#60;a b=&#34;c&#34;&#62;&#38;&#39;\n \xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  buf_release(&out);
}

static void test_fd__there_and_back(void **state) {
  (void)state;
  FILE *f = tmpfile();
  struct buf text = {0}, back = {0};
  assert_non_null(f);
  for (int i = 0; i < 100000; i++) buf_i64(&text, i);
  assert_int_equal(fd_write(fileno(f), buf_view(&text)), 0);
  assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
  buf_adds(&back, "x");
  assert_int_equal(fd_read(fileno(f), 1000, &back), 0);
  assert_int_equal(back.n, 1001);
  assert_int_equal(fd_read(fileno(f), SIZE_MAX, &back), 0);
  assert_int_equal(back.n, text.n + 1);
  assert_memory_equal(back.data + 1, text.data, text.n + 1);
  buf_release(&text);
  buf_release(&back);
  fclose(f);
}

static void test_fd__errors(void **state) {
  (void)state;
  struct buf out = {0};
  struct err e = {""};
  assert_int_equal(fd_read(-1, 10, &out), -1);
  assert_int_equal(err_system(&e, "the file"), -1);
  assert_string_equal(e.text, "the file: Bad file descriptor");
  assert_int_equal(fd_write(-1, STR_LIT("x")), -1);
  assert_int_equal(fd_write(-1, STR_LIT("")), 0);
  buf_release(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_err__first_message_wins),
      cmocka_unit_test(test_err__long_messages_are_cut),
      cmocka_unit_test(test_int__wraps_as_go_does),
      cmocka_unit_test(test_int__from_double),
      cmocka_unit_test(test_array__grows_and_keeps_contents),
      cmocka_unit_test(test_array__impossible_size_keeps_array),
      cmocka_unit_test(test_arena__pieces_are_aligned_and_apart),
      cmocka_unit_test(test_arena__zeroed_copied_and_cleared),
      cmocka_unit_test(test_str__compare),
      cmocka_unit_test(test_str__find_and_trim),
      cmocka_unit_test(test_str__runes),
      cmocka_unit_test(test_buf__pads_by_runes),
      cmocka_unit_test(test_buf__numbers_and_formats),
      cmocka_unit_test(test_buf__stays_failed),
      cmocka_unit_test(test_hex__reads_numbers),
      cmocka_unit_test(test_percent__decodes),
      cmocka_unit_test(test_html__text),
      cmocka_unit_test(test_fd__there_and_back),
      cmocka_unit_test(test_fd__errors),
      cmocka_unit_test(test_map64__finds_what_was_put),
      cmocka_unit_test(test_index__visits_equal_hashes),
      cmocka_unit_test(test_hash__depends_on_every_byte),
      cmocka_unit_test(test_strings__numbers_distinct_strings),
      cmocka_unit_test(test_strings__pool_on_a_pool),
      cmocka_unit_test(test_strings__finds_those_of_another_pool),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
