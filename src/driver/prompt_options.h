// The options of a prompt session: assignments, shortcuts and the listing.
#ifndef CPROF_DRIVER_PROMPT_OPTIONS_H
#define CPROF_DRIVER_PROMPT_OPTIONS_H

#include "driver/options.h"
#include "profile/profile.h"

enum { PROMPT_MAX_OPTIONS = 64 };

// Changes `options`, whose texts it owns as far as they were set here.
struct prompt_options {
  struct options *options;
  const struct profile *profile;  // for its sample types
  char *owned[PROMPT_MAX_OPTIONS];
};

void prompt_options_init(struct prompt_options *p, struct options *o, const struct profile *profile);
void prompt_options_release(struct prompt_options *p);

// NAME=VALUE, or NAME alone, taken apart.
struct prompt_assignment {
  const struct option_row *row;  // NULL: nothing is called so; need not be one of the prompt's
  const char *choice;            // set when the name is that of a choice of the row (lines=true)
  bool has_value;                // is there a '='?
  struct str value;              // what follows it, space and comment included
};
struct prompt_assignment prompt_take_apart(struct str line);

// Takes NAME=VALUE, with a comment that //: starts, or the NAME of a boolean. 1 it was an assignment, 0 it is none, -1
// it was a bad one, with a message.
int prompt_assign(struct prompt_options *p, struct str line, struct err *e);

// The assignments that the line stands for, one a call with i from 0: ":" clears the filters, a sample type selects
// itself, total_TYPE and mean_TYPE also set mean. False when there is no i-th; a line that is no shortcut stands for
// nothing.
bool prompt_shortcut(const struct profile *p, struct str line, size_t i, struct buf *assignment);

// What `options` prints.
void prompt_list_options(const struct prompt_options *p, struct buf *out);

// The text that sets the option to the value it has.
void option_text(const struct options *o, const struct option_row *row, struct buf *out);
// Can it be set at the prompt?
bool prompt_has_option(const struct option_row *row);

#endif
