// Unwinds the snapshots of a file twice, with cprof's unwinder and with libdw, and says where they differ.
//
//     compare FILE      exit status 0: at least 99 % are complete and nothing contradicts libdw
//
// Two stacks contradict each other when a frame that both have differs, or when one that is called complete goes on in the
// other. The last line has the times.
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "snapshot.h"
#include "unwind/unwind.h"

enum { DEPTH = 1024, MOST_OBJECTS = 64, ROUNDS = 3, BATCH = 200, MEASURED = 2000, SHOWN = 8, MOST_ENDS = 64 };

struct object {
  uint64_t bias, start, end;
  char *path;
  struct elf *elf;
  struct unwind_table *table;
};

struct stack {
  uint64_t pc[DEPTH];
  size_t n;
};

struct compare {
  struct str dump;
  struct object *object;
  size_t n_objects;
  const struct snapshot *now;
  const unsigned char *bytes, *beside;
  struct stack *theirs;
  Dwfl *dwfl;
};

static void fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  exit(2);
}

// ---- what was recorded --------------------------------------------------------------------------

static struct buf read_file(const char *path) {
  FILE *f = fopen(path, "rb");
  struct buf b = {NULL, 0, 0, false};
  char part[1 << 16];
  if (!f) fail(path, "can't be opened");
  for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(&b, part, n);
  fclose(f);
  return b;
}

static void open_objects(struct compare *c, const char *dump) {
  char path[4096], line[8192], name[4096];
  snprintf(path, sizeof path, "%s.objects", dump);
  FILE *f = fopen(path, "r");
  if (!f) fail(path, "can't be opened");
  c->object = calloc(MOST_OBJECTS, sizeof *c->object);
  while (fgets(line, sizeof line, f) && c->n_objects < MOST_OBJECTS) {
    struct object *o = &c->object[c->n_objects++];
    struct err e = {""};
    if (sscanf(line, "%lx %lx %lx %4095[^\n]", &o->bias, &o->start, &o->end, name) != 4) fail(path, "damaged");
    o->path = strdup(name);
    o->elf = elf_open(o->path, &e);
    o->table = o->elf ? unwind_table_new(o->elf, &e) : NULL;
    if (!o->table) fail(o->path, e.text);
  }
  fclose(f);
}

static void close_objects(struct compare *c) {
  for (size_t i = 0; i < c->n_objects; i++) {
    unwind_table_free(c->object[i].table);
    elf_close(c->object[i].elf);
    free(c->object[i].path);
  }
  free(c->object);
}

static bool next_snapshot(struct compare *c, size_t *at) {
  if (*at + sizeof *c->now > c->dump.n) return false;
  c->now = (const struct snapshot *)(const void *)(c->dump.p + *at);
  c->bytes = (const unsigned char *)(c->now + 1);
  c->beside = c->bytes + c->now->n;
  *at += sizeof *c->now + c->now->n + c->now->n_beside;
  // The bytes of a stack come in words but for a few at the end.
  if (*at % 8) fail("dump", "a stack that does not end with a word");
  return true;
}

static bool read_part(const unsigned char *bytes, uint64_t start, uint64_t size, uint64_t address, void *to, size_t n) {
  uint64_t at = address - start;
  if (at >= size || n > size - at) return false;
  memcpy(to, bytes + at, n);
  return true;
}

// ---- ours ---------------------------------------------------------------------------------------

static struct unwind_table *find_table(void *arg, uint64_t address, uint64_t *bias, bool *code) {
  struct compare *c = arg;
  (void)code;
  for (size_t i = 0; i < c->n_objects; i++) {
    if (address - c->object[i].start >= c->object[i].end - c->object[i].start) continue;
    *bias = c->object[i].bias;
    return c->object[i].table;
  }
  return NULL;
}

static bool read_beside(void *arg, uint64_t address, void *bytes, size_t n) {
  struct compare *c = arg;
  return read_part(c->beside, c->now->beside, c->now->n_beside, address, bytes, n);
}

