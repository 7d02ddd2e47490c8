// What reports share.
#ifndef CPROF_REPORT_INTERNAL_H
#define CPROF_REPORT_INTERNAL_H

#include "report/report.h"

// The graph of a report, weighed, trimmed and ordered, and the unit its values are shown in.
struct report_nodes {
  struct graph graph;
  struct selection shown;
  struct str unit;
};
int report_nodes_init(struct report_nodes *n, const struct report *r, struct err *e);
void report_nodes_release(struct report_nodes *n);

// A value after divide_by, in the unit, as "1.5MB".
void report_value(const struct report *r, struct str unit, struct buf *out, int64_t value);
void report_share(const struct report *r, struct buf *out, int64_t value);

// The lines above a report: file, build id, comments, type, time, duration.
void report_profile_header(const struct report *r, struct str unit, struct buf *out);
// Those (unless compact), the active filters, and how much of the profile is shown.
void report_header(const struct report *r, const struct report_nodes *n, uint32_t dropped_edges, struct buf *out);

// Go's texts of a time in the local zone and of a duration.
void go_time(struct buf *out, int64_t unix_nanos);         // 2006-01-02 15:04:05.999999999 -0700 MST
void go_time_of_day(struct buf *out, int64_t unix_nanos);  // 2006-01-02 15:04:05 MST
void go_duration(struct buf *out, int64_t nanos);          // 1m30.5s

#endif
