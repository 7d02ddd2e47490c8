// Times the first page of the web interface:
//
//     page CPROF PROFILE PATH
//
// Starts cprof with -http and asks for the page as soon as it says where it is, when the profile is loaded. Prints how many
// milliseconds the answer took and how many bytes it has.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

static pid_t start(char **argv, FILE **said) {
  int err[2];
  if (pipe(err)) die("pipe");
  pid_t pid = fork();
  if (pid < 0) die("fork");
  if (pid == 0) {
    dup2(err[1], STDERR_FILENO);
    close(err[0]);
    execl(argv[1], argv[1], "-http=localhost:", "-no_browser", "-symbolize=none", argv[2], (char *)NULL);
    die(argv[1]);
  }
  close(err[1]);
  *said = fdopen(err[0], "r");
  if (!*said) die("fdopen");
  return pid;
}

static unsigned port_said(FILE *said) {
  char line[1024];
  unsigned port;
  while (fgets(line, sizeof line, said)) {
    const char *url = strstr(line, "http://localhost:");
    if (url && sscanf(url, "http://localhost:%u/", &port) == 1) return port;
  }
  die("no address was said");
  return 0;
}

// Returns how many bytes the answer has, with what stands before the page.
static size_t get(unsigned port, const char *path) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  char text[1 << 16];
  size_t all = 0;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to)) die("connect");
  int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n\r\n", path, port);
  if (write(fd, text, (size_t)n) != n) die("write");
  for (ssize_t got; (got = read(fd, text, sizeof text)) > 0; all += (size_t)got)
    if (all == 0 && (got < 12 || strncmp(text, "HTTP/1.1 200", 12) != 0)) {
      fprintf(stderr, "%.*s\n", (int)strcspn(text, "\r"), text);
      exit(1);
    }
  close(fd);
  return all;
}

int main(int argc, char **argv) {
  FILE *said;
  if (argc != 4) {
    fputs("usage: page CPROF PROFILE PATH\n", stderr);
    return 2;
  }
  pid_t pid = start(argv, &said);
  unsigned port = port_said(said);
  double asked = now();
  size_t size = get(port, argv[3]);
  printf("%.2f %zu\n", now() - asked, size);
  kill(pid, SIGINT);
  if (waitpid(pid, NULL, 0) != pid) die(argv[1]);
  return 0;
}
