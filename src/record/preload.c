// Samples from inside the program, where the kernel gives none: a small library (src/rt) is preloaded, whose timers copy registers
// and stacks to memory that is shared with it. Library and memory are files without a name, which the program finds below
// /proc/PID/fd of this process: nothing is left behind, however this ends.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/internal.h"
#include "rt/library.h"
#include "rt/slots.h"

enum {
  NANOSECONDS = 1000000000,
  WAIT = 10,
  FASTEST = 250,
  KEEP_WRONG_MAPS = 100 * 1000 * 1000,
  MOST_PERIODS = 1 << 20
};

struct preload {
  int library, memory;
  pid_t only;  // of which samples are wanted; 0: of all
  struct slots *slots;
  char *environment;  // LD_PRELOAD=...
  uint64_t period, lost, mapped;
  uint64_t taken[SLOTS];  // since when a slot is being filled, as far as was seen
  struct waiting {
    uint64_t time;
    size_t slot;
  } waiting[SLOTS];
};

// ---- before ---------------------------------------------------------------------------------------

static int make_memory(struct preload *p, struct err *e) {
  p->memory = memfd_create("cprof slots", MFD_CLOEXEC);
  if (p->memory < 0 || ftruncate(p->memory, sizeof *p->slots)) return err_system(e, "memory to share with the program");
  void *at = mmap(NULL, sizeof *p->slots, PROT_READ | PROT_WRITE, MAP_SHARED, p->memory, 0);
  if (at == MAP_FAILED) return err_system(e, "memory to share with the program");
  p->slots = at;
  p->slots->enabled = 1;
  p->slots->period = p->period;
  return 0;
}

// With the path of the memory where it looks for it.
static int make_library(struct preload *p, struct err *e) {
  char *bytes = malloc(rt_library_size);
  if (!bytes) return err_nomem(e);
  memcpy(bytes, rt_library, rt_library_size);
  char *mark = memmem(bytes, rt_library_size, SLOTS_PATH_MARK, sizeof SLOTS_PATH_MARK - 1);
  int result = -1;
  if (mark) {
    snprintf(mark + sizeof SLOTS_PATH_MARK - 1, SLOTS_PATH_ROOM, "/proc/%d/fd/%d", getpid(), p->memory);
    p->library = memfd_create("cprof", MFD_CLOEXEC);
    if (p->library >= 0) result = fd_write(p->library, (struct str){bytes, rt_library_size});
  }
  free(bytes);
  return result ? err_system(e, "a library for the program") : 0;
}

// What is preloaded already still is.
static int make_environment(struct preload *p, struct err *e) {
  const char *others = getenv("LD_PRELOAD");
  bool any = others && *others;
  if (asprintf(&p->environment, "LD_PRELOAD=/proc/%d/fd/%d%s%s", getpid(), p->library, any ? ":" : "",
               any ? others : "") >= 0)
    return 0;
  p->environment = NULL;
  return err_nomem(e);
}

// The library's file stays until this process ends, since further programs may be started that look for it.
static void preload_close(struct sampling *s) {
  struct preload *p = s->state;
  if (p->slots) munmap(p->slots, sizeof *p->slots);
  if (p->memory >= 0) close(p->memory);
  free(p->environment);
  free(p);
  s->state = NULL;
}

static int preload_open(struct sampling *s, const struct subject *subject, struct err *e) {
  struct preload *p = calloc(1, sizeof *p);
  int64_t frequency = subject->options->frequency < FASTEST ? subject->options->frequency : FASTEST;
  if (!p) return err_nomem(e);
  s->state = p;
  p->library = p->memory = -1;
  p->only = subject->options->no_children ? subject->pid : 0;
  p->period = (uint64_t)(NANOSECONDS / frequency);
  if (make_memory(p, e) || make_library(p, e) || make_environment(p, e)) {
    preload_close(s);
    return -1;
  }
  s->environment = p->environment;
  s->kernel_time = true;
  s->period = (int64_t)p->period;
  s->note =
      "recorded from inside by timers of the program's threads, at most 250 Hz; programs that are linked statically or "
      "have "
      "the rights of another user are not seen";
  s->wait = WAIT;
  return 0;
}

// ---- while it runs --------------------------------------------------------------------------------

static int emit(const struct sampling *s, const struct record *r) { return s->sink.take(s->sink.arg, r); }

static struct record record_of(const struct slot *slot, enum record_kind kind) {
  return (struct record){.kind = kind, .pid = slot->pid, .tid = slot->tid, .time = slot->time};
}

