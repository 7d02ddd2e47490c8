// Which names of sources are URLs, and what is asked for by them.
#include "driver/source_url.h"

#include "http/internal.h"
#include "support/test.h"

// Of no name: NULL.
static void check(const char *name, int64_t seconds, const char *url) {
  struct source_url u;
  bool found = source_url_init(&u, str_of(name), seconds, -1);
  if (found != (url != NULL)) fail_msg("%s is %s URL", name, found ? "a" : "no");
  if (url) assert_string_equal(u.url.data, url);
  source_url_release(&u);
}

static void test_source_url__names_of_servers(void **state) {
  (void)state;
  check("http://host/debug/pprof/heap", 0, "http://host/debug/pprof/heap");
  check("https://host:8443/x?a=b", 0, "https://host:8443/x?a=b");
  check("host:6060/debug/pprof/heap", 0, "http://host:6060/debug/pprof/heap");
  check("10.0.0.1:6060/x", 0, "http://10.0.0.1:6060/x");
  check("[::1]:6060/x", 0, "http://[::1]:6060/x");
  check("my_host:6060/x", 0, "http://my_host:6060/x");
  check("gopher:secret@host:6060/x", 0, "http://gopher:secret@host:6060/x");
  check(":6060/x", 0, "http://localhost:6060/x");
  check("http://:6060", 0, "http://localhost:6060/debug/pprof/profile");
  check("HTTP://host/x", 0, "HTTP://host/x");
  check("https+insecure://host/x", 0, "https+insecure://host/x");
  check("http+unix://%2Frun%2Fs.sock/x", 0, "http+unix://%2Frun%2Fs.sock/x");
  check("ftp://host/x", 0, "ftp://host/x");  // asking for it tells what is wrong
  check("http://", 0, "http://");
}

static void test_source_url__names_of_files(void **state) {
  static const char *const files[] = {"cpu.prof",      "",           "host/debug/pprof/heap",
                                      "dir/a:80",      "./host:80",  "/tmp/a:80",
                                      "file:///x",     "file:x",     "cpu:prof",
                                      "10:30:59.prof", "a b:80",     "x:80:90",
                                      "a?b:80",        "-",          "C:\\profiles\\cpu",
                                      "host:123456",   "host:80\n/x"};
  (void)state;
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) check(files[i], 0, NULL);
}

static void test_source_url__what_is_asked(void **state) {
  (void)state;
  check("host:6060", 0, "http://host:6060/debug/pprof/profile");
  check("http://host:6060/", 0, "http://host:6060/debug/pprof/profile");
  check("host:6060?debug=1", 5, "http://host:6060/debug/pprof/profile?debug=1&seconds=5");
  check("http://host/x?seconds=3&a=b&seconds=4&seconds", 5, "http://host/x?a=b&seconds=5");
  check("http://host/x?seconds=3", 0, "http://host/x?seconds=3");
  check("http://host/x?xseconds=3#part", 1, "http://host/x?xseconds=3&seconds=1");
  check("http://host/a b/\xc3\xa4?c=d e", 0, "http://host/a%20b/%C3%A4?c=d%20e");
}

static void check_wait(const char *name, int64_t seconds, int64_t timeout, int64_t expected) {
  struct source_url u;
  assert_true(source_url_init(&u, str_of(name), seconds, timeout));
  assert_int_equal(u.milliseconds, expected);
  source_url_release(&u);
}

static void test_source_url__how_long_is_waited(void **state) {
  (void)state;
  check_wait("host:1", -1, -1, 65000);
  check_wait("host:1", 30, -1, 50000);
  check_wait("host:1?seconds=5", -1, -1, 12500);
  check_wait("host:1?seconds=5", 10, -1, 20000);
  check_wait("host:1?seconds=5", 10, 2, 7000);
  check_wait("host:1?seconds=-5", -1, -1, 65000);
  check_wait("host:1?seconds=2147483648", -1, -1, 65000);
  check_wait("host:1", INT64_MAX, INT64_MAX, 1000000005000);
}

