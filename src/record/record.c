// The recording: the program is started, or a process is attended to; rings are emptied until the end; a profile comes of it.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/internal.h"

enum {
  MILLISECOND = 1000000,
  SECOND = 1000000000,
};

struct session {
  const struct record_options *options;
  struct recording *result;
  struct sampling sampling;
  struct tracker tracker;
  struct launch launch;
  int signals, process;
  int64_t began, told;
  double used_before, used_now;
  struct rusage children_before;
};

// Samples may stand for time in the kernel though they do not show what was done there.
static bool counts_kernel(const struct session *s) { return s->options->kernel || s->sampling.kernel_time; }

// ---- before ---------------------------------------------------------------------------------------

static int open_signals(struct session *s, struct err *e) {
  static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) sigaddset(&set, ends[i]);
  // Ctrl-\ is the program's, as Ctrl-C is.
  sigaddset(&set, SIGQUIT);
  if (sigprocmask(SIG_BLOCK, &set, &s->result->signals)) return err_system(e, "signals");
  s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return s->signals < 0 ? err_system(e, "signals") : 0;
}

static int open_sampler(struct session *s, pid_t pid, struct err *e) {
  struct subject subject = {.options = s->options, .pid = pid, .at_exec = s->options->program != NULL};
  return sampling_open(&s->sampling, &subject, (struct sink){tracker_take, &s->tracker}, e);
}

static int start_program(struct session *s, struct err *e) {
  char *const *program = s->options->program;
  getrusage(RUSAGE_CHILDREN, &s->children_before);
  if (launch_begin(&s->launch, program, &s->result->signals, e)) return -1;
  s->tracker.pid = s->launch.pid;
  if (open_sampler(s, s->launch.pid, e) || launch_go(&s->launch, program[0], s->sampling.environment, e)) {
    launch_abandon(&s->launch);
    return -1;
  }
  s->result->launched = true;
  return 0;
}

static int attach(struct session *s, struct err *e) {
  pid_t pid = s->options->pid;
  if (open_sampler(s, pid, e)) return -1;
  s->used_before = s->used_now = usage_of(pid, s->options, counts_kernel(s));
  return tracker_attach(&s->tracker, pid) ? err_nomem(e) : 0;
}

static int open_process(struct session *s, struct err *e) {
  s->result->pid = s->result->launched ? s->launch.pid : s->options->pid;
  s->process = (int)syscall(SYS_pidfd_open, s->result->pid, 0);
  if (s->process < 0 && errno == ESRCH) return err_set(e, "there is no process %d", s->result->pid);
  if (s->process < 0) return err_set(e, "process %d: %s", s->result->pid, strerror(errno));
  return 0;
}

static int begin(struct session *s, struct err *e) {
  if (open_signals(s, e)) return -1;
  if (s->options->kernel) tracker_read_kernel(&s->tracker);
  if (s->options->program ? start_program(s, e) : attach(s, e)) return -1;
  s->began = clock_nanoseconds(CLOCK_MONOTONIC);
  return open_process(s, e);
}

// ---- while it runs ----------------------------------------------------------------------------------

static int drain(struct session *s, bool all, struct err *e) {
  return s->sampling.sampler->drain(&s->sampling, all, e);
}

// What a terminal sends reaches the program without us.
static bool take_signals(struct session *s) {
  struct signalfd_siginfo info;
  bool end = false;
  while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info) {
    int number = (int)info.ssi_signo;
    bool from_terminal = info.ssi_code == SI_KERNEL;
    if (s->result->launched && !from_terminal) kill(s->launch.pid, number);
    if (number == SIGQUIT) continue;
    end |= !s->result->launched || s->result->signal;
    s->result->signal = number;
  }
  return end;
}

static int wait_milliseconds(const struct session *s) {
  int longest = s->sampling.wait;
  if (s->options->seconds <= 0) return longest;
  double left = s->options->seconds * 1e3 - (double)(clock_nanoseconds(CLOCK_MONOTONIC) - s->began) / MILLISECOND;
  return left < 0 ? 0 : left < (double)longest ? (int)left + 1 : longest;
}

static bool time_is_over(const struct session *s) {
  return s->options->seconds > 0 &&
         (double)(clock_nanoseconds(CLOCK_MONOTONIC) - s->began) >= s->options->seconds * SECOND;
}

static void tell_progress(struct session *s) {
  int64_t time = clock_nanoseconds(CLOCK_MONOTONIC);
  if (!s->options->progress || time - s->told < SECOND / 2) return;
  struct recording so_far = {.samples = s->tracker.samples, .lost = s->tracker.lost};
  so_far.sampled = (double)s->tracker.seen / SECOND;
  s->options->progress(s->options->progress_arg, &so_far, (double)(time - s->told) / SECOND);
  s->told = time;
}

