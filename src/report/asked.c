// What disasm and weblist are asked for: an expression, or an address.
#include <stdlib.h>

#include "report/internal.h"

bool report_asked_address(const struct report *r, uint64_t *address) {
  struct str pattern = rx_pattern(r->o.symbol);
  char text[32], *end;
  if (pattern.n == 0 || pattern.n >= sizeof text || pattern.p[0] < '0' || pattern.p[0] > '9') return false;
  memcpy(text, pattern.p, pattern.n);
  text[pattern.n] = '\0';
  *address = strtoull(text, &end, 0);
  return *end == '\0';
}
