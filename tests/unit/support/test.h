// What every unit test starts with, and files.
#ifndef CPROF_TEST_H
#define CPROF_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

#include <cmocka.h>  // wants the headers above first

// Tests run in the project's top folder.
#define CASES_DIR "tests/cases/"
#define DATA_DIR "testdata/"

// The bytes of a file; the test fails when it cannot be read.
struct buf read_file(const char *path);

// All profiles of testdata/. `path` is valid during the call.
void each_testdata(void (*use)(const char *path, struct str bytes));

// The cases of a table in tests/cases: lines of tab-separated fields, `#` starts a comment. Absent fields are empty.
enum { MAX_FIELDS = 4 };
struct fields {
  struct str at[MAX_FIELDS];
  size_t n;
};
// Returns how many cases `use` refused, which it says with print_error. There are at least `least` cases.
size_t each_case(const char *path, size_t least, bool (*use)(const struct fields *f));

// The part of *s before the first of the separators, which goes with it; all of it when there is none.
struct str cut_off(struct str *s, char separator);

int64_t int_of(struct str s);

// Fails when the strings differ and shows both.
#define assert_str(got, expected) assert_str_at(got, str_of(expected), __FILE__, __LINE__)
void assert_str_at(struct str got, struct str expected, const char *file, int line);
// The message of an error holds this text.
#define assert_message(e, part) assert_message_at(e, part, __FILE__, __LINE__)
void assert_message_at(const struct err *e, const char *part, const char *file, int line);

// Numbers that look random and are the same in every run.
struct random {
  uint64_t state;
};
uint64_t random_u64(struct random *r);
uint32_t random_below(struct random *r, uint32_t n);  // 0 .. n-1; n is not 0
bool random_chance(struct random *r, uint32_t percent);

#endif
