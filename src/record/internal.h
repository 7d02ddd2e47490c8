// Private to src/record. The way of a sample:
//
//     samplers.c   which way to get samples: the first that the system allows
//     wall.c       another: looks at each thread, whether it runs or waits (wall.h has the map of its files)
//     preload.c    another: a library inside the program, for where the kernel gives no samples
//     inherited.c  one of them: events of the program's threads, which its further threads and processes inherit
//     perf.c       what those have in common that get samples from the kernel: rings are emptied, records come in order
//     events.c     what the kernel is asked for, one event a CPU
//     ring.c       a CPU's ring of records: they are copied out, the ring is free again
//     queue.c      records of all rings, in the order of time
//     records.c    bytes of the kernel to a struct record
//     tracker.c    what a record changes: processes come, map files and go; a sample is unwound
//     maps.c       what is mapped where in a process
//     object.c     the files that are mapped: ELF object, rules for unwinding
//     stacks.c     equal stacks are counted
//     write.c      the profile
#ifndef CPROF_RECORD_INTERNAL_H
#define CPROF_RECORD_INTERNAL_H

#include "elf/elf.h"
#include "record/record.h"
#include "unwind/unwind.h"

enum { STACK_BYTES = 32 * 1024, STACK_FRAMES = 512 };

// Running: on a CPU or wanting one. Where nothing but running threads is sampled it is not told.
enum thread_state { STATE_UNTOLD, STATE_RUNNING, STATE_WAITING };

// ---- samplers -----------------------------------------------------------------------------------

struct record;
// Where records go, in the order of their time. -1: out of memory.
struct sink {
  int (*take)(void *arg, const struct record *r);
  void *arg;
};

// What is to be sampled.
struct subject {
  const struct record_options *options;
  pid_t pid;
  bool
      at_exec;  // it waits to exec, nothing is sampled before; else it runs, and is sampled with all its threads from now on
};

// A sampler at work.
struct sampling {
  const struct sampler *sampler;
  void *state;
  struct sink sink;
  int descriptor;           // readable when there is much to drain; -1: none. Not the owner's to close
  int wait;                 // milliseconds after which it wants to be drained all the same
  uint64_t stops;           // how often a thread was stopped for it
  const char *environment;  // "NAME=value", which the program has to get; NULL: nothing. The sampler's
  const char *note;         // what the user should know; NULL: nothing. Constant
  bool kernel_time;         // samples stand for time in the kernel, too
  int64_t period;           // nanoseconds, where it is not what was asked for; else 0
};

enum { SAMPLER_REFUSED = 1 };
// A way to get samples. All but `open` are called with what open made.
struct sampler {
  const char *name;
  // Sets `state`, `descriptor` and `wait`. SAMPLER_REFUSED with the reason where the system does not allow it, but may allow
  // another; -1 when there is no use in trying others. Nothing is left behind then.
  int (*open)(struct sampling *s, const struct subject *subject, struct err *e);
  // Gives the sink what has come; `all` after stop: what is left.
  int (*drain)(struct sampling *s, bool all, struct err *e);
  void (*stop)(struct sampling *s);  // no samples from now on
  void (*close)(struct sampling *s);
};
extern const struct sampler sampler_inherited, sampler_wall, sampler_preload;

// Opens the first that is not refused; the reason is that of the last.
int sampling_open(struct sampling *s, const struct subject *subject, struct sink sink, struct err *e);
void sampling_close(struct sampling *s);  // also one that was not opened

// ---- the kernel's side --------------------------------------------------------------------------

struct ring {
  int fd;  // -1: there is none for this CPU (it is offline)
  void *page;
  size_t size;  // of the data behind the first page
};

struct events {
  struct ring *ring;  // one a CPU
  size_t n_rings;
  int *more;  // events of other threads, which write to the rings of their CPUs
  size_t n_more, more_cap;
};

