// The filter options of a command, applied to a view.
#ifndef CPROF_DRIVER_FILTERS_H
#define CPROF_DRIVER_FILTERS_H

#include "driver/options.h"
#include "profile/tag_filter.h"
#include "profile/view.h"

// tagroot and tagleaf: before everything else, since filters may name the frames they add.
int filters_add_label_frames(struct view *v, const struct options *o, struct buf *notes, struct err *e);
// All the others. A filter that matches nothing is noted.
int filters_apply(struct view *v, const struct options *o, const struct label_units *units, struct buf *notes,
                  struct err *e);

#endif
