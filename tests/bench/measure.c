// Runs a command and prints what it took: "WALL CPU PEAK", in milliseconds, milliseconds and KiB. Its output goes to
// /dev/null, its errors pass through.
//
//     measure [-i FILE] COMMAND [ARGUMENT...]
//
// FILE is its standard input, /dev/null unless told.
// The peak is that of the command alone: it is forked from this small program, not from a shell. Exit status 0, or 1
// when the command failed.
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

static double milliseconds(struct timeval t) { return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3; }

static void become(const char *input, char **argv) {
  int in = open(input, O_RDONLY), null = open("/dev/null", O_WRONLY);
  if (in < 0 || null < 0 || dup2(in, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) perror(input);
  else {
    execvp(argv[0], argv);
    perror(argv[0]);
  }
  _exit(127);
}

int main(int argc, char **argv) {
  const char *input = "/dev/null";
  if (argc > 3 && strcmp(argv[1], "-i") == 0) {
    input = argv[2];
    argv += 2;
    argc -= 2;
  }
  if (argc < 2) {
    fputs("usage: measure [-i FILE] COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  double start = now();
  pid_t child = fork();
  if (child == 0) become(input, argv + 1);
  int status;
  struct rusage used;
  if (child < 0 || wait4(child, &status, 0, &used) < 0) {
    perror("measure");
    return 1;
  }
  double wall = now() - start;
  printf("%.2f %.2f %ld\n", wall, milliseconds(used.ru_utime) + milliseconds(used.ru_stime), used.ru_maxrss);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  if (WIFSIGNALED(status)) fprintf(stderr, "%s: %s\n", argv[1], strsignal(WTERMSIG(status)));
  else fprintf(stderr, "%s: exit status %d\n", argv[1], WEXITSTATUS(status));
  return 1;
}
