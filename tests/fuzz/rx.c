// Fuzz target: a pattern up to the first zero byte, then a subject. Bounds of a match lie in the subject and searching
// from the match's start finds the same match.
#include "base/rx.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok) {
  if (!ok) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {0};
  const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
  size_t n = zero ? (size_t)(zero - data) : size;
  struct str pattern = {(const char *)data, n};
  struct str subject = zero ? (struct str){pattern.p + n + 1, size - n - 1} : STR_LIT("main.(*T).run<int>(char)");
  struct rx *rx = rx_new(pattern, &e);
  expect(rx ? !e.text[0] : e.text[0] != '\0');
  if (!rx) return 0;
  expect(str_eq(rx_pattern(rx), pattern));
  size_t from, to, again_from, again_to;
  int found = rx_search(rx, subject, 0, &from, &to, &e);
  expect(found >= 0 ? !e.text[0] : e.text[0] != '\0');
  if (found >= 0) expect(rx_match(rx, subject, &e) == found);
  if (found > 0) {
    expect(from <= to && to <= subject.n);
    if (rx_search(rx, subject, from, &again_from, &again_to, &e) > 0) expect(again_from == from && again_to == to);
  }
  rx_free(rx);
  return 0;
}
