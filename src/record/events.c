// What is asked of the kernel. An event that follows a process's threads can only be read when it is bound to a CPU, so there
// is one a CPU; events of further threads write to the same rings.
//
// What a process may lock in memory decides how large a ring can be, and that how much of a stack is copied; the smallest needs
// no privilege. The kernel tells of a ring that is a quarter full.
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "record/internal.h"

enum {
  NANOSECONDS = 1000000000,
  RINGS_TOTAL = 128 << 20,  // on machines with many CPUs they are smaller
};

static struct perf_event_attr attributes(void) {
  return (struct perf_event_attr){
      .type = PERF_TYPE_SOFTWARE,
      .size = sizeof(struct perf_event_attr),
      .sample_id_all = 1,
      .disabled = 1,
      .watermark = 1,
      .use_clockid = 1,
      .clockid = CLOCK_MONOTONIC,
  };
}

struct perf_event_attr events_of_samples(const struct record_options *o) {
  struct perf_event_attr a = attributes();
  a.config = PERF_COUNT_SW_CPU_CLOCK;
  a.sample_period = (uint64_t)(NANOSECONDS / o->frequency);
  a.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN |
                  PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
  a.sample_regs_user = record_registers_mask();
  a.exclude_callchain_user = 1;
  a.exclude_callchain_kernel = !o->kernel;
  a.exclude_kernel = !o->kernel;
  a.exclude_hv = 1;
  a.exclude_idle = 1;
  return a;
}

void events_add_changes(struct perf_event_attr *a) {
  a->sample_type |= PERF_SAMPLE_TID | PERF_SAMPLE_TIME;
  a->mmap = a->mmap2 = a->build_id = 1;
  a->comm = a->comm_exec = 1;
  a->task = 1;
}

struct perf_event_attr events_of_changes(void) {
  struct perf_event_attr a = attributes();
  a.config = PERF_COUNT_SW_DUMMY;
  events_add_changes(&a);
  return a;
}

// Kernels before 5.12 give no build ids.
static int open_one(struct perf_event_attr *a, pid_t tid, int cpu) {
  for (;;) {
    int fd = (int)syscall(SYS_perf_event_open, a, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd >= 0 || errno != EINVAL || !a->build_id) return fd;
    a->build_id = 0;
  }
}

static int refused(const struct perf_event_attr *a, pid_t tid, struct err *e) {
  int error = errno, level = kernel_setting("/proc/sys/kernel/perf_event_paranoid");
  if (error == ENOSYS)
    return err_set(e, "this kernel has no perf_event_open, or it is filtered (seccomp, a container)"), SAMPLER_REFUSED;
  if (error == EMFILE)
    return err_set(
        e, "process %d has too many threads: an open file is needed for each of them and each CPU (ulimit -n)", tid);
  if (error == ESRCH) return err_set(e, "there is no process %d", tid);
  if (error != EACCES && error != EPERM) return err_set(e, "perf_event_open: %s", strerror(error));
  if (!a->exclude_kernel && a->config == PERF_COUNT_SW_CPU_CLOCK && level > 1)
    err_set(e,
            "the kernel does not let us see what it does (-kernel): kernel.perf_event_paranoid is %d (as root: sysctl "
            "kernel.perf_event_paranoid=1)",
            level);
  else if (level > 2)
    err_set(e,
            "the kernel does not let users record: kernel.perf_event_paranoid is %d (as root: sysctl "
            "kernel.perf_event_paranoid=2)",
            level);
  else
    err_set(e,
            "the kernel does not let us record process %d: it belongs to another user, or perf_event_open is filtered "
            "(seccomp, a container)",
            tid);
  return SAMPLER_REFUSED;
}

uint32_t events_most_stack(uint64_t period) {
  enum { ALL = 65528, SOME = 32 << 10, OFTEN = 4000000 };
  return period < OFTEN ? SOME : ALL;
}

