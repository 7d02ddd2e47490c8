// object: one binary and all that tells names of its addresses.
#ifndef CPROF_SYMBOLIZE_OBJECT_H
#define CPROF_SYMBOLIZE_OBJECT_H

#include <pthread.h>

#include "symbolize/dwarf.h"
#include "symbolize/gopclntab.h"
#include "symbolize/search.h"

struct object {
  struct buf path;
  struct elf *elf;
  bool only_debug;  // the binary is not there, its debug file is
  // Found when first needed, under the lock; constant from then on.
  pthread_mutex_t mutex;
  bool prepared;
  struct debug_files debug;
  struct go_table *go;
};

// Opens the binary at `path`; where that fails, its debug file by the build id. NULL with a reason.
struct object *object_open(struct str path, struct str build_id, const struct search_paths *where, struct err *e);
void object_free(struct object *o);

// What one thread looks up with.
struct object_reader {
  struct object *object;
  bool fast;  // the symbol table alone
  struct dwarf *dwarf;
  struct err reason;  // why there is no debug information, or why some of it could not be read; "" when all is well
  enum symbol_outcome outcome;  // the best that was found
};
void object_reader_init(struct object_reader *r, struct object *o, bool fast, const struct search_paths *where);
// As dwarf_lookup, by whatever knows the address best. 1 found, 0 unknown.
int object_lookup(struct object_reader *r, uint64_t address, dwarf_emit *emit, void *arg);
// Strings that were handed out live until then.
void object_reader_release(struct object_reader *r);

#endif
