// Servers that the caller lists: which is asked, for which addresses.
#include "symbolize/symbolize.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"

// Answers one request and keeps it.
struct server {
  int listening;
  char url[64], request[4096];
  const char *answer;
  pthread_t thread;
};

static void *serve(void *arg) {
  struct server *s = arg;
  size_t n = 0;
  int fd = accept(s->listening, NULL, NULL);
  if (fd < 0) return NULL;
  while (n + 1 < sizeof s->request) {
    ssize_t got = read(fd, s->request + n, sizeof s->request - 1 - n);
    if (got <= 0) break;
    n += (size_t)got;
    const char *body = strstr(s->request, "\r\n\r\n");
    if (body && body[4]) break;  // the bodies here are short and come as one
  }
  dprintf(fd, "HTTP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(s->answer), s->answer);
  close(fd);
  return NULL;
}

static void server_start(struct server *s, const char *answer) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof at;
  *s = (struct server){.listening = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
  assert_int_equal(bind(s->listening, (struct sockaddr *)&at, length), 0);
  assert_int_equal(listen(s->listening, 1), 0);
  assert_int_equal(getsockname(s->listening, (struct sockaddr *)&at, &length), 0);
  snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d/debug/pprof/heap", ntohs(at.sin_port));
  assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_stop(struct server *s) {
  shutdown(s->listening, SHUT_RDWR);
  pthread_join(s->thread, NULL);
  close(s->listening);
}

// A mapping at 0x1000 with a build id, three addresses in it.
static struct profile *make_profile(void) {
  struct profile *p = profile_new(NULL);
  struct mapping m = {.id = 1, .start = 0x1000, .limit = 0x9000};
  assert_non_null(p);
  m.file = profile_add_string(p, STR_LIT("/gone/program"));
  m.build_id = profile_add_string(p, STR_LIT("abcd"));
  profile_add_mapping(p, &m);
  for (uint64_t i = 1; i <= 3; i++) profile_add_location(p, &(struct location){.id = i, .address = 0x1000 + i}, NULL);
  return p;
}

static struct str name_of(const struct profile *p, uint32_t location) {
  const struct location *l = &p->places.location[location];
  return l->n_lines ? profile_str(p, p->places.function[p->places.line[l->first_line].function].name) : STR_LIT("none");
}

static void ask(struct profile *p, const struct symbol_server *server, size_t n, struct buf *notes) {
  struct search_paths where = {.debug_root = "/nowhere", .server = server, .n_servers = n, .seconds = 10};
  struct symbolize_mode mode = {.remote = true};
  struct err e = {""};
  assert_int_equal(symbolize(p, &mode, &where, NULL, notes, &e), 0);
}

static void test_remote__by_build_id_where_the_server_has_it(void **state) {
  struct server s;
  struct buf notes = {0};
  struct profile *p = make_profile();
  (void)state;
  server_start(&s, "0x401001 same\n0x401002 same\n0x401002 other\n0x401003 same\n");
  const struct symbol_server servers[] = {{STR_LIT("another"), STR_LIT("http://127.0.0.1:1/x"), 0},
                                          {STR_LIT("abcd"), str_of(s.url), 0x401000}};
  ask(p, servers, 2, &notes);
  server_stop(&s);
  assert_int_equal(notes.n, 0);
  assert_non_null(strstr(s.request, "POST /debug/pprof/symbol HTTP"));
  assert_non_null(strstr(s.request, "\r\n\r\n0x401001+0x401002+0x401003"));
  assert_true(str_eq(name_of(p, 0), STR_LIT("same")));
  assert_true(str_eq(name_of(p, 1), STR_LIT("other")));
  assert_true(str_eq(name_of(p, 2), STR_LIT("same")));
  assert_int_equal(p->places.n_functions, 2);
  assert_true(p->places.mapping[0].has_functions);
  profile_free(p);
  buf_release(&notes);
}

// Moved back to the profile, the address would be below 0.
static void test_remote__an_address_beyond(void **state) {
  struct server s;
  struct buf notes = {0};
  struct profile *p = make_profile();
  (void)state;
  server_start(&s, "0x401001 name\n0x1 beyond\n");
  const struct symbol_server server = {STR_LIT("/gone/program"), str_of(s.url), 0x401000};
  ask(p, &server, 1, &notes);
  server_stop(&s);
  assert_true(str_find(buf_view(&notes), STR_LIT("not asked for")) != SIZE_MAX);
  assert_int_equal(p->places.n_functions, 0);
  assert_false(p->places.mapping[0].has_functions);
  profile_free(p);
  buf_release(&notes);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_remote__by_build_id_where_the_server_has_it),
                                     cmocka_unit_test(test_remote__an_address_beyond)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
