// The C library calls back: qsort and bsearch.
#include "work.h"

enum { MANY = 4000 };

static KEPT int by_value(const void *a, const void *b) {
  uint64_t x = mix(*(const uint64_t *)a, 2), y = mix(*(const uint64_t *)b, 2);
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  static uint64_t value[MANY];
  uint64_t v = 1, found = 0;
  for (long i = rounds_of(argc, argv); i > 0; i--) {
    for (int k = 0; k < MANY; k++) value[k] = v = mix(v, 1);
    qsort(value, MANY, sizeof *value, by_value);
    for (int k = 0; k < MANY; k++) found += bsearch(&value[k], value, MANY, sizeof *value, by_value) != NULL;
  }
  return found == 0;
}