static size_t unwind_ours(struct compare *c, struct stack *s, struct unwind_result *result) {
  struct unwind_source source = {find_table, read_beside, c};
  struct unwind_registers registers = {0};
  struct unwind_stack stack = {c->now->start, c->bytes, c->now->n};
  memcpy(registers.r, c->now->r, sizeof registers.r);
  s->n = unwind(&source, &registers, &stack, s->pc, DEPTH, result);
  return s->n;
}

// ---- libdw's ------------------------------------------------------------------------------------

static pid_t next_thread(Dwfl *dwfl, void *arg, void **thread) {
  (void)dwfl;
  if (*thread) return 0;
  *thread = arg;
  return 1;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *result, void *arg) {
  struct compare *c = arg;
  (void)dwfl;
  return read_part(c->bytes, c->now->start, c->now->n, address, result, sizeof *result) ||
         read_beside(c, address, result, sizeof *result);
}

static bool set_registers(Dwfl_Thread *thread, void *arg) {
  struct compare *c = arg;
  Dwarf_Word r[17];
  for (int i = 0; i < 17; i++) r[i] = c->now->r[i];
  return dwfl_thread_state_registers(thread, 0, 17, r);
}

static int take_frame(Dwfl_Frame *frame, void *arg) {
  struct compare *c = arg;
  Dwarf_Addr pc;
  bool exact;
  if (!dwfl_frame_pc(frame, &pc, &exact)) return DWARF_CB_ABORT;
  c->theirs->pc[c->theirs->n++] = exact ? pc : pc - 1;
  return c->theirs->n < DEPTH ? DWARF_CB_OK : DWARF_CB_ABORT;
}

// true: libdw holds the stack to be complete.
static bool unwind_theirs(struct compare *c, struct stack *s) {
  c->theirs = s;
  s->n = 0;
  return dwfl_getthread_frames(c->dwfl, 1, take_frame, c) == 0;
}

static void open_dwfl(struct compare *c) {
  static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_build_id_find_elf,
                                           .find_debuginfo = dwfl_standard_find_debuginfo};
  static const Dwfl_Thread_Callbacks threads = {
      .next_thread = next_thread, .memory_read = read_memory, .set_initial_registers = set_registers};
  c->dwfl = dwfl_begin(&callbacks);
  dwfl_report_begin(c->dwfl);
  for (size_t i = 0; i < c->n_objects; i++)
    if (!dwfl_report_elf(c->dwfl, c->object[i].path, c->object[i].path, -1, c->object[i].bias, true))
      fail(c->object[i].path, dwfl_errmsg(-1));
  dwfl_report_end(c->dwfl, NULL, NULL);
  if (!dwfl_attach_state(c->dwfl, NULL, 1, &threads, c)) fail("libdw", dwfl_errmsg(-1));
}

// ---- both ---------------------------------------------------------------------------------------

// Where stacks end on which both agree: a stack that goes on where libdw gives up must end at one of them.
struct ends {
  uint64_t pc[MOST_ENDS];
  size_t n;
};

struct counts {
  size_t snapshots, frames, complete, theirs_complete, contradictions, further, guessed, shown;
};

static bool is_end(const struct ends *e, uint64_t pc) {
  for (size_t i = 0; i < e->n; i++)
    if (e->pc[i] == pc) return true;
  return false;
}

static void find_ends(struct compare *c, struct ends *e) {
  static struct stack ours, theirs;
  struct unwind_result result;
  for (size_t at = 0; next_snapshot(c, &at);) {
    unwind_ours(c, &ours, &result);
    if (!unwind_theirs(c, &theirs) || result.end != UNWIND_COMPLETE || ours.n != theirs.n) continue;
    bool same = memcmp(ours.pc, theirs.pc, ours.n * sizeof *ours.pc) == 0;
    if (same && !is_end(e, ours.pc[ours.n - 1]) && e->n < MOST_ENDS) e->pc[e->n++] = ours.pc[ours.n - 1];
  }
}

static void show(const struct compare *c, const char *what, const struct stack *s) {
  printf("    %s:", what);
  for (size_t i = 0; i < s->n && i < 24; i++) {
    const struct object *o = c->object;
    while (o < c->object + c->n_objects && s->pc[i] - o->start >= o->end - o->start) o++;
    if (o == c->object + c->n_objects) printf(" ?%lx", s->pc[i]);
    else printf(" %s+%lx", path_base(str_of(o->path)).p, s->pc[i] - o->bias);
  }
  printf("\n");
}

