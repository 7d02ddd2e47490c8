// Compiled by `run` in many ways. Calls that are inlined, one that is not, and one from a table.
#include <stdio.h>

static inline __attribute__((always_inline)) int innermost(int x) {
  int sum = 0;
  for (int i = 0; i < x; i++) sum += i * x;
  return sum;
}

static inline __attribute__((always_inline)) int middle(int x) {
  int twice = innermost(x) * 2;
  return twice + innermost(twice & 7);
}

__attribute__((noinline)) int outer(int x) { return middle(x) + 1; }

int (*volatile table[1])(int) = {outer};

int main(int argc, char **argv) {
  printf("%s %d\n", argv[0], outer(argc) + table[0](argc + 1));
  return 0;
}
