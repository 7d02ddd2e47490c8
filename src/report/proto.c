// proto: the filtered profile in its own format, compressed.
#include "base/gzip.h"
#include "report/internal.h"

int report_proto(const struct report *r, struct buf *out, struct err *e) {
  struct buf plain = {0};
  double ratio = r->o.ratio > 0 ? r->o.ratio : 1;
  int result = profile_encode(r->view, ratio, &plain, e);
  if (!result) result = gzip_add(out, buf_view(&plain), e);
  buf_release(&plain);
  return result;
}
