// Options that every prompt starts with: $XDG_CONFIG_HOME/cprof/settings, by default below ~/.config.
#ifndef CPROF_DRIVER_SETTINGS_H
#define CPROF_DRIVER_SETTINGS_H

#include "driver/prompt_options.h"

// Sets what the file says where an option has its default; flags of the command line stay. Lines are NAME=VALUE as at
// the prompt, or comments after #. What is not understood is told in `notes`.
void settings_apply(struct prompt_options *p, struct buf *notes);

// Writes the saved options that do not have their default. `path` gets the name of the file. 0 or -1 with a message.
int settings_save(const struct prompt_options *p, struct buf *path, struct err *e);

#endif
