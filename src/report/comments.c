// comments: what was noted in the profile, a line each.
#include "report/internal.h"

int report_comments(const struct report *r, struct buf *out, struct err *e) {
  const struct profile *p = r->view->profile;
  for (uint32_t i = 0; i < p->n_comments; i++) {
    buf_str(out, profile_str(p, p->comment[i]));
    buf_addc(out, '\n');
  }
  return out->failed ? err_nomem(e) : 0;
}