static int run(struct session *s, struct err *e) {
  struct pollfd poll_for[] = {{.fd = s->signals, .events = POLLIN},
                              {.fd = s->process, .events = POLLIN},
                              {.fd = s->sampling.descriptor, .events = POLLIN}};
  bool end = false;
  s->told = s->began;
  while (!end) {
    if (poll(poll_for, sizeof poll_for / sizeof *poll_for, wait_milliseconds(s)) < 0 && errno != EINTR)
      return err_system(e, "poll");
    s->result->ended = poll_for[1].revents != 0;
    if (!s->result->launched && !s->result->ended)
      s->used_now = usage_of(s->options->pid, s->options, counts_kernel(s));
    end = take_signals(s) || s->result->ended || time_is_over(s);
    if (drain(s, false, e)) return -1;
    tell_progress(s);
  }
  s->sampling.sampler->stop(&s->sampling);
  return drain(s, true, e);
}

// ---- after --------------------------------------------------------------------------------------

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static double waited_for(const struct session *s) {
  struct rusage after;
  const struct rusage *before = &s->children_before;
  getrusage(RUSAGE_CHILDREN, &after);
  double user = seconds(after.ru_utime) - seconds(before->ru_utime);
  return counts_kernel(s) ? user + seconds(after.ru_stime) - seconds(before->ru_stime) : user;
}

// Seconds of CPU time that the recording should show; -1: unknown.
static double used(struct session *s) {
  if (!s->result->launched) {
    double last = usage_of(s->options->pid, s->options, counts_kernel(s));
    if (last < 0) last = s->used_now;
    return s->used_before < 0 || last < 0 ? -1 : last - s->used_before;
  }
  // It is still known by itself, apart from the processes it waited for.
  double alone = usage_of(s->launch.pid, s->options, counts_kernel(s));
  if (!s->result->ended) return alone;
  while (waitpid(s->launch.pid, &s->result->status, 0) < 0)
    if (errno != EINTR) return -1;
  return s->options->no_children ? alone : waited_for(s);
}

static int finish(struct session *s, struct err *e) {
  struct recording *r = s->result;
  struct span span = {.lasted = clock_nanoseconds(CLOCK_MONOTONIC) - s->began};
  span.began = clock_nanoseconds(CLOCK_REALTIME) - span.lasted;
  r->wall = s->options->wall;
  double cpu = used(s);
  r->used = r->wall ? -1 : cpu;
  r->period = s->sampling.period ? s->sampling.period : SECOND / s->options->frequency;
  r->kernel = counts_kernel(s);
  r->misses_short = s->sampling.sampler->misses_short;
  r->note = s->sampling.note;
  r->stops = s->sampling.stops;
  r->profile = write_profile(&s->tracker, &span, r, e);
  return r->profile ? 0 : -1;
}

static void release(struct session *s) {
  sampling_close(&s->sampling);
  tracker_release(&s->tracker);
  if (s->process >= 0) close(s->process);
  if (s->signals >= 0) close(s->signals);
  free(s);
}

int record(const struct record_options *o, struct recording *r, struct err *e) {
  struct session *s = calloc(1, sizeof *s);
  *r = (struct recording){.used = -1};
  sigprocmask(SIG_SETMASK, NULL, &r->signals);
  if (!s) return err_nomem(e);
  *s = (struct session){.options = o, .result = r, .signals = -1, .process = -1};
  tracker_init(&s->tracker, o);
  int result = begin(s, e) || run(s, e) || finish(s, e) ? -1 : 0;
  release(s);
  return result;
}

// What is on its way to a thread that has stopped.
static int signal_of(int status) { return status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status); }

int recording_wait(struct recording *r) {
  sigprocmask(SIG_SETMASK, &r->signals, NULL);
  if (!r->launched) return 0;
  while (!r->ended) {
    int status = 0;
    pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0 && errno == EINTR) continue;
    // A thread that was asked to stop for a sample and took its time.
    if (pid >= 0 && WIFSTOPPED(status)) ptrace(PTRACE_DETACH, pid, 0, (void *)(intptr_t)signal_of(status));
    else if (pid == r->pid || pid < 0) r->ended = true, r->status = status;
  }
  return WIFSIGNALED(r->status) ? 128 + WTERMSIG(r->status) : WEXITSTATUS(r->status);
}

void recording_release(struct recording *r) {
  profile_free(r->profile);
  r->profile = NULL;
}