struct perf_event_attr;
// The attributes of an event for samples; what differs is set by those who ask.
struct perf_event_attr events_attributes(const struct record_options *o);
// An event a CPU, each with a ring, for a thread and what inherits from it. SAMPLER_REFUSED: the kernel does not let us.
int events_open_rings(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e);
// Events of another thread, for the same rings. A thread that has ended is none.
int events_open_thread(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e);
void events_enable(struct events *v);
void events_disable(struct events *v);
void events_release(struct events *v);

struct queue;
int ring_map(struct ring *r, struct err *e);
// Takes all that is there.
int ring_take(struct ring *r, struct queue *q, struct err *e);

// ---- records ------------------------------------------------------------------------------------

enum record_kind {
  RECORD_OTHER,
  RECORD_SAMPLE,
  RECORD_MMAP,
  RECORD_COMM,
  RECORD_FORK,
  RECORD_EXIT,
  RECORD_LOST,
  RECORD_AGAIN,  // a sample with a stack that came before
  RECORD_MAPS,  // what the process has mapped comes anew: `name` has its program's path, a line feed and the text of its
                // /proc/PID/maps, or is empty: that is to be read
};

// What became of a sample, for a sampler that wants to know.
struct answer {
  uint32_t stack;           // its number, for RECORD_AGAIN; NONE: it was not counted
  bool complete, unmapped;  // unmapped: the stack leads to where nothing is known to be mapped
};

struct record {
  enum record_kind kind;
  uint32_t pid, tid, parent;  // parent: of a FORK, the process
  uint64_t time;              // CLOCK_MONOTONIC
  // SAMPLE
  uint64_t address;
  uint64_t weight;  // nanoseconds it stands for
  bool has_registers;
  struct unwind_registers registers;
  struct unwind_stack stack;
  enum thread_state state;  // also of AGAIN
  bool in_place;            // the thread does not move: its process's memory may be read
  bool if_complete;         // counted only with a complete stack
  struct answer *answer;    // NULL: not asked for
  uint32_t again;
  // MMAP, COMM
  uint64_t start, limit, offset;
  struct str name, build_id;  // raw bytes
  bool exec;                  // a COMM that an exec made
  uint64_t lost;
};

// Records of the kernel have this layout because events.c asks for it.
uint64_t record_registers_mask(void);
// The time of a record with its header; 0 when it is malformed.
uint64_t record_time(struct str bytes);
// How many of a record's bytes are worth keeping: stacks come with room that was not filled.
size_t record_useful(struct str bytes);
// false: malformed.
bool record_parse(struct str bytes, struct record *r);

struct queued {
  uint64_t time, number;
  struct str bytes;  // malloc'ed
};
struct queue {
  struct queued *at;
  size_t n, cap;
  uint64_t number;
};
// The record's bytes come in two parts, since it may go over the end of a ring. They are copied.
int queue_add(struct queue *q, struct str head, struct str tail);
// Gives the sink each record up to the time, oldest first.
int queue_flush(struct queue *q, uint64_t until, const struct sink *sink);
void queue_release(struct queue *q);

// The state of a sampler that gets records from the kernel.
struct perf {
  struct events events;
  struct queue queue;
  int ready;  // epoll: a ring fills
};
struct perf *perf_new(struct sampling *s, struct err *e);
// Makes `descriptor` and `wait`, once the rings are open.
int perf_watch(struct sampling *s, struct err *e);
int perf_drain(struct sampling *s, bool all, struct err *e);
void perf_stop(struct sampling *s);
void perf_close(struct sampling *s);

// ---- what is mapped -----------------------------------------------------------------------------

struct region {
  uint64_t start, limit, offset;
  uint32_t object;
};
// Executable regions of a process, by address; they never overlap.
struct maps {
  struct region *at;
  size_t n, cap;
};
// What was mapped there before is not any more.
int maps_add(struct maps *m, struct region r);
const struct region *maps_find(const struct maps *m, uint64_t address);
int maps_copy(struct maps *to, const struct maps *from);
void maps_release(struct maps *m);

