// The command line by Go's flag rules: -x, --x, -x=v, -x v; booleans take a value only after '='; the first word that
// is no flag ends them, as does --. Where that first word names a command (cprof top …), flags may follow it.
#ifndef CPROF_DRIVER_FLAGS_H
#define CPROF_DRIVER_FLAGS_H

#include "driver/commands.h"

enum invocation_kind { RUN_COMMAND, RUN_HELP, RUN_VERSION };

struct invocation {
  enum invocation_kind kind;
  struct options options;
  const struct command *command;  // NULL: no format was given
  const char *argument;           // of the command
  char **words;                   // sources, or what help is asked about; in argv
  size_t n_words;
};

// 0, or -1 with a message. Notes for the user are appended to `notes`.
int flags_parse(struct invocation *v, int argc, char **argv, struct buf *notes, struct err *e);

#endif
