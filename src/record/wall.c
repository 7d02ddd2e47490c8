// Where threads spend time, waiting included: at each tick every thread of the program is looked at, and what it does then
// stands for the time since the look before. The kernel's events are not needed for that, /proc and ptrace are.
//
// A thread that starts a program with the rights of another user in the very moment it is stopped starts it without them: the kernel
// does that to whoever is traced. The moment is some 30 us in each period, and only for threads that run.
//
// A thread that has not run since costs one short read. Threads and processes that are new are looked for where others have run.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "record/wall.h"

enum {
  SECOND = 1000000000,
  WAIT = 1000,   // ms
  COST = 4,      // a tick that takes so much CPU time is followed by the next after this many times as long, not sooner
  ATTEMPTS = 3,  // to see a process settle that starts threads
};

// ---- threads and processes ----------------------------------------------------------------------

// What a walk through /proc adds to.
struct finding {
  struct wall *wall;
  size_t process;
  bool changed;
};

static size_t thread_position(const struct wall_process *p, pid_t tid) {
  size_t low = 0, high = p->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (p->thread[middle].tid < tid) low = middle + 1;
    else high = middle;
  }
  return low;
}

static int find_thread(void *arg, pid_t tid) {
  struct finding *f = arg;
  struct wall_process *p = &f->wall->process[f->process];
  size_t at = thread_position(p, tid);
  if (at < p->n && p->thread[at].tid == tid) return 0;
  if (ARRAY_RESERVE(p->thread, p->cap, p->n + 1)) return -1;
  memmove(p->thread + at + 1, p->thread + at, (p->n - at) * sizeof *p->thread);
  p->thread[at] = (struct wall_thread){
      .tid = tid, .slices_fd = task_open(p->pid, tid), .looked = f->wall->ticked, .stack = NONE, .fresh = true};
  p->n++;
  f->changed = true;
  struct record r = {.kind = RECORD_FORK, .pid = (uint32_t)p->pid, .parent = (uint32_t)p->pid, .tid = (uint32_t)tid};
  const struct sink *sink = &f->wall->sampling->sink;
  return sink->take(sink->arg, &r);
}

static int add_process(struct wall *w, pid_t pid) {
  if (ARRAY_RESERVE(w->process, w->cap, w->n_processes + 1)) return -1;
  w->process[w->n_processes++] = (struct wall_process){.pid = pid};
  return 0;
}

static int find_process(void *arg, pid_t pid) {
  struct finding *f = arg;
  for (size_t i = 0; i < f->wall->n_processes; i++)
    if (f->wall->process[i].pid == pid) return 0;
  return add_process(f->wall, pid);
}

static void drop_thread(struct wall_process *p, size_t i) {
  if (p->thread[i].slices_fd >= 0) close(p->thread[i].slices_fd);
  memmove(p->thread + i, p->thread + i + 1, (p->n - i - 1) * sizeof *p->thread);
  p->n--;
}

static void drop_process(struct wall *w, size_t i) {
  struct wall_process *p = &w->process[i];
  while (p->n) drop_thread(p, p->n - 1);
  free(p->thread);
  memmove(w->process + i, w->process + i + 1, (w->n_processes - i - 1) * sizeof *w->process);
  w->n_processes--;
}

static int tell_end(const struct wall *w, pid_t pid, pid_t tid) {
  struct record r = {.kind = RECORD_EXIT, .pid = (uint32_t)pid, .tid = (uint32_t)tid};
  return w->sampling->sink.take(w->sampling->sink.arg, &r);
}

static int drop_ended(struct wall *w) {
  for (size_t i = w->n_processes; i-- > 0;) {
    struct wall_process *p = &w->process[i];
    for (size_t k = p->n; k-- > 0;) {
      if (!p->thread[k].gone) continue;
      if (tell_end(w, p->pid, p->thread[k].tid)) return -1;
      drop_thread(p, k);
    }
    if (p->n == 0) drop_process(w, i);
  }
  return 0;
}

// ---- a tick -------------------------------------------------------------------------------------

