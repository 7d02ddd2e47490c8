// A line table, as dwarf_line.c (header, files) and dwarf_line_run.c (program) see it.
#ifndef CPROF_DWARF_LINE_H
#define CPROF_DWARF_LINE_H

#include "symbolize/dwarf_internal.h"

struct dw_file {
  struct str name;  // as in the table
  uint64_t directory;
  struct str whole;  // put together when first asked for
};

// The registers of the machine that makes the rows, and where in the program it is.
struct line_state {
  uint64_t address;
  uint32_t at, op_index;
  uint32_t file, line, column;
};

struct line_sequence {
  uint32_t first, end;  // marks
};

struct dw_lines {
  uint16_t version;
  uint8_t offset_size, least_instruction, most_operations, line_range, opcode_base;
  int8_t line_base;
  uint8_t operands[256];  // of the standard opcodes
  bool big;
  struct str program;
  struct str *directory;
  size_t n_directories, cap_directories;
  struct dw_file *file;
  size_t n_files, cap_files;
  struct arena names;
  // Rows are not kept but made again from the mark before them: the state at each 64th.
  struct intervals ranges;  // address -> sequence
  struct line_sequence *sequence;
  size_t n_sequences, cap_sequences;
  struct line_state *mark;
  size_t n_marks, cap_marks;
};

// Runs the program once for `ranges`, `sequence` and `mark`.
int dw_lines_run(struct dw_lines *l, struct err *e);

#endif
