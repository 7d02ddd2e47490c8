// Private to src/record. The way of a sample:
//
//     samplers.c   which way to get samples: the first that the system allows
//     system.c     events of all that runs, of which the program's are kept
//     tree.c       what belongs to the program
//     outsiders.c  what does not, which the kernel then leaves out
//     inherited.c  or events of the program's threads, which its further threads and processes inherit
//     preload.c    or a library inside the program, for where the kernel gives no samples
//     wall.c       or looks at each thread, whether it runs or waits (wall.h has the map of its files)
//     perf.c       what those have in common that get samples from the kernel: rings are emptied, records come in order
//     events.c     what the kernel is asked for, one event a CPU
//     ring.c       a CPU's ring of records: they are copied out, the ring is free again
//     queue.c      records of all rings, in the order of time
//     records.c    bytes of the kernel to a struct record
//     tracker.c    what a record changes: processes come, map files and go
//     attach.c     the same of a process that runs already
//     sample.c     a sample is unwound
//     limits.c     what the system allows
//     maps.c       what is mapped where in a process
//     object.c     the files that are mapped: ELF object, rules for unwinding
//     stacks.c     equal stacks are counted
//     names.c      names that can't be found later
//     naming.c     lists of names: of the kernel, of code made at run time
//     kernel.c     the kernel's mappings
//     perf_map.c   where a process lists the code it makes
//     write.c      the profile
//     notes.c      what it can't show
#ifndef CPROF_RECORD_INTERNAL_H
#define CPROF_RECORD_INTERNAL_H

#include "elf/elf.h"
#include "record/record.h"
#include "unwind/unwind.h"

enum { STACK_FRAMES = 1024 };  // of the program; the same of the kernel

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
  // It waits to exec, and nothing is sampled before. Else it runs, and is sampled with all its threads from now on.
  bool at_exec;
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
  bool misses_short;  // threads that use less than a period
  // Sets `state`, `descriptor` and `wait`. SAMPLER_REFUSED with the reason where the system does not allow it, but may allow
  // another; -1 when there is no use in trying others. Nothing is left behind then.
  int (*open)(struct sampling *s, const struct subject *subject, struct err *e);
  // Gives the sink what has come; `all` after stop: what is left.
  int (*drain)(struct sampling *s, bool all, struct err *e);
  void (*stop)(struct sampling *s);  // no samples from now on
  void (*close)(struct sampling *s);
};
extern const struct sampler sampler_system, sampler_inherited, sampler_preload, sampler_wall;

// Opens the first that is not refused; the reason is that of the last.
int sampling_open(struct sampling *s, const struct subject *subject, struct sink sink, struct err *e);
void sampling_close(struct sampling *s);  // also one that was not opened

// ---- the kernel's side --------------------------------------------------------------------------

struct ring {
  int fd;  // -1: there is none for this CPU (it is offline)
  void *page;
  size_t size;    // of the data behind the first page
  uint64_t head;  // up to where records are taken
};
struct ring_size {
  size_t most, least;  // powers of two
};

struct events {
  struct ring *ring;  // one a CPU
  size_t n_rings;
  int *more;  // events of other threads, which write to the rings of their CPUs
  size_t n_more, more_cap;
};

struct perf_event_attr;
// Attributes of events that give samples, that tell what is mapped, named, started and ended as well, or only that. Whom they
// follow is set by those who ask.
struct perf_event_attr events_of_samples(const struct record_options *o);
void events_add_changes(struct perf_event_attr *a);
// The most that is copied of a stack: all that the kernel can, but less where samples are so many (their period is in
// nanoseconds) that copies of deep stacks show in the program's CPU time. In a ring, a sample takes that much room whatever the
// stack is.
uint32_t events_most_stack(uint64_t period);
struct perf_event_attr events_of_changes(void);
// An event a CPU, each with a ring, as large as may be, for a thread and what inherits from it; tid -1: for all that runs.
// SAMPLER_REFUSED: the kernel does not let us.
int events_open_rings(struct events *v, struct perf_event_attr *a, pid_t tid, struct ring_size size, struct err *e);
// Events of another thread, for the same rings. A thread that has ended is none.
int events_open_thread(struct events *v, struct perf_event_attr *a, pid_t tid, struct err *e);
void events_enable(struct events *v);
void events_disable(struct events *v);
void events_release(struct events *v);

// A record as it lies in a ring: the second part is at the ring's begin, where it goes over the end.
struct record_bytes {
  struct str head, tail;
};
struct ring_filter {
  bool (*wants)(void *arg, const struct record_bytes *r);
  void *arg;
};