static void test_source_url__passwords_are_not_shown(void **state) {
  struct source_url u;
  (void)state;
  assert_true(source_url_init(&u, STR_LIT("http://gopher:se@cret@host:1/x?a=b"), 0, 0));
  assert_string_equal(u.url.data, "http://gopher:se@cret@host:1/x?a=b");
  assert_string_equal(u.shown.data, "http://host:1/x?a=b");
  source_url_release(&u);
  assert_true(source_url_init(&u, STR_LIT("http://gopher:secret@host:port/x"), 0, 0));
  assert_null(strstr(u.shown.data, "secret"));
  source_url_release(&u);
}

// ---- parts --------------------------------------------------------------------------------------

static bool same_server(const char *a, const char *b) {
  struct url x, y;
  assert_true(url_split(str_of(a), &x) && url_split(str_of(b), &y));
  return url_same_server(&x, &y);
}

static void test_url__the_same_server(void **state) {
  (void)state;
  assert_true(same_server("http://host/a", "http://HOST:80/b?c"));
  assert_true(same_server("https://host", "https://host:443"));
  assert_true(same_server("http://host:/", "http://user@host/"));
  assert_false(same_server("http://host", "https://host"));
  assert_false(same_server("http://host", "https://host:80"));
  assert_false(same_server("http://host", "http://host.example"));
  assert_false(same_server("http://host:80", "http://host:8080"));
  assert_false(same_server("http://[::1]", "http://[::2]"));
}

static bool loopback(const char *text) {
  struct url u;
  assert_true(url_split(str_of(text), &u));
  return url_is_loopback(&u);
}

static void test_url__this_machine(void **state) {
  (void)state;
  assert_true(loopback("http://localhost:1/"));
  assert_true(loopback("http://127.0.0.1"));
  assert_true(loopback("http://[::1]:80/"));
  assert_false(loopback("http://127.example.com/"));
  assert_false(loopback("http://127.0.0.1.de/"));
  assert_false(loopback("http://localhost.example.com/"));
}

// ---- what servers say ---------------------------------------------------------------------------

static void expect_words(const char *type, const char *body, const char *expected) {
  char status[] = "HTTP/1.1 404 Not\033 Found\r\n", header[128], text[256];
  struct http_answer answer = {.body = {0}};
  struct receiver r = {.answer = &answer, .left = 0};
  struct err e = {""};
  receive_header(status, 1, strlen(status), &r);
  snprintf(header, sizeof header, "Content-Type: %s\r\n", type);
  receive_header(header, 1, strlen(header), &r);
  snprintf(text, sizeof text, "%s", body);
  assert_int_equal(receive_body(text, 1, strlen(text), &r), strlen(text));
  assert_int_equal(receiver_result(&r, &e), -1);
  assert_string_equal(e.text, expected);
  buf_release(&r.words);
  http_answer_release(&answer);
}

static void test_http__words_of_a_failure(void **state) {
  (void)state;
  expect_words("text/html", "<p>x", "the server answers with status 404 Not Found");
  expect_words("text/plain; charset=utf-8", " a\r\n\r\nb \033[2Jc\n",
               "the server answers with status 404 Not Found: a b [2Jc");
  expect_words("Text/Plain",
               "\xff\xc2\x9b"
               "2J \xc3\xa4\xe2",
               "the server answers with status 404 Not Found: 2J \xc3\xa4");
}

static void test_http__headers(void **state) {
  static const char *const good[] = {"Name: value", "X-A:b", "A:", "Authorization: Basic \xc3\xa4\t1"};
  static const char *const bad[] = {"", ":", "Name", "Na me: x", "A: b\r\nC: d", "A: \x7f"};
  struct err e = {""};
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(http_header_check(good[i], &e), 0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_int_equal(http_header_check(bad[i], &e), -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_source_url__names_of_servers),
                                     cmocka_unit_test(test_source_url__names_of_files),
                                     cmocka_unit_test(test_source_url__what_is_asked),
                                     cmocka_unit_test(test_source_url__how_long_is_waited),
                                     cmocka_unit_test(test_source_url__passwords_are_not_shown),
                                     cmocka_unit_test(test_url__the_same_server),
                                     cmocka_unit_test(test_url__this_machine),
                                     cmocka_unit_test(test_http__words_of_a_failure),
                                     cmocka_unit_test(test_http__headers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
