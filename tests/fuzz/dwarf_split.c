// Fuzz target for split DWARF: two bytes with the length of an object, the object, then its .dwp file.
#include "symbolize/dwarf.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 2, CODE = 0x1000, CODE_SIZE = 0x100, STEP = 5 };  // where the seeds have their code

static void expect(bool ok) {
  if (!ok) abort();
}

static void count(void *arg, const struct dwarf_frame *f) {
  size_t *frames = arg;
  ++*frames;
  if (f->name.n) expect(!memchr(f->name.p, 0, f->name.n));
}

static void look_up(struct elf *elf, const char *path) {
  struct err e = {""};
  struct dwarf *d = dwarf_open(elf, NULL, path, &e);
  expect(d || e.text[0]);
  for (uint64_t i = 0; d && i < CODE_SIZE; i += STEP) {
    size_t frames = 0;
    err_clear(&e);
    int rc = dwarf_lookup(d, CODE + i, count, &frames, &e);
    expect((rc > 0) == (frames > 0) && (rc < 0) == (e.text[0] != '\0'));
  }
  dwarf_close(d);
}

static void write_file(const char *path, struct str bytes) {
  FILE *f = fopen(path, "wb");
  expect(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && !fclose(f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < HEAD) return 0;
  size_t n = data[0] | (size_t)data[1] << 8;
  if (n > size - HEAD) n = size - HEAD;
  const char *object = (const char *)data + HEAD;
  struct elf *elf = elf_open_memory((struct str){object, n}, NULL);
  if (!elf) return 0;
  char folder[] = "/tmp/cprof-fuzz-XXXXXX", path[64], package[64];
  expect(mkdtemp(folder) != NULL);
  snprintf(path, sizeof path, "%s/object", folder);
  snprintf(package, sizeof package, "%s/object.dwp", folder);
  write_file(package, (struct str){object + n, size - HEAD - n});
  look_up(elf, path);
  elf_close(elf);
  unlink(package);
  rmdir(folder);
  return 0;
}
