// record: profiles of native programs, taken while they run.
//
// Samples of CPU time come from the kernel (perf_event_open with its software clock, no hardware counters): the registers of
// a thread and a copy of its stack, once in so many nanoseconds of CPU time. Each stack is unwound here, at once, and counted;
// nothing is written on the way. The program needs no frame pointers and is not changed; nothing runs inside it.
//
// x86-64 Linux. Only the program's own code is seen, and what the kernel does for it where that is asked for and allowed.
//
// With privileges (root, CAP_PERFMON) events of the whole system are taken, and those of the program, its threads and the
// processes it starts are kept; the kernel is told of the other processes, so that they do not pay for it. Without, the
// program's threads inherit events, and one that uses less than a period has no sample. Where the kernel gives no events, a
// program that is started here gets a library with timers, which does the same at most 250 times a second.
//
// Samples of wall-clock time (`wall`) are taken by looking at each thread again and again, by /proc and ptrace; perf_event_open is
// not needed. A thread that sleeps is left alone wherever its stack can be followed without its registers, one that runs is
// stopped for some 30 us. Each sample has the label `state`, running or waiting.
#ifndef CPROF_RECORD_H
#define CPROF_RECORD_H

#include <signal.h>
#include <sys/types.h>

#include "profile/profile.h"

enum { RECORD_FREQUENCY = 999, RECORD_WALL_FREQUENCY = 99, RECORD_FREQUENCY_MAX = 10000 };

struct recording;

struct record_options {
  char *const *program;  // name and arguments, ends with NULL; found by PATH. NULL: `pid` is recorded
  pid_t pid;             // with the threads it has and those it gets
  int64_t frequency;     // samples in a second of CPU time, or of each thread's life (wall); 1 to RECORD_FREQUENCY_MAX
  bool preload;          // by timers inside the program, also where the kernel would give samples; not with `pid`
  bool wall;             // where threads spend time, waiting included; else CPU time
  double seconds;        // at most so long; 0: to the end
  bool per_thread;       // labels thread, tid and pid
  bool no_children;      // only the program's own threads, not the processes it starts
  bool kernel;           // also what the kernel does for the program
  // Called about twice a second with what there is so far (counts, `sampled`) and the seconds since it was called last. NULL:
  // nobody is told.
  void (*progress)(void *arg, const struct recording *so_far, double since_last);
  void *progress_arg;
};

struct recording {
  struct profile *profile;  // checked; has the samples types samples/count and cpu/nanoseconds or wall/nanoseconds
  pid_t pid;                // of the program
  bool launched, ended;     // the program was started here; it has ended
  int status;               // as waitpid gives it, where both are true
  int signal;               // that ended the recording; 0: none did
  uint64_t samples;
  uint64_t lost;             // samples there was no room for
  uint64_t cut;              // samples whose stack could not be followed to its outermost function
  uint64_t guessed;          // samples with frames that no rule tells, but frame pointers
  uint64_t processes;        // that were seen
  uint64_t threads, unseen;  // that were started; that ended without a sample
  uint64_t stops;            // how often a thread was stopped to be looked at
  bool misses_short;         // threads that use less than a period are never seen: not privileged
  bool kernel;               // time in the kernel is in it
  bool kernel_hidden;        // what the kernel did was asked for, but its names were not to be had
  bool wall;                 // where threads spent time, not CPU time
  const char *note;          // what to know about how samples were taken; NULL: nothing. Constant
  int64_t period;            // nanoseconds of a sample
  // Seconds of CPU time: those of the samples, and those the program used (-1: unknown) outside the kernel or, with `kernel`,
  // at all, with the processes it started and waited for unless they are left out. With `wall` sampled is time of threads.
  double sampled, used;
  double waited;     // of sampled: in which threads waited
  sigset_t signals;  // blocked before
};

// Records until the program ends, the time is over, or a signal ends it. SIGINT and SIGTERM sent to this process are passed on
// to a program that was started here (a terminal's Ctrl-C reaches it without that) and the recording goes on to its end; a
// second signal ends the recording. They end the recording of `pid` at once.
// -1 with a message when nothing can be recorded; a program that was started has then not run.
int record(const struct record_options *o, struct recording *r, struct err *e);
// Waits for a program that was started here and still runs, with signals as they were before. Then what a shell makes of its
// status: 128 + n for a signal. 0 for a program that was not started here.
int recording_wait(struct recording *r);
// What share was seen, what was lost, cut and guessed, in a line without its end.
void recording_notes(const struct recording *r, struct buf *out);
void recording_release(struct recording *r);

#endif
