// Reading the profiles that the command line names.
#ifndef CPROF_DRIVER_SOURCES_H
#define CPROF_DRIVER_SOURCES_H

#include "driver/fetch.h"
#include "driver/servers.h"

struct source {
  const char *name;
  struct fetch *fetch;  // NULL: it is a file, or - for standard input
};

struct source_options {
  const char *binary;                // of the main program, in place of the profile's; NULL: none
  const char *build_id;              // of it where the profile knows none; "": none
  uint64_t limit;                    // as in base/gzip.h
  const struct search_paths *where;  // binaries are
  struct servers *servers;           // get those that were fetched from
};

// Reads several sources side by side and merges them in their order as they come. One that fails is named in `notes`,
// and how many were read, with `kind` for a name; the others go on. NULL with a message when none is left.
struct profile *sources_read(const struct source_options *o, const struct source *source, size_t n, const char *kind,
                             struct buf *notes, struct err *e);

#endif
