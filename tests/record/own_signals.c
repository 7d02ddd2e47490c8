// Uses SIGPROF itself, starts many short threads and processes, and tells what it noticed:
//
//     own_signals MILLISECONDS
//
// Standard error gets lines "what number": ticks of a timer of its own and how many to expect, signals it sent itself and got,
// errors that changed while it computed, system calls that were interrupted, threads and processes that came and went.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000, SENT = 100, THREADS = 300, CHILDREN = 30 };

static atomic_int ticks, got, ran;

static int64_t used(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

// What raise() sends comes from a process, what a timer does from the kernel.
static void handle(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  atomic_fetch_add(info->si_code == SI_TKILL ? &got : &ticks, 1);
}

static int compute(clockid_t clock, int64_t until) {
  int changed = 0;
  volatile uint64_t v = 1;
  errno = ENOTSUP;
  for (int64_t from = used(clock); used(clock) - from < until;) {
    for (int i = 0; i < 1000; i++) v = v * 31 + 7;
    changed += errno != ENOTSUP;
  }
  return changed;
}

static void *short_thread(void *arg) {
  (void)arg;
  compute(CLOCK_THREAD_CPUTIME_ID, 500000);
  atomic_fetch_add(&ran, 1);
  return NULL;
}

static int interrupted(void) {
  int ends[2], n = 0;
  char byte;
  if (pipe(ends)) return 1;
  pid_t child = fork();
  if (child == 0) {
    compute(CLOCK_THREAD_CPUTIME_ID, 50000000);
    _exit(write(ends[1], "", 1) != 1);
  }
  while (read(ends[0], &byte, 1) < 0) n++;
  waitpid(child, NULL, 0);
  return n;
}

int main(int argc, char **argv) {
  int64_t life = argc > 1 ? strtoll(argv[1], NULL, 10) * 1000000 : 0;
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART}, old;
  struct itimerval each = {{0, 20000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
  int children = 0;
  // What was set before is told as if nobody else had set anything.
  fprintf(stderr, "default %d\n", signal(SIGPROF, SIG_IGN) == SIG_DFL);
  raise(SIGPROF);
  sigaction(SIGPROF, &action, &old);
  fprintf(stderr, "ignored %d\n", old.sa_handler == SIG_IGN);
  setitimer(ITIMER_PROF, &each, NULL);
  int changed = compute(CLOCK_PROCESS_CPUTIME_ID, life);
  setitimer(ITIMER_PROF, &never, NULL);
  fprintf(stderr, "ticks %d %d\n", (int)ticks, (int)(life / 20000000));
  for (int i = 0; i < SENT; i++) raise(SIGPROF);
  fprintf(stderr, "sent %d %d\n", SENT, (int)got);
  fprintf(stderr, "changed %d\n", changed);
  fprintf(stderr, "interrupted %d\n", interrupted());
  for (int i = 0; i < THREADS; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, short_thread, NULL)) return 1;
    if (i % 10 == 0 && fork() == 0) _exit(compute(CLOCK_THREAD_CPUTIME_ID, 1000000) == 0 ? 0 : 1);
    pthread_join(thread, NULL);
  }
  for (int status; wait(&status) > 0;) children += status == 0;
  fprintf(stderr, "threads %d %d\nprocesses %d %d\n", THREADS, (int)ran, CHILDREN, children);
  signal(SIGPROF, SIG_DFL);
  raise(SIGPROF);
  return 3;
}
