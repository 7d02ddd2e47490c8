// Spends CPU time in functions of known shares and tells how much of it each took, by its own measure:
//
//     split MILLISECONDS [threads|fork|exit STATUS|signal]
//
// Standard error gets lines "function nanoseconds", and "all nanoseconds" for the whole process.
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t used(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// As it is written: neither inlined nor specialised.
#if defined(__has_attribute) && __has_attribute(noipa)
#define KEPT __attribute__((noipa))
#else
#define KEPT __attribute__((noinline))
#endif

static KEPT uint64_t mix(uint64_t v, int rounds) {
  for (int i = 0; i < rounds; i++) v = (v ^ (v >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
  return v;
}

// A function a share; each works until it had so much CPU time of its thread. `volatile` keeps calls from being the last act.
enum { ROUNDS = 200000 };
#define SPENDS(name)                                                                    \
  static KEPT int64_t name(int64_t until) {                                             \
    volatile uint64_t v = 1;                                                            \
    int64_t from = used(CLOCK_THREAD_CPUTIME_ID), now = from;                           \
    for (; now - from < until; now = used(CLOCK_THREAD_CPUTIME_ID)) v = mix(v, ROUNDS); \
    return now - from;                                                                  \
  }
SPENDS(sixty)
SPENDS(thirty)
SPENDS(ten)

static void *work(void *arg) {
  int64_t unit = *(int64_t *)arg;
  int64_t a = sixty(unit * 60), b = thirty(unit * 30), c = ten(unit * 10);
  fprintf(stderr, "sixty %lld\nthirty %lld\nten %lld\n", (long long)a, (long long)b, (long long)c);
  return NULL;
}

int main(int argc, char **argv) {
  int64_t unit = argc > 1 ? strtoll(argv[1], NULL, 10) * 10000 : 0;
  const char *how = argc > 2 ? argv[2] : "";
  pthread_t thread;
  pid_t child = strcmp(how, "fork") == 0 ? fork() : -1;
  if (strcmp(how, "threads") == 0 && pthread_create(&thread, NULL, work, &unit)) return 1;
  work(&unit);
  if (child == 0) return 0;
  if (child > 0) waitpid(child, NULL, 0);
  if (strcmp(how, "threads") == 0) pthread_join(thread, NULL);
  if (strcmp(how, "signal") == 0) raise(SIGTERM);
  fprintf(stderr, "all %lld\n", (long long)used(CLOCK_PROCESS_CPUTIME_ID));
  return strcmp(how, "exit") == 0 && argc > 3 ? atoi(argv[3]) : 0;
}
