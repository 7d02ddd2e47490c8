// The line that tells on a terminal how a recording goes, and is gone when it ends.
#ifndef CPROF_DRIVER_RECORD_LIVE_H
#define CPROF_DRIVER_RECORD_LIVE_H

#include <stdio.h>

#include "record/record.h"

struct record_live {
  FILE *out;
  bool on;      // it is a terminal
  bool drawn;   // the line stands there
  double used;  // seconds of CPU time, when it was drawn last
};
void record_live_begin(struct record_live *l, FILE *out);
// For struct record_options: `live` is a struct record_live.
void record_live_draw(void *live, const struct recording *so_far, double since_last);
void record_live_end(struct record_live *l);

#endif
