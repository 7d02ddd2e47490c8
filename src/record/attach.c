// What a process that runs already has mapped, and how its threads are called, from /proc.
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/internal.h"

static int take_map_line(struct tracker *t, pid_t pid, const char *line, const char *program) {
  struct region r = {0};
  char protection[5];
  int name = 0;
  if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n", &r.start, &r.limit, protection, &r.offset,
             &name) < 4 ||
      !name || protection[2] != 'x')
    return 0;
  struct str text = {line + name, strcspn(line + name, "\n")};
  if (text.n == 0) text = STR_LIT("//anon");
  t->main_follows = t->main.limit == 0 && str_eq(text, str_of(program));
  return tracker_map(t, (uint32_t)pid, r, text, (struct str){0});
}

static int take_map_lines(struct tracker *t, pid_t pid, FILE *f, const char *program) {
  char *line = NULL;
  size_t cap = 0;
  int result = 0;
  for (bool first = true; f && !result && getline(&line, &cap, f) > 0; first = false) {
    if (first) result = tracker_forget_maps(t, (uint32_t)pid);
    if (!result) result = take_map_line(t, pid, line, program);
  }
  t->main_follows = false;
  free(line);
  if (f) fclose(f);
  return result;
}

static int attach_maps(struct tracker *t, pid_t pid) {
  char path[40], program[PATH_MAX] = "";
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t n = readlink(path, program, sizeof program - 1);
  if (n > 0) program[n] = '\0';
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  return take_map_lines(t, pid, fopen(path, "re"), program);
}

int tracker_read_maps(struct tracker *t, pid_t pid, struct str text) {
  char program[PATH_MAX] = "";
  size_t n = 0;
  if (text.n == 0) return attach_maps(t, pid);
  while (n < text.n && text.p[n] != '\n') n++;
  if (n + 1 >= text.n || n >= sizeof program) return 0;
  memcpy(program, text.p, n);
  return take_map_lines(t, pid, fmemopen((void *)(uintptr_t)(text.p + n + 1), text.n - n - 1, "r"), program);
}

struct attaching {
  struct tracker *tracker;
  pid_t pid;
};

static int attach_thread(void *arg, pid_t tid) {
  const struct attaching *a = arg;
  char path[64], name[32] = "";
  snprintf(path, sizeof path, "/proc/%d/task/%d/comm", a->pid, tid);
  FILE *f = fopen(path, "re");
  if (f && !fgets(name, sizeof name, f)) name[0] = '\0';
  if (f) fclose(f);
  struct record named = {.kind = RECORD_COMM, .pid = (uint32_t)a->pid, .tid = (uint32_t)tid};
  named.name = (struct str){name, strcspn(name, "\n")};
  return tracker_take(a->tracker, &named);
}

int tracker_attach(struct tracker *t, pid_t pid) {
  int result = task_each_thread(pid, attach_thread, &(struct attaching){t, pid});
  t->pid = pid;
  return result ? result : attach_maps(t, pid);
}
