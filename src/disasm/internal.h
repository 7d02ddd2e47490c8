// Inside disasm.
#ifndef CPROF_DISASM_INTERNAL_H
#define CPROF_DISASM_INTERNAL_H

#include <capstone/capstone.h>

#include "disasm/disasm.h"

// The functions of Capstone that are used.
struct capstone {
  __typeof__(&cs_open) open;
  __typeof__(&cs_close) close;
  __typeof__(&cs_option) option;
  __typeof__(&cs_malloc) malloc;
  __typeof__(&cs_free) free;
  __typeof__(&cs_disasm_iter) iter;
};

struct disassembler {
  struct capstone capstone;
  csh handle;
  cs_insn *insn;
  struct disasm_machine machine;
};

// 0, or -1 with a message.
int capstone__load(struct capstone *c, struct err *e);

// What a decoded instruction jumps to or calls; false when that is not in it.
bool disasm__target(const struct disassembler *d, const cs_insn *i, uint64_t *target);

// Appends the text of an instruction.
void disasm__text(const struct disassembler *d, const struct disasm_code *code, const cs_insn *i, struct buf *out);
void disasm__x86_text(const struct disasm_code *code, const cs_insn *i, bool intel, struct buf *out);
// "1040 <name>"
void disasm__address(const struct disasm_code *code, uint64_t address, struct buf *out);

#endif
