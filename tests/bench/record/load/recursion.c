// Calls 200 deep, with work at the bottom and on the way.
#include "work.h"

enum { DEPTH = 200 };

static KEPT uint64_t descend(uint64_t v, int depth) {
  if (depth == 0) return mix(v, 200000);
  return descend(mix(v, 250), depth - 1) ^ mix(v, 250);
}

int main(int argc, char **argv) {
  uint64_t v = 1;
  for (long i = rounds_of(argc, argv); i > 0; i--) v += descend(v, DEPTH);
  return v == 0;
}
