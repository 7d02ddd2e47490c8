// Fuzz target: an object with debug information, damaged anywhere. Looking up addresses ends, and what it says can be
// read.
#include "symbolize/dwarf.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CODE = 0x1000, CODE_SIZE = 0x180, STEP = 3 };  // where the seeds have their code

static void expect(bool ok) {
  if (!ok) abort();
}

static void read_frame(void *arg, const struct dwarf_frame *f) {
  size_t *frames = arg;
  ++*frames;
  if (f->name.n) expect(!memchr(f->name.p, 0, f->name.n));
  if (f->file.n) expect(!memchr(f->file.p, 0, f->file.n));
}

static void look_up(struct dwarf *d, uint64_t address) {
  struct err e = {""};
  size_t frames = 0;
  int rc = dwarf_lookup(d, address, read_frame, &frames, &e);
  expect((rc > 0) == (frames > 0) && (rc < 0) == (e.text[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {""};
  struct elf *elf = elf_open_memory((struct str){(const char *)data, size}, &e);
  expect(elf || e.text[0]);
  if (!elf) return 0;
  struct dwarf *d = dwarf_open(elf, NULL, "/nonexistent/object", &e);
  expect(d || e.text[0]);
  for (uint64_t i = 0; d && i < CODE_SIZE; i += STEP) look_up(d, CODE + i);
  if (d) look_up(d, 0);
  dwarf_close(d);
  elf_close(elf);
  return 0;
}
