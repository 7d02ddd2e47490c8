// A thread a source, as fetching is mostly waiting; so profiles that several servers are asked for are of the same time.
// With very many sources the threads stay a little ahead of those who take the answers.
#include "driver/fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/limits.h"
#include "driver/source_url.h"

enum { AT_ONCE = 128 };

struct fetch {
  struct fetches *all;
  struct source_url url;
  struct http_answer answer;
  struct err e;
  bool done, failed;
};

struct fetches {
  const struct options *o;
  struct http_settings settings;
  struct http *http;
  struct fetch **at;
  size_t n, cap;
  uint64_t most;       // bytes of an answer
  size_t next, taken;  // to fetch; how many answers were taken
  bool stop;
  pthread_t thread[AT_ONCE];
  size_t threads;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

// ---- which --------------------------------------------------------------------------------------

static const char *unless_empty(const char *text) { return *text ? text : NULL; }

struct fetches *fetches_new(const struct options *o, const atomic_bool *stop, struct err *e) {
  struct fetches *f = calloc(1, sizeof *f);
  if (!f) {
    err_nomem(e);
    return NULL;
  }
  f->o = o;
  f->settings = (struct http_settings){.cert = unless_empty(o->tls_cert),
                                       .key = unless_empty(o->tls_key),
                                       .ca = unless_empty(o->tls_ca),
                                       .headers = o->header.text,
                                       .n_headers = o->header.n,
                                       .stop = stop};
  pthread_mutex_init(&f->mutex, NULL);
  pthread_cond_init(&f->changed, NULL);
  return f;
}

static void fetch_free(struct fetch *f) {
  source_url_release(&f->url);
  http_answer_release(&f->answer);
  free(f);
}

int fetches_add(struct fetches *f, const char *name, struct fetch **fetch, struct err *e) {
  struct stat st;
  *fetch = NULL;
  if (strcmp(name, "-") == 0 || stat(name, &st) == 0) return 0;
  struct fetch *added = calloc(1, sizeof *added);
  if (!added || ARRAY_RESERVE(f->at, f->cap, f->n + 1)) {
    free(added);
    return err_nomem(e);
  }
  if (!source_url_init(&added->url, str_of(name), f->o->seconds, f->o->timeout)) {
    fetch_free(added);
    return 0;
  }
  added->all = f;
  f->at[f->n++] = *fetch = added;
  return added->url.url.failed || added->url.shown.failed ? err_nomem(e) : 0;
}

// ---- fetching -----------------------------------------------------------------------------------

static void fetch_now(struct fetch *f) {
  struct err e = {""};
  struct http_answer answer = {.body = {0}};
  struct http_request r = {.url = f->url.url.data, .most = f->all->most, .milliseconds = f->url.milliseconds};
  bool failed = http_ask(f->all->http, &r, &answer, &e) != 0;
  pthread_mutex_lock(&f->all->mutex);
  f->answer = answer;
  f->e = e;
  f->failed = failed;
  f->done = true;
  pthread_cond_broadcast(&f->all->changed);
  pthread_mutex_unlock(&f->all->mutex);
}

static struct fetch *next_fetch(struct fetches *f) {
  pthread_mutex_lock(&f->mutex);
  while (!f->stop && f->next < f->n && f->next >= f->taken + AT_ONCE) pthread_cond_wait(&f->changed, &f->mutex);
  struct fetch *next = f->stop || f->next == f->n ? NULL : f->at[f->next++];
  pthread_mutex_unlock(&f->mutex);
  return next;
}

static void *fetcher(void *arg) {
  for (struct fetch *next; (next = next_fetch(arg));) fetch_now(next);
  return NULL;
}

// ---- beginning ----------------------------------------------------------------------------------

static int check_file(const char *flag, const char *path, struct err *e) {
  return path && access(path, R_OK) ? err_set(e, "-%s: %s: %s", flag, path, strerror(errno)) : 0;
}

static int check_options(const struct fetches *f, struct err *e) {
  const struct http_settings *s = &f->settings;
  if (!s->cert != !s->key) return err_set(e, "-tls_cert and -tls_key go together");
  for (size_t i = 0; i < s->n_headers; i++)
    if (http_header_check(s->headers[i], e)) return err_wrap(e, "-header");
  return check_file("tls_cert", s->cert, e) || check_file("tls_key", s->key, e) || check_file("tls_ca", s->ca, e) ? -1
                                                                                                                  : 0;
}

static void tell(const struct fetches *f, FILE *errors) {
  for (size_t i = 0; i < f->n; i++) {
    const struct source_url *u = &f->at[i]->url;
    fprintf(errors, "Fetching a profile from %s", u->shown.data);
    if (u->seconds) fprintf(errors, ", which takes %" PRId64 " s", u->seconds);
    fputc('\n', errors);
  }
  fflush(errors);
}

// Where there is no libcurl, or no thread, sources fail as they do when their server does not answer.
static void fail_all(struct fetches *f, const struct err *e) {
  for (size_t i = 0; i < f->n; i++) {
    f->at[i]->e = *e;
    f->at[i]->failed = f->at[i]->done = true;
  }
}

int fetches_start(struct fetches *f, FILE *errors, struct err *e) {
  struct err why = {""};
  if (f->n == 0) return 0;
  if (check_options(f, e) || limit_of_answer(f->o, &f->most, e)) return -1;
  f->http = http_new(&f->settings, &why);
  if (f->http) tell(f, errors);
  while (f->http && f->threads < f->n && f->threads < AT_ONCE &&
         pthread_create(&f->thread[f->threads], NULL, fetcher, f) == 0)
    f->threads++;
  if (f->http && !f->threads) err_set(&why, "no thread can be started");
  if (!f->threads) fail_all(f, &why);
  return 0;
}

size_t fetches_count(const struct fetches *f) { return f->n; }

// ---- taking -------------------------------------------------------------------------------------

int fetch_take(struct fetch *f, struct http_answer *answer, struct err *e) {
  struct fetches *all = f->all;
  pthread_mutex_lock(&all->mutex);
  while (!f->done) pthread_cond_wait(&all->changed, &all->mutex);
  *answer = f->answer;
  f->answer.body = (struct buf){0};
  all->taken++;
  pthread_cond_broadcast(&all->changed);
  pthread_mutex_unlock(&all->mutex);
  return f->failed ? err_set(e, "%s", f->e.text) : 0;
}

void fetch_stop(struct fetch *f) {
  if (f->all->http) http_stop(f->all->http);
}

const char *fetch_url(const struct fetch *f) { return f->url.url.data; }
const char *fetch_shown(const struct fetch *f) { return f->url.shown.data; }
struct http *fetches_client(const struct fetches *f) {
  return f->http;
}

void fetches_free(struct fetches *f) {
  if (!f) return;
  pthread_mutex_lock(&f->mutex);
  f->stop = true;
  pthread_cond_broadcast(&f->changed);
  pthread_mutex_unlock(&f->mutex);
  if (f->http) http_stop(f->http);
  for (size_t i = 0; i < f->threads; i++) pthread_join(f->thread[i], NULL);
  for (size_t i = 0; i < f->n; i++) fetch_free(f->at[i]);
  free(f->at);
  http_free(f->http);
  pthread_cond_destroy(&f->changed);
  pthread_mutex_destroy(&f->mutex);
  free(f);
}
