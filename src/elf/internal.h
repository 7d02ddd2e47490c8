// elf: what its files share.
#ifndef CPROF_ELF_INTERNAL_H
#define CPROF_ELF_INTERNAL_H

#include <pthread.h>

#include "elf/elf.h"

// Headers of 32-bit and 64-bit objects in either byte order, brought into one shape.
struct elf_section_header {
  struct str name;
  uint32_t type, link, info;
  uint64_t flags, address, offset, size, align, entry_size;
};

struct elf_segment {
  uint32_t type, flags;
  uint64_t offset, address, file_size, memory_size, align;
};

// A section whose bytes had to be inflated.
struct elf_inflated {
  uint32_t section;
  char *bytes;
  size_t n;
};

struct elf {
  struct str bytes;
  bool mapped;  // `bytes` is a mapping of ours
  bool is_64, big_endian;
  unsigned type, machine;
  uint64_t entry;
  struct elf_section_header *section;
  uint32_t n_sections;
  struct elf_segment *segment;
  uint32_t n_segments;
  struct str build_id;

  pthread_mutex_t mutex;  // what is below is made when first asked for
  struct elf_inflated *inflated;
  size_t n_inflated, inflated_cap;
  uint64_t inflated_bytes;
  bool symbols_made;
  struct elf_symbol *symbol;
  size_t n_symbols, symbol_cap;
  struct arena names;  // of symbols whose name is put together
};

// Unsigned integers of the object at `at`, which the caller has checked.
uint16_t elf__u16(const struct elf *, const char *at);
uint32_t elf__u32(const struct elf *, const char *at);
uint64_t elf__u64(const struct elf *, const char *at);
// A u32 or u64, by the object's class.
uint64_t elf__word(const struct elf *, const char *at32, const char *at64);

// The part of the file, cut where the file ends. n == 0 when it lies outside.
struct str elf__part(const struct elf *, uint64_t offset, uint64_t size);
// Cuts s to the bytes that are left and takes them off. Sections of an honest file do not overlap, so that a walk over
// many of them sees no more bytes than the file has; one that they do overlap in costs no more than that.
static inline struct str elf__spend(size_t *left, struct str s) {
  if (s.n > *left) s.n = *left;
  *left -= s.n;
  return s;
}
// The string at the offset of a string table; false when it does not end in there.
bool elf__string(struct str table, uint64_t offset, struct str *s);

// The first section of the name or NULL.
const struct elf_section_header *elf__section(const struct elf *, struct str name);
// Its bytes as they are in the file; none for SHT_NOBITS and for what lies outside the file.
struct str elf__section_bytes(const struct elf *, const struct elf_section_header *s);

// elf_note.c: finds the build id among the notes.
struct str elf__find_build_id(const struct elf *);

// elf_plt.c: appends the entries of the procedure linkage table to the symbols. -1: memory ran out.
int elf__add_plt_symbols(struct elf *);
// Appends a symbol. -1: memory ran out.
int elf__add_symbol(struct elf *, struct elf_symbol s);
// The symbol's name of one entry of a symbol table section; false when there is none.
bool elf__symbol_name(const struct elf *, const struct elf_section_header *table, uint64_t number, struct str *name);

#endif
