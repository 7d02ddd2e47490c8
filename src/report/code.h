// code: machine code of the binaries that a profile was taken from, as disasm and weblist ask for it. Whoever makes the
// report fills this in; the reports open nothing.
//
// A mapping is its number in the profile. "Object addresses" are those that symbols of the binary use.
#ifndef CPROF_REPORT_CODE_H
#define CPROF_REPORT_CODE_H

#include "disasm/disasm.h"

// Names are as the compiler wrote them, mangled. Strings of symbols live as long as the report is made, those of
// frames until the call returns that got them.
struct code_symbol {
  struct str name;
  uint64_t address;
};
struct code_frame {
  struct str function, file;  // may be empty
  int64_t line;               // 0: not known
};
typedef int code_emit_frame(void *arg, const struct code_frame *frame);

struct report_code {
  void *arg;
  // The symbols of a mapping's binary by address. -1 with the reason when there is no binary, or it has none.
  int (*symbols)(void *arg, uint32_t mapping, const struct code_symbol **symbols, size_t *n, struct err *e);
  // The object address of a sample's.
  int (*object_address)(void *arg, uint32_t mapping, uint64_t address, uint64_t *object_address, struct err *e);
  // The instructions that begin at object addresses from `start` to below `stop`; `known` as in struct disasm_code.
  int (*instructions)(void *arg, uint32_t mapping, uint64_t start, uint64_t stop, const uint64_t *known, size_t n_known,
                      disasm_emit *emit, void *emit_arg, struct err *e);
  // The calls that are inlined at an object address, the innermost first, and the function they are in. 1 found, 0 not
  // known, -1 out of memory or what `emit` returned.
  int (*frames)(void *arg, uint32_t mapping, uint64_t object_address, code_emit_frame *emit, void *emit_arg,
                struct err *e);
};

#endif
