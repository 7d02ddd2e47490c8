// Times commands at the prompt of a profile that is loaded already:
//
//     prompt CPROF PROFILE LINE...
//
// Types each line (a report, or several lines joined by ';' that set options before it) twice and prints for each how
// many milliseconds the second one took, then the peak of memory in KiB on a line of its own. Reports go to /dev/null.
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

// What the prompt says goes through `said`, which has told of the report when it is written.
static void wait_for(FILE *said, const char *text) {
  char *line = NULL;
  size_t cap = 0;
  for (;;) {
    if (getline(&line, &cap, said) < 0) die("the prompt ended");
    if (strstr(line, text)) break;
  }
  free(line);
}

static void type(FILE *to, const char *lines) {
  for (const char *at = lines; *at;) {
    int n = (int)strcspn(at, ";");
    const char *rest = at + n;
    fprintf(to, *rest ? "%.*s\n" : "%.*s > /dev/null\n", n, at);
    at = *rest ? rest + 1 : rest;
  }
  fflush(to);
}

int main(int argc, char **argv) {
  int in[2], err[2];
  if (argc < 4) {
    fputs("usage: prompt CPROF PROFILE LINE...\n", stderr);
    return 2;
  }
  if (pipe(in) || pipe(err)) die("pipe");
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(err[1], STDERR_FILENO);
    close(in[1]);
    close(err[0]);
    execl(argv[1], argv[1], "-symbolize=none", argv[2], (char *)NULL);
    die(argv[1]);
  }
  close(in[0]);
  close(err[1]);
  FILE *to = fdopen(in[1], "w"), *said = fdopen(err[0], "r");
  if (!to || !said) die("fdopen");
  wait_for(said, "interactive mode");
  for (int i = 3; i < argc; i++) {
    double took = 0;
    for (int round = 0; round < 2; round++) {
      double start = now();
      type(to, argv[i]);
      wait_for(said, "/dev/null");
      took = now() - start;
    }
    printf("%.2f\n", took);
  }
  struct rusage usage;
  int status;
  fclose(to);
  if (wait4(pid, &status, 0, &usage) != pid || status) die(argv[1]);
  printf("%ld\n", usage.ru_maxrss);
  return 0;
}
