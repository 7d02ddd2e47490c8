// A line at the prompt as a command: the report to make, the options that hold for this line, and where it goes.
#ifndef CPROF_DRIVER_PROMPT_COMMAND_H
#define CPROF_DRIVER_PROMPT_COMMAND_H

#include "driver/commands.h"

struct prompt_command {
  const struct command *command;
  const char *argument;    // of the command
  struct options options;  // the session's, changed by the words of the line
  const char *shell;       // what follows " | ": a shell command that reads the report; NULL: there is none
  struct arena text;       // holds all of these strings
};

// Cuts a line into words at white space; *rest is what follows the word. False at the end.
bool prompt_next_word(struct str *rest, struct str *word);

// The command of a word; the digits behind its name ("top10"), if any, go to *count. NULL when there is none.
const struct command *prompt_find_command(struct str word, struct str *count);

// Parses
//     NAME[COUNT] [ARGUMENT] [COUNT | REGEX | -REGEX | -cum | >FILE | > FILE]... [| SHELL COMMAND]
// REGEXes are joined into focus and ignore, for tags into tagfocus and tagignore. `current` must outlive the command.
// 0, or -1 with a message; to be released in either case.
int prompt_command_parse(struct prompt_command *c, const struct options *current, struct str line, struct err *e);
void prompt_command_release(struct prompt_command *c);

#endif
