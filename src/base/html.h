// html: text of any bytes inside a page.
#ifndef CPROF_HTML_H
#define CPROF_HTML_H

#include "base/base.h"

// Appends it as text between tags or in a quoted attribute. Bytes that are no UTF-8 become U+FFFD, control characters but tab
// and newline blanks.
void html_text(struct buf *out, struct str text);

#endif
