// What the programs that are recorded do between what is special about them.
//
// Each is started as NAME ROUNDS and does the same work each time, so that its CPU time can be compared.
#ifndef WORK_H
#define WORK_H

#include <stdint.h>
#include <stdlib.h>

// As it is written: neither inlined nor specialised.
#if defined(__has_attribute) && __has_attribute(noipa)
#define KEPT __attribute__((noipa))
#else
#define KEPT __attribute__((noinline))
#endif

static KEPT __attribute__((unused)) uint64_t mix(uint64_t v, long times) {
  for (long i = 0; i < times; i++) v = (v ^ (v >> 31)) * UINT64_C(0x9e3779b97f4a7c15);
  return v;
}

static inline long rounds_of(int argc, char **argv) { return argc > 1 ? strtol(argv[1], NULL, 10) : 1; }

#endif
