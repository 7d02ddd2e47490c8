// A look at one thread. What is cheaper and disturbs less comes first:
//
//     it has not run since the last look   its stack is the same
//     it sleeps                            /proc tells its stack pointer, from there its stack is copied and followed. Nobody is
//                                          disturbed, but no other registers are known; rules of most code need none
//     it sleeps, and they are needed       it is stopped, where the program can't notice that
//     it runs                              it is stopped
//
// A thread that wakes up, does little and sleeps again where it did is known by the bytes of its stack.
#include <sys/user.h>

#include "record/wall.h"

// How old maps may get, and maps in which an address was not found.
enum { KEEP_MAPS = 1000 * 1000 * 1000, KEEP_WRONG_MAPS = 100 * 1000 * 1000 };  // ns

static struct record record_of(const struct wall_process *p, const struct wall_thread *t, enum record_kind kind) {
  return (struct record){.kind = kind, .pid = (uint32_t)p->pid, .tid = (uint32_t)t->tid};
}

static int emit(const struct wall *w, const struct record *r) {
  return w->sampling->sink.take(w->sampling->sink.arg, r);
}

// The time it stands for: since the last look.
static uint64_t weigh(struct wall_thread *t) {
  int64_t now = clock_nanoseconds(CLOCK_MONOTONIC), last = t->looked;
  t->looked = now;
  return now > last ? (uint64_t)(now - last) : 0;
}

static int again(struct wall *w, struct wall_process *p, struct wall_thread *t) {
  struct record r = record_of(p, t, RECORD_AGAIN);
  r.again = t->stack;
  r.state = STATE_WAITING;
  r.weight = weigh(t);
  return emit(w, &r);
}

// ---- processes ----------------------------------------------------------------------------------

static int read_maps(struct wall *w, struct wall_process *p, const struct wall_thread *t) {
  struct record r = record_of(p, t, RECORD_MAPS);
  p->mapped = clock_nanoseconds(CLOCK_MONOTONIC);
  return emit(w, &r);
}

// What is loaded and unloaded is not told: an address that is in no map tells of it, and for the rest they are read now and then.
static int refresh_maps(struct wall *w, struct wall_process *p, const struct wall_thread *t) {
  return clock_nanoseconds(CLOCK_MONOTONIC) - p->mapped < KEEP_MAPS ? 0 : read_maps(w, p, t);
}

static int take_exec(struct wall *w, struct wall_process *p, const struct wall_thread *t, uint64_t image) {
  p->image = image;
  p->waits = false;
  for (size_t i = 0; i < p->n; i++) p->thread[i].blocked = false, p->thread[i].stack = NONE;
  return read_maps(w, p, t);
}

static int take_name(struct wall *w, const struct wall_process *p, struct wall_thread *t, const char *name) {
  struct record r = record_of(p, t, RECORD_COMM);
  if (strcmp(t->name, name) == 0) return 0;
  memcpy(t->name, name, sizeof t->name);
  r.name = str_of(t->name);
  return emit(w, &r);
}

// ---- samples ------------------------------------------------------------------------------------

// Registers and a copy of the stack make a sample. A stack that leads to where nothing is mapped is tried again with new maps.
static int sample(struct wall *w, struct wall_process *p, struct wall_thread *t, const struct record *of) {
  struct answer answer = {.stack = NONE};
  struct record r = *of;
  int64_t now = clock_nanoseconds(CLOCK_MONOTONIC);
  r.if_complete = true;
  r.answer = &answer;
  r.weight = now > t->looked ? (uint64_t)(now - t->looked) : 0;
  if (emit(w, &r)) return -1;
  bool wrong_maps = answer.stack == NONE && answer.unmapped && now - p->mapped > KEEP_WRONG_MAPS;
  if (wrong_maps && (read_maps(w, p, t) || emit(w, &r))) return -1;
  r.if_complete = of->if_complete;
  if (answer.stack == NONE && !r.if_complete && emit(w, &r)) return -1;
  t->stack = answer.stack;
  if (t->stack != NONE) t->looked = now;
  return 0;
}

static void copy_stack(struct wall *w, const struct wall_process *p, struct record *r) {
  uint64_t sp = r->registers.r[UNWIND_RSP];
  r->stack = (struct unwind_stack){sp, w->bytes, process_memory(p->pid, sp, w->bytes, WALL_STACK_BYTES)};
}

static void remember(struct wall_thread *t, const struct record *r) {
  t->sp = r->registers.r[UNWIND_RSP];
  t->pc = r->registers.r[UNWIND_RIP];
  t->hash = hash_bytes(r->stack.bytes, r->stack.n, 0);
}

static bool is_known(const struct wall_thread *t, const struct record *r) {
  return t->stack != NONE && t->sp == r->registers.r[UNWIND_RSP] && t->pc == r->registers.r[UNWIND_RIP] &&
         t->hash == hash_bytes(r->stack.bytes, r->stack.n, 0);
}

// A thread that can't be asked: only its time is known.
static int sample_blindly(struct wall *w, struct wall_process *p, struct wall_thread *t, bool waiting) {
  struct record r = record_of(p, t, RECORD_SAMPLE);
  r.state = waiting ? STATE_WAITING : STATE_RUNNING;
  return sample(w, p, t, &r);
}

// ---- a thread that is stopped -------------------------------------------------------------------

