// Shared inside http.
//
//     http.c      the client, and a request with the servers it is sent on to
//     transfer.c  one of these: what libcurl is told
//     answer.c    what comes back
//     library.c   libcurl
#ifndef CPROF_HTTP_INTERNAL_H
#define CPROF_HTTP_INTERNAL_H

#include <curl/curl.h>

#include "http/http.h"
#include "http/url.h"

struct library {
  __typeof__(&curl_global_init) global_init;
  __typeof__(&curl_easy_init) init;
  __typeof__(&curl_easy_cleanup) cleanup;
  __typeof__(&curl_easy_setopt) set;
  __typeof__(&curl_easy_perform) perform;
  __typeof__(&curl_easy_getinfo) info;
  __typeof__(&curl_easy_strerror) explain;
  __typeof__(&curl_slist_append) append;
  __typeof__(&curl_slist_free_all) free_list;
};
int library_load(struct library *l, struct err *e);

struct http {
  struct library library;
  struct http_settings settings;
  atomic_bool stop;
};

// What a server sends, while it comes.
struct receiver {
  struct http_answer *answer;
  uint64_t left;  // that the body may still have
  bool too_long;
  long status;           // of the last status line, 0 before
  char status_text[64];  // its words
  struct buf words;      // the beginning of the body of another status than 200
};
// For libcurl: CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION.
size_t receive_header(char *bytes, size_t one, size_t n, void *receiver);
size_t receive_body(char *bytes, size_t one, size_t n, void *receiver);
// Of an answer that is complete: 0, or -1 with what the server says.
int receiver_result(const struct receiver *r, struct err *e);

// One request to one server.
struct transfer {
  const struct http *http;
  const char *url;     // http or https
  const char *socket;  // the server listens there; NULL: on the network
  struct str body;     // p is NULL: GET
  bool stranger, insecure;
  int64_t milliseconds, most_milliseconds;  // it may take; those of all requests together, for the message
};
// `next` becomes the URL that the server sends us to, or stays empty.
int transfer_run(const struct transfer *t, struct receiver *r, struct buf *next, struct err *e);

#endif
