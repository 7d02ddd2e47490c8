// Frames whose size is only known when they are entered, some of them aligned anew.
#include <alloca.h>
#include <string.h>

#include "work.h"

static KEPT uint64_t sized(uint64_t v, size_t n) {
  unsigned char *room = alloca(n);
  memset(room, (int)v, n);
  return mix(v, 500) + room[v % n];
}

static KEPT uint64_t aligned(uint64_t v, size_t n) {
  _Alignas(64) volatile uint64_t here[8] = {v};
  uint64_t got = sized(here[0], n);
  return mix(got, 500) + here[0];
}

int main(int argc, char **argv) {
  uint64_t v = 1;
  for (long i = rounds_of(argc, argv) * 200; i > 0; i--) v = aligned(v, 16 + v % 3000);
  return v == 0;
}
