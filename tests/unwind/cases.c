// Places where stacks are hard to unwind, in C. cases FILE
#include <alloca.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "snapshot.h"

#define NOINLINE __attribute__((noinline, noclone))

static volatile unsigned long sink;

// Every prologue and epilogue.
NOINLINE static unsigned long many(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e,
                                   unsigned long f, unsigned long g) {
  unsigned long x = a * b + c;
  for (unsigned long i = 0; i < 3; i++) x += strlen("abc") + i * d + e + (unsigned long)rand() + f + g;
  return x + a * f + (unsigned long)rand();
}
NOINLINE static void plain(void) { sink += many(1, 2, 3, 4, 5, 6, 7); }

NOINLINE static unsigned long deep(unsigned n) {
  volatile unsigned long keep = n;
  if (n == 0) return (unsigned long)rand();
  return deep(n - 1) + keep;
}

NOINLINE static int compare_ints(const void *a, const void *b) {
  const int *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}
NOINLINE static void sorting(void) {
  int v[60];
  for (int i = 0; i < 60; i++) v[i] = (i * 37) % 61;
  qsort(v, 60, sizeof *v, compare_ints);
  sink += (unsigned long)v[3];
}

NOINLINE static void with_alloca(size_t n) {
  char *p = alloca(n);
  memset(p, 1, n);
  snprintf(p, n, "%zu", n);
  sink += (unsigned char)p[n / 2];
}

NOINLINE static void realigned(unsigned n) {
  double v[8] __attribute__((aligned(64)));
  char *p = alloca(n);
  for (int i = 0; i < 8; i++) v[i] = sin((double)(i + (int)n));
  snprintf(p, n, "%g", v[3]);
  sink += (unsigned char)*p + (unsigned long)v[2];
}

// Each of these is called for the first time: ld.so looks for it.
NOINLINE static void lazy(void) {
  sink += (unsigned long)(toupper('a') + abs(-3) + atoi("12") + (int)labs(-4));
  sink += (unsigned long)(strspn("abc", "ab") + strcspn("abc", "c"));
  sink += (unsigned long)div(7, 2).quot + (unsigned long)imaxabs(-3);
  sink += (unsigned long)fmod(7.5, 2.0) + (unsigned long)hypot(3, 4);
}

NOINLINE static void clocks(void) {
  struct timespec t;
  for (int i = 0; i < 3; i++) clock_gettime(CLOCK_MONOTONIC, &t), sink += (unsigned long)t.tv_nsec;
  sink += (unsigned long)time(NULL);
}

NOINLINE static void formatting(void) {
  char text[64];
  snprintf(text, sizeof text, "%d %s %.3f %p", 12, "abc", 3.5, (void *)text);
  char *copy = malloc(2000);
  memcpy(copy, text, sizeof text);
  sink += strtoul(copy, NULL, 10);
  free(copy);
}

NOINLINE static void never_returns(void) { pthread_exit(NULL); }

static void on_signal(int number) {
  (void)number;
  snapshot_on();
  plain();
  snapshot_off();
}

// The handler runs on top of a function that was interrupted anywhere.
NOINLINE static void handled(int flags) {
  struct sigaction a = {.sa_handler = on_signal, .sa_flags = flags};
  sigaction(SIGUSR1, &a, NULL);
  if (flags & SA_ONSTACK) snapshot_beside((uint64_t)(uintptr_t)__builtin_frame_address(0) - 4096);
  raise(SIGUSR1);
  snapshot_beside(0);
}

static void *thread(void *arg) {
  snapshot_on();
  plain();
  sorting();
  if (arg) never_returns();
  snapshot_off();
  return NULL;
}

static void run_thread(void *arg) {
  pthread_t t;
  if (pthread_create(&t, NULL, thread, arg) || pthread_join(t, NULL)) abort();
}

#define STEP(name, most, what)  \
  do {                          \
    snapshot_place(name, most); \
    snapshot_on();              \
    what;                       \
    snapshot_off();             \
  } while (0)

int main(int argc, char **argv) {
  static char alternate[1 << 16];
  stack_t other = {.ss_sp = alternate, .ss_size = sizeof alternate};
  if (argc != 2) return 2;
  snapshot_open(argv[1]);
  STEP("lazy", 2, lazy());
  STEP("plain", 4, plain());
  STEP("deep", 20, sink += deep(200));
  STEP("qsort", 3, sorting());
  STEP("alloca", 2, with_alloca(300));
  STEP("realigned", 2, realigned(100));
  STEP("vdso", 2, clocks());
  STEP("formatting", 1, formatting());
  snapshot_place("handler", 2);
  handled(0);
  sigaltstack(&other, NULL);
  snapshot_place("alternate stack", 2);
  handled(SA_ONSTACK);
  snapshot_place("thread", 2);
  run_thread(NULL);
  snapshot_close();
  return 0;
}
