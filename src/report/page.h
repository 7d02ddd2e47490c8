// Pages: text from profiles, in which anything may stand, inside HTML.
#ifndef CPROF_REPORT_PAGE_H
#define CPROF_REPORT_PAGE_H

#include "base/base.h"

// Invalid UTF-8 becomes U+FFFD; what is longer than `most` bytes loses its middle.
void page_json(struct buf *out, struct str text, size_t most);  // with quotes; neither <, > nor & is in it
void page_html(struct buf *out, struct str text, size_t most);

#endif
