// The functions of list: nodes that match, grouped by function and file, and what their lines weigh.
#ifndef CPROF_REPORT_LIST_ROWS_H
#define CPROF_REPORT_LIST_ROWS_H

#include "report/internal.h"

// A function in one file. Without any file known, `file` is empty.
struct list_routine {
  struct str name, file;
  int64_t flat, cum;
  int64_t first, last;  // the lines to show, where the file has them
  bool file_needed;     // for these lines, or for an earlier routine's
};

struct list_line {
  int64_t number, flat, cum;
  struct str text;
};

struct list_rows {
  const struct report *r;
  struct graph graph;
  uint32_t *node;  // those that match, by function, file and line
  uint32_t n, next;
  uint32_t line_node;  // the nodes of a routine that are still to be shown: node[line_node] .. node[next-1]
  int64_t line, last;
  struct map64 needed;  // files that routines had lines to show of
};

// It is an error when nothing matches. Zero-initialised, and after an error, it may be released.
int list_rows_init(struct list_rows *l, const struct report *r, struct err *e);
// 1 with a routine, 0 at the end, -1 when memory ran out.
int list_rows_next(struct list_rows *l, struct list_routine *routine, struct err *e);
// The next line of the routine that list_rows_next gave last.
bool list_lines_next(struct list_rows *l, const struct source_text *text, struct list_line *line);
void list_rows_release(struct list_rows *l);

#endif
