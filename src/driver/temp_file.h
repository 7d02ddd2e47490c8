// A file that appears whole or not at all: it is written beside its place and gets its name when it is complete.
#ifndef CPROF_DRIVER_TEMP_FILE_H
#define CPROF_DRIVER_TEMP_FILE_H

#include <sys/types.h>

#include "base/base.h"

struct temp_file {
  int fd;
  struct buf name;  // empty: none
  bool is_new;
};

// Writes all of it, in the folder of `path`, which is what messages tell. `is_new`: it never takes the place of another file;
// where the file system can, it has no name until then, so that nothing is left if the program is ended. Whatever comes of
// it, temp_file_release ends it.
int temp_file_write(struct temp_file *t, bool is_new, const char *path, mode_t mode, struct str bytes, struct err *e);
// Gives it its lasting name. 0, or -1 with errno: EEXIST where a new one's name is taken.
int temp_file_name(struct temp_file *t, const char *name);
// Removes what has not got that name.
void temp_file_release(struct temp_file *t);

#endif
