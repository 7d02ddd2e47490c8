// unwind: the call stack of a thread, from its registers and a copy of its stack, by the rules that compilers write down for
// exceptions and debuggers (call frame information: .eh_frame, .debug_frame). x86-64 only.
//
// Pure: it reads an object that is open and what the caller hands it, opens nothing, and keeps nothing but what it decoded
// of an object (struct unwind_table). Objects and stacks may be damaged or hostile: every read is bounded, a program of
// rules, an expression and a walk have limits, nothing recurses.
#ifndef CPROF_UNWIND_H
#define CPROF_UNWIND_H

#include "elf/elf.h"

// ---- the rules of one object --------------------------------------------------------------------

// Where an object's rules are: found by .eh_frame_hdr, else by reading through .eh_frame, else .debug_frame. A function's
// rules are decoded when an address first falls into it, and kept; when they come to 64 MiB they are forgotten and
// decoded anew. One thread at a time.
struct unwind_table;

// The object stays the caller's and must outlive the table. NULL with a reason: not an x86-64 object, no rules in it (a
// caller may do without, see `table` below), damaged where it begins, out of memory. `elf` may be shared with other
// threads, as elf.h has it.
struct unwind_table *unwind_table_new(struct elf *elf, struct err *e);
void unwind_table_free(struct unwind_table *t);

// ---- one stack ----------------------------------------------------------------------------------

// By DWARF's numbers: rax rdx rcx rbx rsi rdi rbp rsp r8 ... r15 rip. The kernel's order is another.
enum { UNWIND_RBP = 6, UNWIND_RSP = 7, UNWIND_RIP = 16, UNWIND_REGISTERS = 17 };
struct unwind_registers {
  uint64_t r[UNWIND_REGISTERS];
  uint32_t unknown;  // a bit a register whose value is not known; never rsp or rip. A rule that needs one ends the walk
};

// The copy of the stack: n bytes from the address `start` on, which is the stack pointer or below. May be empty (n == 0).
struct unwind_stack {
  uint64_t start;
  const unsigned char *bytes;
  size_t n;
};

// What is around the stack. Both functions are called on the thread that called unwind().
struct unwind_source {
  // The table for an address of code, and the bias: address of the process = address of the object + bias. NULL when
  // nothing executable is mapped there, or what is has no rules: the walk then goes on by frame pointers or ends. A caller
  // that knows an object has code but no rules sets *code, which lets a frame pointer lead there; it is false before.
  struct unwind_table *(*table)(void *arg, uint64_t address, uint64_t *bias, bool *code);
  // n bytes (1 to 8) of the process that are not in the copy; false when they can't be had. NULL: there is only the copy.
  bool (*read)(void *arg, uint64_t address, void *bytes, size_t n);
  void *arg;
};

enum unwind_end {
  UNWIND_COMPLETE,    // the outermost function: its return address is undefined or 0, or it is the object's entry point
  UNWIND_NO_TABLE,    // no rules for an address, and no frame pointer that leads on
  UNWIND_STACK_ENDS,  // a return address lies where there is neither copy nor memory: a longer copy would help
  UNWIND_BAD_RULE,    // the rules are damaged or can't be applied, or memory for them ran out
  UNWIND_LOOP,        // the stack pointer did not move up
  UNWIND_TOO_DEEP,    // pc[] is full
};

struct unwind_result {
  enum unwind_end end;
  // How many frames, from the leaf, follow from rules. Those from here on were found by frame pointers, which leave out the
  // caller of a function that sets up none; mark them. Equal to the number of frames when there is no such frame.
  size_t sure;
};

// Fills pc[] from the leaf with addresses of the process: pc[0] is the leaf's address as it is; a caller's is its return
// address minus 1, within the call, but exact for what a signal interrupted and for the code its handler returns to. Returns
// how many, at least 1 unless max is 0.
// Memory that ran out ends a walk as UNWIND_BAD_RULE does.
size_t unwind(const struct unwind_source *s, const struct unwind_registers *registers, const struct unwind_stack *stack,
              uint64_t *pc, size_t max, struct unwind_result *result);

// A word for each end, for notes and tests: "complete", "no rules", ...
const char *unwind_end_name(enum unwind_end end);

#endif
