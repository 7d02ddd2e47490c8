// What the targets of the single legacy formats share.
#ifndef CPROF_FUZZ_LEGACY_FORMAT_H
#define CPROF_FUZZ_LEGACY_FORMAT_H

#include <stdlib.h>

#include "profile/legacy_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A profile that was read is sound, and what is refused says why.
static int try_format(legacy_reader *read, const uint8_t *data, size_t size) {
  struct profile *p = NULL;
  struct err e = {0}, unsound = {0};
  enum legacy_result result = legacy_read_as(read, (struct str){(const char *)data, size}, &p, &e);
  if (result == LEGACY_READ ? !p || profile_check(p, &unsound) : p || (result == LEGACY_BROKEN && !e.text[0])) abort();
  profile_free(p);
  return 0;
}

#endif
