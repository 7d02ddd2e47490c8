// HTTP. A request lives from the first line of it (begin) to its last byte (completed); the library calls `handle` when
// the headers are there, for each part of a body, at the end of it, and again after the connection was resumed.
#include "web/server.h"

#include <stdlib.h>
#include <unistd.h>

enum {
  LONGEST_TARGET = 64 << 10,
  LONGEST_BODY = 256 << 10,
  SECONDS_WITHOUT_A_BYTE = 15,
  MEMORY_A_CONNECTION = 96 << 10,
  STACK_OF_THREAD = 256 << 10
};

static const struct jobs_limits limits = {
    .threads = 4, .most_waiting = 128, .most_answers = 64, .most_bytes = 16 << 20};

struct connection {
  int number;               // of slow.h
  struct request *request;  // the one that is being read or answered
};

struct request {
  struct server *server;
  struct MHD_Connection *connection;
  int number;  // of the connection, of slow.h
  bool begun, too_long, suspended;
  struct buf target, body;
  struct answer *answer;
};

// ---- answers --------------------------------------------------------------------------------------

// What every answer carries: pages load nothing but what comes from here, and stand in no one else's frame.
static const char *const common_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
     "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static void add_headers(const struct mhd *m, struct MHD_Response *r, const struct answer *a) {
  char disposition[128];
  for (size_t i = 0; i < sizeof common_headers / sizeof *common_headers; i++)
    m->add_response_header(r, common_headers[i][0], common_headers[i][1]);
  m->add_response_header(r, "Content-Type", a->type);
  // What a browser has kept it asks for again; assets are not sent again then.
  m->add_response_header(r, "Cache-Control", a->cookie ? "no-store" : "no-cache");
  if (a->tag) m->add_response_header(r, "ETag", a->tag);
  if (a->location) m->add_response_header(r, "Location", a->location);
  if (a->cookie) m->add_response_header(r, "Set-Cookie", a->cookie);
  if (a->allow) m->add_response_header(r, "Allow", a->allow);
  if (!a->file) return;
  snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", a->file);
  m->add_response_header(r, "Content-Disposition", disposition);
}

// The bytes belong to the answer, which the request holds until it is completed.
static enum MHD_Result send_answer(struct request *q, struct answer *a) {
  const struct mhd *m = &q->server->mhd;
  struct str body = answer_body(a);
  struct MHD_Response *r =
      m->response_from_buffer(body.n, body.n ? (void *)(uintptr_t)body.p : NULL, MHD_RESPMEM_PERSISTENT);
  if (!r) return MHD_NO;
  add_headers(m, r, a);
  enum MHD_Result result = m->queue_response(q->connection, a->status, r);
  m->destroy_response(r);
  return result;
}

static enum MHD_Result answer_now(struct request *q, struct answer *a) {
  if (!a) return MHD_NO;
  answer_release(q->answer);
  q->answer = a;
  return send_answer(q, a);
}

// ---- connections ----------------------------------------------------------------------------------

static struct connection *connection_of(const struct server *s, struct MHD_Connection *c) {
  return s->mhd.get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void end_request(struct connection *k) {
  struct request *q = k ? k->request : NULL;
  if (!q) return;
  k->request = NULL;
  answer_release(q->answer);
  buf_release(&q->target);
  buf_release(&q->body);
  free(q);
}

static void allow(struct server *s, const struct connection *k, int seconds) {
  if (k) slow_allow(&s->slow, k->number, seconds);
}

static void connection_changed(void *server, struct MHD_Connection *c, void **context,
                               enum MHD_ConnectionNotificationCode code) {
  struct server *s = server;
  struct connection *k = *context;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    int fd = s->mhd.get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    *context = k = calloc(1, sizeof *k);
    if (k) k->number = slow_open(&s->slow, fd);
    return;
  }
  if (!k) return;
  // A request that the library itself has refused is not completed.
  end_request(k);
  slow_close(&s->slow, k->number);
  free(k);
  *context = NULL;
}

// ---- requests -------------------------------------------------------------------------------------

static const char *header(const struct request *q, const char *name) {
  const char *value = q->server->mhd.lookup_connection_value(q->connection, MHD_HEADER_KIND, name);
  return value ? value : "";
}

static void made(void *arg, struct answer *a) {
  struct request *q = arg;
  slow_wait(&q->server->slow, q->number, NULL);
  q->answer = a ? a : answer_text(500, "There is not enough memory for this page.");
  q->server->mhd.resume_connection(q->connection);
}

// Suspended before it is asked for, since it may be made before jobs_ask returns.
static enum MHD_Result ask_jobs(struct request *q, struct work *w, struct str key) {
  struct answer *kept = jobs_find(q->server->jobs, key);
  if (kept) {
    w->release(w);
    return answer_now(q, kept);
  }
  q->suspended = true;
  q->server->mhd.suspend_connection(q->connection);
  slow_wait(&q->server->slow, q->number, q);
  if (jobs_ask(q->server->jobs, key, w, made, q))
    made(q, answer_text(503, "Too many pages are being made. Try again in a moment."));
  return MHD_YES;
}

static enum MHD_Result ask_site(struct request *q, const char *method) {
  struct site_request r = {.method = method,
                           .target = buf_view(&q->target),
                           .body = buf_view(&q->body),
                           .from = {.host = header(q, "Host"),
                                    .cookie = header(q, "Cookie"),
                                    .origin = header(q, "Origin"),
                                    .fetch_site = header(q, "Sec-Fetch-Site"),
                                    .fetch_mode = header(q, "Sec-Fetch-Mode")},
                           .if_none_match = header(q, "If-None-Match")};
  struct answer *a;
  struct work *w;
  struct buf key = {0};
  site_ask(q->server->site, &r, &a, &w, &key);
  enum MHD_Result result = w ? ask_jobs(q, w, buf_view(&key)) : answer_now(q, a);
  buf_release(&key);
  return result;
}

