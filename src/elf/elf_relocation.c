// Words that the loader fills in: in a position-independent object the file may hold nothing in their place, and a
// relocation tells what they will be.
#include <elf.h>

#include "elf/internal.h"

static bool is_relative(const struct elf *f, uint64_t info) {
  uint32_t type = (uint32_t)info;
  return (f->machine == EM_X86_64 && type == R_X86_64_RELATIVE) ||
         (f->machine == EM_AARCH64 && type == R_AARCH64_RELATIVE);
}

// Goes through the relative relocations for one of this address (by_value: of this value).
static bool find_relative(const struct elf *f, uint64_t wanted, bool by_value, uint64_t *found) {
  size_t left = f->bytes.n;
  for (uint32_t i = 0; i < f->n_sections && f->is_64; i++) {
    const struct elf_section_header *s = &f->section[i];
    if (s->type != SHT_RELA || !(s->flags & SHF_ALLOC)) continue;
    struct str bytes = elf__spend(&left, elf__section_bytes(f, s));
    for (size_t at = 0; at + sizeof(Elf64_Rela) <= bytes.n; at += sizeof(Elf64_Rela)) {
      uint64_t address = elf__u64(f, bytes.p + at), value = elf__u64(f, bytes.p + at + 16);
      if ((by_value ? value : address) != wanted || !is_relative(f, elf__u64(f, bytes.p + at + 8))) continue;
      *found = by_value ? address : value;
      return true;
    }
  }
  return false;
}

bool elf_relocated_word(const struct elf *f, uint64_t address, uint64_t *value) {
  if (f->type == ET_DYN && find_relative(f, address, false, value)) return true;
  struct str bytes = elf_loaded(f, address);
  if (bytes.n < (f->is_64 ? 8 : 4)) return false;
  *value = elf__word(f, bytes.p, bytes.p);
  return true;
}

static bool find_word(const struct elf *f, const struct elf_section_header *s, size_t *left, uint64_t value,
                      uint64_t *address) {
  struct str bytes = elf__spend(left, elf__section_bytes(f, s));
  size_t step = f->is_64 ? 8 : 4;
  for (size_t at = 0; at + step <= bytes.n; at += step) {
    if (elf__word(f, bytes.p + at, bytes.p + at) != value) continue;
    *address = s->address + at;
    return true;
  }
  return false;
}

bool elf_find_word(const struct elf *f, uint64_t value, uint64_t *address) {
  size_t left = f->bytes.n;
  if (f->type == ET_DYN && find_relative(f, value, true, address)) return true;
  for (uint32_t i = 0; i < f->n_sections; i++) {
    const struct elf_section_header *s = &f->section[i];
    if (s->type == SHT_PROGBITS && s->flags & SHF_WRITE && find_word(f, s, &left, value, address)) return true;
  }
  return false;
}
