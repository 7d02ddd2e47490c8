// summary: what kind of profile it is.
#include "report/internal.h"

int report_summary(const struct report *r, struct buf *out, struct err *e) {
  report_profile_header(r, r->o.output_unit, out);
  if (r->total == 0 && r->view->profile->n_sample_types > 1)
    buf_adds(out,
             "All values of this sample type are 0.\n"
             "Another one may hold more: \"o\" lists them, sample_index=NAME chooses.\n");
  return out->failed ? err_nomem(e) : 0;
}