// How much of a stack is copied: a ring has to hold the samples of a 32nd of a second.
static uint32_t stack_bytes(size_t ring, uint64_t period) {
  enum { LEAST = 8 << 10 };
  uint64_t samples = NANOSECONDS / 32 / period + 1, fitting = ring / samples;
  uint32_t bytes = LEAST, most = events_most_stack(period);
  while (bytes < most && 2 * bytes <= fitting) bytes *= 2;
  return bytes < most ? bytes : most;
}

static int open_ring(struct ring *r, struct perf_event_attr *a, pid_t tid, int cpu, size_t size, struct err *e) {
  r->fd = open_one(a, tid, cpu);
  if (r->fd < 0) return errno == ENODEV ? 0 : refused(a, tid, e);
  return ring_map(r, size, e);
}

static int open_rings(struct events *v, struct perf_event_attr *a, pid_t tid, size_t size, struct err *e) {
  size_t opened = 0;
  for (size_t c = 0; c < v->n_rings; c++) {
    int result = open_ring(&v->ring[c], a, tid, (int)c, size, e);
    if (result) return result;
    opened += v->ring[c].fd >= 0;
  }
  return opened ? 0 : err_set(e, "no CPU can be recorded");
}

static void close_rings(struct events *v) {
  for (size_t i = 0; i < v->n_rings; i++) {
    ring_unmap(&v->ring[i]);
    if (v->ring[i].fd >= 0) close(v->ring[i].fd);
    v->ring[i] = (struct ring){.fd = -1};
  }
}

int events_open_rings(struct events *v, struct perf_event_attr *a, pid_t tid, struct ring_size size, struct err *e) {
  long cpus = sysconf(_SC_NPROCESSORS_CONF);
  int result = RING_REFUSED;
  v->n_rings = cpus > 0 ? (size_t)cpus : 1;
  v->ring = calloc(v->n_rings, sizeof *v->ring);
  if (!v->ring) return err_nomem(e);
  for (size_t i = 0; i < v->n_rings; i++) v->ring[i].fd = -1;
  while (size.most > size.least && size.most * v->n_rings > RINGS_TOTAL) size.most /= 2;
  for (size_t n = size.most; n >= size.least && result == RING_REFUSED; n /= 2) {
    close_rings(v);
    a->wakeup_watermark = (uint32_t)(n / 4);
    if (a->sample_type & PERF_SAMPLE_STACK_USER) a->sample_stack_user = stack_bytes(n, a->sample_period);
    result = open_rings(v, a, tid, n, e);
  }
  return result == RING_REFUSED ? SAMPLER_REFUSED : result;
}

int events_open_thread(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e) {
  for (size_t c = 0; c < v->n_rings; c++) {
    if (v->ring[c].fd < 0) continue;
    if (ARRAY_RESERVE(v->more, v->more_cap, v->n_more + 1)) return err_nomem(e);
    int fd = open_one(a, tid, (int)c);
    if (fd < 0 && errno == ESRCH) return 0;
    if (fd < 0) return refused(a, tid, e);
    v->more[v->n_more++] = fd;
    if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, v->ring[c].fd)) return err_system(e, "perf_event_open");
  }
  return 0;
}

static void control(struct events *v, unsigned long request) {
  for (size_t i = 0; i < v->n_rings; i++)
    if (v->ring[i].fd >= 0) ioctl(v->ring[i].fd, request, 0);
  for (size_t i = 0; i < v->n_more; i++) ioctl(v->more[i], request, 0);
}

void events_enable(struct events *v) { control(v, PERF_EVENT_IOC_ENABLE); }
void events_disable(struct events *v) { control(v, PERF_EVENT_IOC_DISABLE); }

void events_release(struct events *v) {
  for (size_t i = 0; i < v->n_more; i++) close(v->more[i]);
  close_rings(v);
  free(v->more);
  free(v->ring);
  *v = (struct events){0};
}
