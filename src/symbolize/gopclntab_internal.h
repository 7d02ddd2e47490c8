// gopclntab: what its files share.
#ifndef CPROF_GOPCLNTAB_INTERNAL_H
#define CPROF_GOPCLNTAB_INTERNAL_H

#include "symbolize/gopclntab.h"

// The Go versions that changed the layout.
enum layout { GO_1_2, GO_1_16, GO_1_18, GO_1_20 };

struct go_table {
  struct elf *object;
  struct str bytes;
  uint64_t address;  // of the bytes
  enum layout layout;
  bool big_endian;
  unsigned quantum, pointer, entry;  // bytes: an instruction at least, a pointer, a word of the table of functions
  uint64_t n_functions, text;
  struct str names, units, files, programs, functions;  // parts of the bytes
  uint64_t inlined;                                     // address that trees of inlined calls count from; 0: not known
};

// n bytes at `at` as an unsigned integer of the object's byte order; false when they are not there.
bool go__uint(const struct go_table *t, struct str s, uint64_t at, unsigned n, uint64_t *v);
// The sorted table of functions, and what follows it.
struct str go__rows(const struct go_table *t);
// What is left of s from `at` on.
static inline struct str go__from(struct str s, uint64_t at) {
  return at < s.n ? (struct str){s.p + at, s.n - (size_t)at} : (struct str){s.p, 0};
}

#endif
