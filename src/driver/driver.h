// driver: from a command line to a report: options, flags, loading of sources, filters, output.
#ifndef CPROF_DRIVER_H
#define CPROF_DRIVER_H

#include <stdatomic.h>
#include <stdio.h>

#include "driver/options.h"
#include "report/report.h"
#include "symbolize/symbolize.h"

// A loaded profile and the options it is looked at with.
struct session {
  struct options options;
  struct profile *profile;
  struct symbol_report symbols;  // where its names came from
  struct kept_weights *weights;  // for the reports that follow; NULL: none are kept
  const atomic_bool *stop;       // reports end in an error soon after it was set; NULL: nobody stops them
};

struct command;

// Renders one command's report on the session's profile with these options (the session's own or a copy). Notes for the
// user (a filter that matched nothing) are appended to `notes`, a line each.
int driver_render(const struct session *s, const struct options *o, const struct command *c, const char *argument,
                  struct buf *out, struct buf *notes, struct err *e);

// Runs a command line. The exit status: 0, or 2 after a message on `errors`.
int driver_main(int argc, char **argv, FILE *errors);

#endif
