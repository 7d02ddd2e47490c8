// Workers, a queue, and a clock that stops what takes too long.
//
// A job is in the list from when it is asked for until its answer is forgotten. One lock guards all of it but for the
// making itself; `done` is called without it.
#include "web/jobs.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_THREADS = 16, SECONDS_TO_END = 2 };

struct waiter {
  jobs_done *done;
  void *arg;
};

enum job_state { WAITING, RUNNING, KEPT };

struct job {
  struct job *next;
  uint64_t hash, used;
  char *key;
  size_t key_size;
  enum job_state state;
  struct work *work;
  struct timespec deadline;
  atomic_bool stop;
  struct answer *answer;
  struct waiter *waiter;
  size_t n_waiters, waiter_cap;
};

struct jobs {
  struct jobs_limits limits;
  pthread_mutex_t lock;
  pthread_cond_t work, clock, idle;  // there is work; a job began; a thread ended
  pthread_t thread[MOST_THREADS + 1];
  unsigned n_threads, alive;
  bool ending;
  struct job *first;
  size_t n_waiting, n_kept, kept_bytes;
  uint64_t uses;
};

// ---- the list -----------------------------------------------------------------------------------

// Not one that is being stopped: its answer is none.
static struct job *find(struct jobs *j, struct str key, uint64_t hash) {
  for (struct job *job = j->first; job; job = job->next)
    if (!atomic_load(&job->stop) && job->hash == hash && job->key_size == key.n && memcmp(job->key, key.p, key.n) == 0)
      return job;
  return NULL;
}

static void job_free(struct job *job) {
  if (job->work) job->work->release(job->work);
  answer_release(job->answer);
  free(job->waiter);
  free(job->key);
  free(job);
}

static void take_out(struct jobs *j, struct job *job) {
  for (struct job **at = &j->first; *at; at = &(*at)->next)
    if (*at == job) {
      *at = job->next;
      break;
    }
  if (job->state == KEPT) {
    j->n_kept--;
    j->kept_bytes -= answer_body(job->answer).n;
  }
  job_free(job);
}

static void forget_oldest(struct jobs *j) {
  struct job *oldest = NULL;
  for (struct job *job = j->first; job; job = job->next)
    if (job->state == KEPT && (!oldest || job->used < oldest->used)) oldest = job;
  if (oldest) take_out(j, oldest);
}

static void make_room(struct jobs *j, size_t bytes) {
  while (j->n_kept && (j->n_kept + 1 > j->limits.most_answers || j->kept_bytes + bytes > j->limits.most_bytes))
    forget_oldest(j);
}

// ---- workers ------------------------------------------------------------------------------------

// The one that waits longest: new jobs are put at the head.
static struct job *next_job(struct jobs *j) {
  struct job *last = NULL;
  for (struct job *job = j->first; job; job = job->next)
    if (job->state == WAITING) last = job;
  return last;
}

// Gives the answer to those who wait, and keeps it if it may be.
static void finish(struct jobs *j, struct job *job, struct answer *a) {
  size_t bytes = a ? answer_body(a).n : 0, n = job->n_waiters;
  struct waiter *waiter = job->waiter;
  job->waiter = NULL;
  job->n_waiters = 0;
  bool keep = a && a->status == 200 && bytes <= j->limits.most_bytes && j->limits.most_answers && !j->ending;
  if (keep) {
    make_room(j, bytes);
    job->work->release(job->work);
    job->work = NULL;
    job->answer = answer_hold(a);
    atomic_store(&job->stop, false);
    job->state = KEPT;
    job->used = ++j->uses;
    j->n_kept++;
    j->kept_bytes += bytes;
  } else {
    take_out(j, job);
  }
  pthread_mutex_unlock(&j->lock);
  for (size_t i = 0; i < n; i++) waiter[i].done(waiter[i].arg, a ? answer_hold(a) : NULL);
  answer_release(a);
  free(waiter);
  pthread_mutex_lock(&j->lock);
}

