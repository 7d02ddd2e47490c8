// Where a report goes: standard output, or a file that appears whole or not at all.
#ifndef CPROF_DRIVER_OUTPUT_H
#define CPROF_DRIVER_OUTPUT_H

#include <sys/types.h>

#include "base/base.h"

int output_standard(struct str bytes, struct err *e);
// Writes beside the file and renames; what is no regular file (a pipe, /dev/null) is written to directly.
int output_file(const char *path, struct str bytes, struct err *e);
int output_private(const char *path, struct str bytes, struct err *e);  // which only its owner may read

// A file beside those that are there: prefix.extension, or where that is taken prefix.N.extension from 2 on, or with
// `all_numbered` prefixNNN.extension from 001 on. It, too, appears whole or not at all. `name` becomes its name.
struct output_new {
  const char *prefix, *extension;
  bool all_numbered;
  bool is_private;  // only its owner may read it
};
int output_new(const struct output_new *o, struct str bytes, struct buf *name, struct err *e);

mode_t output_plain_mode(void);  // of a file that anybody may read whom the umask lets

#endif
