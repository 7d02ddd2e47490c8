// Limits.
#include "driver/limits.h"

#include <stdlib.h>

#include "base/gzip.h"
#include "measure/measure.h"

// "8GB", "100000000", "none"; empty for the default.
static int parse_limit(const char *text, uint64_t *limit, struct err *e) {
  struct str unit;
  char *end;
  if (!*text) return 0;
  if (strcmp(text, "none") == 0) {
    *limit = SOURCE_LIMIT_NONE;
    return 0;
  }
  long long n = strtoll(text, &end, 10);
  double bytes = measure_scale(n, *end ? str_of(end) : STR_LIT("B"), STR_LIT("B"), &unit);
  if (end == text || n <= 0 || !str_eq(unit, STR_LIT("B")) || bytes >= 9e18 ||
      (*end && !measure_same_family(str_of(end), STR_LIT("B"))))
    return err_set(e, "-inflate_limit takes a size such as 8GB, or none; not \"%s\"", text);
  *limit = (uint64_t)bytes;
  return 0;
}

int limit_of_input(const struct options *o, uint64_t *limit, struct err *e) {
  *limit = SOURCE_LIMIT_AUTO;
  return parse_limit(o->inflate_limit, limit, e);
}

int limit_of_answer(const struct options *o, uint64_t *limit, struct err *e) {
  *limit = (uint64_t)1 << 30;
  return parse_limit(o->inflate_limit, limit, e);
}
