// The list of names that a compiler at run time (Java, Node, .NET, ...) writes for profilers: /tmp/perf-PID.map. It lies where
// the process sees /tmp, under the number the process knows itself by, and can be reached so only while the process lives;
// what it has at the end counts. So it is opened early and read late.
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/internal.h"

enum { MOST_BYTES = 64 << 20 };

// The user, and the number in the innermost namespace.
static void read_status(struct perf_map *m, uint32_t pid) {
  char path[40], line[256];
  uint32_t number;
  snprintf(path, sizeof path, "/proc/%" PRIu32 "/status", pid);
  FILE *f = fopen(path, "re");
  while (f && fgets(line, sizeof line, f)) {
    const char *last = strrchr(line, '\t');
    if (str_starts(str_of(line), STR_LIT("Uid:")) && sscanf(line, "Uid: %" SCNu32, &m->user) == 1) m->has_user = true;
    if (str_starts(str_of(line), STR_LIT("NSpid:")) && last && sscanf(last, "%" SCNu32, &number) == 1)
      m->number = number;
  }
  if (f) fclose(f);
}

// Only what the process's user or root wrote is believed. A pipe or a device must not hold us up.
static int open_owned(const struct perf_map *m, const char *path) {
  struct stat s;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return -1;
  uint32_t user = m->has_user ? m->user : geteuid();
  if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && (s.st_uid == user || s.st_uid == 0)) return fd;
  close(fd);
  return -1;
}

void perf_map_look(struct perf_map *m, uint32_t pid) {
  char path[80];
  m->asked++;
  // Now and then: it may be written later.
  if (m->fd >= 0 || m->asked & (m->asked - 1)) return;
  if (!m->has_user) read_status(m, pid);
  if (!m->has_user) return;
  snprintf(path, sizeof path, "/proc/%" PRIu32 "/root/tmp/perf-%" PRIu32 ".map", pid, m->number ? m->number : pid);
  m->fd = open_owned(m, path);
}

void perf_map_read(struct perf_map *m, uint32_t pid, struct buf *text) {
  char path[40];
  snprintf(path, sizeof path, "/tmp/perf-%" PRIu32 ".map", pid);
  if (m->fd < 0) m->fd = open_owned(m, path);
  if (m->fd >= 0 && lseek(m->fd, 0, SEEK_SET) == 0) (void)fd_read(m->fd, MOST_BYTES, text);
}

void perf_map_close(struct perf_map *m) {
  if (m->fd >= 0) close(m->fd);
  m->fd = -1;
}
