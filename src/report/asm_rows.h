// The routines and instructions of disasm.
#ifndef CPROF_REPORT_ASM_ROWS_H
#define CPROF_REPORT_ASM_ROWS_H

#include "report/internal.h"

// A node at its object address.
struct asm_sample {
  uint64_t address;
  uint32_t node;
};

struct asm_routine {
  struct str name;
  uint32_t mapping;
  uint64_t start, stop;
  int64_t flat, cum;
  uint32_t first, last;  // samples: sample[first] .. sample[last-1]
};

struct asm_rows {
  const struct report *r;
  struct graph graph;
  struct arena arena;
  struct asm_sample *sample;  // by mapping, then by object address
  uint32_t n_samples;
  size_t sample_cap;
  struct asm_routine *routine;  // by name, then by address
  uint32_t n_routines;
  size_t routine_cap;
  struct buf reason;  // why binaries could not be read, a line each
};

struct asm_row {
  uint64_t address;
  struct str text, function, file;
  int64_t line, flat, cum;
};
struct asm_listing {
  struct asm_row *row;
  size_t n, cap;
};

// It is an error when nothing matches.
int asm_rows_init(struct asm_rows *a, const struct report *r, struct err *e);
// The instructions of a routine; their texts live as long as the rows.
int asm_listing_init(struct asm_listing *l, struct asm_rows *a, const struct asm_routine *routine, struct err *e);
void asm_listing_release(struct asm_listing *l);
void asm_rows_release(struct asm_rows *a);

#endif