struct object {
  char *name;      // as the kernel has it: a path, "[vdso]", "//anon"
  char *build_id;  // as the kernel told it, hexadecimal; "": not told
  char *own_id;    // as the file has it; NULL: not known
  bool opened;
  struct elf *elf;             // NULL: no file, or it can't be read
  struct unwind_table *table;  // NULL: no rules
};
struct objects {
  struct object *at;
  size_t n, cap;
  struct index index;
};
// The number of the object, NONE when memory ran out.
uint32_t objects_add(struct objects *o, struct str name, struct str build_id);
// Opens it when first asked for, as the process sees it, or as this one does.
struct object *objects_open(struct objects *o, const struct region *r, pid_t pid);
const char *object_build_id(const struct object *o);
bool object_is_vdso(const struct object *o);
void objects_release(struct objects *o);

// ---- what is counted ----------------------------------------------------------------------------

// An address in a mapping: a region of some process, which others may share.
struct place {
  uint64_t address;
  uint32_t region;  // NONE: nothing known is mapped there
};
struct stack {
  size_t first;
  uint32_t n, thread;  // NONE: not told apart
  enum thread_state state;
  bool cut;
  uint64_t count, weight;
};
struct stacks {
  struct region *region;
  size_t n_regions, region_cap;
  struct index region_index;
  struct place *place;
  size_t n_places, place_cap;
  struct index place_index;
  uint32_t *frame;  // places, leaf first
  size_t n_frames, frame_cap;
  struct stack *stack;
  size_t n_stacks, stack_cap;
  struct index stack_index;
};
uint32_t stacks_region(struct stacks *s, const struct region *r);            // NONE: out of memory
uint32_t stacks_place(struct stacks *s, uint64_t address, uint32_t region);  // the same
// Counts a stack of k->n places; what else *k has says how. Its number, NONE: out of memory.
uint32_t stacks_count(struct stacks *s, const uint32_t *places, const struct stack *k);
void stacks_release(struct stacks *s);

struct thread {
  uint32_t pid, tid;
  char name[16];
};
struct process {
  uint32_t pid;
  struct maps maps;
};
struct tracker {
  const struct record_options *options;
  pid_t pid;  // of the program; 0 until its exec
  struct process *process;
  size_t n_processes, process_cap;
  struct map64 process_of;
  struct thread *thread;
  size_t n_threads, thread_cap;
  struct map64 thread_of;  // by tid: the last one of that number
  struct objects objects;
  struct stacks stacks;
  struct region main;  // of the program's file; limit 0: not known
  bool main_follows;   // an exec of the program came, its first region is the program's
  uint64_t samples, cut, lost;
  uint64_t seen, waited;  // the weight of all samples, of those that waited
};
int tracker_take(void *tracker, const struct record *r);
// What a running process has mapped, as if its records had come.
int tracker_attach(struct tracker *t, pid_t pid);
void tracker_release(struct tracker *t);

// ---- the program --------------------------------------------------------------------------------

struct launch {
  pid_t pid;
  int go, failed;  // ends of pipes
};
// Starts a process that waits.
int launch_begin(struct launch *l, char *const *program, const sigset_t *signals, struct err *e);
// Lets it become the program. -1 with the reason when it can't; it is gone then.
// environment: "NAME=value" or NULL.
int launch_go(struct launch *l, const char *name, const char *environment, struct err *e);
void launch_abandon(struct launch *l);

// Seconds of CPU time that a running process used outside the kernel; -1: unknown.
double usage_of(pid_t pid);

struct span {
  int64_t began, lasted, period;  // nanoseconds
};
// What the samples of these options count: "cpu" or "wall".
const char *sample_type(const struct record_options *o);
struct profile *write_profile(struct tracker *t, const struct span *s, const struct recording *r, struct err *e);

#endif
