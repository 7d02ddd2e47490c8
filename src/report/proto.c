// proto: the filtered profile in its own format, compressed.
#include "report/internal.h"

int report_proto(const struct report *r, struct buf *out, struct err *e) {
  return profile_encode_gzip(r->view, r->o.ratio > 0 ? r->o.ratio : 1, out, e);
}
