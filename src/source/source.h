// source: the files that a profile names, found on this machine.
//
// A name is looked for as the reference does it: what trim_path and the search path say is cut off (path_trim), then a
// relative path is tried below each folder of the search path and the folders above it; an absolute one is opened as it
// is. Only where that finds nothing, the path's ends of two and more elements are tried below the search path, $GOROOT,
// the cache of Go modules (there only at the very version) and /usr/src.
//
// A finder keeps every file it has read. It belongs to one thread.
#ifndef CPROF_SOURCE_H
#define CPROF_SOURCE_H

#include "base/base.h"

// The lines of a file, from 1 on: line[0] .. line[n-1], without their ends. Where there is no file, n is 0 and `why`
// says why in the reference's words.
struct source_text {
  const struct str *line;
  size_t n;
  struct str why;
};

struct source_finder;
// Lists of folders separated by ':'; the search path is the current folder where it is empty. What a user should know
// of a file that was not found, or found elsewhere, is appended to `notes`, which stays the caller's and outlives the
// finder.
struct source_finder *source_finder_new(struct str search_path, struct str trim_path, struct buf *notes, struct err *e);
void source_finder_free(struct source_finder *f);

// Never NULL but when memory ran out; lives as long as the finder. What is no regular file has no lines.
const struct source_text *source_find(struct source_finder *f, struct str name, struct err *e);

#endif
