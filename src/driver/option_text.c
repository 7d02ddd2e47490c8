// Options as text.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver/options.h"

// The fewest digits that give the number back; no exponent where Go writes none.
static void float_text(double v, struct buf *out) {
  char text[40];
  int digits = 1;
  do snprintf(text, sizeof text, "%.*g", digits, v);
  while (strtod(text, NULL) != v && digits++ < 17);
  if (strchr(text, 'e') && fabs(v) >= 1e-4 && fabs(v) < 1e21) buf_addf(out, "%.0f", v);
  else buf_adds(out, text);
}

void option_text(const struct options *o, const struct option_row *row, struct buf *out) {
  const void *field = (const char *)o + row->offset;
  switch (row->type) {
    case OPTION_BOOL: buf_adds(out, *(const bool *)field ? "true" : "false"); break;
    case OPTION_INT: buf_addf(out, "%" PRId64, *(const int64_t *)field); break;
    case OPTION_FLOAT: float_text(*(const double *)field, out); break;
    case OPTION_STRING:
    case OPTION_WORD:
    case OPTION_FILE:
    case OPTION_FOLDERS:
    case OPTION_CHOICE: buf_adds(out, *(const char *const *)field); break;
    case OPTION_TEXTS: break;
  }
}
