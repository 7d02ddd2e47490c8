// One function that works.
#include "work.h"

int main(int argc, char **argv) {
  uint64_t v = 1;
  for (long i = rounds_of(argc, argv); i > 0; i--) v = mix(v, 300000);
  return v == 0;
}
