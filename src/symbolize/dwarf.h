// dwarf: functions, files, lines and inlined calls for addresses, from an object's DWARF, versions 2 to 5.
//
// What is asked for is what is read: a unit when an address first falls into it, a function's inlined calls when it is
// first hit. Nothing is opened but the .dwo files or the .dwp file of split DWARF. One `struct dwarf` is used by one
// thread at a time; any number of them, on any threads, may stand on the same `struct elf`. The debug information may
// be damaged: it then costs names and leaves a reason.
#ifndef CPROF_DWARF_H
#define CPROF_DWARF_H

#include "elf/elf.h"

struct dwarf;

// Strings live until dwarf_close, or elf_close if that comes first, and hold no zero byte. Unknown strings are empty,
// unknown numbers 0.
struct dwarf_frame {
  struct str name;  // the linkage name where there is one, otherwise the plain one; not demangled
  struct str file;  // as the compiler wrote it, after the directory of compilation when it is relative
  int64_t line, column;
  int64_t start_line;  // of the function
};
typedef void dwarf_emit(void *arg, const struct dwarf_frame *frame);

// NULL with a reason when `object` has no debug information, or none that can be read. `alt` is the file of
// .gnu_debugaltlink (dwz), or NULL. Both stay the caller's and must stay open until dwarf_close. `path` is where the
// object lies (.dwo and .dwp files are looked for from there) and is copied.
struct dwarf *dwarf_open(struct elf *object, struct elf *alt, const char *path, struct err *e);

// Hands the frames of an address, as the object counts them, to `emit`: the innermost inlined call first, the function
// that is really there last. Where no function is known but a line is, one frame without a name. 1 found, 0 unknown, -1
// with a reason when memory ran out, or when nothing was found and something of the debug information is damaged or, as
// a .dwo file, not there. Frames are emitted only when 1 is returned.
int dwarf_lookup(struct dwarf *d, uint64_t address, dwarf_emit *emit, void *arg, struct err *e);

void dwarf_close(struct dwarf *d);

#endif
