// Opening an object: the file's header, its section headers and its program headers, brought into one shape.
#include "elf/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf/internal.h"

// ---- reading what the file holds ----------------------------------------------------------------

static uint64_t read_bytes(const struct elf *f, const char *at, unsigned n) {
  uint64_t v = 0;
  for (unsigned i = 0; i < n; i++) v = v << 8 | (unsigned char)at[f->big_endian ? i : n - 1 - i];
  return v;
}

uint16_t elf__u16(const struct elf *f, const char *at) { return (uint16_t)read_bytes(f, at, 2); }
uint32_t elf__u32(const struct elf *f, const char *at) { return (uint32_t)read_bytes(f, at, 4); }
uint64_t elf__u64(const struct elf *f, const char *at) { return read_bytes(f, at, 8); }
uint64_t elf__word(const struct elf *f, const char *at32, const char *at64) {
  return f->is_64 ? elf__u64(f, at64) : elf__u32(f, at32);
}

struct str elf__part(const struct elf *f, uint64_t offset, uint64_t size) {
  if (offset >= f->bytes.n) return (struct str){f->bytes.p, 0};
  uint64_t left = f->bytes.n - offset;
  return (struct str){f->bytes.p + offset, (size_t)(size < left ? size : left)};
}

bool elf__string(struct str table, uint64_t offset, struct str *s) {
  if (offset >= table.n) return false;
  const char *at = table.p + offset, *end = memchr(at, '\0', table.n - (size_t)offset);
  if (!end) return false;
  *s = (struct str){at, (size_t)(end - at)};
  return true;
}

// ---- sections -----------------------------------------------------------------------------------

struct str elf__section_bytes(const struct elf *f, const struct elf_section_header *s) {
  if (s->type == SHT_NOBITS || s->type == SHT_NULL) return (struct str){NULL, 0};
  return elf__part(f, s->offset, s->size);
}

const struct elf_section_header *elf__section(const struct elf *f, struct str name) {
  for (uint32_t i = 0; i < f->n_sections; i++)
    if (str_eq(f->section[i].name, name)) return &f->section[i];
  return NULL;
}

bool elf_section_address(const struct elf *f, const char *name, uint64_t *address) {
  const struct elf_section_header *s = elf__section(f, str_of(name));
  if (s) *address = s->address;
  return s != NULL;
}

#define FIELD32(type, field) (at + offsetof(Elf32_##type, field))
#define FIELD64(type, field) (at + offsetof(Elf64_##type, field))
#define U32(type, field) elf__u32(f, f->is_64 ? FIELD64(type, field) : FIELD32(type, field))
#define U16(type, field) elf__u16(f, f->is_64 ? FIELD64(type, field) : FIELD32(type, field))
#define WORD(type, field) elf__word(f, FIELD32(type, field), FIELD64(type, field))

static struct elf_section_header read_section(const struct elf *f, const char *at) {
  return (struct elf_section_header){
      .type = U32(Shdr, sh_type),
      .link = U32(Shdr, sh_link),
      .info = U32(Shdr, sh_info),
      .flags = WORD(Shdr, sh_flags),
      .address = WORD(Shdr, sh_addr),
      .offset = WORD(Shdr, sh_offset),
      .size = WORD(Shdr, sh_size),
      .align = WORD(Shdr, sh_addralign),
      .entry_size = WORD(Shdr, sh_entsize),
  };
}

// A table of the file: rows of at least `least` bytes. Its rows are cut at the file's end.
struct table {
  struct str bytes;
  size_t step, n;
};

static struct table find_table(const struct elf *f, uint64_t offset, uint64_t step, uint64_t n, size_t least) {
  struct table t = {{NULL, 0}, (size_t)step, 0};
  if (step < least || offset == 0) return t;
  t.bytes = elf__part(f, offset, UINT64_MAX);
  t.n = t.bytes.n / t.step;
  if (n < t.n) t.n = (size_t)n;
  return t;
}

static void name_sections(struct elf *f, const struct table *t, uint64_t names) {
  if (names >= f->n_sections) return;
  struct str strings = elf__section_bytes(f, &f->section[names]);
  for (uint32_t i = 0; i < f->n_sections; i++)
    elf__string(strings, elf__u32(f, t->bytes.p + i * t->step), &f->section[i].name);
}

static int read_sections(struct elf *f, struct err *e) {
  const char *at = f->bytes.p;
  size_t least = f->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
  uint64_t n = U16(Ehdr, e_shnum), names = U16(Ehdr, e_shstrndx);
  struct table t = find_table(f, WORD(Ehdr, e_shoff), U16(Ehdr, e_shentsize), UINT32_MAX - 1, least);
  if (t.n == 0) return 0;
  // Counts that do not fit the header are in the first section.
  struct elf_section_header first = read_section(f, t.bytes.p);
  if (n == 0) n = first.size;
  if (names == SHN_XINDEX) names = first.link;
  if (n < t.n) t.n = (size_t)n;
  f->section = calloc(t.n + 1, sizeof *f->section);
  if (!f->section) return err_nomem(e);
  f->n_sections = (uint32_t)t.n;
  for (uint32_t i = 0; i < f->n_sections; i++) f->section[i] = read_section(f, t.bytes.p + i * t.step);
  name_sections(f, &t, names);
  return 0;
}