// Looks at those that were there; *ran: one of them has run, or is new.
static int look_at_threads(struct wall *w, struct wall_process *p, bool *ran) {
  *ran = p->n == 0;
  for (size_t i = 0; i < p->n; i++) {
    if (look_at(w, p, &p->thread[i])) return -1;
    *ran |= p->thread[i].ran;
  }
  return 0;
}

static int look_at_new_threads(struct wall *w, size_t process) {
  struct finding f = {.wall = w, .process = process, .changed = true};
  for (int i = 0; i < ATTEMPTS && f.changed; i++) {
    f.changed = false;
    if (task_each_thread(w->process[process].pid, find_thread, &f)) return -1;
    struct wall_process *p = &w->process[process];
    for (size_t k = 0; k < p->n && f.changed; k++)
      if (p->thread[k].fresh && look_at(w, p, &p->thread[k])) return -1;
  }
  return 0;
}

static int look_for_children(struct wall *w, size_t process) {
  struct finding f = {.wall = w};
  for (size_t i = 0; i < w->process[process].n; i++) {
    const struct wall_process *p = &w->process[process];
    if (p->thread[i].ran && task_each_child(p->pid, p->thread[i].tid, find_process, &f)) return -1;
  }
  return 0;
}

// Children are added behind, and looked at in their turn.
static int tick(struct wall *w) {
  for (size_t i = 0; i < w->n_processes; i++) {
    bool ran;
    if (look_at_threads(w, &w->process[i], &ran)) return -1;
    if (!ran) continue;
    if (look_at_new_threads(w, i) || (w->children && look_for_children(w, i))) return -1;
  }
  return drop_ended(w);
}

static void set_timer(struct wall *w, int64_t at) {
  struct itimerspec when = {.it_value = {at / SECOND, at % SECOND}};
  timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static int take_tick(struct wall *w, bool at_once) {
  uint64_t times;
  int64_t began = clock_nanoseconds(CLOCK_MONOTONIC), used = clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  if (read(w->timer, &times, sizeof times) != (ssize_t)sizeof times && !at_once) return 0;
  if (tick(w)) return -1;
  int64_t next = w->due + w->period, soonest = began + COST * (clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID) - used);
  w->ticked = began;
  // Ticks that were missed are not made up for.
  w->due = next < began ? began + w->period : next < soonest ? soonest : next;
  set_timer(w, w->due);
  return 0;
}

static int take_stops(struct wall *w) {
  struct signalfd_siginfo info;
  while (read(w->stop_signals, &info, sizeof info) == (ssize_t)sizeof info) continue;
  for (size_t i = 0; i < w->n_processes; i++) {
    struct wall_process *p = &w->process[i];
    for (size_t k = 0; k < p->n; k++)
      if (p->thread[k].stopping && look_at_stopped(w, p, &p->thread[k])) return -1;
  }
  return 0;
}

static bool any_stopping(const struct wall *w) {
  for (size_t i = 0; i < w->n_processes; i++)
    for (size_t k = 0; k < w->process[i].n; k++)
      if (w->process[i].thread[k].stopping) return true;
  return false;
}

// Threads that were asked to stop and wait for a CPU get a while for it; recording_wait lets go of those that take longer.
static int settle(struct wall *w) {
  enum { TRIES = 100, PAUSE = 1000 * 1000 };
  for (int i = 0; i < TRIES && any_stopping(w); i++) {
    nanosleep(&(struct timespec){.tv_nsec = PAUSE}, NULL);
    if (take_stops(w)) return -1;
  }
  return 0;
}

static int wall_drain(struct sampling *s, bool all, struct err *e) {
  struct wall *w = s->state;
  bool failed = take_stops(w) || take_tick(w, all) || (all && settle(w));
  return failed ? err_nomem(e) : 0;
}

// What drain has not seen yet it sees at its next look.
static void wall_stop(struct sampling *s) { (void)s; }

// ---- before and after ---------------------------------------------------------------------------

