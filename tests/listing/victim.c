// A program whose CPU profile is known: it writes one itself, in the old format of gperftools, with samples on its own
// functions.
//
//     victim FILE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static inline __attribute__((always_inline)) unsigned long mix(unsigned long x) { return x * 2654435761u ^ (x >> 13); }

__attribute__((noinline)) unsigned long spin(unsigned long n) {
  unsigned long sum = 0;
  for (unsigned long i = 0; i < n; i++) sum += mix(i ^ sum);
  return sum;
}

__attribute__((noinline)) double chain(double x, int n) {
  for (int i = 0; i < n; i++) x = x * 1.0001 + (double)spin((unsigned long)n);
  return x;
}

static void words(FILE *f, size_t n, const uintptr_t *word) { fwrite(word, sizeof *word, n, f); }

int main(int argc, char **argv) {
  FILE *out = argc > 1 ? fopen(argv[1], "wb") : NULL, *maps = fopen("/proc/self/maps", "r");
  if (!out || !maps) return 1;
  const uintptr_t head[] = {0, 3, 0, 10000, 0}, tail[] = {0, 1, 0};
  words(out, 5, head);
  for (uintptr_t i = 0; i < 30; i += 3) {
    const uintptr_t sample[] = {1 + i, 3, (uintptr_t)spin + i, (uintptr_t)chain + 9, (uintptr_t)main + 9};
    words(out, 5, sample);
  }
  const uintptr_t sample[] = {7, 2, (uintptr_t)chain + 4, (uintptr_t)main + 9};
  words(out, 4, sample);
  words(out, 3, tail);
  char line[4096];
  while (fgets(line, sizeof line, maps)) fputs(line, out);
  fclose(maps);
  if (argc > 7) printf("%f\n", chain(1, argc));
  return fclose(out);
}
