// Where source files are found.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source.h"
#include "support/test.h"

struct folder {
  char path[64];
  struct buf notes;
  struct source_finder *finder;
};

static void write_file(const struct folder *f, const char *name, const char *text) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", f->path, name);
  for (char *at = path + strlen(f->path) + 1; (at = strchr(at, '/')); *at++ = '/') {
    *at = '\0';
    mkdir(path, 0777);
  }
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void open_folder(struct folder *f, const char *search_path) {
  struct err e = {""};
  char list[512];
  snprintf(list, sizeof list, "%s%s", f->path, search_path);
  f->finder = source_finder_new(str_of(list), (struct str){NULL, 0}, &f->notes, &e);
  assert_non_null(f->finder);
}

static int make_folder(void **state) {
  struct folder *f = calloc(1, sizeof *f);
  strcpy(f->path, "/tmp/cprof-source-XXXXXX");
  if (!mkdtemp(f->path)) return -1;
  unsetenv("GOROOT");
  unsetenv("GOPATH");
  setenv("GOMODCACHE", f->path, 1);
  *state = f;
  return 0;
}

static int remove_folder(void **state) {
  struct folder *f = *state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf '%s'", f->path);
  int status = system(command);
  source_finder_free(f->finder);
  buf_release(&f->notes);
  free(f);
  return status;
}

static void assert_first_line(struct folder *f, const char *name, const char *line) {
  struct err e = {""};
  const struct source_text *t = source_find(f->finder, str_of(name), &e);
  assert_non_null(t);
  assert_int_equal(t->why.n, 0);
  assert_true(t->n >= 1);
  assert_true(str_eq(t->line[0], str_of(line)));
}

static void assert_missing(struct folder *f, const char *name) {
  struct err e = {""};
  const struct source_text *t = source_find(f->finder, str_of(name), &e);
  assert_non_null(t);
  assert_int_equal(t->n, 0);
  assert_true(t->why.n > 0);
}

static void test_source__folders_above(void **state) {
  struct folder *f = *state;
  write_file(f, "a/x.c", "here\n");
  open_folder(f, "/a/b/c");
  assert_first_line(f, "x.c", "here");
  assert_first_line(f, "a/x.c", "here");
  assert_int_equal(f->notes.n, 0);
}

static void test_source__end_of_the_path(void **state) {
  struct folder *f = *state;
  write_file(f, "pkg/x.c", "here\n");
  write_file(f, "alone.c", "not this\n");
  open_folder(f, "");
  assert_first_line(f, "/build/of/somebody/pkg/x.c", "here");
  assert_true(str_find(buf_view(&f->notes), STR_LIT("shown is")) != SIZE_MAX);
  assert_missing(f, "/build/of/somebody/alone.c");
}

static void test_source__module_cache_by_version(void **state) {
  struct folder *f = *state;
  write_file(f, "example.org/!big/tool@v1.2.3/in/x.go", "this version\n");
  open_folder(f, "/nothing");
  setenv("GOMODCACHE", "/nowhere", 1);
  assert_first_line(f, "example.org/Big/tool@v1.2.3/in/x.go", "this version");
  assert_first_line(f, "/home/a/go/pkg/mod/example.org/!big/tool@v1.2.3/in/x.go", "this version");
  assert_missing(f, "example.org/Big/tool@v1.2.4/in/x.go");
}

static void test_source__goroot(void **state) {
  struct folder *f = *state;
  write_file(f, "src/runtime/x.go", "go\n");
  setenv("GOROOT", f->path, 1);
  open_folder(f, "/nothing");
  assert_first_line(f, "/usr/local/go/src/runtime/x.go", "go");
}

static void test_source__lines(void **state) {
  struct folder *f = *state;
  struct err e = {""};
  write_file(f, "x.c", "one\r\n\nthree");
  write_file(f, "empty.c", "");
  open_folder(f, "");
  const struct source_text *t = source_find(f->finder, STR_LIT("x.c"), &e);
  assert_int_equal(t->n, 3);
  assert_true(str_eq(t->line[0], STR_LIT("one")) && t->line[1].n == 0 && str_eq(t->line[2], STR_LIT("three")));
  assert_ptr_equal(source_find(f->finder, STR_LIT("x.c"), &e), t);
  assert_int_equal(source_find(f->finder, STR_LIT("empty.c"), &e)->n, 0);
  // A folder is opened as the reference opens it, and has no lines.
  t = source_find(f->finder, STR_LIT("."), &e);
  assert_true(t->n == 0 && t->why.n == 0);
}

static void test_source__reasons(void **state) {
  struct folder *f = *state;
  struct err e = {""};
  char why[256];
  open_folder(f, "");
  const struct source_text *t = source_find(f->finder, STR_LIT("/not/there.c"), &e);
  assert_true(str_eq(t->why, STR_LIT("open /not/there.c: no such file or directory")));
  t = source_find(f->finder, STR_LIT("there.c"), &e);
  snprintf(why, sizeof why, "could not find file there.c on path %s", f->path);
  assert_true(str_eq(t->why, str_of(why)));
  t = source_find(f->finder, (struct str){"/a\0b", 4}, &e);
  assert_true(str_ends(t->why, STR_LIT("invalid argument")));
  assert_true(str_find(buf_view(&f->notes), STR_LIT("tried /not/there.c")) != SIZE_MAX);
}

static void test_source__lists_and_prefixes(void **state) {
  (void)state;
  struct str list = path_list(STR_LIT("a::b:")), element;
  static const char *const elements[] = {"a", "", "b", ""};
  for (size_t i = 0; i < 4; i++) {
    assert_true(path_list_next(&list, &element));
    assert_true(str_eq(element, str_of(elements[i])));
  }
  assert_false(path_list_next(&list, &element));
  list = path_list(STR_LIT(""));
  assert_false(path_list_next(&list, &element));
  struct str none = {NULL, 0};
  assert_true(str_eq(path_trim(STR_LIT("/x/src/a/b.c"), none, STR_LIT("y:/z/src/")), STR_LIT("a/b.c")));
  assert_true(str_eq(path_trim(STR_LIT("/x/src/a.c"), STR_LIT("/y:/x"), STR_LIT("src")), STR_LIT("src/a.c")));
  assert_true(str_eq(path_trim(STR_LIT("/proc/self/cwd/./a.c"), none, none), STR_LIT("a.c")));
}

int main(void) {
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      IN_FOLDER(test_source__folders_above),
      IN_FOLDER(test_source__end_of_the_path),
      IN_FOLDER(test_source__module_cache_by_version),
      IN_FOLDER(test_source__goroot),
      IN_FOLDER(test_source__lines),
      IN_FOLDER(test_source__reasons),
      cmocka_unit_test(test_source__lists_and_prefixes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
