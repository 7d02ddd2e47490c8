// proto: the filtered profile in its own format, compressed.
#include "base/gzip.h"
#include "report/internal.h"

int report_proto(const struct report *r, struct buf *out, struct err *e) {
  struct gzip_writer *gzip = gzip_writer_new(out, e);
  struct err ignored = {""};
  if (!gzip) return -1;
  int result = profile_encode_to(r->view, r->o.ratio > 0 ? r->o.ratio : 1, gzip, e);
  return gzip_writer_finish(gzip, result ? &ignored : e) ? -1 : result;
}
