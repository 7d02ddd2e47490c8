// http: requests to servers, by libcurl, which is loaded when first needed.
//
// Only http and https are spoken (url.h tells of two forms of theirs), also where a server sends us elsewhere, which it may
// ten times. Proxies are those of the environment, but for this machine, which is asked directly. Names and passwords are
// those of the URL, else of ~/.netrc. Where SSL_CERT_FILE or SSL_CERT_DIR is set, they say who vouches for servers.
#ifndef CPROF_HTTP_H
#define CPROF_HTTP_H

#include <stdatomic.h>

#include "base/base.h"

// What all requests share; the caller's, to be kept as long as the client. Zero-initialised: nothing special.
struct http_settings {
  const char *cert, *key;      // files (PEM) with what we show to servers; NULL: nothing
  const char *ca;              // a file with those who vouch for servers, in place of the system's; NULL: those
  const char *const *headers;  // "Name: value", as http_header_check takes them
  size_t n_headers;
  const atomic_bool *stop;  // set: the same as http_stop; NULL: nobody sets it
};

// Made by one thread while no other uses libcurl, then used by as many as there are. NULL with a message that names the
// missing package.
struct http;
struct http *http_new(const struct http_settings *s, struct err *e);
void http_free(struct http *h);
// Any thread: all requests fail from now on, those that run soon.
void http_stop(struct http *h);

// Is it a header that a request may have?
int http_header_check(const char *header, struct err *e);

struct http_request {
  const char *url;
  struct str body;  // posted; where p is NULL the URL is asked with GET
  // The user knows nothing of this server: it gets neither headers nor passwords nor certificates of ours, and is
  // spoken to by http and https only. So do servers that one sends us on to.
  bool stranger;
  uint64_t most;         // bytes of the answer
  int64_t milliseconds;  // for all of it
};

struct http_answer {
  struct buf body;
  char type[64];  // its Content-Type, cut; "" when none was told
};
// Appends the body. -1 with a reason, also for any status but 200: then with the server's own words, if they are plain text.
int http_ask(struct http *h, const struct http_request *r, struct http_answer *answer, struct err *e);
void http_answer_release(struct http_answer *a);

#endif
