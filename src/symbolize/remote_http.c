// libcurl. With what it needs in turn it takes longer to load than most reports take: it is not linked. Once loaded it
// stays, since libraries of cryptography do not like to be taken out of a running program.
#include "symbolize/remote_http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

struct http {
  CURL *curl;
  __typeof__(&curl_easy_init) init;
  __typeof__(&curl_easy_cleanup) cleanup;
  __typeof__(&curl_easy_reset) reset;
  __typeof__(&curl_easy_setopt) set;
  __typeof__(&curl_easy_perform) perform;
  __typeof__(&curl_easy_getinfo) info;
  __typeof__(&curl_easy_strerror) explain;
  __typeof__(&curl_slist_append) append;
  __typeof__(&curl_slist_free_all) free_list;
};

// ---- loading ------------------------------------------------------------------------------------

static int find(void *library, const char *name, void *function, struct err *e) {
  void *found = dlsym(library, name);
  memcpy(function, &found, sizeof found);
  return found ? 0 : err_set(e, "libcurl has no function %s", name);
}

static int load(struct http *h, struct err *e) {
  // Debian has it with OpenSSL and with GnuTLS.
  void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return err_set(e, "asking a server needs libcurl (package libcurl4), which is not installed");
  if (find(library, "curl_easy_init", &h->init, e) || find(library, "curl_easy_cleanup", &h->cleanup, e) ||
      find(library, "curl_easy_reset", &h->reset, e) || find(library, "curl_easy_setopt", &h->set, e) ||
      find(library, "curl_easy_perform", &h->perform, e) || find(library, "curl_easy_getinfo", &h->info, e) ||
      find(library, "curl_easy_strerror", &h->explain, e) || find(library, "curl_slist_append", &h->append, e) ||
      find(library, "curl_slist_free_all", &h->free_list, e))
    return -1;
  h->curl = h->init();
  return h->curl ? 0 : err_set(e, "libcurl does not start");
}

struct http *http_new(struct err *e) {
  struct http *h = calloc(1, sizeof *h);
  if (!h) err_nomem(e);
  if (!h || !load(h, e)) return h;
  http_free(h);
  return NULL;
}

void http_free(struct http *h) {
  if (h && h->curl) h->cleanup(h->curl);
  free(h);
}

// ---- one request --------------------------------------------------------------------------------

struct receiver {
  struct buf *answer;
  size_t left;
  bool too_long;
};

static size_t receive(char *bytes, size_t one, size_t n, void *arg) {
  struct receiver *r = arg;
  (void)one;  // is 1
  r->too_long = n > r->left;
  if (r->too_long) return 0;
  r->left -= n;
  buf_add(r->answer, bytes, n);
  return r->answer->failed ? 0 : n;
}

// Signals are the program's own; a body is sent at once, without asking whether it is welcome.
static int prepare(struct http *h, const char *url, struct str body, long milliseconds,
                   const struct curl_slist *header) {
  enum { MOST_REDIRECTS = 10 };
  static const char *const schemes = "http,https";
  return h->set(h->curl, CURLOPT_URL, url) || h->set(h->curl, CURLOPT_PROTOCOLS_STR, schemes) ||
                 h->set(h->curl, CURLOPT_REDIR_PROTOCOLS_STR, schemes) || h->set(h->curl, CURLOPT_FOLLOWLOCATION, 1L) ||
                 h->set(h->curl, CURLOPT_MAXREDIRS, (long)MOST_REDIRECTS) || h->set(h->curl, CURLOPT_NOSIGNAL, 1L) ||
                 h->set(h->curl, CURLOPT_TIMEOUT_MS, milliseconds) || h->set(h->curl, CURLOPT_HTTPHEADER, header) ||
                 h->set(h->curl, CURLOPT_USERAGENT, "cprof/" CPROF_VERSION) || h->set(h->curl, CURLOPT_POST, 1L) ||
                 h->set(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n) ||
                 h->set(h->curl, CURLOPT_POSTFIELDS, body.p)
             ? -1
             : 0;
}

static int perform(struct http *h, struct receiver *r, size_t most, struct err *e) {
  char reason[CURL_ERROR_SIZE] = "";
  long status = 0;
  if (h->set(h->curl, CURLOPT_WRITEFUNCTION, receive) || h->set(h->curl, CURLOPT_WRITEDATA, r) ||
      h->set(h->curl, CURLOPT_ERRORBUFFER, reason))
    return err_set(e, "this libcurl is too old");
  CURLcode code = h->perform(h->curl);
  h->set(h->curl, CURLOPT_ERRORBUFFER, NULL);
  if (r->answer->failed) return err_nomem(e);
  if (r->too_long) return err_set(e, "the answer has more than %zu MiB", most >> 20);
  if (code != CURLE_OK) return err_set(e, "%s", reason[0] ? reason : h->explain(code));
  h->info(h->curl, CURLINFO_RESPONSE_CODE, &status);
  return status == 200 ? 0 : err_set(e, "the server answers with status %ld", status);
}

int http_post(struct http *h, const char *url, struct str body, struct http_limits limits, struct buf *answer,
              struct err *e) {
  struct receiver r = {.answer = answer, .left = limits.most};
  struct curl_slist *header = h->append(NULL, "Content-Type: application/octet-stream");
  struct curl_slist *both = header ? h->append(header, "Expect:") : NULL;
  int result = -1;
  h->reset(h->curl);
  if (!both) err_nomem(e);
  else if (prepare(h, url, body, limits.milliseconds, both)) err_set(e, "this libcurl is too old");
  else result = perform(h, &r, limits.most, e);
  h->free_list(header);
  return result;
}
