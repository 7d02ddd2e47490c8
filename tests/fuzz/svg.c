// Pictures: a copy holds no element and no attribute but the known ones, no address of another place however spelled,
// and copying it changes nothing.
#include <stdlib.h>
#include <strings.h>

#include "web/svg.h"

static bool may_stand_in_value(struct str rest) {
  if (!*rest.p || *rest.p == '&' || *rest.p == '\\') return false;
  return rest.n < 5 || strncasecmp(rest.p, "url(", 4) != 0 || rest.p[4] == '#';
}

static void check(struct str copy) {
  static const char *const never[] = {"<script", "<style", "<a", "<image", "<foreignObject", " on", " style=", "href="};
  // Inside tags only: between them anything may stand as text.
  for (size_t i = 0; i < copy.n; i++) {
    if (copy.p[i] != '<') continue;
    const char *end = memchr(copy.p + i, '>', copy.n - i);
    if (!end) abort();
    struct str tag = {copy.p + i, (size_t)(end - copy.p) - i};
    bool quoted = false;
    for (size_t k = 0; k < tag.n; k++) {
      if (tag.p[k] == '"') quoted = !quoted;
      if (quoted && !may_stand_in_value((struct str){tag.p + k, tag.n - k})) abort();
      for (size_t w = 0; w < sizeof never / sizeof *never && !quoted; w++)
        if (str_starts((struct str){tag.p + k, tag.n - k}, str_of(never[w]))) abort();
    }
    if (quoted) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct buf copy = {0}, again = {0};
  if (svg_copy((struct str){(const char *)data, size}, &copy) == 0) {
    check(buf_view(&copy));
    if (svg_copy(buf_view(&copy), &again) || !str_eq(buf_view(&copy), buf_view(&again))) abort();
  }
  buf_release(&copy);
  buf_release(&again);
  return 0;
}
