// disasm: machine code as text, by Capstone, which is loaded when the first disassembler is made: a report that needs
// none does not pay for it.
//
// Text is laid out as objdump lays it out: AT&T's syntax on x86 unless Intel's is asked for, numbers in hexadecimal,
// the target of a jump as "1040 <name+0x10>".
#ifndef CPROF_DISASM_H
#define CPROF_DISASM_H

#include "base/base.h"

struct disasm_machine {
  unsigned machine;  // EM_X86_64 and the like
  bool is_64, is_big_endian;
  bool intel_syntax;
};

struct disassembler;
// NULL with a message when the machine is not known or Capstone is not installed. It belongs to one thread.
struct disassembler *disassembler_new(const struct disasm_machine *m, struct err *e);
void disassembler_free(struct disassembler *d);

// Code that begins at `address`. Instructions that begin before `stop` are decoded, with as many of the bytes as they
// need. Where bytes are no instruction, decoding goes on at the next address that is known to begin one: the target of
// a jump met before, or one of `boundary` (sorted); else after the least an instruction can have.
struct disasm_code {
  struct str bytes;
  uint64_t address, stop;
  const uint64_t *boundary;
  size_t n_boundaries;
  // Appends the name of an address, as "name+0x10"; false when there is none. NULL: there are no names.
  bool (*name)(void *arg, uint64_t address, struct buf *out);
  void *name_arg;
};

struct instruction {
  uint64_t address;
  uint32_t length;
  struct str text;  // valid until the next one; "(bad)" for bytes that are none
};
// 0 to go on, anything else ends it.
typedef int disasm_emit(void *arg, const struct instruction *i);

// What `emit` returned last, or -1 with a message when memory ran out.
int disassemble(struct disassembler *d, const struct disasm_code *code, disasm_emit *emit, void *arg, struct err *e);

#endif
