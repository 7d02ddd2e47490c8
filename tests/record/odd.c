// Spends CPU time in odd places:
//
//     odd jit MILLISECONDS           in code it makes itself, listed in a perf map; the list also has lines that are nonsense
//     odd altstack MILLISECONDS      in a signal handler with a stack of its own
//     odd short MILLISECONDS MICROSECONDS   in threads that live so short
//     odd kernel MILLISECONDS        half of it in the kernel
//     odd memfd PROGRAM [ARGUMENT...]       becomes a copy of a program that is in memory only
//     odd daemon MILLISECONDS        in a process whose parents are gone; ends when it does
//
// Standard error gets "outside NANOSECONDS" and "all NANOSECONDS": what it used outside the kernel, and at all.
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t used(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t churn(uint64_t v) {
  for (int i = 0; i < 20000; i++) v = (v ^ (v >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
  return v;
}

__attribute__((noinline)) static void spend(int64_t nanoseconds) {
  volatile uint64_t v = 1;
  for (int64_t from = used(CLOCK_THREAD_CPUTIME_ID); used(CLOCK_THREAD_CPUTIME_ID) - from < nanoseconds;) v = churn(v);
}

static void list_code(const char *path, const void *code) {
  FILE *f = fopen(path, "w");
  if (!f) return;
  fprintf(f, "nonsense\n\n0x 1 2\n%" PRIxPTR " 4 first_one\n", (uintptr_t)code);
  fprintf(f, "%" PRIxPTR " 40 made \x1b[31mat run\xfftime\n", (uintptr_t)code);
  fprintf(f, "ffffffffffffffff ffffffffffffffff far\n%" PRIxPTR " 40", (uintptr_t)code);
  fclose(f);
}

// push %rbp; mov %rsp,%rbp; mov %rdi,%rax; 1: dec %rax; jne 1b; pop %rbp; ret
static const unsigned char loop[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0x89, 0xf8,
                                     0x48, 0xff, 0xc8, 0x75, 0xfb, 0x5d, 0xc3};

static int jit(int64_t nanoseconds) {
  void (*made)(uint64_t);
  char path[64];
  void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (code == MAP_FAILED) return 1;
  memcpy(code, loop, sizeof loop);
  if (mprotect(code, 4096, PROT_READ | PROT_EXEC)) return 1;
  memcpy(&made, &code, sizeof made);
  snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
  list_code(path, code);
  while (used(CLOCK_PROCESS_CPUTIME_ID) < nanoseconds) made(1000000);
  return remove(path) != 0;
}

static volatile sig_atomic_t handler_milliseconds;
static void handle(int number) {
  (void)number;
  spend((int64_t)handler_milliseconds * 1000000);
}

static int alternate(int64_t nanoseconds) {
  static char stack[256 * 1024];
  stack_t s = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction a = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  handler_milliseconds = (sig_atomic_t)(nanoseconds / 1000000);
  return sigaltstack(&s, NULL) || sigaction(SIGUSR1, &a, NULL) || raise(SIGUSR1) ? 1 : 0;
}

static void *spend_in_thread(void *arg) {
  spend(*(int64_t *)arg);
  return NULL;
}

static int in_threads(int64_t nanoseconds, int64_t each) {
  while (used(CLOCK_PROCESS_CPUTIME_ID) < nanoseconds) {
    pthread_t t;
    if (pthread_create(&t, NULL, spend_in_thread, &each)) return 1;
    pthread_join(t, NULL);
  }
  return 0;
}

// The kernel splits a process's time by what it sees at its ticks; this is exact but for what a call costs to enter. Turns
// differ in length: equal ones of about a millisecond would run in step with samples of 999 Hz.
static int in_kernel(int64_t nanoseconds, int64_t *outside) {
  static char bytes[1 << 16];
  int zero = open("/dev/zero", O_RDONLY);
  uint32_t turn = 1;
  while (used(CLOCK_PROCESS_CPUTIME_ID) < nanoseconds) {
    turn = turn * 1664525 + 1013904223;
    int calls = 1 + (int)(turn >> 24);
    int64_t from = used(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < calls; i++)
      if (read(zero, bytes, sizeof bytes) < 0) return 1;
    int64_t inside = used(CLOCK_PROCESS_CPUTIME_ID) - from;
    spend(inside);
    *outside += used(CLOCK_PROCESS_CPUTIME_ID) - from - inside;
  }
  return 0;
}

static int from_memory(char **program) {
  char bytes[1 << 16];
  int from = open(program[0], O_RDONLY), to = memfd_create("copied", MFD_CLOEXEC);
  for (ssize_t n; from >= 0 && to >= 0 && (n = read(from, bytes, sizeof bytes)) > 0;)
    if (write(to, bytes, (size_t)n) != n) return 1;
  fexecve(to, program, (char *[]){NULL});
  return 1;
}

// The pipe is closed when the last one ends.
static int orphan(int64_t nanoseconds) {
  int ends[2];
  char byte;
  if (pipe(ends)) return 1;
  pid_t child = fork();
  if (child == 0) {
    if (fork() == 0 && setsid() > 0) spend(nanoseconds);
    _exit(0);
  }
  close(ends[1]);
  waitpid(child, NULL, 0);
  return child < 0 || read(ends[0], &byte, 1) != 0;
}

static void tell(int64_t outside) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  if (outside == 0) outside = r.ru_utime.tv_sec * INT64_C(1000000000) + r.ru_utime.tv_usec * 1000;
  fprintf(stderr, "outside %" PRId64 "\nall %" PRId64 "\n", outside, used(CLOCK_PROCESS_CPUTIME_ID));
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int64_t nanoseconds = strtoll(argv[2], NULL, 10) * 1000000, each = argc > 3 ? strtoll(argv[3], NULL, 10) * 1000 : 0;
  int64_t outside = 0;
  int status = 2;
  if (strcmp(argv[1], "memfd") == 0) return from_memory(argv + 2);
  if (strcmp(argv[1], "jit") == 0) status = jit(nanoseconds);
  if (strcmp(argv[1], "altstack") == 0) status = alternate(nanoseconds);
  if (strcmp(argv[1], "short") == 0) status = in_threads(nanoseconds, each);
  if (strcmp(argv[1], "kernel") == 0) status = in_kernel(nanoseconds, &outside);
  if (strcmp(argv[1], "daemon") == 0) status = orphan(nanoseconds);
  tell(outside);
  return status;
}
