// Drives a program on a terminal of its own, by a script on standard input:
//
//     terminal ROWSxCOLUMNS PROGRAM [ARGUMENT...] <SCRIPT
//
//     send TEXT      types it; \r \t \n \e \xHH \\ are what they are in C
//     expect TEXT    waits until the program has shown it, after what was expected before
//     absent TEXT    it was not shown since what was expected last, up to now
//     colored        waits until something is coloured, after what was expected last
//     plain          nothing was, up to now
//     resize RxC     changes the size of the terminal
//     pause MS       waits
//     end STATUS     waits until the program ends, with this exit status
//
// Text is compared as it is shown, without control sequences and carriage returns. Exit status 0, or 1 after telling
// what was expected and what was shown.
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHOWN_MAX = 16 << 20, PATIENCE = 20000 };

struct terminal {
  int fd;
  pid_t pid;
  char *shown;  // without control sequences
  size_t n, from;
  int sequence;  // in a control sequence: 1 after ESC, 2 after ESC [ or ESC ]
  bool colored;  // since what was expected last
  bool ended;
};

static void die(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

// ---- what is shown ----------------------------------------------------------------------------------

static void take_byte(struct terminal *t, char c) {
  bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '@' || c == '\a';
  if (t->sequence == 2 && c == 'm') t->colored = true;
  if (t->sequence == 1) t->sequence = c == '[' || c == ']' || c == '?' ? 2 : 0;
  else if (t->sequence == 2) t->sequence = letter ? 0 : 2;
  else if (c == '\x1b') t->sequence = 1;
  else if (c == '\b' && t->n > t->from) t->n--;
  else if (c != '\r' && c != '\b' && t->n + 1 < SHOWN_MAX) t->shown[t->n++] = c;
  t->shown[t->n] = '\0';
}

// Takes what comes within so many milliseconds; false when nothing came.
static bool take(struct terminal *t, int milliseconds) {
  char some[4096];
  struct pollfd p = {.fd = t->fd, .events = POLLIN};
  if (t->ended || poll(&p, 1, milliseconds) <= 0) return false;
  ssize_t n = read(t->fd, some, sizeof some);
  if (n <= 0) t->ended = true;
  for (ssize_t i = 0; i < n; i++) take_byte(t, some[i]);
  return n > 0;
}

static int fail(const struct terminal *t, const char *what, const char *text) {
  size_t left = t->n - t->from, tail = left > 3000 ? 3000 : left;
  printf("%s %s\nshown since then:\n%s\n", what, text, t->shown + t->n - tail);
  return 1;
}

static int expect(struct terminal *t, const char *text) {
  double until = now() + PATIENCE;
  for (;;) {
    char *found = memmem(t->shown + t->from, t->n - t->from, text, strlen(text));
    if (found) {
      t->from = (size_t)(found - t->shown) + strlen(text);
      t->colored = false;
      return 0;
    }
    if (now() > until || (t->ended && !take(t, 0))) return fail(t, "not shown:", text);
    take(t, 100);
  }
}

static int absent(struct terminal *t, const char *text) {
  while (take(t, 50)) continue;
  return memmem(t->shown + t->from, t->n - t->from, text, strlen(text)) ? fail(t, "shown, but should not be:", text)
                                                                        : 0;
}

static int expect_color(struct terminal *t) {
  for (double until = now() + PATIENCE; !t->colored; take(t, 100))
    if (now() > until || t->ended) return fail(t, "nothing is coloured", "");
  return 0;
}

static int expect_plain(struct terminal *t) {
  while (take(t, 200)) continue;
  return t->colored ? fail(t, "something is coloured", "") : 0;
}

// ---- what is typed ------------------------------------------------------------------------------------

static void unescape(char *s) {
  char *to = s;
  for (; *s; s++) {
    if (*s != '\\') {
      *to++ = *s;
      continue;
    }
    char hex[3] = {0};
    switch (*++s) {
      case 'r': *to++ = '\r'; break;
      case 't': *to++ = '\t'; break;
      case 'n': *to++ = '\n'; break;
      case 'e': *to++ = '\x1b'; break;
      case 'x':
        memcpy(hex, s + 1, 2);
        *to++ = (char)strtol(hex, NULL, 16);
        s += 2;
        break;
      default: *to++ = *s; break;
    }
  }
  *to = '\0';
}

static int type(struct terminal *t, char *text) {
  unescape(text);
  return write(t->fd, text, strlen(text)) < 0 ? fail(t, "cannot type", text) : 0;
}

static struct winsize size_of(const char *text) {
  unsigned rows = 24, columns = 80;
  if (sscanf(text, "%ux%u", &rows, &columns) != 2) die(text);
  return (struct winsize){.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
}

static int resize(struct terminal *t, const char *text) {
  struct winsize size = size_of(text);
  return ioctl(t->fd, TIOCSWINSZ, &size) ? fail(t, "cannot resize to", text) : 0;
}

static int end(struct terminal *t, const char *text) {
  int status;
  double until = now() + PATIENCE;
  while (!t->ended && now() < until) take(t, 100);
  while (waitpid(t->pid, &status, WNOHANG) == 0) {
    if (now() > until) return fail(t, "still running, not ended with", text);
    usleep(1000);
  }
  t->pid = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == atoi(text) ? 0 : fail(t, "not ended with", text);
}

static int wait_a_while(const char *text) {
  usleep((useconds_t)atoi(text) * 1000);
  return 0;
}

static int step(struct terminal *t, char *line) {
  char *text = strchr(line, ' ');
  if (!*line || *line == '#') return 0;
  if (text) *text++ = '\0';
  else text = line + strlen(line);
  if (strcmp(line, "send") == 0) return type(t, text);
  if (strcmp(line, "expect") == 0) return expect(t, text);
  if (strcmp(line, "absent") == 0) return absent(t, text);
  if (strcmp(line, "colored") == 0) return expect_color(t);
  if (strcmp(line, "plain") == 0) return expect_plain(t);
  if (strcmp(line, "resize") == 0) return resize(t, text);
  if (strcmp(line, "pause") == 0) return wait_a_while(text);
  if (strcmp(line, "end") == 0) return end(t, text);
  return fail(t, "no such step:", line);
}

int main(int argc, char **argv) {
  struct terminal t = {.shown = malloc(SHOWN_MAX)};
  if (argc < 3 || !t.shown) {
    fputs("usage: terminal ROWSxCOLUMNS PROGRAM [ARGUMENT...] <SCRIPT\n", stderr);
    return 2;
  }
  struct winsize size = size_of(argv[1]);
  t.pid = forkpty(&t.fd, NULL, NULL, &size);
  if (t.pid < 0) {
    printf("skipped: this machine gives no terminals (%s)\n", strerror(errno));
    return 77;
  }
  if (t.pid == 0) {
    signal(SIGINT, SIG_DFL);  // which a shell in the background has set aside
    signal(SIGQUIT, SIG_DFL);
    execv(argv[2], argv + 2);
    die(argv[2]);
  }
  t.shown[0] = '\0';
  char *line = NULL;
  size_t cap = 0;
  int result = 0;
  for (ssize_t n; !result && (n = getline(&line, &cap, stdin)) >= 0;) {
    if (n && line[n - 1] == '\n') line[n - 1] = '\0';
    result = step(&t, line);
  }
  if (t.pid > 0) kill(t.pid, SIGKILL);
  free(line);
  free(t.shown);
  return result;
}
