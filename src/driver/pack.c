// Packing.
#include "driver/pack.h"

#include "profile/view.h"

int pack_profile(const struct profile *p, struct buf *out, struct err *e) {
  struct view v;
  if (view_init(&v, p, e)) return -1;
  int result = profile_encode_gzip(&v, 1, out, e);
  view_release(&v);
  return result;
}
