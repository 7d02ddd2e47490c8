// measure: units of sample values, scaling between them, and how values and shares are printed.
//
// Three families of units are known: memory (B … PB, powers of 1024), time (ns … hrs) and GCU (n*GCU … P*GCU). Names
// are taken without regard to case and to a plural s. The rules are those of the reference's output;
// tests/cases/measure.txt lists them by example.
#ifndef CPROF_MEASURE_H
#define CPROF_MEASURE_H

#include "base/base.h"

// A value converted to `to`, which may be "auto" or "minimum" for the largest unit that leaves 1 or more. Within a
// family an unknown target gives the family's default unit (s, B, GCU). Outside of them the value is unchanged and the
// unit is `to`, or "" for count, sample, unit, minimum and auto. *unit points to a constant or into `to`.
double measure_scale(int64_t value, struct str from, struct str to, struct str *unit);

// "%.2f" without a trailing ".00", and the unit: "1.50MB", "3s", "0".
void measure_label(struct buf *out, int64_t value, struct str from, struct str to);

// "  100%", "12.34%", " 0.5%": share of |value| in |total|, five columns and the percent sign.
void measure_percentage(struct buf *out, int64_t value, int64_t total);

// Do both names belong to one family of units?
bool measure_same_family(struct str a, struct str b);

#endif
