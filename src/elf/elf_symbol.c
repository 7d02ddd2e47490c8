// The symbol table: read once, sorted by address, one symbol an address.
#include <elf.h>
#include <stdlib.h>

#include "elf/internal.h"

// ---- one entry of the file's table --------------------------------------------------------------

struct entry {
  uint64_t address, size;
  uint32_t name, number;  // in the string table; in the symbol table
  uint32_t file;          // name of the file, 0: none
  unsigned type, section;
  bool local;
};

// The symbols of one section and their strings.
struct symbol_table {
  const struct elf_section_header *section;
  struct str bytes, strings;
  size_t step, n;
};

static struct symbol_table open_table(const struct elf *f, const struct elf_section_header *s) {
  size_t least = f->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
  struct symbol_table t = {.section = s, .bytes = elf__section_bytes(f, s), .step = least};
  if (s->entry_size > least && s->entry_size < 1024) t.step = (size_t)s->entry_size;
  t.n = t.bytes.n / t.step;
  if (t.n > UINT32_MAX - 1) t.n = UINT32_MAX - 1;
  if (s->link < f->n_sections) t.strings = elf__section_bytes(f, &f->section[s->link]);
  return t;
}

#define SYMBOL32(field) (at + offsetof(Elf32_Sym, field))
#define SYMBOL64(field) (at + offsetof(Elf64_Sym, field))

static struct entry read_entry(const struct elf *f, const struct symbol_table *t, size_t number) {
  const char *at = t->bytes.p + number * t->step;
  unsigned char info = (unsigned char)*(f->is_64 ? SYMBOL64(st_info) : SYMBOL32(st_info));
  return (struct entry){
      .address = elf__word(f, SYMBOL32(st_value), SYMBOL64(st_value)),
      .size = elf__word(f, SYMBOL32(st_size), SYMBOL64(st_size)),
      .name = elf__u32(f, at),
      .number = (uint32_t)number,
      .type = ELF64_ST_TYPE(info),
      .local = ELF64_ST_BIND(info) == STB_LOCAL,
      .section = elf__u16(f, f->is_64 ? SYMBOL64(st_shndx) : SYMBOL32(st_shndx)),
  };
}

static struct str without_version(struct str name) {
  const char *at = name.n ? memchr(name.p, '@', name.n) : NULL;
  return at ? (struct str){name.p, (size_t)(at - name.p)} : name;
}

bool elf__symbol_name(const struct elf *f, const struct elf_section_header *table, uint64_t number, struct str *name) {
  struct symbol_table t = open_table(f, table);
  if (number >= t.n) return false;
  if (!elf__string(t.strings, read_entry(f, &t, (size_t)number).name, name)) return false;
  *name = without_version(*name);
  return name->n != 0;
}

// ARM marks where code and data begin by symbols of these names.
static bool is_mark(const struct elf *f, struct str name) {
  return (f->machine == EM_ARM || f->machine == EM_AARCH64) && name.n >= 2 && name.p[0] == '$' &&
         (name.n == 2 || name.p[2] == '.');
}

// Does the symbol stand for something that is in memory when the program runs?
static bool is_loaded(const struct elf *f, const struct entry *s) {
  if (s->type != STT_NOTYPE && s->type != STT_FUNC && s->type != STT_OBJECT && s->type != STT_GNU_IFUNC) return false;
  if (s->section == SHN_UNDEF || s->section == SHN_ABS || s->section == SHN_COMMON) return false;
  return s->section >= SHN_LORESERVE || s->section >= f->n_sections || f->section[s->section].flags & SHF_ALLOC;
}

// ---- the sorted table ---------------------------------------------------------------------------

static int compare_entries(const void *a, const void *b) {
  const struct entry *x = a, *y = b;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  if (x->size != y->size) return x->size < y->size ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

int elf__add_symbol(struct elf *f, struct elf_symbol s) {
  if (ARRAY_RESERVE(f->symbol, f->symbol_cap, f->n_symbols + 1)) return -1;
  f->symbol[f->n_symbols++] = s;
  return 0;
}

static int add_entries(struct elf *f, const struct symbol_table *t, const struct entry *sorted, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const struct entry *s = &sorted[i];
    struct str name, file = {"", 0};
    if (i + 1 < n && s[1].address == s->address) continue;
    if (!elf__string(t->strings, s->name, &name)) continue;
    if (s->file) elf__string(t->strings, s->file, &file);
    if (elf__add_symbol(f, (struct elf_symbol){s->address, s->size, without_version(name), file})) return -1;
  }
  return 0;
}

// Takes what counts of the section's entries into `found`, which has room for all of them; returns how many.
static size_t take_entries(const struct elf *f, const struct symbol_table *t, struct entry *found) {
  size_t n = 0;
  uint32_t file = 0;
  struct str name;
  for (size_t i = 1; i < t->n; i++) {
    struct entry s = read_entry(f, t, i);
    // The local symbols of a file follow its name.
    if (s.type == STT_FILE) file = s.name;
    s.file = s.local ? file : 0;
    if (!is_loaded(f, &s) || !elf__string(t->strings, s.name, &name) || !name.n || is_mark(f, name)) continue;
    if (f->machine == EM_ARM && s.type == STT_FUNC) s.address &= ~UINT64_C(1);  // the bit says Thumb
    found[n++] = s;
  }
  return n;
}

static int add_table(struct elf *f, const struct elf_section_header *section) {
  struct symbol_table t = open_table(f, section);
  if (t.n == 0) return 0;
  struct entry *found = malloc(t.n * sizeof *found);
  if (!found) return -1;
  size_t n = take_entries(f, &t, found);
  qsort(found, n, sizeof *found, compare_entries);
  int result = add_entries(f, &t, found, n);
  free(found);
  return result;
}

static int add_tables(struct elf *f, uint32_t type) {
  for (uint32_t i = 0; i < f->n_sections; i++)
    if (f->section[i].type == type && f->n_symbols == 0 && add_table(f, &f->section[i])) return -1;
  return 0;
}

static int compare_symbols(const void *a, const void *b) {
  const struct elf_symbol *x = a, *y = b;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return str_cmp(x->name, y->name);
}

// Under the lock.
static int make_symbols(struct elf *f) {
  if (f->symbols_made) return 0;
  if (add_tables(f, SHT_SYMTAB) || (f->n_symbols == 0 && add_tables(f, SHT_DYNSYM))) return -1;
  size_t n = f->n_symbols;
  if (elf__add_plt_symbols(f)) return -1;
  if (n != f->n_symbols) qsort(f->symbol, f->n_symbols, sizeof *f->symbol, compare_symbols);
  f->symbols_made = true;
  return 0;
}

int elf_symbols(struct elf *f, const struct elf_symbol **symbols, size_t *n, struct err *e) {
  pthread_mutex_lock(&f->mutex);
  int result = make_symbols(f);
  if (result) f->n_symbols = 0;
  pthread_mutex_unlock(&f->mutex);
  *symbols = f->symbol;
  *n = f->n_symbols;
  return result ? err_nomem(e) : 0;
}

const struct elf_symbol *elf_symbol_at(struct elf *f, uint64_t address) {
  const struct elf_symbol *symbol;
  size_t low = 0, high;
  if (elf_symbols(f, &symbol, &high, NULL)) return NULL;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (symbol[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  if (low == 0) return NULL;
  const struct elf_symbol *s = &symbol[low - 1];
  return s->size && address - s->address >= s->size ? NULL : s;
}
