// Inside source.
#ifndef CPROF_SOURCE_INTERNAL_H
#define CPROF_SOURCE_INTERNAL_H

#include "source/source.h"

struct source_finder {
  struct buf search_path, trim_path;
  struct buf module_cache;  // of Go; empty: none
  struct buf *notes;
  size_t n_missing;  // files
  struct strings names;
  struct source_text **text;  // a name
  size_t text_cap;
  struct arena arena;
};

// One search. `path` is what is being tried, `tried` lists what was not there.
struct source_search {
  struct source_finder *f;
  struct str name;  // trimmed
  struct buf path, tried;
  size_t n_tried;
};

// Opens search->path for reading. A descriptor, or -1 with errno and the path in `tried`.
int source__open(struct source_search *s);
// Looks where the reference does not. A descriptor or -1.
int source__open_elsewhere(struct source_search *s);
// Reads what is left of the descriptor into lines that live in the arena. 0, or -1 when memory ran out.
int source__read_lines(int fd, struct arena *arena, struct source_text *text);

#endif
