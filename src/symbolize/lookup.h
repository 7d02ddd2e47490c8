// lookup: one binary, and what is known of its addresses, for reports on machine code.
#ifndef CPROF_LOOKUP_H
#define CPROF_LOOKUP_H

#include "elf/elf.h"
#include "symbolize/symbolize.h"

struct lookup;
// Opens the binary at `path`; `where` stays the caller's. NULL with a reason that does not name the file. One thread
// uses it.
struct lookup *lookup_open(struct str path, const struct search_paths *where, struct err *e);
void lookup_close(struct lookup *l);

// The binary itself.
struct elf *lookup_elf(const struct lookup *l);
// The file that has its symbols: the binary or its debug file.
struct elf *lookup_symbol_file(const struct lookup *l);

// Names are as the compiler wrote them. Strings may be gone once `emit` returns. Unknown ones are empty.
struct lookup_frame {
  struct str function, file;
  int64_t line;
};
typedef void lookup_emit(void *arg, const struct lookup_frame *frame);
// The calls inlined at an address as the binary counts them, the innermost first, then the function they are in. 1
// found, 0 unknown.
int lookup_frames(struct lookup *l, uint64_t address, lookup_emit *emit, void *arg);

#endif