static void run(struct jobs *j, struct job *job) {
  job->state = RUNNING;
  j->n_waiting--;
  clock_gettime(CLOCK_MONOTONIC, &job->deadline);
  job->deadline.tv_sec += (time_t)job->work->seconds;
  pthread_cond_signal(&j->clock);
  pthread_mutex_unlock(&j->lock);
  struct answer *a = job->work->make(job->work, &job->stop);
  pthread_mutex_lock(&j->lock);
  finish(j, job, a);
}

static void *worker(void *arg) {
  struct jobs *j = arg;
  pthread_mutex_lock(&j->lock);
  while (!j->ending) {
    struct job *job = next_job(j);
    if (job) run(j, job);
    else pthread_cond_wait(&j->work, &j->lock);
  }
  j->alive--;
  pthread_cond_signal(&j->idle);
  pthread_mutex_unlock(&j->lock);
  return NULL;
}

// ---- the clock ----------------------------------------------------------------------------------

static bool is_before(const struct timespec *a, const struct timespec *b) {
  return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

// Stops jobs whose time is over. False when none runs, else *next is when the next one's is.
static bool stop_late(struct jobs *j, struct timespec *next) {
  struct timespec now;
  bool any = false;
  clock_gettime(CLOCK_MONOTONIC, &now);
  for (struct job *job = j->first; job; job = job->next) {
    if (job->state != RUNNING || atomic_load(&job->stop)) continue;
    if (is_before(&now, &job->deadline)) {
      if (!any || is_before(&job->deadline, next)) *next = job->deadline;
      any = true;
    } else atomic_store(&job->stop, true);
  }
  return any;
}

static void *watch(void *arg) {
  struct jobs *j = arg;
  struct timespec next;
  pthread_mutex_lock(&j->lock);
  while (!j->ending)
    if (stop_late(j, &next)) pthread_cond_timedwait(&j->clock, &j->lock, &next);
    else pthread_cond_wait(&j->clock, &j->lock);
  j->alive--;
  pthread_cond_signal(&j->idle);
  pthread_mutex_unlock(&j->lock);
  return NULL;
}

// ---- beginning and end --------------------------------------------------------------------------

static int condition_init(pthread_cond_t *c) {
  pthread_condattr_t a;
  if (pthread_condattr_init(&a)) return -1;
  int result = pthread_condattr_setclock(&a, CLOCK_MONOTONIC) || pthread_cond_init(c, &a) ? -1 : 0;
  pthread_condattr_destroy(&a);
  return result;
}

static int start(struct jobs *j, void *(*run_thread)(void *), struct err *e) {
  int error = pthread_create(&j->thread[j->n_threads], NULL, run_thread, j);
  if (error) return err_set(e, "a thread cannot be started: %s", strerror(error));
  pthread_mutex_lock(&j->lock);
  j->n_threads++;
  j->alive++;
  pthread_mutex_unlock(&j->lock);
  return 0;
}

struct jobs *jobs_new(const struct jobs_limits *limits, struct err *e) {
  struct jobs *j = calloc(1, sizeof *j);
  if (!j) {
    err_nomem(e);
    return NULL;
  }
  j->limits = *limits;
  if (j->limits.threads > MOST_THREADS) j->limits.threads = MOST_THREADS;
  if (pthread_mutex_init(&j->lock, NULL) || condition_init(&j->work) || condition_init(&j->clock) ||
      condition_init(&j->idle)) {
    err_set(e, "locks cannot be made");
    free(j);
    return NULL;
  }
  int result = start(j, watch, e);
  for (unsigned i = 0; i < j->limits.threads && !result; i++) result = start(j, worker, e);
  if (!result) return j;
  if (jobs_end(j)) jobs_free(j);
  return NULL;
}

// With the lock held: waits for the threads to end.
static bool all_ended(struct jobs *j) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += SECONDS_TO_END;
  while (j->alive)
    if (pthread_cond_timedwait(&j->idle, &j->lock, &until)) return j->alive == 0;
  return true;
}

