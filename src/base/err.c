// Messages for the user, one line each.
#include <errno.h>
#include <stdio.h>

#include "base/base.h"

int err_set(struct err *e, const char *format, ...) {
  if (e && !e->text[0]) {
    va_list args;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
  }
  return -1;
}

int err_wrap(struct err *e, const char *format, ...) {
  if (!e) return -1;
  struct buf whole = {0};
  char prefix[sizeof e->text];
  va_list args;
  va_start(args, format);
  vsnprintf(prefix, sizeof prefix, format, args);
  va_end(args);
  buf_adds(&whole, prefix);
  buf_adds(&whole, ": ");
  buf_adds(&whole, e->text);
  if (!whole.failed) {
    size_t n = whole.n < sizeof e->text ? whole.n : sizeof e->text - 1;
    memcpy(e->text, whole.data, n);
    e->text[n] = '\0';
  }
  buf_release(&whole);
  return -1;
}

int err_nomem(struct err *e) { return err_set(e, "out of memory"); }

int err_system(struct err *e, const char *what) { return err_set(e, "%s: %s", what, strerror(errno)); }

void err_clear(struct err *e) { e->text[0] = '\0'; }
