// A thread is stopped by ptrace for the few microseconds that reading its registers takes, and let go entirely: between two
// stops nobody traces it, so that signals never come this way but in that moment, and debuggers may have it. If this program is
// killed the kernel lets go of the thread.
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#include "record/wall.h"

// A thread that runs on another CPU stops at once. One that waits for a CPU stops when it gets it: nobody waits for that.
enum { MOMENT = 200 * 1000 };  // ns

// A stop: of our asking, a signal on its way, or that of job control, in which the thread stays when it is let go.
static enum stop_result take_stop(struct stop *s, const siginfo_t *info) {
  int status = info->si_status;
  s->signal = status >> 8 == PTRACE_EVENT_STOP ? 0 : status & 0x7f;
  return STOP_DONE;
}

enum stop_result stop_try(struct stop *s) {
  siginfo_t info = {0};
  int kinds = WSTOPPED | WNOHANG | __WALL | (s->child ? 0 : WEXITED);
  if (waitid(P_PID, (id_t)s->tid, &info, kinds)) return errno == EINTR ? STOP_PENDING : STOP_GONE;
  if (info.si_pid == 0) return STOP_PENDING;
  return info.si_code == CLD_TRAPPED || info.si_code == CLD_STOPPED ? take_stop(s, &info) : STOP_GONE;
}

static void wait_moment(void) {
  sigset_t set;
  struct timespec most = {.tv_nsec = MOMENT};
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigtimedwait(&set, NULL, &most);
}

enum stop_result stop_begin(struct stop *s) {
  s->signal = 0;
  if (ptrace(PTRACE_SEIZE, s->tid, 0, 0)) return errno == ESRCH ? STOP_GONE : STOP_REFUSED;
  if (ptrace(PTRACE_INTERRUPT, s->tid, 0, 0) && errno == ESRCH) return stop_try(s);
  enum stop_result result = stop_try(s);
  // What SIGCHLD told may have been of another thread.
  for (int i = 0; i < 2 && result == STOP_PENDING; i++) {
    wait_moment();
    result = stop_try(s);
  }
  return result;
}

int stop_registers(const struct stop *s, struct user_regs_struct *r) {
  return (int)ptrace(PTRACE_GETREGS, s->tid, 0, r);
}

void stop_end(const struct stop *s) {
  struct user_regs_struct r;
  if (stop_registers(s, &r) == 0 && call_mend(&r)) ptrace(PTRACE_SETREGS, s->tid, 0, &r);
  ptrace(PTRACE_DETACH, s->tid, 0, (void *)(intptr_t)s->signal);
}
