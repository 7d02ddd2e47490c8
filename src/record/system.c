// Events of whatever runs, one a CPU; only samples of the program's processes are kept. Privileged. A thread is seen however
// short it lives, starting one costs nothing, and many threads need no more events than one.
//
// What is started, mapped and named comes by rings of its own, so that before a sample is looked at, all is known that came
// before: the rings of samples are looked at first, those of changes after that. Whoever runs had its FORK written before.
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "record/internal.h"

// A recorder that comes late on a busy machine loses samples.
enum { PRIORITY = -10, NANOSECONDS = 1000000000 };

struct system {
  struct perf perf;       // samples; the first member, for perf.c
  struct events changes;  // of all processes
  struct queue pending;   // changes later than the last look
  struct tree tree;
  struct outsiders outsiders;
};

static const struct ring_size changes_size = {.most = 1 << 20, .least = 256 << 10};

// Room for the largest samples of an eighth of a second, which is how long the recorder may have to wait on a busy machine.
static struct ring_size samples_size(uint64_t period) {
  struct ring_size size = {.most = 1 << 20, .least = 1 << 20};
  while (size.most < NANOSECONDS / 8 / period * events_most_stack(period)) size.most *= 2;
  return size;
}

static int open_events(struct system *y, const struct subject *subject, struct err *e) {
  struct perf_event_attr samples = events_of_samples(subject->options), changes = events_of_changes();
  int result = events_open_rings(&y->changes, &changes, -1, changes_size, e);
  if (!result) result = events_open_rings(&y->perf.events, &samples, -1, samples_size(samples.sample_period), e);
  if (result) return result;
  outsiders_open(&y->outsiders, &y->perf.events, y->tree.root);
  // The program was forked before and keeps its own.
  setpriority(PRIO_PROCESS, 0, PRIORITY);
  events_enable(&y->changes);
  events_enable(&y->perf.events);
  return 0;
}

static void close_system(struct sampling *s) {
  struct system *y = s->state;
  events_release(&y->changes);
  queue_release(&y->pending);
  tree_release(&y->tree);
  outsiders_close(&y->outsiders);
  perf_close(s);
}

static int open_system(struct sampling *s, const struct subject *subject, struct err *e) {
  struct system *y = calloc(1, sizeof *y);
  if (!y) return err_nomem(e);
  perf_init(&y->perf);
  y->outsiders = (struct outsiders){.map = -1, .program = -1};
  s->state = y;
  int result = tree_begin(&y->tree, subject) ? err_nomem(e) : open_events(y, subject, e);
  if (!result) result = perf_watch(s, &y->perf.events, e);
  if (!result) result = perf_watch(s, &y->changes, e);
  if (result) close_system(s);
  return result;
}

// ---- draining -----------------------------------------------------------------------------------

static bool is_ours(const struct tree *t, const struct record *r) {
  return r->kind == RECORD_LOST || tree_has(t, r->pid);
}

// A change is known to the tree before it is judged whether it is one of the tree's.
static int take_change(void *arg, const struct queued *change) {
  struct system *y = arg;
  struct record r;
  if (!record_parse(change->bytes, &r)) return 0;
  if (tree_take(&y->tree, &r)) return -1;
  if (r.kind == RECORD_FORK && r.pid != r.parent && tree_has(&y->tree, r.pid)) outsiders_remove(&y->outsiders, r.pid);
  return is_ours(&y->tree, &r) ? queue_add(&y->perf.queue, &(struct record_bytes){.head = change->bytes}) : 0;
}

static bool wants(void *arg, const struct record_bytes *r) {
  struct system *y = arg;
  if (!record_is_sample(r)) return true;
  if (tree_has(&y->tree, record_sample_pid(r))) return record_sample_time(r) >= y->tree.begin;
  outsiders_add(&y->outsiders, record_sample_pid(r));
  return false;
}

static int drain_system(struct sampling *s, bool all, struct err *e) {
  struct system *y = s->state;
  struct ring_filter filter = {wants, y};
  perf_look(&y->perf.events);
  // What came later may be told by one ring and not yet by another.
  uint64_t until = all ? UINT64_MAX : perf_now();
  perf_look(&y->changes);
  if (perf_take(&y->changes, NULL, &y->pending, e)) return -1;
  if (queue_each(&y->pending, until, take_change, y)) return err_nomem(e);
  return perf_take(&y->perf.events, &filter, &y->perf.queue, e) ? -1 : perf_deliver(s, all, e);
}

static void stop_system(struct sampling *s) {
  events_disable(&((struct system *)s->state)->changes);
  perf_stop(s);
}

const struct sampler sampler_system = {
    .name = "system", .open = open_system, .drain = drain_system, .stop = stop_system, .close = close_system};
