// The machine code of a profile's binaries, for reports.
#ifndef CPROF_DRIVER_CODE_H
#define CPROF_DRIVER_CODE_H

#include "report/report.h"
#include "symbolize/symbolize.h"

struct code;
// `notes` gets what a user should know of binaries that don't fit. All arguments stay the caller's.
struct code *code_new(const struct profile *p, const struct search_paths *where, bool intel_syntax, struct buf *notes,
                      struct err *e);
// Binaries are opened when a report first asks for them.
struct report_code code_interface(struct code *c);
void code_free(struct code *c);

#endif
