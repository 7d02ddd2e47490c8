// Where a report goes: standard output, or a file that appears whole or not at all.
#ifndef CPROF_DRIVER_OUTPUT_H
#define CPROF_DRIVER_OUTPUT_H

#include "base/base.h"

// Writes all of it; -1 and errno on failure.
int output_write(int fd, struct str bytes);
int output_standard(struct str bytes, struct err *e);
// Writes beside the file and renames; what is no regular file (a pipe, /dev/null) is written to directly.
int output_file(const char *path, struct str bytes, struct err *e);
// Writes to a new file named prefixNNN.extension in the current folder; its name is appended to `name`.
int output_new_file(const char *prefix, const char *extension, struct str bytes, struct buf *name, struct err *e);
// The same for files that only their owner may read: replaces what is there, or writes prefix.extension, or where that is
// taken prefix.N.extension from 2 on. They, too, appear whole or not at all.
int output_private(const char *path, struct str bytes, struct err *e);
int output_private_new(const char *prefix, const char *extension, struct str bytes, struct buf *name, struct err *e);
// The same for prefixNNN.extension.
int output_private_numbered(const char *prefix, const char *extension, struct str bytes, struct buf *name,
                            struct err *e);

#endif
