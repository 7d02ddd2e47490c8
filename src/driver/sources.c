// Sources, read by a few threads that stay a little ahead of the merging: memory holds the result and the few profiles
// that are being read, however many there are.
#include "driver/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

// ---- one source ---------------------------------------------------------------------------------

// A profile without mappings gets one, so that its locations belong to something.
static int ensure_mapping(struct profile *p, struct err *e) {
  struct mapping all = {.id = 1};
  if (p->places.n_mappings) return 0;
  if (profile_add_mapping(p, &all) == NONE) return err_nomem(e);
  for (uint32_t i = 0; i < p->places.n_locations; i++) p->places.location[i].mapping = 0;
  return 0;
}

// What the command line says of the main binary. A build id that the profile knows stays.
static int override_binary(const struct source_options *o, struct profile *p, struct err *e) {
  struct mapping *main = &p->places.mapping[0];
  if (o->binary) main->file = profile_add_string(p, str_of(o->binary));
  if (*o->build_id && !main->build_id) main->build_id = profile_add_string(p, str_of(o->build_id));
  return main->file == NONE || main->build_id == NONE ? err_nomem(e) : 0;
}

// What was said on the command line, and what the profile lacks. Takes the profile.
static struct profile *complete(const struct source_options *o, struct profile *p, struct buf *notes, struct err *e) {
  if (p && (symbolize_find_binaries(p, o->where, notes, e) || ensure_mapping(p, e) || override_binary(o, p, e))) {
    profile_free(p);
    p = NULL;
  }
  return p;
}

static struct profile *read_file(const struct source_options *o, const char *name, struct err *e) {
  if (strcmp(name, "-") == 0) return profile_read(STDIN_FILENO, o->limit, e);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    err_set(e, "%s", strerror(errno));
    return NULL;
  }
  struct profile *p = profile_read(fd, o->limit, e);
  close(fd);
  return p;
}

static struct profile *read_fetched(const struct source_options *o, struct fetch *fetch, struct err *e) {
  struct http_answer answer;
  struct profile *p = NULL;
  if (fetch_take(fetch, &answer, e) == 0) {
    p = profile_read_memory(buf_view(&answer.body), o->limit, e);
    if (!p && strncasecmp(answer.type, "text/html", 9) == 0) err_wrap(e, "the server sends a web page");
  }
  http_answer_release(&answer);
  return p;
}

static struct profile *read_source(const struct source_options *o, const struct source *s, struct buf *notes,
                                   struct err *e) {
  return complete(o, s->fetch ? read_fetched(o, s->fetch, e) : read_file(o, s->name, e), notes, e);
}

// ---- several ------------------------------------------------------------------------------------

enum { MAX_READERS = 8, AHEAD = 2 };  // a reader may be that many profiles ahead of the merging

struct job {
  struct profile *p;  // NULL: it failed
  struct err e;
  struct buf notes;
  bool done;
};

