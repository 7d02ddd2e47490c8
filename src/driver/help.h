// Help texts, made from the tables of options and commands.
#ifndef CPROF_DRIVER_HELP_H
#define CPROF_DRIVER_HELP_H

#include "driver/driver.h"

void help_overview(struct buf *out);
// What can be typed at the prompt.
void help_prompt(struct buf *out);
// About cprof record.
void help_record(struct buf *out);
// About a command or an option; false when there is none of that name.
bool help_topic(struct str name, struct buf *out);

#endif