enum { RING_REFUSED = 2 };
struct queue;
// RING_REFUSED: so much memory may not be locked.
int ring_map(struct ring *r, size_t size, struct err *e);
void ring_unmap(struct ring *r);
// Sees what has come so far.
void ring_look(struct ring *r);
// Takes what was seen. Without a filter all is wanted.
int ring_take(struct ring *r, const struct ring_filter *filter, struct queue *q, struct err *e);

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
  uint32_t pid, tid;
  uint32_t parent, parent_tid;  // of a FORK
  uint64_t time;                // CLOCK_MONOTONIC
  // SAMPLE
  uint64_t address;
  uint64_t weight;    // nanoseconds it stands for
  struct str kernel;  // addresses of 8 bytes, leaf first, among them marks of the context
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
size_t record_useful(const struct record_bytes *r);
bool record_is_sample(const struct record_bytes *r);
uint32_t record_sample_pid(const struct record_bytes *r);
uint64_t record_sample_time(const struct record_bytes *r);
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
// The bytes are copied.
int queue_add(struct queue *q, const struct record_bytes *r);
// Takes each record up to the time, oldest first; all of them leave, also after a failure.
int queue_each(struct queue *q, uint64_t until, int (*take)(void *arg, const struct queued *record), void *arg);
// Gives the sink each record up to the time, oldest first.
int queue_flush(struct queue *q, uint64_t until, const struct sink *sink);
void queue_release(struct queue *q);

// The state of a sampler that gets records from the kernel.
struct perf {
  struct events events;
  struct queue queue;
  int ready;  // epoll: a ring fills
};
void perf_init(struct perf *perf);
// Makes `descriptor` and `wait`, once rings are open.
int perf_watch(struct sampling *s, const struct events *v, struct err *e);
int perf_drain(struct sampling *s, bool all, struct err *e);
// The parts of draining: sees what rings have, takes it, gives the sink what is old enough.
void perf_look(struct events *v);
int perf_take(struct events *v, const struct ring_filter *filter, struct queue *q, struct err *e);
int perf_deliver(struct sampling *s, bool all, struct err *e);
// By the clock of records.
static inline uint64_t perf_now(void) { return (uint64_t)clock_nanoseconds(CLOCK_MONOTONIC); }
void perf_stop(struct sampling *s);
void perf_close(struct sampling *s);

// The processes of a program, by what is told of all processes.
struct tree {
  uint32_t root;
  bool alone;           // what the root starts is not of it
  uint64_t begin;       // of the samples; UINT64_MAX until the root's exec
  struct map64 member;  // pid: inside or not
};
int tree_begin(struct tree *t, const struct subject *subject);  // -1: out of memory
int tree_take(struct tree *t, const struct record *r);          // in the order of time; the same
bool tree_has(const struct tree *t, uint32_t pid);
void tree_release(struct tree *t);

// Processes that the kernel need not sample; all functions do nothing where it does not allow that.
struct outsiders {
  int map, program;
  uint32_t last;  // added
};
// Begins with all that run but the root.
void outsiders_open(struct outsiders *o, const struct events *v, uint32_t root);
void outsiders_add(struct outsiders *o, uint32_t pid);
void outsiders_remove(struct outsiders *o, uint32_t pid);
void outsiders_close(struct outsiders *o);

// ---- what is mapped -----------------------------------------------------------------------------

struct region {
  uint64_t start, limit, offset;
  uint32_t object;
  bool has_bias;  // found when an address first needed it
  uint64_t bias;  // address of the process - address of the object
};
// Executable regions of a process, by address; they never overlap.
struct maps {
  struct region *at;
  size_t n, cap;
};
// What was mapped there before is not any more.
int maps_add(struct maps *m, struct region r);
struct region *maps_find(const struct maps *m, uint64_t address);
int maps_copy(struct maps *to, const struct maps *from);
void maps_release(struct maps *m);

// The list of names of code that a process makes at run time.
struct perf_map {
  int fd;          // -1: not found (yet)
  uint32_t asked;  // how often it was looked for
  bool has_user;   // the process was still there when it was looked for
  uint32_t user, number;
};
// Finds it while the process lives; cheap when called often.
void perf_map_look(struct perf_map *m, uint32_t pid);
// All of it, up to a limit; as it is now.
void perf_map_read(struct perf_map *m, uint32_t pid, struct buf *text);
void perf_map_close(struct perf_map *m);

struct object {
  char *name;                  // as the kernel has it: a path, "[vdso]", "//anon"
  char *build_id;              // as the kernel told it, hexadecimal; "": not told
  char *own_id;                // as the file has it; NULL: not known
  uint32_t owner;              // the process whose memory it is; 0: a file
  pid_t asked;                 // the process that was last tried for it
  unsigned tries;              // to open it
  bool keeps_names;            // they can't be found later
  bool has_names;              // and were found now
  struct elf *elf;             // NULL: no file, or it can't be read
  struct unwind_table *table;  // NULL: no rules
  struct perf_map perf_map;
};
struct objects {
  struct object *at;
  size_t n, cap;
  struct index index;
};
// Is it memory of one process rather than a file, by its name?
bool object_is_own(struct str name);
// The number of the object, NONE when memory ran out.
uint32_t objects_add(struct objects *o, struct str name, struct str build_id, uint32_t owner);
// Opens it when first asked for, as the process sees it, or as this one does.
struct object *objects_open(struct objects *o, const struct region *r, pid_t pid);
// Decides whose names are kept, when nothing more is recorded.
void objects_judge(struct objects *o);
const char *object_build_id(const struct object *o);
struct str object_name(const struct object *o);  // for the profile
bool object_is_vdso(const struct object *o);
void objects_release(struct objects *o);