static int take_maps(const struct sampling *s, const struct slot *slot, size_t n) {
  struct record r = record_of(slot, RECORD_MAPS);
  r.name = (struct str){(const char *)slot->bytes, n};
  return emit(s, &r);
}

static int take_name(const struct sampling *s, const struct slot *slot) {
  struct record r = record_of(slot, RECORD_COMM);
  char name[SLOT_NAME];
  memcpy(name, slot->name, sizeof name);
  r.name = (struct str){name, strnlen(name, sizeof name)};
  return emit(s, &r);
}

// An address that is nowhere may be of a library that was loaded since.
static int take_sample(struct sampling *s, const struct slot *slot, size_t n) {
  struct preload *p = s->state;
  struct record r = record_of(slot, RECORD_SAMPLE), maps = record_of(slot, RECORD_MAPS);
  struct answer answer = {.stack = NONE};
  r.has_registers = true;
  memcpy(r.registers.r, slot->registers, sizeof r.registers.r);
  r.address = r.registers.r[UNWIND_RIP];
  r.weight = (slot->periods < MOST_PERIODS ? slot->periods : MOST_PERIODS) * p->period;
  r.stack = (struct unwind_stack){r.registers.r[UNWIND_RSP], slot->bytes, n};
  r.answer = &answer;
  r.if_complete = true;
  if (emit(s, &r)) return -1;
  if (answer.stack == NONE && answer.unmapped && slot->time - p->mapped > KEEP_WRONG_MAPS) {
    p->mapped = slot->time;
    if (emit(s, &maps)) return -1;
  }
  r.if_complete = false;
  return answer.stack == NONE ? emit(s, &r) : 0;
}

static int take_slot(struct sampling *s, const struct slot *slot) {
  const struct preload *p = s->state;
  size_t n = __atomic_load_n(&slot->n, __ATOMIC_RELAXED);
  if (p->only && slot->pid != (uint32_t)p->only) return 0;
  if (n > SLOT_BYTES) n = SLOT_BYTES;
  if (slot->kind == SLOT_MAPS) return take_maps(s, slot, n);
  return take_name(s, slot) || take_sample(s, slot, n) ? -1 : 0;
}

static int by_time(const void *a, const void *b) {
  const struct waiting *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  return (x->slot > y->slot) - (x->slot < y->slot);
}

// A process that was killed while it filled a slot will not give it back.
static void take_back(struct preload *p, size_t i, uint64_t now) {
  enum { LONG = NANOSECONDS };
  struct slot *slot = &p->slots->slot[i];
  uint32_t expected = SLOT_TAKEN;
  if (__atomic_load_n(&slot->state, __ATOMIC_RELAXED) != SLOT_TAKEN) p->taken[i] = 0;
  else if (p->taken[i] == 0) p->taken[i] = now;
  else if (now - p->taken[i] > LONG && kill((pid_t)slot->pid, 0) && errno == ESRCH)
    __atomic_compare_exchange_n(&slot->state, &expected, SLOT_FREE, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static int take_lost(struct sampling *s) {
  struct preload *p = s->state;
  uint64_t lost = __atomic_load_n(&p->slots->lost, __ATOMIC_RELAXED);
  struct record r = {.kind = RECORD_LOST, .lost = lost - p->lost};
  p->lost = lost;
  return r.lost ? emit(s, &r) : 0;
}

// In the order of time, so that what is mapped is known before its samples.
static int preload_drain(struct sampling *s, bool all, struct err *e) {
  struct preload *p = s->state;
  size_t n = 0;
  int result = 0;
  uint64_t now = perf_now();
  (void)all;
  for (size_t i = 0; i < SLOTS; i++) {
    take_back(p, i, now);
    if (__atomic_load_n(&p->slots->slot[i].state, __ATOMIC_ACQUIRE) == SLOT_FULL)
      p->waiting[n++] = (struct waiting){p->slots->slot[i].time, i};
  }
  if (n) qsort(p->waiting, n, sizeof *p->waiting, by_time);
  for (size_t i = 0; i < n; i++) {
    struct slot *slot = &p->slots->slot[p->waiting[i].slot];
    if (!result) result = take_slot(s, slot);
    __atomic_store_n(&slot->state, SLOT_FREE, __ATOMIC_RELEASE);
  }
  return result || take_lost(s) ? err_nomem(e) : 0;
}

static void preload_stop(struct sampling *s) {
  struct preload *p = s->state;
  __atomic_store_n(&p->slots->enabled, 0, __ATOMIC_RELAXED);
}

const struct sampler sampler_preload = {
    .name = "preload", .open = preload_open, .drain = preload_drain, .stop = preload_stop, .close = preload_close};
