// search: where binaries and their debug information are looked for.
#ifndef CPROF_SYMBOLIZE_SEARCH_H
#define CPROF_SYMBOLIZE_SEARCH_H

#include "elf/elf.h"
#include "symbolize/symbolize.h"

// ---- debug information --------------------------------------------------------------------------

// The files that hold an object's debug information. Zero-initialised is empty.
struct debug_files {
  struct elf *debug;  // the object itself where it holds its own; NULL: none was found
  struct elf *alt;    // what dwz moved to a file of its own; NULL: none is needed or found
  bool own;           // `debug` is the object
  struct buf debug_path, alt_path;
  struct err reason;  // why something was not found; "" when nothing is missing
};

// Looks for the debug information of an object that lies at `path`. Never fails: what was not found leaves a reason.
void debug_files_find(struct debug_files *d, struct elf *object, const char *path, const struct search_paths *where);
void debug_files_release(struct debug_files *d);

// The debug file of a binary that is not there itself, by its build id. NULL when there is none.
struct elf *debug_file_by_build_id(struct str id_text, const struct search_paths *where, struct buf *path);

#endif
