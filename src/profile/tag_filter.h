// tag_filter: what tagfocus and tagignore take: "value", "key=value", where value is a range of numbers with units
// ("4kb", "4kb:", ":64kb", "4kb:64kb") or regular expressions separated by commas.
#ifndef CPROF_TAG_FILTER_H
#define CPROF_TAG_FILTER_H

#include "profile/view.h"

// The unit of each numeric label key: the first one met, else "bytes" for `alignment` and `request`, else the key
// itself.
struct label_units {
  const struct profile *profile;
  uint32_t *unit;  // by the key's string number; NONE: the key's own name or the two exceptions
};
int label_units_init(struct label_units *u, const struct profile *p, struct err *e);
struct str label_unit(const struct label_units *u, uint32_t key);
void label_units_release(struct label_units *u);
// Appends a line for each key that has values in other units too.
int label_units_conflicts(const struct label_units *u, struct buf *notes, struct err *e);

struct tag_filter;
struct tag_filter *tag_filter_new(struct str text, const struct label_units *units, struct err *e);
bool tag_filter_is_range(const struct tag_filter *f);
int tag_filter_test(void *filter, const struct view *v, const struct label *labels, uint32_t n, struct err *e);
void tag_filter_free(struct tag_filter *f);

#endif
