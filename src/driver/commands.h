// Commands: what a profile can be turned into. A new report is one file in report/, one row here.
#ifndef CPROF_DRIVER_COMMANDS_H
#define CPROF_DRIVER_COMMANDS_H

#include "driver/driver.h"

// How the options are bent for a command.
enum command_bend {
  BEND_NONE,
  BEND_ALL_NODES,   // nodecount is unlimited unless given (otherwise 80)
  BEND_UNTRIMMED,   // nothing trimmed
  BEND_LINES,       // a node a line, nothing trimmed
  BEND_CODE,        // a node an address, nothing trimmed, inlined calls folded
  BEND_CODE_LINES,  // the same with inlined calls
  BEND_EXACT,       // addresses, nothing trimmed: the profile as it is
};

struct command {
  const char *name;
  const char *argument;   // what its argument is called; NULL: it takes none
  report_render *render;  // NULL: `about` it is
  int (*about)(const struct session *s, struct buf *out, struct err *e);  // tells of the profile as a whole
  report_render *render_json, *render_csv;  // the same in another form; NULL: there is none
  enum command_bend bend;
  const char *layout;          // format that Graphviz makes of the report; NULL: none
  const char *extension;       // of the file the report goes to rather than to a terminal; NULL: text
  const char *const *viewers;  // programs to show the file with, ends with NULL; NULL: none is started
  bool beside_http;            // its flag may stand beside -http; pprof's own formats may not, there and here
  const char *help, *details;  // one line; more lines for `cprof help NAME` or NULL
};

extern const struct command command_table[];
extern const size_t command_count;
const struct command *command_find(struct str name);

// What pages of the web interface are made from, beside the commands: rows that nobody types. `page_command_find` finds
// either.
extern const struct command page_commands[];
extern const size_t page_command_count;
const struct command *page_command_find(struct str name);

// What renders the command in the form the options ask for; NULL where `about` does. -1 with a message where there is
// no such form.
int command_render(const struct command *c, const struct options *o, report_render **render, struct err *e);

#endif