enum relation { SAME, FURTHER, SHORTER, DIFFERENT };

static enum relation relate(const struct stack *ours, const struct stack *theirs) {
  size_t common = ours->n < theirs->n ? ours->n : theirs->n;
  if (memcmp(ours->pc, theirs->pc, common * sizeof *ours->pc) != 0) return DIFFERENT;
  return ours->n > common ? FURTHER : theirs->n > common ? SHORTER : SAME;
}

// libdw calls a stack complete, too, when it has lost the register that leads on.
static bool contradicts(enum relation r, const struct stack *ours, bool complete, const struct ends *ends) {
  switch (r) {
    case DIFFERENT: return true;
    case FURTHER: return complete && !is_end(ends, ours->pc[ours->n - 1]);
    case SHORTER: return complete;
    default: return false;
  }
}

static void compare_one(struct compare *c, const struct ends *ends, struct counts *k) {
  static struct stack ours, theirs;
  struct unwind_result result;
  k->frames += unwind_ours(c, &ours, &result);
  bool complete = result.end == UNWIND_COMPLETE, known = unwind_theirs(c, &theirs);
  enum relation r = relate(&ours, &theirs);
  bool bad = contradicts(r, &ours, complete, ends);
  k->snapshots++;
  k->complete += complete;
  k->theirs_complete += known && r != FURTHER;
  k->contradictions += bad;
  k->further += !bad && r == FURTHER;
  k->guessed += result.sure < ours.n;
  if ((!bad && complete) || k->shown++ >= SHOWN) return;
  printf("  %s %s: %s%s\n", bad ? "contradiction in" : "cut short:", c->now->place, unwind_end_name(result.end),
         known ? "" : "; libdw's is not complete either");
  show(c, "cprof", &ours);
  show(c, "libdw", &theirs);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

// Goes on to the next snapshots, as many as a cache holds, and unwinds them: a recorder's come from a ring that was just written.
static size_t run_batch(struct compare *c, size_t *at, bool ours) {
  static struct stack s;
  struct unwind_result result;
  size_t n = 0;
  while (n < BATCH && next_snapshot(c, at)) {
    if (ours) unwind_ours(c, &s, &result);
    else unwind_theirs(c, &s);
    n++;
  }
  return n;
}

// Nanoseconds a snapshot, of the first: each batch counts as its fastest round.
static double measure(struct compare *c, bool ours) {
  double sum = 0;
  size_t total = 0;
  for (size_t at = 0, next = 0, n; next < c->dump.n && total < MEASURED; at = next, total += n) {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double begin = now();
      next = at;
      n = run_batch(c, &next, ours);
      double took = now() - begin;
      if (round == 0 || took < best) best = took;
    }
    sum += best;
  }
  return sum / (double)(total ? total : 1);
}

int main(int argc, char **argv) {
  struct compare c = {.n_objects = 0};
  struct counts k = {0};
  struct ends ends = {.n = 0};
  if (argc != 2) return 2;
  struct buf file = read_file(argv[1]);
  c.dump = buf_view(&file);
  open_objects(&c, argv[1]);
  open_dwfl(&c);
  find_ends(&c, &ends);
  for (size_t at = 0; next_snapshot(&c, &at);) compare_one(&c, &ends, &k);
  printf("  %zu stacks, %.1f frames each: %.2f %% complete (libdw %.2f %%), %zu contradictions, %zu guessed\n",
         k.snapshots, (double)k.frames / (double)k.snapshots, 100.0 * (double)k.complete / (double)k.snapshots,
         100.0 * (double)k.theirs_complete / (double)k.snapshots, k.contradictions, k.guessed);
  double ours = measure(&c, true), theirs = measure(&c, false);
  printf("  ns a stack: %.0f, libdw %.0f: %.1f times as fast\n", ours, theirs, theirs / ours);
  dwfl_end(c.dwfl);
  close_objects(&c);
  buf_release(&file);
  return k.snapshots == 0 || k.contradictions || (double)k.complete < 0.99 * (double)k.snapshots;
}