// ---- segments -----------------------------------------------------------------------------------

static struct elf_segment read_segment(const struct elf *f, const char *at) {
  return (struct elf_segment){
      .type = U32(Phdr, p_type),
      .flags = U32(Phdr, p_flags),
      .offset = WORD(Phdr, p_offset),
      .address = WORD(Phdr, p_vaddr),
      .file_size = WORD(Phdr, p_filesz),
      .memory_size = WORD(Phdr, p_memsz),
      .align = WORD(Phdr, p_align),
  };
}

static int read_segments(struct elf *f, struct err *e) {
  const char *at = f->bytes.p;
  size_t least = f->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
  uint64_t n = U16(Ehdr, e_phnum);
  if (n == PN_XNUM && f->n_sections) n = f->section[0].info;
  struct table t = find_table(f, WORD(Ehdr, e_phoff), U16(Ehdr, e_phentsize), n, least);
  f->segment = calloc(t.n + 1, sizeof *f->segment);
  if (!f->segment) return err_nomem(e);
  f->n_segments = (uint32_t)t.n;
  for (uint32_t i = 0; i < f->n_segments; i++) f->segment[i] = read_segment(f, t.bytes.p + i * t.step);
  return 0;
}

// ---- the file -----------------------------------------------------------------------------------

static int read_header(struct elf *f, struct err *e) {
  const char *at = f->bytes.p;
  if (f->bytes.n < EI_NIDENT || memcmp(at, ELFMAG, SELFMAG) != 0) return err_set(e, "no ELF file");
  unsigned char class = (unsigned char)at[EI_CLASS], data = (unsigned char)at[EI_DATA];
  if ((class != ELFCLASS32 && class != ELFCLASS64) || (data != ELFDATA2LSB && data != ELFDATA2MSB))
    return err_set(e, "an ELF file of an unknown class or byte order");
  f->is_64 = class == ELFCLASS64;
  f->big_endian = data == ELFDATA2MSB;
  if (f->bytes.n < (f->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
    return err_set(e, "an ELF file that ends within its header");
  f->type = U16(Ehdr, e_type);
  f->machine = U16(Ehdr, e_machine);
  f->entry = WORD(Ehdr, e_entry);
  return 0;
}

static struct elf *open_bytes(struct str bytes, bool mapped, struct err *e) {
  struct elf *f = calloc(1, sizeof *f);
  if (!f) {
    if (mapped) munmap((void *)(uintptr_t)bytes.p, bytes.n);
    err_nomem(e);
    return NULL;
  }
  f->bytes = bytes;
  f->mapped = mapped;
  pthread_mutex_init(&f->mutex, NULL);
  if (read_header(f, e) || read_sections(f, e) || read_segments(f, e)) {
    elf_close(f);
    return NULL;
  }
  f->build_id = elf__find_build_id(f);
  return f;
}

struct elf *elf_open_memory(struct str bytes, struct err *e) {
  return open_bytes(bytes, false, e);
}

// Only plain files: opening a device or a pipe that a profile names could do anything.
static int map_file(int fd, struct str *bytes, struct err *e) {
  struct stat st;
  if (fstat(fd, &st)) return err_set(e, "%s", strerror(errno));
  if (!S_ISREG(st.st_mode)) return err_set(e, "not a plain file");
  if (st.st_size < EI_NIDENT || (uint64_t)st.st_size > SIZE_MAX) return err_set(e, "no ELF file");
  void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (p == MAP_FAILED) return err_set(e, "%s", strerror(errno));
  *bytes = (struct str){p, (size_t)st.st_size};
  return 0;
}

struct elf *elf_open(const char *path, struct err *e) {
  struct str bytes = {NULL, 0};
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    err_set(e, "%s", strerror(errno));
    return NULL;
  }
  int result = map_file(fd, &bytes, e);
  close(fd);
  return result ? NULL : open_bytes(bytes, true, e);
}

void elf_close(struct elf *f) {
  if (!f) return;
  for (size_t i = 0; i < f->n_inflated; i++) free(f->inflated[i].bytes);
  free(f->inflated);
  free(f->symbol);
  arena_release(&f->names);
  free(f->section);
  free(f->segment);
  if (f->mapped) munmap((void *)(uintptr_t)f->bytes.p, f->bytes.n);
  pthread_mutex_destroy(&f->mutex);
  free(f);
}

bool elf_is_64(const struct elf *f) { return f->is_64; }
bool elf_is_big_endian(const struct elf *f) { return f->big_endian; }
unsigned elf_machine(const struct elf *f) { return f->machine; }
uint64_t elf_entry(const struct elf *f) { return f->entry; }
struct str elf_build_id(const struct elf *f) {
  return f->build_id;
}
