// From frame to frame: finds the rules of each, and decides where the walk ends.
#include "unwind/internal.h"

// How far behind an object's entry point its code without rules is taken for the program's beginning: ld.so's _start has none.
enum { BEGINNING = 128 };

struct walk {
  const struct unwind_source *source;
  struct memory memory;
  struct frame frame;
  bool exact;    // rip is where the frame is, not where it goes on after a call
  bool guessed;  // a frame pointer was followed
};

// In the instruction that calls, not the one behind it, which may belong to another function.
static uint64_t address_of(const struct walk *w) { return w->frame.r[UNWIND_RIP] - !w->exact; }

static struct unwind_table *find_table(const struct walk *w, uint64_t address, uint64_t *bias, bool *code) {
  *bias = 0;
  *code = false;
  struct unwind_table *t = w->source->table(w->source->arg, address, bias, code);
  if (t) *code = true;
  return t;
}

// A frame pointer may be any number: what it leads to has to be code.
static bool follow_frame_pointer(struct walk *w) {
  struct frame old = w->frame;
  uint64_t bias;
  bool code = false;
  if (unwind__step_by_frame_pointer(&w->frame, &w->memory)) find_table(w, w->frame.r[UNWIND_RIP] - 1, &bias, &code);
  if (!code) w->frame = old;
  else w->exact = false, w->guessed = true;
  return code;
}

// false: the walk is over, for the reason in *end.
static bool take_step(struct walk *w, const struct place *p, uint64_t bias, enum unwind_end *end) {
  static const enum unwind_end ends[] = {
      [STEP_OUTERMOST] = UNWIND_COMPLETE, [STEP_NO_MEMORY] = UNWIND_STACK_ENDS, [STEP_BAD] = UNWIND_BAD_RULE};
  uint64_t old = w->frame.r[UNWIND_RSP];
  enum step step = unwind__step(&w->frame, p, &w->memory, bias);
  if (step != STEP_CALLER) {
    *end = ends[step];
    return false;
  }
  // A signal's handler may have a stack of its own, and an expression may lead from one stack to another. A leaf may have
  // dropped its frame and keep the return address in a register (where C++ exceptions enter their handler).
  uint64_t new = w->frame.r[UNWIND_RSP];
  bool may_leave = p->fde->signal || p->row->cfa.kind == CFA_EXPRESSION, leaf = w->exact;
  *end = UNWIND_LOOP;
  w->exact = p->fde->signal;
  return may_leave ? new != old : new > old || (leaf && new == old);
}

// Goes to the caller; false: the walk is over. *pc is corrected where the frame is what a handler of a signal returns to: that
// was never called, and its first instruction is where the frame is.
static bool to_caller(struct walk *w, uint64_t *pc, enum unwind_end *end) {
  uint64_t address = address_of(w), bias;
  bool code;
  struct place place;
  struct unwind_table *t = find_table(w, address, &bias, &code);
  enum place_found found = t ? unwind__place(t, address - bias, &place) : PLACE_NONE;
  if (found == PLACE_FOUND && place.fde->signal) *pc = w->frame.r[UNWIND_RIP];
  if (found == PLACE_FOUND) return take_step(w, &place, bias, end);
  bool beginning = found == PLACE_NONE && t && t->entry && address - bias - t->entry < BEGINNING;
  *end = beginning ? UNWIND_COMPLETE : found == PLACE_BAD ? UNWIND_BAD_RULE : UNWIND_NO_TABLE;
  return !beginning && follow_frame_pointer(w);
}

size_t unwind(const struct unwind_source *s, const struct unwind_registers *registers, const struct unwind_stack *stack,
              uint64_t *pc, size_t max, struct unwind_result *result) {
  struct walk w = {.source = s, .memory = {s, stack}, .exact = true};
  size_t n = 0;
  *result = (struct unwind_result){UNWIND_TOO_DEEP, 0};
  memcpy(w.frame.r, registers->r, sizeof w.frame.r);
  w.frame.known = ((1U << UNWIND_REGISTERS) - 1) & ~registers->unknown;
  while (n < max) {
    pc[n++] = address_of(&w);
    if (!w.guessed) result->sure = n;
    if (!to_caller(&w, &pc[n - 1], &result->end)) return n;
  }
  result->end = UNWIND_TOO_DEEP;
  return n;
}

const char *unwind_end_name(enum unwind_end end) {
  static const char *const names[] = {[UNWIND_COMPLETE] = "complete",
                                      [UNWIND_NO_TABLE] = "no rules",
                                      [UNWIND_STACK_ENDS] = "the copy of the stack ends",
                                      [UNWIND_BAD_RULE] = "damaged rules",
                                      [UNWIND_LOOP] = "the stack does not go up",
                                      [UNWIND_TOO_DEEP] = "too deep"};
  return names[end];
}
