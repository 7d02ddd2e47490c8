// What a stop does to system calls.
//
// A thread that sleeps in a call is woken to be stopped. Inside, the call ends with an error of the kernel's own, by which it is
// restarted when no handler of a signal runs (arch/x86/kernel/signal.c): with the time that is left, where it has a limit.
// Some calls end with a plain EINTR instead (signal(7)); that is the same error that they show when a handler did run.
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#include "record/wall.h"

enum effect {
  NOT_KNOWN,   // a thread that sleeps there is left alone
  RESTARTS,    // by the kernel
  FILES,       // depends on what is read or written
  SOCKETS,     // as well: plain EINTR where they have a limit of their own (SO_RCVTIMEO), which can't be seen from here
  PLAIN,       // plain EINTR
  PLAIN_NULL,  // as well; the time is limited by an argument, unless it is NULL,
  PLAIN_MINUS,  // unless it is -1
};

struct row {
  unsigned char effect, limit;  // limit: the number of that argument
};

static const struct row rows[] = {
    [SYS_poll] = {RESTARTS, 0},
    [SYS_ppoll] = {RESTARTS, 0},
    [SYS_select] = {RESTARTS, 0},
    [SYS_pselect6] = {RESTARTS, 0},
    [SYS_nanosleep] = {RESTARTS, 0},
    [SYS_clock_nanosleep] = {RESTARTS, 0},
    [SYS_restart_syscall] = {RESTARTS, 0},
    [SYS_futex] = {RESTARTS, 0},
    [SYS_wait4] = {RESTARTS, 0},
    [SYS_waitid] = {RESTARTS, 0},
    [SYS_pause] = {RESTARTS, 0},
    [SYS_rt_sigsuspend] = {RESTARTS, 0},
    [SYS_read] = {FILES, 0},
    [SYS_readv] = {FILES, 0},
    [SYS_write] = {FILES, 0},
    [SYS_writev] = {FILES, 0},
    [SYS_recvfrom] = {SOCKETS, 0},
    [SYS_recvmsg] = {SOCKETS, 0},
    [SYS_recvmmsg] = {SOCKETS, 0},
    [SYS_sendto] = {SOCKETS, 0},
    [SYS_sendmsg] = {SOCKETS, 0},
    [SYS_sendmmsg] = {SOCKETS, 0},
    [SYS_accept] = {SOCKETS, 0},
    [SYS_accept4] = {SOCKETS, 0},
    [SYS_connect] = {SOCKETS, 0},
    [SYS_semop] = {PLAIN, 0},
    [SYS_semtimedop] = {PLAIN_NULL, 3},
    [SYS_rt_sigtimedwait] = {PLAIN_NULL, 2},
    [SYS_io_getevents] = {PLAIN_NULL, 4},
    [SYS_io_pgetevents] = {PLAIN_NULL, 4},
    [SYS_epoll_wait] = {PLAIN_MINUS, 3},
    [SYS_epoll_pwait] = {PLAIN_MINUS, 3},
    [SYS_epoll_pwait2] = {PLAIN_NULL, 3},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct row row_of(long number) { return number >= 0 && number < ROWS ? rows[number] : (struct row){0, 0}; }

// Pipes, terminals and counters restart; sockets may not, nor may files of a FUSE or network file system.
static bool file_restarts(pid_t pid, uint64_t descriptor) {
  static const char *const known[] = {"pipe:", "/dev/pts/", "/dev/tty", "anon_inode:[eventfd]", "anon_inode:[timerfd]"};
  char path[64], target[64];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, (int)descriptor);
  ssize_t n = readlink(path, target, sizeof target - 1);
  target[n > 0 ? n : 0] = '\0';
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strncmp(target, known[i], strlen(known[i])) == 0) return true;
  return false;
}

// Restarted here, a call waits its whole time again: that is not noticed only where it has no limit.
bool call_may_be_interrupted(const struct call *c, pid_t pid) {
  struct row row = row_of(c->number);
  uint64_t limit = c->argument[row.limit];
  switch ((enum effect)row.effect) {
    case RESTARTS:
    case PLAIN: return true;
    case FILES: return file_restarts(pid, c->argument[0]);
    case PLAIN_NULL: return limit == 0;
    case PLAIN_MINUS: return (int32_t)limit == -1;
    default: return false;
  }
}

// Also for what has a limit: a thread that was running when it was asked to stop has only begun to sleep.
bool call_mend(struct user_regs_struct *r) {
  enum { CODE_64 = 0x33, ERESTARTNOHAND = 514 };  // restart, or EINTR where a handler runs: not in errno.h
  struct row row = row_of((long)r->orig_rax);
  if (row.effect < FILES || r->cs != CODE_64 || (int64_t)r->rax != -EINTR) return false;
  r->rax = (unsigned long long)-(int64_t)ERESTARTNOHAND;
  return true;
}
