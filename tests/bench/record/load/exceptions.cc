// Exceptions that fly through a few frames with destructors.
#include <stdexcept>
#include <string>

#include "work.h"

namespace {

struct guard {
  uint64_t &v;
  ~guard() { v = mix(v, 20); }
};

KEPT uint64_t descend(uint64_t v, int depth) {
  guard on_the_way{v};
  if (depth == 0) throw std::runtime_error(std::string(40, 'x'));
  return descend(v + 1, depth - 1) + v;
}

KEPT uint64_t attempt(uint64_t v) {
  try {
    return descend(v, 10);
  } catch (const std::exception &e) {
    return mix(v + e.what()[0], 100);
  }
}

}  // namespace

int main(int argc, char **argv) {
  uint64_t v = 1;
  for (long i = rounds_of(argc, argv) * 60; i > 0; i--) v += attempt(v);
  return v == 0;
}
