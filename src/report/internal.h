// What reports share.
#ifndef CPROF_REPORT_INTERNAL_H
#define CPROF_REPORT_INTERNAL_H

#include "report/report.h"

// What tells nodes apart at the report's granularity.
struct graph_shape report_shape(const struct report_options *o);

// The graph of a report, weighed, trimmed and ordered, and the unit its values are shown in.
struct report_nodes {
  struct graph graph;
  struct selection shown;
  struct str unit;
};
int report_nodes_init(struct report_nodes *n, const struct report *r, struct err *e);
// Settles the unit for the nodes shown; the exact one for formats that write whole numbers only.
void report_choose_unit(struct report_nodes *n, const struct report *r);
void report_choose_exact_unit(struct report_nodes *n, const struct report *r);
// Makes the edges between the linked nodes, without the light ones; `callees` and `either` as in graph_connect. Returns
// how many light ones there were in *dropped (may be NULL).
int report_nodes_connect(struct report_nodes *n, const struct report *r, const uint8_t *callees, const uint8_t *either,
                         uint32_t *dropped, struct err *e);
void report_nodes_release(struct report_nodes *n);

// Is the expression of disasm and weblist a number? Then it also stands for the code at that address.
bool report_asked_address(const struct report *r, uint64_t *address);

// A value after divide_by; the same in the unit, as "1.5MB".
int64_t report_number(const struct report *r, int64_t value);
void report_value(const struct report *r, struct str unit, struct buf *out, int64_t value);
void report_share(const struct report *r, struct buf *out, int64_t value);
// Colours what is written between them when the value is a large share of the total and the options want it.
void report_hot_begin(const struct report *r, struct buf *out, int64_t value);
void report_hot_end(const struct report *r, struct buf *out, int64_t value);
// A byte a label set, to be freed: does it mark samples of the base of a comparison? NULL when memory ran out.
uint8_t *report_base_sets(const struct profile *p);

static inline const struct source_text *report_source(const struct report *r, struct str file, struct err *e) {
  return r->find_source(r->find_source_arg, file, e);
}

// The lines above a report: file, build id, comments, type, time, duration.
void report_profile_header(const struct report *r, struct str unit, struct buf *out);
// How long the first of those entries is; an entry may hold newlines. out->failed is set when memory ran out.
size_t report_first_entry(const struct report *r, struct buf *out);
// Those (unless compact), the active filters, and how much of the profile is shown.
void report_header(const struct report *r, const struct report_nodes *n, uint32_t dropped_edges, struct buf *out);

// The labels of a set that share the key of label `from` end before this one.
static inline uint32_t report_key_end(const struct label *l, uint32_t n, uint32_t from) {
  uint32_t to = from + 1;
  while (to < n && l[to].key == l[from].key && l[to].numeric == l[from].numeric) to++;
  return to;
}

// Go's texts of a time in the local zone and of a duration.
void go_time(struct buf *out, int64_t unix_nanos);         // 2006-01-02 15:04:05.999999999 -0700 MST
void go_time_of_day(struct buf *out, int64_t unix_nanos);  // 2006-01-02 15:04:05 MST
void go_duration(struct buf *out, int64_t nanos);          // 1m30.5s

#endif
