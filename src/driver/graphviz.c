// Running `dot`.
#include "driver/graphviz.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver/output.h"
#include "driver/spawn.h"

// The text as a file to read from: with a pipe on both sides, who writes and who reads would have to take turns.
static int as_file(struct str text) {
  int fd = memfd_create("cprof-dot", MFD_CLOEXEC);
  if (fd >= 0 && fd_write(fd, text)) {
    close(fd);
    return -1;
  }
  if (fd >= 0) lseek(fd, 0, SEEK_SET);
  return fd;
}

static int start(const char *format, int in, int out, pid_t *pid) {
  char option[16] = "-T";
  char *const argv[] = {(char[]){"dot"}, strncat(option, format, sizeof option - 3), NULL};
  return spawn_program(argv, in, out, pid);
}

// False when it was stopped.
static bool read_all(int fd, const atomic_bool *stop, struct buf *out) {
  enum { MILLISECONDS_TO_STOP = 100 };
  struct pollfd readable = {.fd = fd, .events = POLLIN};
  char piece[64 << 10];
  for (;;) {
    int ready = stop ? poll(&readable, 1, MILLISECONDS_TO_STOP) : 1;
    if (stop && atomic_load(stop)) return false;
    if (ready <= 0) continue;
    ssize_t n = read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    buf_add(out, piece, (size_t)n);
  }
}

int graphviz_layout(struct str dot, const char *format, const atomic_bool *stop, struct buf *out, struct err *e) {
  int in = as_file(dot), pipe_ends[2] = {-1, -1}, result = -1;
  pid_t pid;
  if (in < 0 || pipe2(pipe_ends, O_CLOEXEC)) {
    err_system(e, "cannot hand the graph to dot");
    goto done;
  }
  int error = start(format, in, pipe_ends[1], &pid);
  if (error) {
    err_set(e,
            error == ENOENT
                ? "pictures need Graphviz: install the package graphviz; top, tree, peek, traces and dot do "
                  "without it"
                : "dot cannot be started: %s",
            strerror(error));
    goto done;
  }
  close(pipe_ends[1]);
  pipe_ends[1] = -1;
  if (!read_all(pipe_ends[0], stop, out)) kill(pid, SIGKILL);
  result = spawn_wait(pid, "Graphviz's dot", e);
  if (!result && out->failed) result = err_nomem(e);
done:
  if (in >= 0) close(in);
  if (pipe_ends[0] >= 0) close(pipe_ends[0]);
  if (pipe_ends[1] >= 0) close(pipe_ends[1]);
  return result;
}
