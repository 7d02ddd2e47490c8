// Fuzz target: any bytes as an ELF object, and everything an object can be asked.
#include "elf/elf.h"

#include <stdlib.h>

#include "symbolize/gopclntab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok) {
  if (!ok) abort();
}

// Reads every byte, so that a sanitizer sees those that are none of ours.
static void touch(struct str s) {
  volatile unsigned char sum = 0;
  for (size_t i = 0; i < s.n; i++) sum = (unsigned char)(sum + (unsigned char)s.p[i]);
}

static void ask_sections(struct elf *f) {
  static const char *const names[] = {".text", ".debug_info", ".debug_str", ".debug_line", ".gopclntab", ".symtab"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct err e = {""};
    struct str s;
    uint64_t address;
    int found = elf_section(f, names[i], &s, &e);
    expect(found < 0 ? e.text[0] != '\0' : !e.text[0]);
    if (found > 0) touch(s);
    elf_has_section(f, names[i]);
    elf_section_address(f, names[i], &address);
  }
}

static void ask_identity(struct elf *f) {
  struct str name, id;
  uint32_t crc;
  touch(elf_build_id(f));
  if (elf_debug_link(f, &name, &crc)) touch(name);
  if (elf_debug_alt_link(f, &name, &id)) touch(name), touch(id);
  elf_crc(f);
}

static void take_frame(void *arg, const struct dwarf_frame *frame) {
  (void)arg;
  touch(frame->name);
  touch(frame->file);
}

static void ask_address(struct elf *f, uint64_t address) {
  uint64_t word;
  const struct elf_symbol *s = elf_symbol_at(f, address);
  if (s) expect(s->address <= address);
  elf_is_code(f, address);
  touch(elf_loaded(f, address));
  elf_relocated_word(f, address, &word);
  elf_find_word(f, address, &word);
}

static void ask_symbols(struct elf *f) {
  const struct elf_symbol *symbol;
  size_t n;
  expect(elf_symbols(f, &symbol, &n, NULL) == 0);
  for (size_t i = 0; i < n; i++) {
    touch(symbol[i].name);
    touch(symbol[i].file);
    expect(i == 0 || symbol[i - 1].address <= symbol[i].address);
    if (i < 8) ask_address(f, symbol[i].address);
  }
}

static void ask_mappings(struct elf *f) {
  static const uint64_t start[] = {0, 0x1000, 0x400000, UINT64_C(0x7f0000001000), UINT64_C(0xffffffff81000198)};
  static const uint64_t offset[] = {0, 0x1000, UINT64_MAX};
  for (size_t i = 0; i < sizeof start / sizeof *start; i++) {
    for (size_t j = 0; j < sizeof offset / sizeof *offset; j++) {
      struct elf_mapping m = {.start = start[i], .limit = start[i] + 0x10000, .offset = offset[j]};
      struct err e = {""};
      uint64_t address;
      elf_find_relocation(f, &m, (struct str){"", 0});
      int result = elf_object_address(f, &m, m.start + 0x123, &address, &e);
      expect(result ? e.text[0] != '\0' : !e.text[0]);
    }
  }
}

static void ask_go(struct elf *f) {
  struct err e = {""};
  struct go_table *t = go_table_open(f, &e);
  expect(t || e.text[0]);
  for (uint64_t a = 0x401000; t && a < 0x401000 + 0x4000; a += 0x111) go_table_lookup(t, a, take_frame, NULL);
  go_table_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {""};
  struct elf *f = elf_open_memory((struct str){(const char *)data, size}, &e);
  expect(f || e.text[0]);
  if (!f) return 0;
  ask_sections(f);
  ask_identity(f);
  ask_symbols(f);
  ask_mappings(f);
  ask_go(f);
  elf_close(f);
  return 0;
}
