// Packing.
#include "driver/pack.h"

#include "base/gzip.h"
#include "profile/view.h"

int pack_profile(const struct profile *p, struct buf *out, struct err *e) {
  struct view v;
  if (view_init(&v, p, e)) return -1;
  int result = -1;
  struct gzip_writer *gzip = gzip_writer_new(out, e);
  if (gzip) {
    result = profile_encode_to(&v, 1, gzip, e);
    if (gzip_writer_finish(gzip, e)) result = -1;
  }
  view_release(&v);
  return result;
}
