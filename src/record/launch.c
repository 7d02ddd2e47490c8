// A process is forked and waits on a pipe until its events are open; they are enabled by its exec. A second pipe, closed by
// the exec, brings the error when there was none.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/internal.h"

// A byte lets it go; bytes before that, up to a 0, are something for the environment.
static bool wait_to_go(int go) {
  enum { ROOM = 64 * 1024 };
  char *text = calloc(1, ROOM);
  size_t n = 0;
  while (text && n < ROOM) {
    ssize_t got = read(go, text + n, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got != 1) return false;
    if (text[n++] == '\0') return n == 1 || putenv(text) == 0;
  }
  return false;
}

// SIGPIPE is ignored in this program, and in no other because of that.
static void become(const struct launch *l, int go, int failed, char *const *program, const sigset_t *signals) {
  int error = 0;
  close(l->go);
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, signals, NULL);
  if (!wait_to_go(go)) _exit(127);
  execvp(program[0], program);
  error = errno;
  if (write(failed, &error, sizeof error) < 0) _exit(126);
  _exit(127);
}

int launch_begin(struct launch *l, char *const *program, const sigset_t *signals, struct err *e) {
  int go[2] = {-1, -1}, failed[2] = {-1, -1};
  *l = (struct launch){.pid = -1, .go = -1, .failed = -1};
  if (pipe2(go, O_CLOEXEC) == 0 && pipe2(failed, O_CLOEXEC) == 0) {
    l->go = go[1];
    l->pid = fork();
    if (l->pid == 0) become(l, go[0], failed[1], program, signals);
  }
  if (l->pid < 0) err_system(e, "cannot start a process");
  l->failed = failed[0];
  if (go[0] >= 0) close(go[0]);
  if (failed[1] >= 0) close(failed[1]);
  if (l->pid >= 0) return 0;
  launch_abandon(l);
  return -1;
}

static void close_pipes(struct launch *l) {
  if (l->go >= 0) close(l->go);
  if (l->failed >= 0) close(l->failed);
  l->go = l->failed = -1;
}

// A process that still waits sees the end of its pipe and goes.
void launch_abandon(struct launch *l) {
  close_pipes(l);
  if (l->pid > 0)
    while (waitpid(l->pid, NULL, 0) < 0 && errno == EINTR) continue;
  l->pid = -1;
}

int launch_go(struct launch *l, const char *name, const char *environment, struct err *e) {
  int error = 0;
  const char *text = environment ? environment : "";
  size_t length = strlen(text) + 1;
  ssize_t n = -1;
  if (write(l->go, text, length) == (ssize_t)length)
    while ((n = read(l->failed, &error, sizeof error)) < 0 && errno == EINTR) continue;
  close_pipes(l);
  if (n == 0) return 0;
  if (n < 0) error = errno;
  launch_abandon(l);
  return err_set(e, "%s: %s", name, strerror(error));
}
