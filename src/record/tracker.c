// What the records tell of processes and threads.
#include <stdlib.h>

#include "record/internal.h"

// Slots of what ended are used again, so that a long recording of short processes stays small.
struct process *tracker_process(struct tracker *t, uint32_t pid) {
  uint32_t i = map64_get(&t->process_of, pid);
  if (i != MAP_NONE && t->process[i].pid == pid) return &t->process[i];
  i = t->free_process;
  if (i == NONE) {
    if (ARRAY_RESERVE(t->process, t->process_cap, t->n_processes + 1)) return NULL;
    i = (uint32_t)t->n_processes++;
    t->process[i] = (struct process){.next_free = NONE};
  }
  t->free_process = t->process[i].next_free;
  t->process[i] = (struct process){.pid = pid, .era = ++t->eras, .next_free = NONE};
  t->processes++;
  return map64_put(&t->process_of, pid, i) ? NULL : &t->process[i];
}

static uint32_t add_thread(struct tracker *t, uint32_t pid, uint32_t tid) {
  uint32_t i = t->free_thread;
  if (i == NONE) {
    if (t->n_threads == NONE || ARRAY_RESERVE(t->thread, t->thread_cap, t->n_threads + 1)) return NONE;
    i = (uint32_t)t->n_threads++;
    t->thread[i] = (struct thread){.next_free = NONE};
  }
  t->free_thread = t->thread[i].next_free;
  t->thread[i] = (struct thread){.pid = pid, .tid = tid, .next_free = NONE};
  return map64_put(&t->thread_of, tid, i) ? NONE : i;
}

static uint32_t known_thread(const struct tracker *t, uint32_t pid, uint32_t tid) {
  uint32_t i = map64_get(&t->thread_of, tid);
  return i != MAP_NONE && t->thread[i].tid == tid && t->thread[i].pid == pid ? i : NONE;
}

uint32_t tracker_thread(struct tracker *t, uint32_t pid, uint32_t tid) {
  uint32_t i = known_thread(t, pid, tid);
  return i != NONE ? i : add_thread(t, pid, tid);
}

static void rename_thread(struct thread *thread, struct str name) {
  size_t n = name.n < sizeof thread->name ? name.n : sizeof thread->name - 1;
  memset(thread->name, 0, sizeof thread->name);
  memcpy(thread->name, name.p, n);
}

// ---- processes ----------------------------------------------------------------------------------

int tracker_map(struct tracker *t, uint32_t pid, struct region r, struct str name, struct str build_id) {
  struct process *p = tracker_process(t, pid);
  r.object = objects_add(&t->objects, name, build_id, object_is_own(name) ? pid : 0);
  if (!p || r.object == NONE || maps_add(&p->maps, r)) return -1;
  p->era = ++t->eras;
  // The kernel maps a program before its interpreter, ld.so.
  if (t->main_follows && pid == (uint32_t)t->pid && name.n && name.p[0] == '/') {
    t->main = r;
    t->main_follows = false;
  }
  return 0;
}

static int take_mapped(struct tracker *t, const struct record *r) {
  return tracker_map(t, r->pid, (struct region){.start = r->start, .limit = r->limit, .offset = r->offset}, r->name,
                     r->build_id);
}

// A name; one that an exec gives means that nothing of the old program is mapped any more.
static int take_named(struct tracker *t, const struct record *r) {
  uint32_t thread = tracker_thread(t, r->pid, r->tid);
  struct process *p = tracker_process(t, r->pid);
  if (thread == NONE || !p) return -1;
  rename_thread(&t->thread[thread], r->name);
  if (!r->exec) return 0;
  p->maps.n = 0;
  p->era = ++t->eras;
  if (r->pid == (uint32_t)t->pid) t->main_follows = true;
  return 0;
}

// A process or a thread begins as a copy of the one it comes from. Numbers of those that ended are used again.
static int take_forked(struct tracker *t, const struct record *r) {
  uint32_t from = known_thread(t, r->parent, r->parent_tid), thread = add_thread(t, r->pid, r->tid);
  if (thread == NONE) return -1;
  t->started++;
  if (from != NONE) memcpy(t->thread[thread].name, t->thread[from].name, sizeof t->thread[thread].name);
  if (!tracker_process(t, r->parent)) return -1;
  struct process *child = tracker_process(t, r->pid);  // which may move the others
  if (!child) return -1;
  child->threads++;
  if (r->pid == r->parent) return 0;
  child->threads = 1;
  child->era = ++t->eras;
  return maps_copy(&child->maps, &tracker_process(t, r->parent)->maps);
}

static void end_process(struct tracker *t, struct process *p) {
  maps_release(&p->maps);
  *p = (struct process){.next_free = t->free_process};
  t->free_process = (uint32_t)(p - t->process);
}

static void end_thread(struct tracker *t, uint32_t i) {
  struct thread *thread = &t->thread[i];
  t->unseen += !thread->seen;
  if (thread->seen && t->options->per_thread) return;  // a sample refers to it
  *thread = (struct thread){.next_free = t->free_thread};
  t->free_thread = i;
}

// How many threads a process has is known of those that were seen to start, as long as nothing was lost.
static void take_ended(struct tracker *t, const struct record *r) {
  uint32_t thread = known_thread(t, r->pid, r->tid), process = map64_get(&t->process_of, r->pid);
  if (thread != NONE) end_thread(t, thread);
  if (process == MAP_NONE || t->process[process].pid != r->pid || t->process[process].threads == 0) return;
  if (--t->process[process].threads == 0 && !t->lost && r->pid != (uint32_t)t->pid)
    end_process(t, &t->process[process]);
}

int tracker_forget_maps(struct tracker *t, uint32_t pid) {
  struct process *p = tracker_process(t, pid);
  if (!p) return -1;
  p->maps.n = 0;
  p->era = ++t->eras;
  if (pid == (uint32_t)t->pid) t->main.limit = 0;
  return 0;
}

void tracker_init(struct tracker *t, const struct record_options *o) {
  *t = (struct tracker){.options = o, .free_process = NONE, .free_thread = NONE};
}

int tracker_take(void *tracker, const struct record *r) {
  struct tracker *t = tracker;
  switch (r->kind) {
    case RECORD_SAMPLE: return tracker_sample(t, r);
    case RECORD_MMAP: return take_mapped(t, r);
    case RECORD_COMM: return take_named(t, r);
    case RECORD_FORK: return take_forked(t, r);
    case RECORD_AGAIN: return tracker_again(t, r);
    case RECORD_MAPS: return tracker_read_maps(t, (pid_t)r->pid, r->name);
    case RECORD_EXIT: take_ended(t, r); return 0;
    case RECORD_LOST: t->lost += r->lost; return 0;
    default: return 0;
  }
}

void tracker_release(struct tracker *t) {
  for (size_t i = 0; i < t->n_processes; i++) maps_release(&t->process[i].maps);
  free(t->process);
  free(t->thread);
  map64_release(&t->process_of);
  map64_release(&t->thread_of);
  objects_release(&t->objects);
  stacks_release(&t->stacks);
  buf_release(&t->kernel_symbols);
  *t = (struct tracker){0};
}