// ---- what is counted ----------------------------------------------------------------------------

// An address in a mapping: a region of some process, which others may share.
enum { KERNEL_REGION = NONE - 1 };  // which of the kernel's is told apart at the end
struct place {
  uint64_t address;
  uint32_t region;  // NONE: nothing known is mapped there
};
struct stack {
  size_t first;
  uint32_t n, thread;  // NONE: not told apart
  enum thread_state state;
  bool cut, guessed;  // by the first sample
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
  bool seen;           // it has samples
  uint32_t next_free;  // of a slot that is not used
};
struct process {
  uint32_t pid, threads;  // threads: that were seen to start and did not end
  struct maps maps;
  uint64_t era;        // another number whenever something is mapped
  uint32_t next_free;  // of a slot that is not used
};
// What an address was in an era.
struct known_place {
  uint64_t address, era;  // era 0: none
  uint32_t place;
};
struct tracker {
  const struct record_options *options;
  pid_t pid;  // of the program; 0 until its exec
  struct process *process;
  size_t n_processes, process_cap;
  struct map64 process_of;
  struct thread *thread;
  size_t n_threads, thread_cap;
  struct map64 thread_of;              // by tid: the last one of that number
  uint32_t free_process, free_thread;  // first slots that are not used; NONE: there is none
  struct objects objects;
  struct stacks stacks;
  struct region main;  // of the program's file; limit 0: not known
  bool main_follows;   // an exec of the program came, its first region is the program's
  uint64_t samples, lost;
  uint64_t cut, guessed;  // stacks that do not reach the outermost function; that have frames found by frame pointers
  uint64_t seen, waited;  // the weight of all samples, of those that waited
  uint64_t processes;     // that were seen
  uint64_t started, unseen;  // threads: that began while recording; that ended without a sample
  uint64_t eras;
  struct buf kernel_symbols;  // /proc/kallsyms, where the kernel is recorded
  bool kernel_hidden;         // names of the kernel were asked for, and not told
  struct known_place known[1024];
  // Of the sample at hand.
  uint64_t pc[STACK_FRAMES];
  uint32_t place[2 * STACK_FRAMES];
};
void tracker_init(struct tracker *t, const struct record_options *o);

int tracker_take(void *tracker, const struct record *r);
// Its parts. NULL, NONE and -1: out of memory.
struct process *tracker_process(struct tracker *t, uint32_t pid);
uint32_t tracker_thread(struct tracker *t, uint32_t pid, uint32_t tid);
int tracker_map(struct tracker *t, uint32_t pid, struct region r, struct str name, struct str build_id);
int tracker_sample(struct tracker *t, const struct record *r);
int tracker_again(struct tracker *t, const struct record *r);
int tracker_forget_maps(struct tracker *t, uint32_t pid);
// Takes what is mapped for all there is; text: as in RECORD_MAPS. A process that is ending has nothing mapped any more: what
// was known stays.
int tracker_read_maps(struct tracker *t, pid_t pid, struct str text);
// What a running process has mapped and how its threads are called, as if its records had come.
int tracker_attach(struct tracker *t, pid_t pid);
void tracker_read_kernel(struct tracker *t);  // its symbols
void tracker_release(struct tracker *t);

// Calls `visit` for each thread of a process, as long as it returns 0, and returns what it did. 0 where the process is gone.
typedef int visit_task(void *arg, pid_t id);
int task_each_thread(pid_t pid, visit_task *visit, void *arg);
// Up to n bytes of a process's memory from an address on, as far as there are.
size_t process_memory(pid_t pid, uint64_t address, void *bytes, size_t n);

// The number in a file of /proc/sys; 0 where it can't be read.
int kernel_setting(const char *path);
// As many open files as this process may have. Not before a program is started, which would inherit it.
void raise_file_limit(void);

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

// Seconds of CPU time that a process used, as far as the options ask for it (see record.h), and in the kernel if that counts;
// -1: unknown.
double usage_of(pid_t pid, const struct record_options *o, bool kernel);

// ---- names --------------------------------------------------------------------------------------

// An address whose name is looked for, and what is found.
struct naming {
  uint64_t address;
  uint32_t place, object;
  uint64_t begin;   // of the symbol
  struct str name;  // n == 0: none
};
// Both take what a list tells of addresses, which are sorted. Names stay where they are in the text.
void naming_from_perf_map(struct naming *at, size_t n, struct str text);
void naming_from_symbols(struct naming *at, size_t n, struct str text);
// The kernel's: also gives their places regions.
int kernel_name(struct tracker *t, struct naming *at, size_t n);

struct names {
  struct str *of;  // a place; n == 0: none, or one that can be found later
  struct buf *text;
  size_t n_texts, text_cap;
};
// When nothing more is recorded. They live as long as the tracker. -1: out of memory; to be released all the same.
int names_find(struct names *names, struct tracker *t);
void names_release(struct names *names);

struct span {
  int64_t began, lasted;  // nanoseconds
};
// What was counted is told to the recording, which becomes a comment.
struct profile *write_profile(struct tracker *t, const struct span *s, struct recording *r, struct err *e);

#endif
