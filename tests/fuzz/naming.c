// Fuzz target: any text as /proc/kallsyms and as a perf map, records of any bytes as the kernel's.
#include "record/internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok) {
  if (!ok) abort();
}

static void ask(void (*name)(struct naming *at, size_t n, struct str text), struct str text) {
  struct naming at[] = {{.address = 1}, {.address = 0x1000}, {.address = 0x1000}, {.address = UINT64_MAX}};
  size_t n = sizeof at / sizeof *at;
  name(at, n, text);
  for (size_t i = 0; i < n; i++) {
    const char *p = at[i].name.p;
    expect(!at[i].name.n || (p >= text.p && p + at[i].name.n <= text.p + text.n));
    expect(at[i].begin <= at[i].address);
  }
}

static void parse(struct str bytes) {
  size_t half = bytes.n / 16 * 8;
  struct record r;
  struct record_bytes parts = {{bytes.p, half}, {bytes.p + half, bytes.n - half}};
  size_t useful = record_useful(&parts);
  expect(useful <= bytes.n);
  if (record_parse((struct str){bytes.p, useful}, &r)) {
    expect(r.stack.n <= useful && r.kernel.n <= useful && r.name.n <= useful && r.build_id.n <= 20);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size + 1);
  expect(copy);
  memcpy(copy, data, size);
  struct str text = {copy, size};
  ask(naming_from_perf_map, text);
  ask(naming_from_symbols, text);
  parse(text);
  free(copy);
  return 0;
}
