// Pages: text from profiles, in which anything may stand, inside HTML.
#ifndef CPROF_REPORT_PAGE_H
#define CPROF_REPORT_PAGE_H

#include "report/internal.h"

// Invalid UTF-8 becomes U+FFFD; what is longer than `most` bytes loses its middle.
void page_json(struct buf *out, struct str text, size_t most);  // with quotes; neither <, > nor & is in it
void page_html(struct buf *out, struct str text, size_t most);

// Members of a JSON object, with a comma before: "units", each a name and what one of the profile's unit is in it, the
// one asked for or all of the family, the smallest first, and "ratio", which values are multiplied with before.
void page_units(struct buf *out, const struct report *r);

#endif
