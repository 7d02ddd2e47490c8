// From addresses of a process to addresses of the object: which segment a mapping holds, and by how much it was moved.
//
// A mapping tells which bytes of the file lie where; a segment tells for which addresses the linker meant them. So
//     object address = address - start + offset - segment's offset + segment's address.
// Kernels are mapped by nobody and come with made-up mappings, told by their addresses.
#include <elf.h>

#include "elf/internal.h"

enum { PAGE = 4096 };
static const uint64_t upper_half = UINT64_C(1) << 63;

// ---- which segment ------------------------------------------------------------------------------

static bool is_load(const struct elf_segment *p) { return p->type == PT_LOAD && p->memory_size; }
static uint64_t page_floor(uint64_t v) { return v & ~(uint64_t)(PAGE - 1); }

// The executable segment with .text in it, NULL when there is none.
static const struct elf_segment *text_segment(const struct elf *f) {
  const struct elf_section_header *text = elf__section(f, STR_LIT(".text"));
  for (uint32_t i = 0; text && i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (is_load(p) && p->flags & PF_X && text->address - p->address < p->memory_size) return p;
  }
  return NULL;
}

// Where the loader begins to map the segment: its offset rounded down as its address is.
static uint64_t first_mapped(const struct elf_segment *p) {
  uint64_t before = p->align > 1 ? p->address & (p->align - 1) : 0;
  return p->offset > before ? p->offset - before : 0;
}

// Can the mapping, which holds `size` bytes of the file from `offset` on, be of this segment?
static bool may_hold(const struct elf_segment *p, uint64_t offset, uint64_t size) {
  uint64_t end = p->offset + p->memory_size, limit = offset + size;
  // The offset of a segment without bytes means nothing.
  if (!is_load(p) || p->file_size == 0 || offset >= end || p->offset >= limit) return false;
  if (offset < first_mapped(p)) return false;
  // It begins on the segment's last page and goes on for a page and more: it is the next segment's.
  return !(offset > p->offset && end < offset + PAGE && limit >= end + PAGE);
}

// How well a segment fits an offset of the file: its bytes are there, its memory would be, it can be executed.
static unsigned fitness(const struct elf_segment *p, uint64_t file_offset) {
  unsigned inside = file_offset - p->offset < p->file_size ? 4 : file_offset - p->offset < p->memory_size ? 2 : 0;
  return inside + (p->flags & PF_X ? 2 : 1);
}

// A file that holds debug information alone has segments without bytes, whose offsets mean nothing: the one that can be
// executed and is as large as the mapping must do, mapped from its first page.
static const struct elf_segment *empty_segment(const struct elf *f, const struct elf_mapping *m) {
  const struct elf_segment *found = NULL;
  for (uint32_t i = 0; i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (!is_load(p) || !(p->flags & PF_X) || p->file_size) continue;
    uint64_t size = page_floor(p->address + p->memory_size + PAGE - 1) - page_floor(p->address);
    if (!found || size == m->limit - m->start) found = p;
  }
  return found;
}

static const struct elf_segment *mapped_segment(const struct elf *f, const struct elf_mapping *m, uint64_t address) {
  const struct elf_segment *best = NULL;
  uint64_t file_offset = address - m->start + m->offset;
  for (uint32_t i = 0; i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (!may_hold(p, m->offset, m->limit - m->start)) continue;
    if (!best || fitness(p, file_offset) > fitness(best, file_offset)) best = p;
  }
  return best;
}

static bool has_loads(const struct elf *f) {
  for (uint32_t i = 0; i < f->n_segments; i++)
    if (is_load(&f->segment[i])) return true;
  return false;
}

// ---- kernels ------------------------------------------------------------------------------------

// Looked for only where the mapping may be a kernel's: it takes all symbols.
void elf_find_relocation(struct elf *f, struct elf_mapping *m, struct str name) {
  const struct elf_symbol *symbol;
  bool aligned = m->start % PAGE == 0 && m->limit % PAGE == 0 && m->offset % PAGE == 0;
  size_t n;
  if (aligned && !name.n && m->start && m->start < upper_half) return;
  if (elf_symbols(f, &symbol, &n, NULL)) return;
  if (!name.n) name = STR_LIT("_stext");
  for (size_t i = 0; i < n && !m->relocated; i++) {
    m->relocated = str_eq(symbol[i].name, name);
    m->relocation = symbol[i].address;
  }
}

