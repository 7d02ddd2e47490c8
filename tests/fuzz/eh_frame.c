// Fuzz target for the rules of unwinding: the bytes become the sections of an object, then stacks are unwound by them. The
// first byte says which sections there are, the second where they are cut, the third where the walk begins.
#include <elf.h>
#include <stdlib.h>

#include "unwind/unwind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 3, MOST = 1 << 14, DEPTH = 64, STACK = 512, CODE = 0x1000, RULES = 0x8000, HEADER = 0x20000 };
// Positions in the names.
enum { EH_FRAME = 1, EH_FRAME_HDR = 11, DEBUG_FRAME = 25, SHSTRTAB = 38 };
static const char names[] = "\0.eh_frame\0.eh_frame_hdr\0.debug_frame\0.shstrtab";

static void expect(bool ok) {
  if (!ok) abort();
}

struct object {
  Elf64_Ehdr header;
  Elf64_Shdr section[4];
  char names[sizeof names];
  uint8_t bytes[];
};

static void add_section(struct object *o, unsigned name, uint64_t address, size_t offset, size_t size) {
  o->section[o->header.e_shnum++] =
      (Elf64_Shdr){.sh_name = name, .sh_type = SHT_PROGBITS, .sh_addr = address, .sh_offset = offset, .sh_size = size};
}

static struct object *make(const uint8_t *data, size_t size) {
  size_t n = size - HEAD, cut = n * data[1] / 255, bytes = offsetof(struct object, bytes);
  bool debug = data[0] & 1, both = data[0] & 2;
  struct object *o = calloc(1, bytes + n);
  expect(o != NULL);
  memcpy(o->header.e_ident, ELFMAG "\2\1\1", 7);
  o->header.e_machine = EM_X86_64;
  o->header.e_type = ET_DYN;
  o->header.e_entry = CODE + 0x40;
  o->header.e_shoff = offsetof(struct object, section);
  o->header.e_shentsize = sizeof(Elf64_Shdr);
  o->header.e_shnum = 1;
  memcpy(o->names, names, sizeof names);
  memcpy(o->bytes, data + HEAD, n);
  add_section(o, debug ? DEBUG_FRAME : EH_FRAME, RULES, bytes, cut);
  if (both) add_section(o, debug ? EH_FRAME : DEBUG_FRAME, RULES, bytes + cut, n - cut);
  else add_section(o, EH_FRAME_HDR, HEADER, bytes + cut, n - cut);
  o->header.e_shstrndx = o->header.e_shnum;
  add_section(o, SHSTRTAB, 0, offsetof(struct object, names), sizeof names);
  return o;
}

static struct unwind_table *find_table(void *arg, uint64_t address, uint64_t *bias, bool *code) {
  *bias = 0;
  *code = address < RULES;
  return address < 2 * RULES ? arg : NULL;
}

static bool read_memory(void *arg, uint64_t address, void *bytes, size_t n) {
  (void)arg;
  memset(bytes, (int)address, n);
  return address & 1;
}

static void try_walk(struct unwind_table *t, uint64_t address, const unsigned char *bytes, size_t n) {
  struct unwind_source source = {find_table, address & 4 ? read_memory : NULL, t};
  struct unwind_stack stack = {0x7000000, bytes, n};
  struct unwind_registers registers = {0};
  struct unwind_result result;
  uint64_t pc[DEPTH];
  for (unsigned i = 0; i < UNWIND_REGISTERS; i++) registers.r[i] = stack.start + 8 * i;
  registers.r[UNWIND_RSP] = stack.start;
  registers.r[UNWIND_RIP] = address;
  size_t found = unwind(&source, &registers, &stack, pc, DEPTH, &result);
  expect(found >= 1 && found <= DEPTH && result.sure >= 1 && result.sure <= found);
  expect(unwind_end_name(result.end)[0] != '\0');
}

// Frame pointers and return addresses into the code, and above them what the input has.
static void fill_stack(unsigned char *stack, const uint8_t *data, size_t size) {
  for (size_t i = 0; i < STACK; i += 8) {
    uint64_t v = i % 24 == 8 ? 0x7000000 + i + 16 : CODE + i * 3;
    memcpy(stack + i, &v, 8);
  }
  for (size_t i = 0; i < STACK / 2 && i < size; i++) stack[STACK / 2 + i] ^= data[size - 1 - i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {""};
  unsigned char stack[STACK];
  if (size <= HEAD || size - HEAD > MOST) return 0;
  struct object *o = make(data, size);
  fill_stack(stack, data, size);
  struct elf *elf = elf_open_memory((struct str){(const char *)o, offsetof(struct object, bytes) + size - HEAD}, &e);
  expect(elf != NULL);
  struct unwind_table *t = unwind_table_new(elf, &e);
  expect(t ? !e.text[0] : e.text[0] != '\0');
  for (unsigned i = 0; t && i < 64; i++) try_walk(t, CODE + (uint64_t)data[2] + i * 7, stack, i % 4 ? STACK : i * 8);
  unwind_table_free(t);
  elf_close(elf);
  free(o);
  return 0;
}
