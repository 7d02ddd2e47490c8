// Showing a report with another program.
#ifndef CPROF_DRIVER_VIEWER_H
#define CPROF_DRIVER_VIEWER_H

#include "base/base.h"

// Files that were shown without waiting for the programs that show them.
struct viewer_files {
  char **path;
  size_t n, cap;
};

// Writes the bytes to a temporary file and starts the first of the programs that can be started on it. With `left` NULL
// waits for it, at least as long as it takes to open the file, and removes the file; otherwise the file is added to
// `left`. A program's name may carry arguments; "$NAME" is an environment variable, "?name" is tried only where there
// is a display.
int viewer_show(const char *const *programs, const char *extension, struct str bytes, struct viewer_files *left,
                struct err *e);
// Starts the first browser that can be started on a URL, in a process group of its own, so that Ctrl-C does not end it.
int viewer_open_url(const char *url, struct err *e);
// The programs that are tried for pages; ends with NULL.
extern const char *const viewer_browsers[];
// Removes the files.
void viewer_files_release(struct viewer_files *f);

#endif