// What kernels' mappings look like. true and by how much the kernel was moved.
static bool kernel_bias(const struct elf_segment *p, const struct elf_mapping *m, uint64_t *bias) {
  const uint64_t powerpc = UINT64_C(0xc000000000000000);  // its kernels' first address, given as the offset
  bool by_symbol = m->relocated && m->start % PAGE == m->relocation % PAGE;
  bool upper = m->start >= upper_half && m->limit > m->start &&
               (m->offset == 0 || m->offset == powerpc || m->offset == m->start);
  *bias = m->offset;
  if (p->address == m->start - m->offset) return true;
  *bias = m->relocated ? m->start - m->relocation : 0;
  if (m->start == 0 && m->limit && m->relocated) return true;  // moved to address 0
  if (upper && !by_symbol) *bias = m->start - p->address;
  return upper || (by_symbol && m->start % PAGE);
}

// ---- all of it ----------------------------------------------------------------------------------

// A program that is not position-independent lies where it was linked for, whatever offsets the profile gives.
static bool is_where_linked(const struct elf *f, uint64_t start) {
  for (uint32_t i = 0; i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (is_load(p) && p->flags & PF_X && start - page_floor(p->address) < p->memory_size) return true;
  }
  return false;
}

static int executable_bias(const struct elf_segment *p, const struct elf_mapping *m, uint64_t *bias, struct err *e) {
  *bias = 0;
  if (!p) return 0;
  if (!m->relocated && m->start > 0 && m->start < upper_half) {
    *bias = m->start - m->offset + p->offset - p->address;
    return 0;
  }
  if (kernel_bias(p, m, bias)) return 0;
  if (m->start || !m->limit || m->relocated) return err_set(e, "the mapping does not fit the program's segments");
  *bias = 0 - p->address;
  return 0;
}

static void shared_bias(const struct elf_segment *p, const struct elf_mapping *m, uint64_t *bias) {
  if (!p) *bias = m->start - m->offset;
  else if (kernel_bias(p, m, bias)) return;
  else if (p->file_size) *bias = m->start - m->offset + p->offset - p->address;
  else *bias = m->start - page_floor(p->address);
}

static int find_bias(const struct elf *f, const struct elf_mapping *m, uint64_t address, uint64_t *bias,
                     struct err *e) {
  const struct elf_segment *p = NULL;
  *bias = 0;
  if (f->type == ET_EXEC && !m->relocated && is_where_linked(f, m->start)) return 0;
  if (m->relocated || m->start >= m->limit || m->limit >= upper_half) p = text_segment(f);
  else if (has_loads(f) && !(p = mapped_segment(f, m, address)) && !(p = empty_segment(f, m)))
    return err_set(e, "no segment of the file is what the profile says was mapped");
  switch (f->type) {
    case ET_EXEC: return executable_bias(p, m, bias, e);
    case ET_DYN: shared_bias(p, m, bias); return 0;
    case ET_REL: *bias = m->start; return m->offset ? err_set(e, "an object file that was mapped in parts") : 0;
    default: return err_set(e, "an ELF file of type %u, which no program runs from", f->type);
  }
}

int elf_object_address(const struct elf *f, const struct elf_mapping *m, uint64_t address, uint64_t *object_address,
                       struct err *e) {
  uint64_t bias = 0;
  // Made up to have a mapping at all: addresses are the object's own.
  bool whole = m->start == 0 && m->offset == 0 && (m->limit == 0 || m->limit == UINT64_MAX);
  if (!whole) {
    if (address < m->start || (m->limit && address >= m->limit))
      return err_set(e, "the address is outside of its mapping");
    if (find_bias(f, m, address, &bias, e)) return -1;
  }
  *object_address = address - bias;
  return 0;
}

bool elf_is_code(const struct elf *f, uint64_t address) {
  for (uint32_t i = 0; i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    if (is_load(p) && address - p->address < p->memory_size) return p->flags & PF_X;
  }
  for (uint32_t i = 0; i < f->n_sections; i++) {
    const struct elf_section_header *s = &f->section[i];
    if (s->flags & SHF_EXECINSTR && address - s->address < s->size) return true;
  }
  return false;
}

struct str elf_loaded(const struct elf *f, uint64_t address) {
  for (uint32_t i = 0; i < f->n_segments; i++) {
    const struct elf_segment *p = &f->segment[i];
    uint64_t within = address - p->address;
    if (is_load(p) && within < p->file_size && p->offset + within >= within)
      return elf__part(f, p->offset + within, p->file_size - within);
  }
  return (struct str){f->bytes.p, 0};
}
