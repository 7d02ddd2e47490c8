// What libcurl is told for one request to one server.
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "http/internal.h"

struct handle {
  const struct library *library;
  CURL *curl;
  bool refused;  // an option was not taken
};

// Options are taken or the library is too old: one look at the end.
#define SET(handle, option, value) \
  ((handle)->refused |= (handle)->library->set((handle)->curl, (option), (value)) != CURLE_OK)

// ---- options ------------------------------------------------------------------------------------

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  const struct http *h = arg;
  (void)a, (void)b, (void)c, (void)d;
  return atomic_load(&h->stop) || (h->settings.stop && atomic_load(h->settings.stop));
}

static void set_target(struct handle *h, const struct transfer *t) {
  static const char *const schemes = "http,https";
  SET(h, CURLOPT_URL, t->url);
  SET(h, CURLOPT_PROTOCOLS_STR, schemes);
  SET(h, CURLOPT_FOLLOWLOCATION, 0L);
  SET(h, CURLOPT_NOSIGNAL, 1L);  // signals are the program's own
  SET(h, CURLOPT_TCP_KEEPALIVE, 1L);
  h->library->set(h->curl, CURLOPT_QUICK_EXIT, 1L);  // a name server that hangs is not waited for; from 7.87 on
  SET(h, CURLOPT_TIMEOUT_MS, (long)(t->milliseconds < INT_MAX ? t->milliseconds : INT_MAX));
  SET(h, CURLOPT_USERAGENT, "cprof/" CPROF_VERSION);
  if (t->socket) SET(h, CURLOPT_UNIX_SOCKET_PATH, t->socket);
  if (!t->body.p) return;
  SET(h, CURLOPT_POST, 1L);
  SET(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.n);
  SET(h, CURLOPT_POSTFIELDS, t->body.p);
}

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

// libcurl asks a proxy for this machine, too, and does not know HTTP_PROXY, which a web server sets for the scripts it
// starts from what a client sent (REQUEST_METHOD tells of those).
static void set_proxy(struct handle *h, const struct transfer *t) {
  struct url u;
  bool known = url_split(str_of(t->url), &u);
  const char *proxy = environment("REQUEST_METHOD") ? NULL : environment("HTTP_PROXY");
  if (t->socket || (known && url_is_loopback(&u))) SET(h, CURLOPT_PROXY, "");
  else if (known && url_kind_of(&u) == URL_HTTP && !environment("http_proxy") && proxy) SET(h, CURLOPT_PROXY, proxy);
}

static void set_trust(struct handle *h, const struct transfer *t) {
  const struct http_settings *s = &t->http->settings;
  const char *file = s->ca ? s->ca : environment("SSL_CERT_FILE"), *folder = environment("SSL_CERT_DIR");
  if (t->insecure) {
    SET(h, CURLOPT_SSL_VERIFYPEER, 0L);
    SET(h, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (file) SET(h, CURLOPT_CAINFO, file);
  if (s->ca) SET(h, CURLOPT_CAPATH, NULL);
  else if (folder) SET(h, CURLOPT_CAPATH, folder);
}

// What only a server gets that the user chose.
static void set_credentials(struct handle *h, const struct transfer *t) {
  const struct http_settings *s = &t->http->settings;
  SET(h, CURLOPT_NETRC, (long)(t->stranger ? CURL_NETRC_IGNORED : CURL_NETRC_OPTIONAL));
  if (t->stranger || !s->cert || !s->key) return;
  SET(h, CURLOPT_SSLCERT, s->cert);
  SET(h, CURLOPT_SSLKEY, s->key);
  SET(h, CURLOPT_KEYPASSWD, "");  // or the terminal is asked for the key's
}

// ---- headers ------------------------------------------------------------------------------------

static int add_header(const struct library *l, struct curl_slist **list, const char *header, struct err *e) {
  struct curl_slist *longer = l->append(*list, header);
  if (longer) *list = longer;
  return longer ? 0 : err_nomem(e);
}

// To libcurl "Name:" means that it is not sent, and "Name;" one without a value.
static int add_own_header(const struct library *l, struct curl_slist **list, const char *header, struct err *e) {
  struct buf empty = {0};
  const char *colon = strchr(header, ':');
  if (colon && colon[1 + strspn(colon + 1, " \t")] == '\0') {
    buf_add(&empty, header, (size_t)(colon - header));
    buf_addc(&empty, ';');
  }
  int result = empty.failed ? err_nomem(e) : add_header(l, list, empty.n ? empty.data : header, e);
  buf_release(&empty);
  return result;
}

static int make_headers(const struct transfer *t, struct curl_slist **list, struct err *e) {
  const struct library *l = &t->http->library;
  const struct http_settings *s = &t->http->settings;
  // A body is sent at once, without asking whether it is welcome.
  if (t->body.p &&
      (add_header(l, list, "Content-Type: application/octet-stream", e) || add_header(l, list, "Expect:", e)))
    return -1;
  for (size_t i = 0; i < s->n_headers && !t->stranger; i++)
    if (add_own_header(l, list, s->headers[i], e)) return -1;
  return 0;
}

// ---- all of it ----------------------------------------------------------------------------------

static int explain(const struct transfer *t, const struct handle *h, CURLcode code, const char *reason, struct err *e) {
  if (code == CURLE_ABORTED_BY_CALLBACK) return err_set(e, "stopped");
  if (code == CURLE_OUT_OF_MEMORY) return err_nomem(e);
  if (code == CURLE_OPERATION_TIMEDOUT)
    return err_set(e, "timed out after %" PRId64 " s (-timeout)", (t->most_milliseconds + 999) / 1000);
  return err_set(e, "%s", reason[0] ? reason : h->library->explain(code));
}

static int perform(const struct transfer *t, struct handle *h, struct receiver *r, struct buf *next, struct err *e) {
  char reason[CURL_ERROR_SIZE] = "", *sent_to = NULL;
  SET(h, CURLOPT_HEADERFUNCTION, receive_header);
  SET(h, CURLOPT_HEADERDATA, r);
  SET(h, CURLOPT_WRITEFUNCTION, receive_body);
  SET(h, CURLOPT_WRITEDATA, r);
  SET(h, CURLOPT_ERRORBUFFER, reason);
  if (h->refused) return err_set(e, "this libcurl is too old");
  CURLcode code = h->library->perform(h->curl);
  if (r->answer->body.failed || r->words.failed) return err_nomem(e);
  if (code != CURLE_OK && !r->too_long) return explain(t, h, code, reason, e);
  h->library->info(h->curl, CURLINFO_REDIRECT_URL, &sent_to);
  if (sent_to) buf_adds(next, sent_to);
  return next->failed ? err_nomem(e) : 0;
}

int transfer_run(const struct transfer *t, struct receiver *r, struct buf *next, struct err *e) {
  const struct library *l = &t->http->library;
  struct handle h = {.library = l, .curl = l->init()};
  struct curl_slist *headers = NULL;
  int result = h.curl ? make_headers(t, &headers, e) : err_nomem(e);
  if (!result) {
    set_target(&h, t);
    set_proxy(&h, t);
    set_trust(&h, t);
    set_credentials(&h, t);
    SET(&h, CURLOPT_HTTPHEADER, headers);
    SET(&h, CURLOPT_NOPROGRESS, 0L);
    SET(&h, CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(&h, CURLOPT_XFERINFODATA, t->http);
    result = perform(t, &h, r, next, e);
  }
  if (h.curl) l->cleanup(h.curl);
  l->free_list(headers);
  return result;
}
