// The library that runs in a program (LD_PRELOAD). Each thread gets a timer that counts its CPU time; the timer's signal, SIGPROF, writes the
// thread's registers and a copy of its stack into a slot. Beside libc it needs nothing.
//
// It has to leave no trace: no descriptor stays open, no environment is read, errno is kept, nothing is written anywhere. In the
// handler there are system calls only: no lock, no memory is asked for. A program that uses SIGPROF itself gets its signals.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "rt/slots.h"

#define EXPORTED __attribute__((visibility("default")))
#define OWN_THREAD __thread __attribute__((tls_model("initial-exec")))

enum { SP = 7, TRIES = 8, NO_TIMER = -1, NANOSECONDS = 1000000000, ACTIONS = 16 };

// `volatile`, since it is another one in the file that is loaded.
static const volatile char slots_path[SLOTS_PATH_ROOM + sizeof SLOTS_PATH_MARK] = SLOTS_PATH_MARK;
static struct slots *slots;
static pthread_key_t at_thread_end;
static OWN_THREAD int timer = NO_TIMER;

typedef int sigaction_function(int, const struct sigaction *, struct sigaction *);
typedef int pthread_create_function(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

typedef sighandler_t signal_function(int, sighandler_t);

// Those that ours stand before. They are looked for once, at the beginning: sigaction is called where looking might wait for
// ever, in handlers and after a fork of many threads.
static struct next {
  sigaction_function *sigaction;
  signal_function *signal;
  pthread_create_function *pthread_create;
} next;

static void *next_function(const char *name) { return dlsym(RTLD_NEXT, name); }

static const struct next *find_next(void) {
  if (next.pthread_create) return &next;
  next.sigaction = (sigaction_function *)(uintptr_t)next_function("sigaction");
  next.signal = (signal_function *)(uintptr_t)next_function("signal");
  next.pthread_create = (pthread_create_function *)(uintptr_t)next_function("pthread_create");
  return &next;
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * NANOSECONDS + (uint64_t)t.tv_nsec;
}

// ---- slots --------------------------------------------------------------------------------------

static struct slot *take_slot(enum slot_kind kind) {
  uint32_t at = __atomic_fetch_add(&slots->next, 1, __ATOMIC_RELAXED);
  for (uint32_t i = 0; i < TRIES; i++) {
    struct slot *s = &slots->slot[(at + i) % SLOTS];
    uint32_t expected = SLOT_FREE;
    if (!__atomic_compare_exchange_n(&s->state, &expected, SLOT_TAKEN, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      continue;
    s->kind = kind;
    s->pid = (uint32_t)getpid();
    s->tid = (uint32_t)syscall(SYS_gettid);
    s->time = now();
    s->n = 0;
    prctl(PR_GET_NAME, s->name);
    return s;
  }
  return NULL;
}

static void give_slot(struct slot *s) { __atomic_store_n(&s->state, SLOT_FULL, __ATOMIC_RELEASE); }

// What is mapped; a process may have ended when it is asked from outside.
static void send_maps(void) {
  struct slot *s = take_slot(SLOT_MAPS);
  if (!s) return;
  ssize_t n = readlink("/proc/self/exe", (char *)s->bytes, SLOT_BYTES / 2);
  s->n = n > 0 ? (uint32_t)n : 0;
  s->bytes[s->n++] = '\n';
  int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && s->n < SLOT_BYTES && (n = read(fd, s->bytes + s->n, SLOT_BYTES - s->n)) > 0) s->n += (uint32_t)n;
  if (fd >= 0) close(fd);
  give_slot(s);
}

// ---- a sample -----------------------------------------------------------------------------------

static void copy_registers(const ucontext_t *c, uint64_t *to) {
  static const unsigned char from[SLOT_REGISTERS] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                                     REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                                     REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  for (int i = 0; i < SLOT_REGISTERS; i++) to[i] = (uint64_t)c->uc_mcontext.gregs[from[i]];
}

enum { PAGE = 4096 };

// What is left of a page, and of the room.
static size_t part_at(uint64_t address, size_t room) {
  size_t part = PAGE - address % PAGE;
  return part < room ? part : room;
}

// The kernel looks at a set of signals before it finds that there is nothing it should do with it.
static bool is_readable(uint64_t address) {
  enum { NOTHING_KNOWN = -1 };
  syscall(SYS_rt_sigprocmask, NOTHING_KNOWN, address & ~(uint64_t)7, NULL, 8UL);
  return errno == EINVAL;
}

static size_t copy_pages(uint64_t from, unsigned char *to) {
  size_t done = 0;
  while (done < SLOT_BYTES && is_readable(from + done)) {
    size_t part = part_at(from + done, SLOT_BYTES - done);
    memcpy(to + done, (const void *)(uintptr_t)(from + done), part);
    done += part;
  }
  return done;
}

// Through the kernel, which does not fault where the stack ends but stops; whole pages, since it copies a part as a whole or not.
// Where that is filtered, pages that can be read are copied.
static size_t copy_stack(uint64_t from, unsigned char *to) {
  struct iovec here = {to, SLOT_BYTES}, there[SLOT_BYTES / PAGE + 1];
  size_t done = 0, parts = 0;
  while (done < SLOT_BYTES) {
    size_t part = part_at(from + done, SLOT_BYTES - done);
    there[parts++] = (struct iovec){(void *)(uintptr_t)(from + done), part};
    done += part;
  }
  long n = syscall(SYS_process_vm_readv, getpid(), &here, 1UL, there, parts, 0UL);
  return n >= 0 ? (size_t)n : copy_pages(from, to);
}

static void stop_timer(void) {
  struct itimerspec never = {0};
  if (timer != NO_TIMER) syscall(SYS_timer_settime, timer, 0, &never, NULL);
}

static void sample(const siginfo_t *info, const ucontext_t *context) {
  uint64_t periods = 1 + (uint64_t)(info->si_overrun > 0 ? info->si_overrun : 0);
  if (!__atomic_load_n(&slots->enabled, __ATOMIC_RELAXED)) {
    stop_timer();
    return;
  }
  struct slot *s = take_slot(SLOT_SAMPLE);
  if (!s) {
    __atomic_fetch_add(&slots->lost, periods, __ATOMIC_RELAXED);
    return;
  }
  s->periods = periods;
  copy_registers(context, s->registers);
  s->n = (uint32_t)copy_stack(s->registers[SP], s->bytes);
  give_slot(s);
}

// ---- the program's own use of the signal ----------------------------------------------------------

// What it has set: one of several, so that a handler never reads what is being written.
static struct sigaction actions[ACTIONS];
static uint32_t action;

static const struct sigaction *program_action(void) { return &actions[__atomic_load_n(&action, __ATOMIC_ACQUIRE)]; }

static void set_program_action(const struct sigaction *a) {
  uint32_t following = (action + 1) % ACTIONS;
  actions[following] = *a;
  __atomic_store_n(&action, following, __ATOMIC_RELEASE);
}

// As if the signal had come without us.
static void pass_on(int number, siginfo_t *info, void *context) {
  struct sigaction a = *program_action();
  sigset_t before;
  if (!(a.sa_flags & SA_SIGINFO) && a.sa_handler == SIG_IGN) return;
  if (!(a.sa_flags & SA_SIGINFO) && a.sa_handler == SIG_DFL) {
    struct {
      void (*handler)(int);
      unsigned long flags;
      void (*restorer)(void);
      unsigned long mask;
    } end = {0};
    syscall(SYS_rt_sigaction, number, &end, NULL, 8UL);
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
    return;
  }
  if ((unsigned)a.sa_flags & SA_RESETHAND) set_program_action(&(struct sigaction){.sa_handler = SIG_DFL});
  sigprocmask(SIG_BLOCK, &a.sa_mask, &before);
  if (a.sa_flags & SA_SIGINFO) a.sa_sigaction(number, info, context);
  else a.sa_handler(number);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

static void handle(int number, siginfo_t *info, void *context) {
  int error = errno;
  if (info->si_code == SI_TIMER && info->si_value.sival_ptr == (void *)&slots) sample(info, context);
  else pass_on(number, info, context);
  errno = error;
}

EXPORTED int sigaction(int number, const struct sigaction *a, struct sigaction *old) {
  if (number != SIGPROF || !slots) return find_next()->sigaction(number, a, old);
  struct sigaction before = *program_action();
  if (a) set_program_action(a);
  if (old) *old = before;
  return 0;
}

EXPORTED sighandler_t signal(int number, sighandler_t handler) {
  struct sigaction a = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
  if (number == SIGPROF && slots) return sigaction(number, &a, &old) ? SIG_ERR : old.sa_handler;
  return find_next()->signal(number, handler);
}

// ---- threads ------------------------------------------------------------------------------------

// The first sample comes somewhere in the first period, so that short threads are not all missed.
static void start_timer(void) {
  struct sigevent event = {
      .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF, .sigev_value.sival_ptr = (void *)&slots};
  int tid = (int)syscall(SYS_gettid);
  memcpy(&event._sigev_un._tid, &tid, sizeof tid);
  timer = NO_TIMER;
  if (syscall(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, &event, &timer)) {
    timer = NO_TIMER;
    return;
  }
  uint64_t period = slots->period, first = 1 + ((uint64_t)tid * UINT64_C(0x9e3779b97f4a7c15) ^ now()) % period;
  struct itimerspec when = {
      .it_interval = {(time_t)(period / NANOSECONDS), (long)(period % NANOSECONDS)},
      .it_value = {(time_t)(first / NANOSECONDS), (long)(first % NANOSECONDS)},
  };
  syscall(SYS_timer_settime, timer, 0, &when, NULL);
}

static void end_timer(void *unused) {
  (void)unused;
  int id = timer;
  timer = NO_TIMER;
  if (id != NO_TIMER) syscall(SYS_timer_delete, id);
}

struct start {
  void *(*run)(void *);
  void *arg;
};

// Apart from begin_thread, and by value: what is left to do there is a jump, and no frame of ours is on the thread's stack.
static __attribute__((noinline)) struct start prepare_thread(void *start) {
  struct start s = *(struct start *)start;
  int error = errno;
  free(start);
  start_timer();
  pthread_setspecific(at_thread_end, &slots);
  errno = error;
  return s;
}

static void *begin_thread(void *start) {
  struct start s = prepare_thread(start);
  return s.run(s.arg);
}

EXPORTED int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *arg) {
  pthread_create_function *create = find_next()->pthread_create;
  struct start *s = slots ? malloc(sizeof *s) : NULL;
  if (!s) return create(thread, attributes, run, arg);
  *s = (struct start){run, arg};
  int result = create(thread, attributes, begin_thread, s);
  if (result) free(s);
  return result;
}

// ---- processes ------------------------------------------------------------------------------------

// Timers are not inherited; what is mapped is, but nobody was told.
static void begin_child(void) {
  int error = errno;
  send_maps();
  start_timer();
  errno = error;
}

static struct slots *map_slots(void) {
  char path[SLOTS_PATH_ROOM];
  for (size_t i = 0; i < sizeof path; i++) path[i] = slots_path[sizeof SLOTS_PATH_MARK - 1 + i];
  path[sizeof path - 1] = '\0';
  int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return NULL;
  void *p = mmap(NULL, sizeof(struct slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return p == MAP_FAILED ? NULL : p;
}

static __attribute__((constructor)) void begin(void) {
  struct sigaction ours = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK}, theirs;
  int error = errno;
  struct slots *found = map_slots();
  find_next();
  if (found && found->enabled && pthread_key_create(&at_thread_end, end_timer) == 0 &&
      find_next()->sigaction(SIGPROF, &ours, &theirs) == 0) {
    set_program_action(&theirs);
    slots = found;
    pthread_atfork(NULL, NULL, begin_child);
    begin_child();
  }
  errno = error;
}
