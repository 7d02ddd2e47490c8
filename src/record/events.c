// What is asked of the kernel. An event that follows a process's threads can only be read when it is bound to a CPU, so there
// is one a CPU; events of further threads write to the same rings.
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "record/internal.h"

enum { NANOSECONDS = 1000000000 };

struct perf_event_attr events_attributes(const struct record_options *o) {
  return (struct perf_event_attr){
      .type = PERF_TYPE_SOFTWARE,
      .size = sizeof(struct perf_event_attr),
      .config = PERF_COUNT_SW_CPU_CLOCK,
      .sample_period = (uint64_t)(NANOSECONDS / o->frequency),
      .sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD | PERF_SAMPLE_REGS_USER |
                     PERF_SAMPLE_STACK_USER,
      .sample_regs_user = record_registers_mask(),
      .sample_stack_user = STACK_BYTES,
      .sample_id_all = 1,
      .disabled = 1,
      .exclude_kernel = 1,
      .exclude_hv = 1,
      .mmap = 1,
      .mmap2 = 1,
      .build_id = 1,
      .comm = 1,
      .comm_exec = 1,
      .task = 1,
      .watermark = 1,
      .wakeup_watermark = 128 * 1024,
      .use_clockid = 1,
      .clockid = CLOCK_MONOTONIC,
  };
}

// Kernels before 5.12 give no build ids.
static int open_one(struct perf_event_attr *a, pid_t tid, int cpu) {
  for (;;) {
    int fd = (int)syscall(SYS_perf_event_open, a, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd >= 0 || errno != EINVAL || !a->build_id) return fd;
    a->build_id = 0;
  }
}

static int paranoid(void) {
  int level = 0;
  FILE *f = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
  if (!f) return 0;
  if (fscanf(f, "%d", &level) != 1) level = 0;
  fclose(f);
  return level;
}

static int refused(pid_t tid, struct err *e) {
  int error = errno, level = paranoid();
  if (error == ENOSYS)
    return err_set(e, "this kernel has no perf_event_open, or it is filtered (seccomp, a container)"), SAMPLER_REFUSED;
  if (error == EMFILE)
    return err_set(
        e, "process %d has too many threads: an open file is needed for each of them and each CPU (ulimit -n)", tid);
  if (error == ESRCH) return err_set(e, "there is no process %d", tid);
  if (error != EACCES && error != EPERM) return err_set(e, "perf_event_open: %s", strerror(error));
  if (level > 2)
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

int events_open_rings(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e) {
  long cpus = sysconf(_SC_NPROCESSORS_CONF);
  size_t opened = 0;
  v->ring = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof *v->ring);
  if (!v->ring) return err_nomem(e);
  for (long c = 0; c < cpus; c++) {
    struct ring *r = &v->ring[v->n_rings++];
    r->fd = open_one(a, tid, (int)c);
    if (r->fd < 0 && errno != ENODEV) return refused(tid, e);
    if (r->fd >= 0 && ring_map(r, e)) return -1;
    opened += r->fd >= 0;
  }
  return opened ? 0 : err_set(e, "no CPU can be recorded");
}

int events_open_thread(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e) {
  for (size_t c = 0; c < v->n_rings; c++) {
    if (v->ring[c].fd < 0) continue;
    if (ARRAY_RESERVE(v->more, v->more_cap, v->n_more + 1)) return err_nomem(e);
    int fd = open_one(a, tid, (int)c);
    if (fd < 0 && errno == ESRCH) return 0;
    if (fd < 0) return refused(tid, e);
    v->more[v->n_more++] = fd;
    if (ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, v->ring[c].fd)) return err_set(e, "perf_event_open: %s", strerror(errno));
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
  for (size_t i = 0; i < v->n_rings; i++) {
    struct ring *r = &v->ring[i];
    if (r->page) munmap(r->page, r->size + (size_t)sysconf(_SC_PAGESIZE));
    if (r->fd >= 0) close(r->fd);
  }
  free(v->more);
  free(v->ring);
  *v = (struct events){0};
}
