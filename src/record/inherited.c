// Events of each thread of the program on each CPU; threads and processes that these start inherit them. The only way for users
// without privileges. Each thread begins with a full period, so one that ends before is not seen.
#include <linux/perf_event.h>
#include <stdlib.h>

#include "record/internal.h"

// The smallest is what any user may have without locked memory.
static const struct ring_size ring_size = {.most = 8 << 20, .least = 128 << 10};

struct opening {
  struct events *events;
  struct perf_event_attr *attributes;
  struct err *e;
};

static int open_thread(void *arg, pid_t tid) {
  struct opening *o = arg;
  return o->events->ring ? events_open_thread(o->events, o->attributes, tid, o->e)
                         : events_open_rings(o->events, o->attributes, tid, ring_size, o->e);
}

// SAMPLER_REFUSED as well.
static int open_threads(struct events *v, struct perf_event_attr *a, pid_t pid, struct err *e) {
  int result = task_each_thread(pid, open_thread, &(struct opening){v, a, e});
  return !result && !v->ring ? err_set(e, "there is no process %d", pid) : result;
}

static int open_events(struct events *v, const struct subject *subject, struct err *e) {
  struct perf_event_attr a = events_of_samples(subject->options);
  events_add_changes(&a);
  a.inherit = 1;
  a.inherit_thread = subject->options->no_children;
  a.enable_on_exec = subject->at_exec;
  if (subject->at_exec) return events_open_rings(v, &a, subject->pid, ring_size, e);
  raise_file_limit();  // threads times CPUs are a lot
  int result = open_threads(v, &a, subject->pid, e);
  if (!result) events_enable(v);
  return result;
}

static int open_inherited(struct sampling *s, const struct subject *subject, struct err *e) {
  struct perf *perf = malloc(sizeof *perf);
  if (!perf) return err_nomem(e);
  perf_init(perf);
  s->state = perf;
  int result = open_events(&perf->events, subject, e);
  if (!result) result = perf_watch(s, &perf->events, e);
  if (result) perf_close(s);
  return result;
}

const struct sampler sampler_inherited = {.name = "inherited",
                                          .misses_short = true,
                                          .open = open_inherited,
                                          .drain = perf_drain,
                                          .stop = perf_stop,
                                          .close = perf_close};
