// Where reports go: files appear whole, keep what they were, and take no name that is there.
#include "driver/output.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

// Every test is in a folder of its own, which is empty.
struct fixture {
  char folder[64];
  int before;
  mode_t mask;
};

static int set_up(void **state) {
  static struct fixture f;
  snprintf(f.folder, sizeof f.folder, "/tmp/cprof-output-XXXXXX");
  f.before = open(".", O_RDONLY | O_DIRECTORY);
  f.mask = umask(022);
  *state = &f;
  return mkdtemp(f.folder) && f.before >= 0 ? chdir(f.folder) : -1;
}

static size_t count_entries(bool remove) {
  size_t n = 0;
  DIR *d = opendir(".");
  assert_non_null(d);
  for (struct dirent *entry; (entry = readdir(d));) {
    if (entry->d_name[0] == '.') continue;
    n++;
    if (remove) unlink(entry->d_name);
  }
  closedir(d);
  return n;
}

static int tear_down(void **state) {
  struct fixture *f = *state;
  count_entries(true);
  umask(f->mask);
  int result = fchdir(f->before);
  close(f->before);
  return result ? result : rmdir(f->folder);
}

static void holds(const char *path, const char *text, mode_t mode) {
  struct stat st;
  struct buf bytes = {0};
  int fd = open(path, O_RDONLY);
  assert_true(fd >= 0);
  assert_int_equal(fstat(fd, &st), 0);
  assert_int_equal(fd_read(fd, 1000, &bytes), 0);
  assert_str(buf_view(&bytes), text);
  assert_int_equal(st.st_mode & 07777, mode);
  close(fd);
  buf_release(&bytes);
}

static void write_file(const char *path, const char *text) {
  struct err e = {""};
  if (output_file(path, str_of(text), &e)) fail_msg("%s", e.text);
}

static bool is_link(const char *path) {
  struct stat st;
  return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static void test_output__a_file_is_replaced_and_keeps_its_mode(void **state) {
  (void)state;
  write_file("a", "1");
  holds("a", "1", 0644);
  assert_int_equal(chmod("a", 0640), 0);
  write_file("a", "22");
  holds("a", "22", 0640);
  assert_int_equal(output_private("a", STR_LIT("333"), NULL), 0);
  holds("a", "333", 0600);
  assert_int_equal(count_entries(false), 1);
}

static void test_output__links_stay_links(void **state) {
  (void)state;
  write_file("a", "1");
  assert_true(symlink("a", "to") == 0 && symlink("none", "dangling") == 0);
  write_file("to", "2");
  write_file("dangling", "3");
  holds("a", "2", 0644);
  holds("none", "3", 0644);
  assert_true(is_link("to") && is_link("dangling"));
  assert_int_equal(count_entries(false), 4);
}

static void test_output__what_fails_leaves_nothing(void **state) {
  (void)state;
  struct err e = {""};
  struct rlimit limit, none = {0, 0};
  int next = dup(0);
  close(next);
  assert_int_equal(output_file("nowhere/a", STR_LIT("1"), &e), -1);
  assert_message(&e, "nowhere/a: ");
  // Writing more than no bytes fails.
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
  none.rlim_max = limit.rlim_max;
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &none);
  for (int i = 0; i < 5; i++) {
    struct buf name = {0};
    assert_int_equal(output_file("a", STR_LIT("1"), NULL), -1);
    assert_int_equal(output_new(&(struct output_new){"b", "c", .all_numbered = true}, STR_LIT("1"), &name, NULL), -1);
    buf_release(&name);
  }
  setrlimit(RLIMIT_FSIZE, &limit);
  assert_int_equal(count_entries(false), 0);
  int after = dup(0);
  close(after);
  assert_int_equal(after, next);  // no descriptor is left
}

static void new_file(const struct output_new *o, const char *text, const char *expected, mode_t mode) {
  struct buf name = {0};
  struct err e = {""};
  if (output_new(o, str_of(text), &name, &e)) fail_msg("%s", e.text);
  assert_str(buf_view(&name), expected);
  holds(expected, text, mode);
  buf_release(&name);
}

static void test_output__new_files_take_the_next_name(void **state) {
  (void)state;
  const struct output_new numbered = {"profile", "svg", .all_numbered = true};
  const struct output_new second = {"p.cpu", "pb.gz", .is_private = true};
  new_file(&numbered, "1", "profile001.svg", 0644);
  new_file(&numbered, "2", "profile002.svg", 0644);
  umask(077);
  new_file(&numbered, "3", "profile003.svg", 0600);
  umask(0);
  new_file(&second, "4", "p.cpu.pb.gz", 0600);
  new_file(&second, "5", "p.cpu.2.pb.gz", 0600);
  assert_int_equal(unlink("profile002.svg"), 0);
  new_file(&numbered, "6", "profile002.svg", 0666);
  holds("profile001.svg", "1", 0644);
  assert_int_equal(count_entries(false), 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_output__a_file_is_replaced_and_keeps_its_mode, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_output__links_stay_links, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_output__what_fails_leaves_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_output__new_files_take_the_next_name, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
