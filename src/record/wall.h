// Private to the sampler of wall-clock time. What its files share:
//
//     wall.c       the sampler: ticks, the processes and threads there are, what each tick weighs
//     look.c       a look at one thread: where it is, with as little disturbance as possible
//     task.c       what /proc tells of a thread
//     stop.c       a thread is stopped for a moment, for its registers
//     calls.c      system calls: which may be interrupted by that, and what has to be mended
#ifndef CPROF_RECORD_WALL_H
#define CPROF_RECORD_WALL_H

#include "record/internal.h"

struct user_regs_struct;
enum { WALL_STACK_BYTES = 32 * 1024 };

// ---- system calls -------------------------------------------------------------------------------

// A thread that sleeps in a system call. Stopping it wakes it; most calls are then restarted by the kernel and the program does
// not notice, as long as no handler of a signal ran. Some return EINTR, see "interruption of system calls" in signal(7).
struct call {
  long number;  // -1: it sleeps, but in no system call (a page that is read from a disk)
  uint64_t argument[6], sp, pc;
};
// Nothing of the program changes when it is stopped and goes on.
bool call_may_be_interrupted(const struct call *c, pid_t pid);
// A thread has stopped on its way out of a call with EINTR, though no handler ran, or not yet: what the kernel has to find in its
// registers so that it restarts the call, unless a handler runs. true: they were changed.
bool call_mend(struct user_regs_struct *r);

// ---- /proc --------------------------------------------------------------------------------------

struct task_stat {
  char name[16];
  char state;      // R S D T t Z X ...
  uint64_t image;  // another number after an exec
};
enum task_where { TASK_GONE, TASK_DENIED, TASK_RUNNING, TASK_BLOCKED };

int task_stat(pid_t pid, pid_t tid, struct task_stat *s);  // -1: it is gone
enum task_where task_where(pid_t pid, pid_t tid, struct call *c);
// How often the thread was given a CPU. `fd` is what task_open gave, -1 where no more files could be opened. 0: it is gone, or
// this kernel does not count.
int task_open(pid_t pid, pid_t tid);
uint64_t task_slices(int fd, pid_t pid, pid_t tid);
// As task_each_thread, for each child of a thread.
int task_each_child(pid_t pid, pid_t tid, visit_task *visit, void *arg);

// ---- stopping -----------------------------------------------------------------------------------

enum stop_result {
  STOP_DONE,     // it has stopped: registers and memory can be read, then stop_end
  STOP_PENDING,  // it will stop; SIGCHLD tells when, stop_try again
  STOP_REFUSED,  // by the kernel, or a debugger has it
  STOP_GONE,     // it has ended
};
struct stop {
  pid_t tid;
  bool child;  // its end is not to be taken here: it is the process that was started
  int signal;  // to be passed on
};
// Asks the thread to stop and waits for a moment.
enum stop_result stop_begin(struct stop *s);
enum stop_result stop_try(struct stop *s);
int stop_registers(const struct stop *s, struct user_regs_struct *r);
// It goes on as if nothing had been.
void stop_end(const struct stop *s);

// ---- threads and processes ----------------------------------------------------------------------

struct wall_thread {
  pid_t tid;
  int slices_fd;
  uint64_t slices;        // by the last look
  int64_t looked;         // when it was, or when its first began to count
  bool gone, dead;        // dead: it has ended, nobody took notice of it yet
  bool fresh;             // not looked at yet
  bool ran;               // in this tick
  bool blocked;           // while `slices` stays, so does the stack
  bool stopping;          // was asked to, has not done so yet
  bool waiting;           // where it was when it was asked
  uint32_t stack;         // the number of its last one, NONE
  uint64_t sp, pc, hash;  // of that
  char name[16];
};

struct wall_process {
  pid_t pid;
  bool started;                // by this program, which waits for its end
  bool waits;                  // for its exec
  uint64_t image;              // changes by exec
  int64_t mapped;              // when its maps were read; 0: never
  struct wall_thread *thread;  // by tid
  size_t n, cap;
};

struct wall {
  struct sampling *sampling;
  struct wall_process *process;
  size_t n_processes, cap;
  bool children;
  int64_t period, ticked, due;     // ticked: when the last tick began; due: when the next is to
  int timer, stop_signals, ready;  // descriptors: of ticks, of SIGCHLD, of both
  unsigned char *bytes;            // room for a copy of a stack
};

// What the thread does now becomes a sample, or will when it has stopped. -1: out of memory.
int look_at(struct wall *w, struct wall_process *p, struct wall_thread *t);
// A thread that was asked to stop may have done so.
int look_at_stopped(struct wall *w, struct wall_process *p, struct wall_thread *t);

#endif
