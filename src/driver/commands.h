// Commands: what a profile can be turned into. A new report is one file in report/, one row here.
#ifndef CPROF_DRIVER_COMMANDS_H
#define CPROF_DRIVER_COMMANDS_H

#include "driver/driver.h"

// How the options are bent for a command.
enum command_bend {
  BEND_NONE,
  BEND_ALL_NODES,  // nodecount is unlimited unless given (otherwise 80)
  BEND_UNTRIMMED,  // nothing trimmed
  BEND_EXACT,      // addresses, nothing trimmed: the profile as it is
};

struct command {
  const char *name;
  report_render *render;  // NULL: in a later version
  enum command_bend bend;
  bool binary;          // not for a terminal
  const char *extension;  // of the file a binary report goes to instead
  const char *argument;   // what its argument is called; NULL: it takes none
  const char *help, *details;
};

extern const struct command command_table[];
extern const size_t command_count;
const struct command *command_find(struct str name);

#endif
