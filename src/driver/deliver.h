// Where a rendered report goes: a file, standard output, a pager, another command, a viewer.
#ifndef CPROF_DRIVER_DELIVER_H
#define CPROF_DRIVER_DELIVER_H

#include "driver/commands.h"
#include "driver/viewer.h"

struct delivery {
  const char *output;         // file to write; "": none
  const char *shell;          // shell command to pipe it to; NULL: none
  struct viewer_files *left;  // viewers are not waited for, their files are noted here; NULL: they are
  bool at_prompt;             // formats that are no text go to a file always, long texts to a pager on a terminal
};

// Says in `notes` which file was written. 0 or -1 with a message.
int deliver(const struct delivery *d, const struct command *c, struct str report, struct buf *notes, struct err *e);

#endif