static void turn_away_waiting(struct jobs *j) {
  for (struct job *job = next_job(j); job; job = next_job(j)) {
    j->n_waiting--;
    finish(j, job, answer_text(503, "The server is ending."));
  }
}

bool jobs_end(struct jobs *j) {
  pthread_mutex_lock(&j->lock);
  j->ending = true;
  for (struct job *job = j->first; job; job = job->next) atomic_store(&job->stop, true);
  pthread_cond_broadcast(&j->work);
  pthread_cond_broadcast(&j->clock);
  turn_away_waiting(j);
  bool ended = all_ended(j);
  pthread_mutex_unlock(&j->lock);
  if (!ended) return false;
  for (unsigned i = 0; i < j->n_threads; i++) pthread_join(j->thread[i], NULL);
  return true;
}

void jobs_free(struct jobs *j) {
  while (j->first) take_out(j, j->first);
  pthread_cond_destroy(&j->idle);
  pthread_cond_destroy(&j->clock);
  pthread_cond_destroy(&j->work);
  pthread_mutex_destroy(&j->lock);
  free(j);
}

// ---- asking -------------------------------------------------------------------------------------

static uint64_t hash_of(struct str key) { return hash_bytes(key.p, key.n, 0); }

// With the lock held.
static struct answer *kept_answer(struct jobs *j, struct job *job) {
  if (!job || job->state != KEPT) return NULL;
  job->used = ++j->uses;
  return answer_hold(job->answer);
}

struct answer *jobs_find(struct jobs *j, struct str key) {
  pthread_mutex_lock(&j->lock);
  struct answer *a = kept_answer(j, find(j, key, hash_of(key)));
  pthread_mutex_unlock(&j->lock);
  return a;
}

static struct job *add(struct jobs *j, struct str key, struct work *w) {
  struct job *job = calloc(1, sizeof *job);
  char *text = malloc(key.n + 1);
  if (!job || !text) {
    free(job);
    free(text);
    return NULL;
  }
  memcpy(text, key.p, key.n);
  atomic_init(&job->stop, false);
  job->hash = hash_of(key);
  job->key = text;
  job->key_size = key.n;
  job->work = w;
  job->next = j->first;
  j->first = job;
  j->n_waiting++;
  pthread_cond_signal(&j->work);
  return job;
}

int jobs_ask(struct jobs *j, struct str key, struct work *w, jobs_done *done, void *arg) {
  int result = -1;
  pthread_mutex_lock(&j->lock);
  struct job *job = find(j, key, hash_of(key));
  struct answer *a = kept_answer(j, job);
  if (!job && !j->ending && j->n_waiting < j->limits.most_waiting) {
    job = add(j, key, w);
    if (job) w = NULL;
  }
  if (a) result = 0;
  else if (job && !j->ending && !ARRAY_RESERVE(job->waiter, job->waiter_cap, job->n_waiters + 1)) {
    job->waiter[job->n_waiters++] = (struct waiter){done, arg};
    result = 0;
  }
  pthread_mutex_unlock(&j->lock);
  if (a) done(arg, a);
  if (w) w->release(w);
  return result;
}

static bool take_waiter(struct job *job, const void *arg) {
  for (size_t i = 0; i < job->n_waiters; i++)
    if (job->waiter[i].arg == arg) {
      job->waiter[i] = job->waiter[--job->n_waiters];
      return true;
    }
  return false;
}

bool jobs_leave(struct jobs *j, const void *arg) {
  struct job *job;
  pthread_mutex_lock(&j->lock);
  for (job = j->first; job; job = job->next)
    if (take_waiter(job, arg)) break;
  bool waited = job;
  if (job && job->n_waiters == 0) {
    if (job->state == RUNNING) atomic_store(&job->stop, true);
    if (job->state == WAITING) {
      j->n_waiting--;
      take_out(j, job);
    }
  }
  pthread_mutex_unlock(&j->lock);
  return waited;
}
