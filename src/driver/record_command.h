// cprof record: takes a profile of a program and writes it to a file. It has a few flags of its own and none of the reports'.
//
// This is the one command that makes a profile. It stands in the driver because its flags are in help, the manual page and
// completion as all others are, and because naming and writing files is the driver's; src/record knows nothing of either.
#ifndef CPROF_DRIVER_RECORD_COMMAND_H
#define CPROF_DRIVER_RECORD_COMMAND_H

#include <stdio.h>

#include "driver/options.h"
#include "record/record.h"

struct record_request {
  int64_t frequency, pid;
  double seconds;
  const char *output;  // "": a name is made
  bool wall, preload, per_thread, no_children, kernel;
  bool help;       // asked for, and nothing else of it counts
  char **program;  // the words behind the flags, ends with NULL
};

struct record_flag {
  const char *name, *value;  // value: what it is called; NULL for booleans
  enum option_type type;
  size_t offset;        // of the field in struct record_request
  const char *help;     // one line
  const char *details;  // more lines; may be NULL
};
extern const struct record_flag record_flags[];
extern const size_t record_flag_count;
extern const char record_forms[], record_help[], record_details[];

// The words behind "record", up to a NULL. 0, or -1 with a message.
int record_flags_parse(struct record_request *q, char **argv, struct err *e);
// Runs it: the exit status is the program's (128 + n for a signal), or 2 after a message on `errors`.
int record_command(char **argv, FILE *errors);

#endif
