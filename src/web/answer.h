// What a request is answered with. Made once, then read by any number of threads.
#ifndef CPROF_WEB_ANSWER_H
#define CPROF_WEB_ANSWER_H

#include <stdatomic.h>

#include "base/base.h"

struct answer {
  atomic_uint holders;
  unsigned status;       // of HTTP
  const char *type;      // Content-Type
  const char *location;  // of a redirect, in `text`; NULL: none
  const char *cookie;    // to be set, in `text`; NULL: none
  const char *file;      // the name to save it by; NULL: it is shown
  const char *tag;       // a strong ETag with its quotes; NULL: it is not to be kept
  const char *allow;     // methods, with status 405
  struct buf body;
  struct str fixed;  // a body that lives as long as the program, in place of `body`
  struct arena text;
};

// One holder. NULL when memory ran out.
struct answer *answer_new(unsigned status, const char *type);
// A page of plain text with one line.
struct answer *answer_text(unsigned status, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct answer *answer_hold(struct answer *a);
void answer_release(struct answer *a);
struct str answer_body(const struct answer *a);

#endif
