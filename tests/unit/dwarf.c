// Frames of small objects against tests/cases/dwarf.txt, which was recorded from llvm-symbolizer; then what it cannot
// do, and the parts that have no object of their own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "symbolize/dwarf.h"
#include "base/cursor.h"
#include "symbolize/dwarf_intervals.h"

#include <cmocka.h>  // wants the headers above first

#define OBJECTS "tests/symbolize/objects/"
#define SEEDS "tests/fuzz/corpus/dwarf/"

// ---- recorded frames ----------------------------------------------------------------------------

static void print_frame(void *arg, const struct dwarf_frame *f) {
  struct buf *out = arg;
  buf_addc(out, '\t');
  buf_str(out, f->name);
  buf_addc(out, ' ');
  buf_str(out, f->file);
  buf_addf(out, ":%lld:%lld %lld", (long long)f->line, (long long)f->column, (long long)f->start_line);
}

// The object that is open while the table is read.
struct opened {
  struct str path;
  struct elf *elf, *alt;
  struct dwarf *d;
};

static void close_object(struct opened *o) {
  dwarf_close(o->d);
  elf_close(o->elf);
  elf_close(o->alt);
  free((void *)(uintptr_t)o->path.p);
  *o = (struct opened){{NULL, 0}, NULL, NULL, NULL};
}

static void open_object(struct opened *o, const char *path, const char *alt) {
  struct err e = {""};
  o->path = str_of(strdup(path));
  o->elf = elf_open(path, &e);
  assert_string_equal(e.text, "");
  if (alt) o->alt = elf_open(alt, &e);
  o->d = dwarf_open(o->elf, o->alt, path, &e);
  assert_string_equal(e.text, "");
}

static struct str frames_of(struct dwarf *d, uint64_t address, struct buf *out) {
  struct err e = {""};
  buf_clear(out);
  assert_int_equal(dwarf_lookup(d, address, print_frame, out, &e), 1);
  assert_false(out->failed);
  return buf_view(out);
}

static void test_lookup__as_recorded(void **state) {
  (void)state;
  FILE *f = fopen("tests/cases/dwarf.txt", "r");
  assert_non_null(f);
  char *line = NULL;
  size_t cap = 0, cases = 0, wrong = 0;
  struct opened o = {{NULL, 0}, NULL, NULL, NULL};
  struct buf got = {NULL, 0, 0, false};
  for (ssize_t n; (n = getline(&line, &cap, f)) > 0;) {
    if (line[0] == '#') continue;
    line[n - 1] = '\0';
    char *address = strchr(line, '\t');
    assert_non_null(address);
    *address++ = '\0';
    if (!o.d || !str_eq(o.path, str_of(line))) {
      close_object(&o);
      open_object(&o, line, NULL);
    }
    char *frames = NULL;
    struct str said = frames_of(o.d, strtoull(address, &frames, 16), &got);
    cases++;
    if (str_eq(said, str_of(frames))) continue;
    print_error("%s %s\n  got %.*s\n", line, address, STR_ARG(said));
    wrong++;
  }
  close_object(&o);
  buf_release(&got);
  free(line);
  fclose(f);
  assert_true(cases > 200);
  assert_int_equal(wrong, 0);
}

// ---- what llvm-symbolizer does not do -----------------------------------------------------------

static struct str name_at(struct dwarf *d, uint64_t address, struct buf *out) {
  struct str frames = frames_of(d, address, out);
  size_t n = str_find(frames, STR_LIT(" "));
  assert_true(n != SIZE_MAX);
  return (struct str){frames.p + 1, n - 1};
}

static int lookup(struct dwarf *d, uint64_t address, struct buf *out) {
  struct err e = {""};
  buf_clear(out);
  return dwarf_lookup(d, address, print_frame, out, &e);
}

// The same program, stored in two ways.
static void say_the_same(const char *path, const char *alt, const char *other_path) {
  struct opened o = {{NULL, 0}, NULL, NULL, NULL}, other = o;
  struct buf a = {NULL, 0, 0, false}, b = a;
  size_t found = 0;
  open_object(&o, path, alt);
  open_object(&other, other_path, NULL);
  for (uint64_t address = 0x1000; address < 0x1100; address++) {
    int rc = lookup(o.d, address, &a);
    assert_int_equal(rc, lookup(other.d, address, &b));
    assert_true(str_eq(buf_view(&a), buf_view(&b)));
    if (rc > 0) found++;
  }
  assert_true(found > 100);
  close_object(&o);
  close_object(&other);
  buf_release(&a);
  buf_release(&b);
}

static void test_lookup__names_in_alt_file(void **state) {
  (void)state;
  say_the_same(OBJECTS "dwz.debug", OBJECTS "dwz.alt", SEEDS "gxx4.debug");
}

static void test_lookup__dwo_files_beside_the_object(void **state) {
  (void)state;
  say_the_same(OBJECTS "splitgxx4.debug", NULL, SEEDS "gxx4.debug");
  say_the_same(OBJECTS "splitgxx5.debug", NULL, SEEDS "gxx5.debug");
  say_the_same(OBJECTS "splitclangxx4.debug", NULL, SEEDS "clangxx4.debug");
  say_the_same(OBJECTS "splitclangxx5.debug", NULL, SEEDS "clangxx5.debug");
}

