// What /proc tells of a thread, and its memory. Where a thread sleeps can be read without stopping it.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "record/wall.h"

enum { PATH_ROOM = 80 };

static void path_of(char *path, pid_t pid, pid_t tid, const char *name) {
  snprintf(path, PATH_ROOM, "/proc/%d/task/%d/%s", pid, tid, name);
}

// The text of a small file, cut where there is no room. -1 with errno.
static ssize_t read_small(const char *path, char *text, size_t room) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, text, room - 1);
  int error = errno;
  close(fd);
  errno = error;
  if (n >= 0) text[n] = '\0';
  return n;
}

// Fields count from 1; the third comes behind the name. Where code and stack begin is another place after an exec.
static uint64_t image_of(const char *fields) {
  static const int wanted[] = {26, 27, 28, 48};  // of code, its end, of the stack, of arguments
  uint64_t image = 0;
  size_t next = 0;
  int field = 3;
  for (const char *at = fields; at && next < sizeof wanted / sizeof *wanted; field++) {
    if (field == wanted[next]) {
      image = hash_u64(image ^ strtoull(at, NULL, 10));
      next++;
    }
    at = strchr(at, ' ');
    if (at) at++;
  }
  return image;
}

int task_stat(pid_t pid, pid_t tid, struct task_stat *s) {
  char path[PATH_ROOM], text[1024];
  *s = (struct task_stat){.state = 'X'};
  path_of(path, pid, tid, "stat");
  if (read_small(path, text, sizeof text) <= 0) return -1;
  // The name may hold blanks and parentheses.
  const char *name = strchr(text, '('), *behind = strrchr(text, ')');
  if (!name || !behind || behind < name || behind[1] != ' ' || !behind[2]) return -1;
  size_t n = (size_t)(behind - name - 1);
  memcpy(s->name, name + 1, n < sizeof s->name ? n : sizeof s->name - 1);
  s->state = behind[2];
  s->image = image_of(behind + 2);
  return 0;
}

enum task_where task_where(pid_t pid, pid_t tid, struct call *c) {
  char path[PATH_ROOM], text[256], *at = text;
  *c = (struct call){.number = -1};
  path_of(path, pid, tid, "syscall");
  if (read_small(path, text, sizeof text) <= 0) return errno == EPERM || errno == EACCES ? TASK_DENIED : TASK_GONE;
  if (strncmp(text, "running", 7) == 0) return TASK_RUNNING;
  c->number = strtol(text, &at, 10);
  for (size_t i = 0; c->number >= 0 && i < 6; i++) c->argument[i] = strtoull(at, &at, 16);
  c->sp = strtoull(at, &at, 16);
  c->pc = strtoull(at, &at, 16);
  return TASK_BLOCKED;
}

int task_open(pid_t pid, pid_t tid) {
  char path[PATH_ROOM];
  path_of(path, pid, tid, "schedstat");
  return open(path, O_RDONLY | O_CLOEXEC);
}

// Time it ran, time it waited for a CPU, how often it got one.
uint64_t task_slices(int fd, pid_t pid, pid_t tid) {
  char path[PATH_ROOM], text[80];
  uint64_t slices = 0;
  ssize_t n;
  if (fd >= 0) {
    n = pread(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
  } else {
    path_of(path, pid, tid, "schedstat");
    n = read_small(path, text, sizeof text);
  }
  return n > 0 && sscanf(text, "%*s %*s %" SCNu64, &slices) == 1 ? slices : 0;
}

int task_each_thread(pid_t pid, visit_task *visit, void *arg) {
  char path[PATH_ROOM];
  int result = 0;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  if (!tasks) return 0;
  for (struct dirent *d; !result && (d = readdir(tasks));) {
    pid_t tid = (pid_t)strtol(d->d_name, NULL, 10);
    if (tid > 0) result = visit(arg, tid);
  }
  closedir(tasks);
  return result;
}

int task_each_child(pid_t pid, pid_t tid, visit_task *visit, void *arg) {
  char path[PATH_ROOM], *text = NULL, *end;
  size_t cap = 0;
  int result = 0;
  path_of(path, pid, tid, "children");
  FILE *f = fopen(path, "re");
  if (f && getline(&text, &cap, f) > 0)
    for (char *at = text; !result; at = end) {
      pid_t child = (pid_t)strtol(at, &end, 10);
      if (end == at) break;
      result = visit(arg, child);
    }
  free(text);
  if (f) fclose(f);
  return result;
}

// A transfer ends with the last part that is there as a whole, so parts are pages.
size_t process_memory(pid_t pid, uint64_t address, void *bytes, size_t n) {
  enum { PARTS = 32, PAGE = 4096 };
  struct iovec here = {bytes, n}, there[PARTS];
  size_t parts = 0, done = 0;
  while (done < n && parts < PARTS) {
    size_t part = PAGE - (address + done) % PAGE;
    if (part > n - done) part = n - done;
    there[parts++] = (struct iovec){(void *)(uintptr_t)(address + done), part};  // NOLINT: of the other process
    done += part;
  }
  ssize_t got = process_vm_readv(pid, &here, 1, there, parts, 0);
  return got > 0 ? (size_t)got : 0;
}
