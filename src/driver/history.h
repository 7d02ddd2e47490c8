// Lines typed at the prompt, kept across sessions.
#ifndef CPROF_DRIVER_HISTORY_H
#define CPROF_DRIVER_HISTORY_H

#include "base/base.h"

enum { HISTORY_LINES = 1000 };

// $XDG_STATE_HOME/cprof/history, by default below ~/.local/state. False when neither variable is set (then nothing is
// kept) or memory ran out.
bool history_path(struct buf *path);

// Calls `take` with each of the newest HISTORY_LINES lines, the oldest first. A file that is not there has none.
void history_load(const char *path, void (*take)(void *arg, const char *line), void *arg);

// Adds a line at the end, creating the file (readable by its owner only) and the folders above. Several sessions may do
// so at once. A file that has grown to twice HISTORY_LINES is cut to the newest. 0 or -1 with a message.
int history_append(const char *path, struct str line, struct err *e);

#endif