static bool is_method(const char *method) {
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

// The first call: what is wrong with the headers alone is answered before a body is read.
static enum MHD_Result begin(struct request *q, struct MHD_Connection *c, const char *method) {
  struct answer *a = NULL;
  q->begun = true;
  q->connection = c;
  if (q->target.failed) return MHD_NO;
  if (q->too_long) a = answer_text(414, "The URL has more than %d KiB.", LONGEST_TARGET >> 10);
  else if (!is_method(method)) {
    a = answer_text(405, "GET, HEAD and POST are what is understood here.");
    if (a) a->allow = "GET, HEAD, POST";
  } else return MHD_YES;
  return answer_now(q, a);
}

static enum MHD_Result handle(void *server, struct MHD_Connection *c, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
  struct request *q = *state;
  (void)server, (void)url, (void)version;
  if (!q) return MHD_NO;
  if (!q->begun) return begin(q, c, method);
  if (*upload_size) {
    // What is too long is read to its end and forgotten, so that the client gets to see the answer.
    if (q->body.n + *upload_size <= LONGEST_BODY) buf_add(&q->body, upload, *upload_size);
    else q->body.failed = true;
    *upload_size = 0;
    return MHD_YES;
  }
  if (q->suspended) return q->answer ? send_answer(q, q->answer) : MHD_NO;
  allow(q->server, connection_of(q->server, c), SLOW_SECONDS_TO_TAKE);
  if (q->body.failed) return answer_now(q, answer_text(413, "The form has more than %d KiB.", LONGEST_BODY >> 10));
  return ask_site(q, strcmp(method, "POST") == 0 ? "POST" : "GET");
}

// The request line as it came: the library's own parsing loses the query's text.
static void *note_target(void *server, const char *uri, struct MHD_Connection *c) {
  struct connection *k = connection_of(server, c);
  struct request *q = k ? calloc(1, sizeof *q) : NULL;
  if (!q) return NULL;
  end_request(k);
  k->request = q;
  q->server = server;
  q->number = k->number;
  q->too_long = strlen(uri) > LONGEST_TARGET;
  if (!q->too_long) buf_adds(&q->target, uri);
  return q;
}

static void completed(void *server, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code) {
  struct connection *k = connection_of(server, c);
  (void)code;
  allow(server, k, SLOW_SECONDS_TO_ASK);
  end_request(k);
  *state = NULL;
}

// What clients do wrong is no news for the user.
static void log_nothing(void *arg, const char *format, va_list args) { (void)arg, (void)format, (void)args; }

static int start_daemon(struct server *s, int socket, struct err *e) {
  unsigned flags = MHD_USE_EPOLL | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
  s->daemon = s->mhd.start_daemon(
      flags, 0, NULL, NULL, handle, s, MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, socket,
      MHD_OPTION_URI_LOG_CALLBACK, note_target, s, MHD_OPTION_NOTIFY_COMPLETED, completed, s,
      MHD_OPTION_NOTIFY_CONNECTION, connection_changed, s, MHD_OPTION_CONNECTION_TIMEOUT,
      (unsigned)SECONDS_WITHOUT_A_BYTE, MHD_OPTION_CONNECTION_LIMIT, (unsigned)SLOW_CONNECTIONS,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_A_CONNECTION, MHD_OPTION_THREAD_STACK_SIZE,
      (size_t)STACK_OF_THREAD, MHD_OPTION_END);
  return s->daemon ? 0 : err_set(e, "the server cannot be started");
}

static void forget(void *arg, struct answer *a) {
  (void)arg;
  answer_release(a);
}

// While a browser is being opened there is time to make the page it will ask for.
static void make_first_page(struct server *s) {
  struct buf key = {0};
  struct work *w = site_first_page(s->site, &key);
  if (w && key.failed) w->release(w);
  else if (w) jobs_ask(s->jobs, buf_view(&key), w, forget, NULL);
  buf_release(&key);
}

int server_start(struct server *s, struct site *site, int socket, struct err *e) {
  *s = (struct server){.site = site};
  s->slow.timer = -1;
  int result = mhd_load(&s->mhd, e) || slow_init(&s->slow, e) ? -1 : 0;
  if (!result) {
    s->jobs = jobs_new(&limits, e);
    result = s->jobs ? start_daemon(s, socket, e) : -1;
  }
  if (!result) {
    make_first_page(s);
    return 0;
  }
  close(socket);
  if (s->jobs && jobs_end(s->jobs)) jobs_free(s->jobs);
  return -1;
}

static bool leave(void *server, void *request) { return jobs_leave(((struct server *)server)->jobs, request); }

void server_sweep(struct server *s) {
  void *left[SLOW_CONNECTIONS];
  size_t n = slow_sweep(&s->slow, leave, s, left);
  for (size_t i = 0; i < n; i++) made(left[i], answer_text(503, "The client has gone."));
}

bool server_stop(struct server *s) {
  // The library wants no suspended connections when it ends: the jobs resume them.
  int socket = s->mhd.quiesce_daemon(s->daemon);
  bool ended = jobs_end(s->jobs);
  if (socket >= 0) close(socket);
  if (!ended) return false;
  s->mhd.stop_daemon(s->daemon);
  jobs_free(s->jobs);
  slow_release(&s->slow);
  return true;
}