static void take_registers(const struct user_regs_struct *u, struct record *r) {
  enum { CODE_64 = 0x33 };
  r->registers = (struct unwind_registers){.r = {u->rax, u->rdx, u->rcx, u->rbx, u->rsi, u->rdi, u->rbp, u->rsp, u->r8,
                                                 u->r9, u->r10, u->r11, u->r12, u->r13, u->r14, u->r15, u->rip}};
  r->has_registers = u->cs == CODE_64;
  r->address = u->rip;
}

// It goes on before its stack is followed.
static int take_stopped(struct wall *w, struct wall_process *p, struct wall_thread *t, const struct stop *s) {
  struct record r = record_of(p, t, RECORD_SAMPLE);
  struct user_regs_struct u;
  t->stopping = false;
  r.state = t->waiting ? STATE_WAITING : STATE_RUNNING;
  bool known = stop_registers(s, &u) == 0;
  if (known) take_registers(&u, &r);
  if (known) copy_stack(w, p, &r);
  stop_end(s);
  w->sampling->stops++;
  if (!known) return 0;
  if (sample(w, p, t, &r)) return -1;
  if (t->waiting) remember(t, &r);
  else t->sp = 0;
  return 0;
}

static int take_result(struct wall *w, struct wall_process *p, struct wall_thread *t, const struct stop *s,
                       enum stop_result result) {
  t->stopping = result == STOP_PENDING;
  switch (result) {
    case STOP_DONE: return take_stopped(w, p, t, s);
    case STOP_REFUSED: return t->waiting ? 0 : sample_blindly(w, p, t, false);
    case STOP_GONE: t->gone = true; return 0;
    default: return 0;
  }
}

static struct stop stop_of(const struct wall_process *p, const struct wall_thread *t) {
  return (struct stop){.tid = t->tid, .child = p->started && t->tid == p->pid};
}

static int stop(struct wall *w, struct wall_process *p, struct wall_thread *t, bool waiting) {
  struct stop s = stop_of(p, t);
  t->waiting = waiting;
  t->blocked = false;
  return take_result(w, p, t, &s, stop_begin(&s));
}

int look_at_stopped(struct wall *w, struct wall_process *p, struct wall_thread *t) {
  struct stop s = stop_of(p, t);
  return take_result(w, p, t, &s, stop_try(&s));
}

// ---- a thread that sleeps -----------------------------------------------------------------------

static struct record sleeping(struct wall *w, const struct wall_process *p, const struct wall_thread *t,
                              const struct call *c) {
  struct record r = record_of(p, t, RECORD_SAMPLE);
  r.state = STATE_WAITING;
  r.has_registers = true;
  r.in_place = true;
  r.address = c->pc;
  r.registers.r[UNWIND_RSP] = c->sp;
  r.registers.r[UNWIND_RIP] = c->pc;
  r.registers.unknown = ~(1U << UNWIND_RSP | 1U << UNWIND_RIP);
  copy_stack(w, p, &r);
  return r;
}

static int take_blocked(struct wall *w, struct wall_process *p, struct wall_thread *t, const struct call *c,
                        const struct task_stat *s) {
  struct record r = sleeping(w, p, t, c);
  if (task_slices(t->slices_fd, p->pid, t->tid) != t->slices) return stop(w, p, t, false);  // it has run meanwhile
  t->blocked = true;
  if (is_known(t, &r)) return again(w, p, t);
  r.if_complete = s->state == 'S' && call_may_be_interrupted(c, p->pid);
  if (sample(w, p, t, &r)) return -1;
  remember(t, &r);
  if (t->stack != NONE) return 0;
  if (stop(w, p, t, true)) return -1;
  if (t->stack != NONE || t->stopping || t->gone) return 0;
  r.if_complete = false;  // it can't be stopped
  return sample(w, p, t, &r);
}

// ---- any thread ---------------------------------------------------------------------------------

static int look(struct wall *w, struct wall_process *p, struct wall_thread *t) {
  struct task_stat s;
  struct call c;
  t->blocked = false;
  t->gone = task_stat(p->pid, t->tid, &s) != 0;
  t->dead = s.state == 'Z' || s.state == 'X';
  if (t->gone || t->dead) return 0;
  if (s.image != p->image && take_exec(w, p, t, s.image)) return -1;
  if (p->waits) t->looked = clock_nanoseconds(CLOCK_MONOTONIC);
  if (p->waits) return 0;
  if (take_name(w, p, t, s.name) || refresh_maps(w, p, t)) return -1;
  switch (task_where(p->pid, t->tid, &c)) {
    case TASK_GONE: t->gone = true; return 0;
    case TASK_DENIED: return sample_blindly(w, p, t, s.state != 'R');
    case TASK_RUNNING: return stop(w, p, t, false);
    default: return take_blocked(w, p, t, &c, &s);
  }
}

int look_at(struct wall *w, struct wall_process *p, struct wall_thread *t) {
  if (t->stopping) return look_at_stopped(w, p, t);
  uint64_t slices = task_slices(t->slices_fd, p->pid, t->tid);
  bool same = slices && slices == t->slices;
  t->ran = !same;
  t->fresh = false;
  t->slices = slices;
  if (same && t->dead) return 0;
  return same && t->blocked && t->stack != NONE ? again(w, p, t) : look(w, p, t);
}
