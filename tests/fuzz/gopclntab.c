// Fuzz target: any bytes as Go's table of functions. They are put into an object, where trees of inlined calls count
// from the table itself; addresses of its first functions are looked up.
#include "symbolize/gopclntab.h"

#include <elf.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint64_t base = 0x400000;

static void touch(struct str s) {
  volatile unsigned char sum = 0;
  for (size_t i = 0; i < s.n; i++) sum = (unsigned char)(sum + (unsigned char)s.p[i]);
}

static void take_frame(void *arg, const struct dwarf_frame *frame) {
  size_t *n = arg;
  ++*n;
  touch(frame->name);
  touch(frame->file);
}

static void look_up(struct elf *f, size_t size) {
  struct err e = {""};
  struct go_table *t = go_table_open(f, &e);
  if (!t && !e.text[0]) abort();
  // The seeds' functions are described as beginning at 0x401000.
  for (uint64_t a = 0x400fff; t && a < 0x401000 + size && a < 0x401400; a += 3) {
    size_t n = 0;
    if (go_table_lookup(t, a, take_frame, &n) != (n != 0) || n > 300) abort();
  }
  go_table_free(t);
}

// The file: header, one segment, sections for the table, for code and for their names, then the table and the names.
struct file {
  Elf64_Ehdr header;
  Elf64_Phdr segment;
  Elf64_Shdr section[4];
  char names[32];
  uint64_t module[41];  // of runtime.moduledata
};

static void describe(struct file *f, size_t size) {
  const uint64_t table = base + sizeof *f;
  static const char names[] = "\0.gopclntab\0.text\0.data";
  memcpy(f->header.e_ident, "\177ELF\2\1\1", 7);
  f->header.e_type = ET_EXEC;
  f->header.e_machine = EM_X86_64;
  f->header.e_phoff = offsetof(struct file, segment);
  f->header.e_phentsize = sizeof f->segment;
  f->header.e_phnum = 1;
  f->header.e_shoff = offsetof(struct file, section);
  f->header.e_shentsize = sizeof *f->section;
  f->header.e_shnum = 4;
  f->header.e_shstrndx = 0;
  f->segment = (Elf64_Phdr){.p_type = PT_LOAD,
                            .p_flags = PF_R | PF_X,
                            .p_vaddr = base,
                            .p_filesz = sizeof *f + size,
                            .p_memsz = sizeof *f + size,
                            .p_align = 1};
  f->section[0] =
      (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_offset = offsetof(struct file, names), .sh_size = sizeof f->names};
  f->section[1] =
      (Elf64_Shdr){.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_addr = table, .sh_offset = sizeof *f, .sh_size = size};
  f->section[2] = (Elf64_Shdr){.sh_name = 12, .sh_type = SHT_PROGBITS, .sh_addr = 0x401000};
  f->section[3] = (Elf64_Shdr){.sh_name = 18,
                               .sh_type = SHT_PROGBITS,
                               .sh_flags = SHF_WRITE,
                               .sh_addr = base + offsetof(struct file, module),
                               .sh_offset = offsetof(struct file, module),
                               .sh_size = sizeof f->module};
  memcpy(f->names, names, sizeof names);
  f->module[0] = table;
  f->module[22] = 0x401000;
  f->module[38] = f->module[40] = table;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = malloc(sizeof(struct file) + size);
  struct file *f = calloc(1, sizeof *f);
  if (!bytes || !f) abort();
  describe(f, size);
  memcpy(bytes, f, sizeof *f);
  if (size) memcpy(bytes + sizeof *f, data, size);
  struct elf *object = elf_open_memory((struct str){bytes, sizeof *f + size}, NULL);
  if (!object) abort();
  look_up(object, size);
  elf_close(object);
  free(f);
  free(bytes);
  return 0;
}