static void test_lookup__alt_file_missing(void **state) {
  (void)state;
  struct opened o = {{NULL, 0}, NULL, NULL, NULL};
  struct buf out = {NULL, 0, 0, false};
  open_object(&o, OBJECTS "dwz.debug", NULL);
  struct str name = name_at(o.d, 0x1000, &out);
  assert_int_equal(str_find(name, STR_LIT("<")), SIZE_MAX);
  close_object(&o);
  buf_release(&out);
}

// Lines are in the main file: they stay, and so does the reason for the rest.
static void test_lookup__dwo_missing(void **state) {
  (void)state;
  struct err e = {""};
  struct buf out = {NULL, 0, 0, false};
  struct elf *elf = elf_open(OBJECTS "splitgxx5.debug", &e);
  struct dwarf *d = dwarf_open(elf, NULL, "/nonexistent/object", &e);
  assert_string_equal(e.text, "");
  struct str frames = frames_of(d, 0x1000, &out);
  assert_true(str_find(frames, STR_LIT("boxes.cc:")) != SIZE_MAX);
  assert_int_equal(dwarf_lookup(d, 0x100000, print_frame, &out, &e), -1);
  assert_non_null(strstr(e.text, "splitgxx5.dwo"));
  dwarf_close(d);
  elf_close(elf);
  buf_release(&out);
}

static void test_lookup__unknown_address(void **state) {
  (void)state;
  struct opened o = {{NULL, 0}, NULL, NULL, NULL};
  struct err e = {""};
  open_object(&o, SEEDS "gcc5.debug", NULL);
  assert_int_equal(dwarf_lookup(o.d, 0x100000, print_frame, NULL, &e), 0);
  assert_int_equal(dwarf_lookup(o.d, UINT64_MAX, print_frame, NULL, &e), 0);
  assert_string_equal(e.text, "");
  close_object(&o);
}

static void test_open__no_debug_information(void **state) {
  (void)state;
  struct err e = {""};
  struct elf *elf = elf_open(OBJECTS "splitgxx5.dwo", &e);
  assert_non_null(elf);
  assert_null(dwarf_open(elf, NULL, "x", &e));
  assert_string_equal(e.text, "no debug information");
  elf_close(elf);
}

// ---- parts --------------------------------------------------------------------------------------

static void test_intervals__nested_and_overlapping(void **state) {
  (void)state;
  struct intervals v = {NULL, 0, 0};
  assert_int_equal(intervals_add(&v, 10, 100, 0), 0);
  assert_int_equal(intervals_add(&v, 20, 30, 1), 0);
  assert_int_equal(intervals_add(&v, 20, 30, 2), 0);
  assert_int_equal(intervals_add(&v, 90, 120, 3), 0);
  assert_int_equal(intervals_add(&v, 5, 5, 4), 0);
  assert_int_equal(intervals_add(&v, 0, 3, 5), 0);
  assert_int_equal(intervals_settle(&v), 0);
  const struct {
    uint64_t address;
    uint32_t value;
  } want[] = {{0, 5},  {2, 5},  {3, MAP_NONE}, {9, MAP_NONE}, {10, 0},  {19, 0},       {20, 2},
              {29, 2}, {30, 0}, {89, 0},       {90, 3},       {119, 3}, {5, MAP_NONE}, {120, MAP_NONE}};
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    assert_int_equal(intervals_find(&v, want[i].address), want[i].value);
  intervals_release(&v);
}

static void test_cursor__numbers_and_bounds(void **state) {
  (void)state;
  static const char bytes[] =
      "\x01\x02\x03\x04\xe5\x8e\x26\x7f\x80\x7f"
      "ab\0c";
  struct str s = {bytes, sizeof bytes - 1};
  struct cursor c = cursor_at(s, 0, false);
  assert_int_equal(cursor_number(&c, 4), 0x04030201);
  assert_int_equal(cursor_uleb(&c), 624485);
  assert_int_equal(cursor_sleb(&c), -1);
  assert_int_equal(cursor_sleb(&c), -128);
  assert_true(str_eq(cursor_string(&c), STR_LIT("ab")));
  assert_false(c.bad);
  assert_int_equal(cursor_string(&c).n, 0);  // has no end
  assert_true(c.bad);
  c = cursor_at(s, 0, true);
  assert_int_equal(cursor_number(&c, 3), 0x010203);
  cursor_skip(&c, UINT64_MAX);
  assert_true(c.bad);
  assert_int_equal(cursor_u8(&c), 0);
  assert_true(cursor_at(s, s.n + 1, false).bad);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lookup__as_recorded),
      cmocka_unit_test(test_lookup__names_in_alt_file),
      cmocka_unit_test(test_lookup__dwo_files_beside_the_object),
      cmocka_unit_test(test_lookup__alt_file_missing),
      cmocka_unit_test(test_lookup__dwo_missing),
      cmocka_unit_test(test_lookup__unknown_address),
      cmocka_unit_test(test_open__no_debug_information),
      cmocka_unit_test(test_intervals__nested_and_overlapping),
      cmocka_unit_test(test_cursor__numbers_and_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
