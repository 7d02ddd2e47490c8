// Events of each thread of the program on each CPU; threads and processes that these start inherit them. The only way for users
// without privileges. Each thread begins with a full period, so one that ends before is not seen.
#include <dirent.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "record/internal.h"

// Threads times CPUs are a lot. Only done where no program inherits the limit.
static void raise_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// The smallest is what any user may have without locked memory.
static const struct ring_size ring_size = {.most = 8 << 20, .least = 128 << 10};

static int open_threads(struct events *v, struct perf_event_attr *a, pid_t pid, struct err *e) {
  char path[40];
  int result = 0;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  if (!tasks) return err_set(e, "there is no process %d", pid);
  for (struct dirent *d; !result && (d = readdir(tasks));) {
    pid_t tid = (pid_t)strtol(d->d_name, NULL, 10);
    if (tid <= 0) continue;
    result = v->ring ? events_open_thread(v, a, tid, e) : events_open_rings(v, a, tid, ring_size, e);
  }
  closedir(tasks);
  if (!result && !v->ring) result = err_set(e, "there is no process %d", pid);
  return result;
}

static int open_events(struct events *v, const struct subject *subject, struct err *e) {
  struct perf_event_attr a = events_of_samples(subject->options);
  events_add_changes(&a);
  a.inherit = 1;
  a.inherit_thread = subject->options->no_children;
  a.enable_on_exec = subject->at_exec;
  if (subject->at_exec) return events_open_rings(v, &a, subject->pid, ring_size, e);
  raise_file_limit();
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
