// Names for the procedure linkage table. An entry jumps to where a slot of the global offset table points to; the
// relocation of that slot names the function. So an entry is read as an instruction: that holds for the tables of every
// linker, in their order or not.
#include <elf.h>
#include <stdlib.h>

#include "elf/internal.h"

// A slot and the symbol whose address goes there.
struct slot {
  uint64_t address;
  uint32_t symbol;
};

struct slots {
  struct slot *at;
  size_t n, cap;
  const struct elf_section_header *symbols;  // the table that `symbol` counts in
  size_t names_left;                         // bytes that names may still take
};

static int compare_slots(const void *a, const void *b) {
  const struct slot *x = a, *y = b;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static const struct slot *find_slot(const struct slots *s, uint64_t address) {
  size_t low = 0, high = s->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (s->at[middle].address < address) low = middle + 1;
    else high = middle;
  }
  return low < s->n && s->at[low].address == address ? &s->at[low] : NULL;
}

static int add_slots(const struct elf *f, const struct elf_section_header *relocations, size_t *left,
                     struct slots *slots) {
  struct str bytes = elf__spend(left, elf__section_bytes(f, relocations));
  size_t step = relocations->type == SHT_RELA ? f->is_64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rela)
                : f->is_64 ? sizeof(Elf64_Rel)
                                              : sizeof(Elf32_Rel);
  for (size_t i = 0; i < bytes.n / step; i++) {
    const char *at = bytes.p + i * step;
    uint64_t info = elf__word(f, at + 4, at + 8);
    uint32_t symbol = f->is_64 ? (uint32_t)(info >> 32) : (uint32_t)info >> 8;
    if (symbol == 0) continue;
    if (ARRAY_RESERVE(slots->at, slots->cap, slots->n + 1)) return -1;
    slots->at[slots->n++] = (struct slot){elf__word(f, at, at), symbol};
  }
  return 0;
}

// ---- instructions -------------------------------------------------------------------------------

static int64_t signed_bits(uint64_t v, unsigned bits) {
  uint64_t sign = UINT64_C(1) << (bits - 1);
  return (int64_t)((v ^ sign) - sign);
}

// jmp *displacement(%rip), before it perhaps endbr64 and a bnd prefix. The slot's address, 0 when there is no such
// jump.
static uint64_t x86_64_slot(const struct elf *f, struct str entry, uint64_t address) {
  for (size_t i = 0; i + 6 <= entry.n && i < 8; i++)
    if (memcmp(entry.p + i, "\xff\x25", 2) == 0)
      return address + i + 6 + (uint64_t)signed_bits(elf__u32(f, entry.p + i + 2), 32);
  return 0;
}

// adrp x16, page; ldr x17, [x16, offset], before them perhaps a landing pad.
static uint64_t aarch64_slot(const struct elf *f, struct str entry, uint64_t address) {
  for (size_t i = 0; i + 8 <= entry.n; i += 4) {
    uint32_t adrp = elf__u32(f, entry.p + i), ldr = elf__u32(f, entry.p + i + 4);
    if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211) continue;
    uint64_t pages = (uint64_t)(adrp >> 5 & 0x7ffff) << 2 | (adrp >> 29 & 3);
    uint64_t page = ((address + i) & ~UINT64_C(0xfff)) + ((uint64_t)signed_bits(pages, 21) << 12);
    return page + (uint64_t)(ldr >> 10 & 0xfff) * 8;
  }
  return 0;
}

static int add_entry(struct elf *f, struct slots *slots, uint64_t slot_address, uint64_t address, size_t step) {
  const struct slot *slot = find_slot(slots, slot_address);
  struct str name;
  if (!slot || !elf__symbol_name(f, slots->symbols, slot->symbol, &name) || name.n > slots->names_left) return 0;
  slots->names_left -= name.n;
  char *text = arena_alloc(&f->names, name.n + 4);
  if (!text) return -1;
  memcpy(text, name.p, name.n);
  memcpy(text + name.n, "@plt", 4);
  return elf__add_symbol(f, (struct elf_symbol){address, step, {text, name.n + 4}, {"", 0}});
}

static int add_entries(struct elf *f, const struct elf_section_header *plt, size_t *left, struct slots *slots) {
  struct str bytes = elf__spend(left, elf__section_bytes(f, plt));
  size_t step = 16;
  if (plt->entry_size == 8) step = 8;  // x86's .plt.got has no room for more
  for (size_t at = 0; at + step <= bytes.n; at += step) {
    struct str entry = {bytes.p + at, step};
    uint64_t address = plt->address + at;
    uint64_t slot = f->machine == EM_X86_64 ? x86_64_slot(f, entry, address) : aarch64_slot(f, entry, address);
    if (slot && add_entry(f, slots, slot, address, step)) return -1;
  }
  return 0;
}

// ---- all of them --------------------------------------------------------------------------------

static int find_slots(const struct elf *f, struct slots *slots) {
  size_t left = f->bytes.n;
  for (uint32_t i = 0; i < f->n_sections; i++) {
    const struct elf_section_header *s = &f->section[i];
    if ((s->type != SHT_RELA && s->type != SHT_REL) || !(s->flags & SHF_ALLOC) || s->link >= f->n_sections) continue;
    if (f->section[s->link].type != SHT_DYNSYM) continue;
    slots->symbols = &f->section[s->link];
    if (add_slots(f, s, &left, slots)) return -1;
  }
  if (slots->n) qsort(slots->at, slots->n, sizeof *slots->at, compare_slots);
  return 0;
}

static bool is_plt(const struct elf_section_header *s) {
  return s->type == SHT_PROGBITS && s->flags & SHF_EXECINSTR && str_starts(s->name, STR_LIT(".plt"));
}

int elf__add_plt_symbols(struct elf *f) {
  struct slots slots = {.names_left = f->bytes.n};
  size_t left = f->bytes.n;
  if (!f->is_64 || (f->machine != EM_X86_64 && f->machine != EM_AARCH64)) return 0;
  int result = find_slots(f, &slots);
  for (uint32_t i = 0; i < f->n_sections && !result && slots.n; i++)
    if (is_plt(&f->section[i])) result = add_entries(f, &f->section[i], &left, &slots);
  free(slots.at);
  return result;
}
