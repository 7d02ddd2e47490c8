// Runs a command and writes "USER SYSTEM END" to a file: the CPU time it used with all that it waited for, and when it ended by
// CLOCK_MONOTONIC, in nanoseconds. Its exit status is the command's.
//
//     usage FILE COMMAND [ARGUMENT...]
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(struct timeval t) { return t.tv_sec * 1000000000LL + t.tv_usec * 1000LL; }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    _exit(127);
  }
  int status;
  struct rusage used;
  struct timespec end;
  if (child < 0 || wait4(child, &status, 0, &used) < 0) return 2;
  clock_gettime(CLOCK_MONOTONIC, &end);
  FILE *f = fopen(argv[1], "w");
  if (!f) return 2;
  fprintf(f, "%lld %lld %lld\n", nanoseconds(used.ru_utime), nanoseconds(used.ru_stime),
          end.tv_sec * 1000000000LL + end.tv_nsec);
  return fclose(f) || !WIFEXITED(status) ? 2 : WEXITSTATUS(status);
}
