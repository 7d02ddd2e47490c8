// Starting viewers.
#include "driver/viewer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/output.h"
#include "driver/spawn.h"

// "$BROWSER" stands for the variable, "?" before a name for: only where there is a display.
const char *const viewer_browsers[] = {"$BROWSER", "chrome",           "google-chrome", "chromium",
                                       "firefox",  "sensible-browser", "?xdg-open",     NULL};

enum { MAX_WORDS = 16 };

typedef int spawn_function(char *const argv[], int in, int out, pid_t *pid);

// 0 when the program runs, else an errno.
static int start(const char *command, const char *file, spawn_function *spawn, pid_t *pid) {
  char *words = strdup(command), *rest = words, *word, *argv[MAX_WORDS + 2];
  size_t n = 0;
  while (words && n < MAX_WORDS && (word = strsep(&rest, " ")))
    if (*word) argv[n++] = word;
  argv[n] = (char *)(uintptr_t)file;
  argv[n + 1] = NULL;
  int error = n ? spawn(argv, -1, -1, pid) : ENOENT;
  free(words);
  return error;
}

// What to try for an entry of the list; NULL: pass it over.
static const char *resolve(const char *program) {
  if (program[0] == '$') return getenv(program + 1);
  if (program[0] == '?') return getenv("DISPLAY") ? program + 1 : NULL;
  return program;
}

static int start_first(const char *const *programs, const char *file, spawn_function *spawn, pid_t *pid) {
  for (; *programs; programs++) {
    const char *command = resolve(*programs);
    if (command && *command && start(command, file, spawn, pid) == 0) return 0;
  }
  return -1;
}

static int wait_for(pid_t pid, struct err *e) {
  int result = spawn_wait(pid, "the viewer", e);
  sleep(1);  // it may only have told a running program to open the file
  return result;
}

// Takes the path over. What ended of the programs started before is collected on the way.
static int leave(struct viewer_files *f, struct buf *path, struct err *e) {
  while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  if (ARRAY_RESERVE(f->path, f->cap, f->n + 1)) return err_nomem(e);
  f->path[f->n++] = path->data;
  *path = (struct buf){0};
  return 0;
}

static int temporary_file(const char *extension, struct buf *path, struct err *e) {
  const char *folder = getenv("TMPDIR");
  buf_addf(path, "%s/cprof-XXXXXX.%s", folder && *folder ? folder : "/tmp", extension);
  if (path->failed) return err_nomem(e);
  int fd = mkostemps(path->data, (int)strlen(extension) + 1, O_CLOEXEC);
  return fd < 0 ? err_system(e, path->data) : fd;
}

int viewer_show(const char *const *programs, const char *extension, struct str bytes, struct viewer_files *left,
                struct err *e) {
  struct buf path = {0};
  pid_t pid;
  int fd = temporary_file(extension, &path, e), result = fd < 0 ? -1 : 0;
  if (!result) {
    if (fd_write(fd, bytes)) result = err_system(e, path.data);
    close(fd);
    if (!result && start_first(programs, path.data, spawn_program, &pid))
      result = err_set(e, "no program to show it with is installed; -output=FILE writes it to a file");
    if (!result) result = left ? leave(left, &path, e) : wait_for(pid, e);
    if (path.data) unlink(path.data);
  }
  buf_release(&path);
  return result;
}

int viewer_open_url(const char *url, struct err *e) {
  pid_t pid;
  return start_first(viewer_browsers, url, spawn_apart, &pid) ? err_set(e, "no browser is installed") : 0;
}

void viewer_files_release(struct viewer_files *f) {
  for (size_t i = 0; i < f->n; i++) {
    unlink(f->path[i]);
    free(f->path[i]);
  }
  free(f->path);
  *f = (struct viewer_files){0};
}