static int refused(pid_t pid, struct err *e) {
  char path[32];
  struct stat s;
  int level = kernel_setting("/proc/sys/kernel/yama/ptrace_scope");
  snprintf(path, sizeof path, "/proc/%d", pid);
  if (stat(path, &s)) return err_set(e, "there is no process %d", pid);
  if (s.st_uid != geteuid()) return err_set(e, "process %d belongs to another user", pid);
  if (level > 2) return err_set(e, "the kernel lets nobody look into processes: kernel.yama.ptrace_scope is %d", level);
  if (level > 0)
    return err_set(e,
                   "the kernel does not let us look into process %d: kernel.yama.ptrace_scope is %d (as root: sysctl "
                   "kernel.yama.ptrace_scope=0)",
                   pid, level);
  return err_set(e, "the kernel does not let us look into process %d", pid);
}

// A filter of system calls answers before the kernel sees that nobody is traced, or that the memory is our own.
static bool is_filtered(void) {
  char from = 'x', to = 0;
  struct iovec here = {&to, 1}, there = {&from, 1};
  if (ptrace(PTRACE_DETACH, getpid(), 0, 0) == 0 || errno != ESRCH) return true;
  return process_vm_readv(getpid(), &here, 1, &there, 1, 0) != 1;
}

// Whether the process may be looked into is asked here, and what it was before its exec.
static int begin(struct wall *w, const struct subject *subject, struct err *e) {
  struct call c;
  struct task_stat s;
  pid_t pid = subject->pid;
  if (task_stat(pid, pid, &s)) return err_set(e, "there is no process %d", pid);
  if (task_where(pid, pid, &c) == TASK_DENIED) return refused(pid, e);
  if (is_filtered()) return err_set(e, "ptrace or process_vm_readv is filtered (seccomp, a container)");
  if (add_process(w, pid)) return err_nomem(e);
  w->process[0].started = w->process[0].waits = subject->at_exec;
  if (subject->at_exec) w->process[0].image = s.image;
  return 0;
}

static int watch(struct wall *w, int fd, struct err *e) {
  struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
  return fd < 0 || epoll_ctl(w->ready, EPOLL_CTL_ADD, fd, &wanted) ? err_system(e, "epoll") : 0;
}

// That a thread has stopped comes as SIGCHLD, which is blocked and read, so that one can wait for it.
static int open_descriptors(struct wall *w, struct err *e) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &set, NULL);
  w->ready = epoll_create1(EPOLL_CLOEXEC);
  w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  w->stop_signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return watch(w, w->timer, e) || watch(w, w->stop_signals, e) ? -1 : 0;
}

static void wall_close(struct sampling *s) {
  struct wall *w = s->state;
  while (w->n_processes) drop_process(w, w->n_processes - 1);
  free(w->process);
  if (w->timer >= 0) close(w->timer);
  if (w->stop_signals >= 0) close(w->stop_signals);
  if (w->ready >= 0) close(w->ready);
  free(w->bytes);
  free(w);
  s->state = NULL;
}

static int wall_open(struct sampling *s, const struct subject *subject, struct err *e) {
  struct wall *w = calloc(1, sizeof *w);
  if (!w) return err_nomem(e);
  s->state = w;
  *w = (struct wall){.timer = -1, .stop_signals = -1, .ready = -1, .sampling = s};
  w->children = !subject->options->no_children;
  w->period = SECOND / subject->options->frequency;
  w->bytes = malloc(WALL_STACK_BYTES);
  int result = w->bytes ? 0 : err_nomem(e);
  if (result || begin(w, subject, e) || open_descriptors(w, e)) {
    wall_close(s);
    return -1;
  }
  raise_file_limit();  // a file is kept open for each thread
  w->ticked = clock_nanoseconds(CLOCK_MONOTONIC);
  w->due = w->ticked + w->period;
  set_timer(w, w->due);
  s->descriptor = w->ready;
  s->wait = WAIT;
  return 0;
}

const struct sampler sampler_wall = {
    .name = "wall", .open = wall_open, .drain = wall_drain, .stop = wall_stop, .close = wall_close};
