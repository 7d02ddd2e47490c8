// Private to src/record. The way of a sample:
//
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

// ---- the kernel's side --------------------------------------------------------------------------

enum { STACK_BYTES = 32 * 1024, STACK_FRAMES = 512 };

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

// Opens events for a process that waits to exec (`at_exec`), or for all threads of one that runs, where they are enabled at once.
int events_open(struct events *v, const struct record_options *o, pid_t pid, bool at_exec, struct err *e);
void events_disable(struct events *v);
void events_release(struct events *v);

struct queue;
int ring_map(struct ring *r, struct err *e);
// Takes all that is there.
int ring_take(struct ring *r, struct queue *q, struct err *e);

// ---- records ------------------------------------------------------------------------------------

enum record_kind { RECORD_OTHER, RECORD_SAMPLE, RECORD_MMAP, RECORD_COMM, RECORD_FORK, RECORD_EXIT, RECORD_LOST };

struct record {
  enum record_kind kind;
  uint32_t pid, tid, parent;  // parent: of a FORK, the process
  uint64_t time;              // CLOCK_MONOTONIC
  // SAMPLE
  uint64_t address;
  bool has_registers;
  struct unwind_registers registers;
  struct unwind_stack stack;
  // MMAP, COMM
  uint64_t start, limit, offset;
  struct str name, build_id;  // raw bytes
  bool exec;                  // a COMM that an exec made
  uint64_t lost;
};

// Records have this layout because events.c asks for it.
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
// Calls `take` for each record up to the time, oldest first.
int queue_flush(struct queue *q, uint64_t until, int (*take)(void *arg, const struct record *r), void *arg);
void queue_release(struct queue *q);

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
  uint64_t count;
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
int stacks_count(struct stacks *s, const uint32_t *places, uint32_t n, uint32_t thread);
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
int launch_go(struct launch *l, const char *name, struct err *e);
void launch_abandon(struct launch *l);

// Seconds of CPU time that a running process used outside the kernel; -1: unknown.
double usage_of(pid_t pid);

struct span {
  int64_t began, lasted, period;  // nanoseconds
};
struct profile *write_profile(struct tracker *t, const struct span *s, double used, struct err *e);

#endif
