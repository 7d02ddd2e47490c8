// gopclntab: the table of functions, files, lines and inlined calls that every Go program carries for its own use
// (runtime.pclntab, written by Go 1.2 and later). It stays when DWARF and symbols are stripped.
#ifndef CPROF_GOPCLNTAB_H
#define CPROF_GOPCLNTAB_H

#include "elf/elf.h"
#include "symbolize/dwarf.h"

struct go_table;

// NULL with a reason when the object holds no such table or one that cannot be read. The object stays the caller's and
// must stay open. Reading is safe from several threads.
struct go_table *go_table_open(struct elf *object, struct err *e);
// As dwarf_lookup. Strings live as long as the object. 1 found, 0 unknown. What is damaged is unknown, or known in
// part.
int go_table_lookup(const struct go_table *t, uint64_t address, dwarf_emit *emit, void *arg);
void go_table_free(struct go_table *t);

#endif
