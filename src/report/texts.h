// A list of short texts, written one behind the other and then sorted: the labels of a sample.
#ifndef CPROF_REPORT_TEXTS_H
#define CPROF_REPORT_TEXTS_H

#include "base/base.h"

// Zero-initialised is empty. A text is what was written to `bytes` since the last texts_end.
struct texts {
  struct buf bytes;
  size_t *end;
  struct str *at;  // sorted, after texts_sort
  size_t n, end_cap, at_cap;
};
void texts_end(struct texts *t);
// Sorts by bytes. Sets bytes.failed when memory ran out; then there are no texts.
void texts_sort(struct texts *t);
void texts_clear(struct texts *t);
void texts_release(struct texts *t);

#endif
