// Fuzz target: any bytes as a legacy profile. Whatever is accepted has to be sniffed as one, too.
#include <stdlib.h>

#include "profile/legacy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const size_t prefix = 64 << 10;
  struct str bytes = {(const char *)data, size};
  struct err e = {0};
  struct profile *p = legacy_parse(bytes, &e);
  bool sniffed = legacy_sniff((struct str){bytes.p, size < prefix ? size : prefix});
  if (p ? !sniffed : !e.text[0]) abort();
  profile_free(p);
  return 0;
}