struct reading {
  const struct source_options *o;
  const struct source *source;
  struct job *job;
  size_t n, next, merged;  // next to read; how many were merged
  unsigned readers;
  bool stop;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

// The next job, or SIZE_MAX when there is none left.
static size_t take_job(struct reading *r) {
  pthread_mutex_lock(&r->mutex);
  while (!r->stop && r->next < r->n && r->next >= r->merged + (size_t)r->readers * AHEAD)
    pthread_cond_wait(&r->changed, &r->mutex);
  size_t i = r->stop || r->next >= r->n ? SIZE_MAX : r->next++;
  pthread_mutex_unlock(&r->mutex);
  return i;
}

static void do_job(struct reading *r, size_t i) {
  struct err e = {""};
  struct buf notes = {0};
  struct profile *p = read_source(r->o, &r->source[i], &notes, &e);
  pthread_mutex_lock(&r->mutex);
  r->job[i] = (struct job){p, e, notes, true};
  pthread_cond_broadcast(&r->changed);
  pthread_mutex_unlock(&r->mutex);
}

static void *reader(void *arg) {
  struct reading *r = arg;
  for (size_t i; (i = take_job(r)) != SIZE_MAX;) do_job(r, i);
  return NULL;
}

static void wait_for_job(struct reading *r, size_t i) {
  if (r->readers == 0) {
    do_job(r, i);
    return;
  }
  pthread_mutex_lock(&r->mutex);
  r->merged = i;
  pthread_cond_broadcast(&r->changed);
  while (!r->job[i].done) pthread_cond_wait(&r->changed, &r->mutex);
  pthread_mutex_unlock(&r->mutex);
}

static int merge_job(struct reading *r, size_t i, struct profile_merger *m, struct err *e) {
  struct profile *p = r->job[i].p;
  struct fetch *fetch = r->source[i].fetch;
  if (fetch && servers_add(r->o->servers, p, fetch_url(fetch), fetch_shown(fetch), e)) return -1;
  r->job[i].p = NULL;
  return profile_merger_add(m, p, e);
}

// Merges the profiles in their order. 0, or -1 when they do not fit together.
static int merge_jobs(struct reading *r, struct profile_merger *m, size_t *loaded, struct buf *notes, struct err *e) {
  int result = 0;
  for (size_t i = 0; i < r->n && !result; i++) {
    wait_for_job(r, i);
    buf_str(notes, buf_view(&r->job[i].notes));
    if (r->job[i].p) {
      result = merge_job(r, i, m, e);
      ++*loaded;
    } else {
      const struct source *s = &r->source[i];
      buf_addf(notes, "%s: %s\n", s->fetch ? fetch_shown(s->fetch) : s->name, r->job[i].e.text);
    }
  }
  return result;
}

static void start_readers(struct reading *r, pthread_t *thread) {
  if (r->n < 2) return;  // one source is read right here
  unsigned most = cores_online(MAX_READERS);
  // The count is settled before the first starts: threads that could not be had are jobs the others take.
  r->readers = r->n < most ? (unsigned)r->n : most;
  unsigned started = 0;
  while (started < r->readers && pthread_create(&thread[started], NULL, reader, r) == 0) started++;
  pthread_mutex_lock(&r->mutex);
  r->readers = started;
  pthread_mutex_unlock(&r->mutex);
}

static void stop_readers(struct reading *r, pthread_t *thread) {
  pthread_mutex_lock(&r->mutex);
  r->stop = true;
  pthread_cond_broadcast(&r->changed);
  pthread_mutex_unlock(&r->mutex);
  for (unsigned i = 0; i < r->readers; i++) pthread_join(thread[i], NULL);
  for (size_t i = 0; i < r->n; i++) {
    profile_free(r->job[i].p);
    buf_release(&r->job[i].notes);
  }
}

struct profile *sources_read(const struct source_options *o, const struct source *source, size_t n, const char *kind,
                             struct buf *notes, struct err *e) {
  struct reading r = {.o = o, .source = source, .n = n, .job = calloc(n + 1, sizeof *r.job)};
  struct profile_merger *m = profile_merger_new(e);
  struct profile *p = NULL;
  pthread_t thread[MAX_READERS];
  size_t loaded = 0;
  if (!r.job || !m) {
    err_nomem(e);
    profile_merger_free(m);
    free(r.job);
    return NULL;
  }
  pthread_mutex_init(&r.mutex, NULL);
  pthread_cond_init(&r.changed, NULL);
  start_readers(&r, thread);
  int result = merge_jobs(&r, m, &loaded, notes, e);
  for (size_t i = 0; i < n && result; i++)
    if (source[i].fetch) fetch_stop(source[i].fetch);
  stop_readers(&r, thread);
  if (loaded && loaded < n) buf_addf(notes, "%zu of %zu %s profiles could be read\n", loaded, n, kind);
  if (!result && loaded) p = profile_merger_finish(m, e);
  else profile_merger_free(m);
  if (!loaded) err_set(e, "no %s profile could be read", kind);
  pthread_cond_destroy(&r.changed);
  pthread_mutex_destroy(&r.mutex);
  free(r.job);
  return p;
}
