// Threads that wait in known ways and tell what they noticed:
//
//     waits MILLISECONDS [fork | shares]
//
// With `fork` a child does what the first thread does, too; with `shares` there is no other thread than that.
//
// One thread sleeps for 60 % of the time and computes for 40 %, others are blocked in a read, a futex, epoll_wait with a time limit
// and without, sigtimedwait, and a recv with a time limit; one computes only, one gets a signal each 5 ms. Standard error gets
// lines "function nanoseconds": how long each thread lived, "asleep nanoseconds" of the first, "signals" sent and handled, and "NAME interrupted" for
// each call that ended with EINTR though no handler ran.
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_attribute) && __has_attribute(noipa)
#define KEPT __attribute__((noipa))
#else
#define KEPT __attribute__((noinline))
#endif
enum { MILLISECOND = 1000000, SECOND = 1000000000 };

static int64_t life;  // of each thread, ns
static int stop_event, pipe_ends[2], pair[2];
static uint32_t futex_word;
static atomic_int handled;

static int64_t now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

static KEPT uint64_t mix(uint64_t v, int rounds) {
  for (int i = 0; i < rounds; i++) v = (v ^ (v >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
  return v;
}

static KEPT void computes(int64_t until) {
  volatile uint64_t v = 1;
  while (now(CLOCK_MONOTONIC) < until) v = mix(v, 10000);
}

static KEPT void sleeps(int64_t until) {
  struct timespec t = {until / SECOND, until % SECOND};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)) continue;
}

static void interrupted(const char *name, long result) {
  if (result < 0 && errno == EINTR) fprintf(stderr, "%s interrupted\n", name);
}

// 12 ms asleep, 8 ms at work, by the clock. On a busy machine it wakes up late and sleeps less then: it tells how long it had to.
static KEPT void in_shares(int64_t until) {
  int64_t asleep = 0;
  for (int64_t t = now(CLOCK_MONOTONIC); t < until; t += 20 * MILLISECOND) {
    int64_t left = t + 12 * MILLISECOND - now(CLOCK_MONOTONIC);
    if (left > 0) asleep += left;
    sleeps(t + 12 * MILLISECOND);
    computes(t + 20 * MILLISECOND);
  }
  fprintf(stderr, "asleep %lld\n", (long long)asleep);
}

static KEPT void in_read(int64_t until) {
  char byte;
  (void)until;
  interrupted("read", read(pipe_ends[0], &byte, 1));
}

static KEPT void in_futex(int64_t until) {
  (void)until;
  while (__atomic_load_n(&futex_word, __ATOMIC_ACQUIRE) == 0) {
    long result = syscall(SYS_futex, &futex_word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    interrupted("futex", result);
  }
}

static int poll_for_stop(void) {
  int set = epoll_create1(0);
  struct epoll_event wanted = {.events = EPOLLIN};
  epoll_ctl(set, EPOLL_CTL_ADD, stop_event, &wanted);
  return set;
}

static KEPT void in_epoll(int64_t until) {
  struct epoll_event event;
  int set = poll_for_stop();
  (void)until;
  interrupted("epoll_wait", epoll_wait(set, &event, 1, -1));
}

// Wakes up each 3 ms: is seen on its way into the call, too.
static KEPT void in_short_epoll(int64_t until) {
  struct epoll_event event;
  int set = poll_for_stop();
  while (now(CLOCK_MONOTONIC) < until) interrupted("short epoll_wait", epoll_wait(set, &event, 1, 3));
}

static KEPT void in_busy_epoll(int64_t until) {
  struct epoll_event event;
  int set = poll_for_stop();
  volatile uint64_t v = 1;
  while (now(CLOCK_MONOTONIC) < until) {
    v = mix(v, 20000);
    interrupted("busy epoll_wait", epoll_wait(set, &event, 1, 1));
  }
}

static KEPT void in_sigtimedwait(int64_t until) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  while (now(CLOCK_MONOTONIC) < until)
    interrupted("sigtimedwait", sigtimedwait(&set, NULL, &(struct timespec){.tv_nsec = 30 * MILLISECOND}));
}

static KEPT void in_recv(int64_t until) {
  char byte;
  struct timeval limit = {.tv_usec = 40000};
  setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  while (now(CLOCK_MONOTONIC) < until) interrupted("recv", recv(pair[0], &byte, 1, 0));
}

static void handle(int signal) {
  (void)signal;
  atomic_fetch_add(&handled, 1);
}

// Sends itself signals while it computes; none may be lost or come twice.
static KEPT void in_signals(int64_t until) {
  int sent = 0;
  for (int64_t next = 0; next < until; sent++) {
    next = now(CLOCK_MONOTONIC) + MILLISECOND;
    pthread_kill(pthread_self(), SIGUSR1);
    computes(next);
  }
  fprintf(stderr, "signals %d %d\n", sent, atomic_load(&handled));
}

static KEPT void in_computing(int64_t until) { computes(until); }

struct way {
  const char *name;
  void (*run)(int64_t until);
};
static const struct way ways[] = {{"in_shares", in_shares},
                                  {"in_read", in_read},
                                  {"in_futex", in_futex},
                                  {"in_epoll", in_epoll},
                                  {"in_short_epoll", in_short_epoll},
                                  {"in_busy_epoll", in_busy_epoll},
                                  {"in_sigtimedwait", in_sigtimedwait},
                                  {"in_recv", in_recv},
                                  {"in_signals", in_signals},
                                  {"in_computing", in_computing}};
enum { WAYS = sizeof ways / sizeof *ways };

static void *run(void *arg) {
  const struct way *way = arg;
  int64_t began = now(CLOCK_MONOTONIC);
  prctl(PR_SET_NAME, way->name);
  way->run(began + life);
  fprintf(stderr, "%s %lld\n", way->name, (long long)(now(CLOCK_MONOTONIC) - began));
  return NULL;
}

// Those that wait for something get it.
static void end_waiting(void) {
  uint64_t one = 1;
  __atomic_store_n(&futex_word, 1, __ATOMIC_RELEASE);
  syscall(SYS_futex, &futex_word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
  if (write(pipe_ends[1], "", 1) < 0 || write(stop_event, &one, sizeof one) < 0) perror("write");
}

int main(int argc, char **argv) {
  pthread_t thread[WAYS];
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  int64_t began = now(CLOCK_MONOTONIC);
  life = argc > 1 ? strtoll(argv[1], NULL, 10) * MILLISECOND : 0;
  const char *mode = argc > 2 ? argv[2] : "";
  size_t threads = strcmp(mode, "shares") == 0 ? 1 : WAYS;
  pid_t child = strcmp(mode, "fork") == 0 ? fork() : -1;
  if (child == 0) {
    in_shares(began + life);
    return 0;
  }
  stop_event = eventfd(0, 0);
  if (pipe(pipe_ends) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || sigaction(SIGUSR1, &action, NULL)) return 1;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  for (size_t i = 0; i < threads; i++)
    if (pthread_create(&thread[i], NULL, run, (void *)(uintptr_t)&ways[i])) return 1;
  sleeps(began + life);
  end_waiting();
  for (size_t i = 0; i < threads; i++) pthread_join(thread[i], NULL);
  if (child > 0) waitpid(child, NULL, 0);
  fprintf(stderr, "main %lld\n", (long long)(now(CLOCK_MONOTONIC) - began));
  return 0;
}
