// Objects put together here: sections of every packing, identity, where segments lie, symbols. And what damage does.
#include "elf/elf.h"

#include <elf.h>
#include <stdlib.h>

#include "support/test.h"

// ---- building an object -------------------------------------------------------------------------

enum { MOST = 12, SIZE = 4096 };

// A 64-bit little-endian object: this machine's own layout, written by memcpy.
struct object {
  char bytes[SIZE];
  size_t n;
  Elf64_Ehdr header;
  Elf64_Phdr segment[MOST];
  Elf64_Shdr section[MOST];
  char names[256];
  size_t n_names;
};

static void object_init(struct object *o, unsigned type) {
  *o = (struct object){.n = sizeof(Elf64_Ehdr), .n_names = 1};
  memcpy(o->header.e_ident, ELFMAG, SELFMAG);
  o->header.e_ident[EI_CLASS] = ELFCLASS64;
  o->header.e_ident[EI_DATA] = ELFDATA2LSB;
  o->header.e_type = (Elf64_Half)type;
  o->header.e_machine = EM_X86_64;
  o->header.e_shnum = 1;
}

static uint64_t put(struct object *o, const void *bytes, size_t n) {
  uint64_t at = o->n;
  assert_true(o->n + n <= SIZE);
  memcpy(o->bytes + o->n, bytes, n);
  o->n = (o->n + n + 7) & ~(size_t)7;
  return at;
}

static Elf64_Shdr *add_section(struct object *o, const char *name, unsigned type, uint64_t flags, const void *bytes,
                               size_t n) {
  Elf64_Shdr *s = &o->section[o->header.e_shnum++];
  *s = (Elf64_Shdr){.sh_name = (Elf64_Word)o->n_names, .sh_type = type, .sh_flags = flags, .sh_size = n};
  s->sh_offset = put(o, bytes, n);
  memcpy(o->names + o->n_names, name, strlen(name) + 1);
  o->n_names += strlen(name) + 1;
  return s;
}

static void add_segment(struct object *o, unsigned flags, uint64_t offset, uint64_t address, uint64_t size) {
  o->segment[o->header.e_phnum++] = (Elf64_Phdr){.p_type = PT_LOAD,
                                                 .p_flags = flags,
                                                 .p_offset = offset,
                                                 .p_vaddr = address,
                                                 .p_filesz = size,
                                                 .p_memsz = size,
                                                 .p_align = 4096};
}

static struct elf *open_object(struct object *o) {
  struct err e = {""};
  o->header.e_shstrndx = o->header.e_shnum;
  add_section(o, ".shstrtab", SHT_STRTAB, 0, "", 0);
  o->section[o->header.e_shstrndx].sh_offset = put(o, o->names, sizeof o->names);
  o->section[o->header.e_shstrndx].sh_size = sizeof o->names;
  o->header.e_shentsize = sizeof(Elf64_Shdr);
  o->header.e_phentsize = sizeof(Elf64_Phdr);
  o->header.e_shoff = put(o, o->section, o->header.e_shnum * sizeof(Elf64_Shdr));
  o->header.e_phoff = put(o, o->segment, o->header.e_phnum * sizeof(Elf64_Phdr));
  memcpy(o->bytes, &o->header, sizeof o->header);
  struct elf *f = elf_open_memory((struct str){o->bytes, o->n}, &e);
  assert_string_equal(e.text, "");
  assert_non_null(f);
  return f;
}

// ---- opening ------------------------------------------------------------------------------------

static void expect_refused(struct str bytes, const char *why) {
  struct err e = {""};
  assert_null(elf_open_memory(bytes, &e));
  assert_string_equal(e.text, why);
}

static void test_elf_open__refuses(void **state) {
  struct err e = {""};
  (void)state;
  expect_refused(STR_LIT(""), "no ELF file");
  expect_refused(STR_LIT("#!/bin/sh\nexec true\n"), "no ELF file");
  expect_refused(STR_LIT("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0"), "an ELF file that ends within its header");
  expect_refused(STR_LIT("\177ELF\7\1\1\0\0\0\0\0\0\0\0\0\2\0"), "an ELF file of an unknown class or byte order");
  assert_null(elf_open("/nonexistent/binary", &e));
  assert_string_equal(e.text, "No such file or directory");
  err_clear(&e);
  assert_null(elf_open("/dev/null", &e));
  assert_string_equal(e.text, "not a plain file");
}

static void test_elf_open__big_endian_32(void **state) {
  struct err e = {""};
  char bytes[52] = "\177ELF\1\2\1";
  (void)state;
  memcpy(bytes + 16, "\0\2\0\24", 4);  // ET_EXEC, EM_PPC
  struct elf *f = elf_open_memory((struct str){bytes, sizeof bytes}, &e);
  assert_non_null(f);
  assert_false(elf_is_64(f));
  assert_true(elf_is_big_endian(f));
  assert_int_equal(elf_machine(f), EM_PPC);
  assert_int_equal(elf_build_id(f).n, 0);
  elf_close(f);
}

// ---- sections -----------------------------------------------------------------------------------

// zlib of "hello", not compressed but stored.
#define STORED "\x78\x01\x01\x05\x00\xfa\xffhello\x06\x2c\x02\x15"

static void expect_section(struct elf *f, const char *name, const char *bytes) {
  struct err e = {""};
  struct str s;
  assert_int_equal(elf_section(f, name, &s, &e), 1);
  assert_int_equal(s.n, strlen(bytes));
  assert_memory_equal(s.p, bytes, s.n);
}

static void expect_damaged(struct elf *f, const char *name, const char *why) {
  struct err e = {""};
  struct str s;
  assert_int_equal(elf_section(f, name, &s, &e), -1);
  assert_string_equal(e.text, why);
}

struct packed {
  Elf64_Chdr header;
  char bytes[sizeof STORED - 1];
};

static struct packed pack(uint32_t type, uint64_t size) {
  struct packed p = {.header = {.ch_type = type, .ch_size = size, .ch_addralign = 1}};
  memcpy(p.bytes, STORED, sizeof p.bytes);
  return p;
}

static void test_elf_section__packings(void **state) {
  struct object o;
  struct str s;
  struct packed zlib = pack(ELFCOMPRESS_ZLIB, 5), zstd = pack(2, 5), bomb = pack(ELFCOMPRESS_ZLIB, UINT64_C(1) << 60),
                more = pack(ELFCOMPRESS_ZLIB, 6);
  (void)state;
  object_init(&o, ET_EXEC);
  add_section(&o, ".plain", SHT_PROGBITS, 0, "hello", 5);
  add_section(&o, ".debug_info", SHT_PROGBITS, SHF_COMPRESSED, &zlib, sizeof zlib);
  add_section(&o, ".zdebug_line", SHT_PROGBITS, 0, "ZLIB\0\0\0\0\0\0\0\5" STORED, 12 + sizeof STORED - 1);
  add_section(&o, ".zstd", SHT_PROGBITS, SHF_COMPRESSED, &zstd, sizeof zstd);
  add_section(&o, ".bomb", SHT_PROGBITS, SHF_COMPRESSED, &bomb, sizeof bomb);
  add_section(&o, ".more", SHT_PROGBITS, SHF_COMPRESSED, &more, sizeof more);
  add_section(&o, ".short", SHT_PROGBITS, SHF_COMPRESSED, "abc", 3);
  add_section(&o, ".empty", SHT_NOBITS, 0, "", 0);
  add_section(&o, ".outside", SHT_PROGBITS, 0, "", 0)->sh_size = UINT64_MAX;
  struct elf *f = open_object(&o);
  expect_section(f, ".plain", "hello");
  expect_section(f, ".debug_info", "hello");
  expect_section(f, ".debug_info", "hello");
  expect_section(f, ".debug_line", "hello");
  expect_damaged(f, ".zstd", "section .zstd is compressed with zstd, which cprof cannot inflate");
  expect_damaged(f, ".bomb", "section .bomb claims to be larger than it can be");
  expect_damaged(f, ".more", "section .more has damaged zlib data");
  expect_damaged(f, ".short", "section .short is too short");
  expect_damaged(f, ".outside", "section .outside reaches beyond the end of the file");
  assert_int_equal(elf_section(f, ".empty", &s, NULL), 0);
  assert_int_equal(elf_section(f, ".absent", &s, NULL), 0);
  assert_true(elf_has_section(f, ".debug_line"));
  assert_false(elf_has_section(f, ".empty"));
  elf_close(f);
}

static void test_elf_build_id__as_text(void **state) {
  struct buf text = {0};
  (void)state;
  elf_build_id_text(STR_LIT("\x0a\xbc"), &text);
  assert_string_equal(text.data, "0abc");
  assert_true(elf_build_id_is(STR_LIT("\x0a\xbc"), STR_LIT("0abc")));
  assert_true(elf_build_id_is(STR_LIT("\x0a\xbc"), STR_LIT("0aBC")));
  assert_false(elf_build_id_is(STR_LIT("\x0a\xbc"), STR_LIT("0ab")));
  assert_false(elf_build_id_is(STR_LIT("\x0a\xbc"), STR_LIT("0abcde")));
  assert_false(elf_build_id_is(STR_LIT(""), STR_LIT("")));
  buf_release(&text);
}

static void test_elf_identity(void **state) {
  struct object o;
  struct str name, id;
  uint32_t crc;
  (void)state;
  object_init(&o, ET_DYN);
  add_section(&o, ".note.gnu.build-id", SHT_NOTE, 0, "\4\0\0\0\3\0\0\0\3\0\0\0GNU\0\xab\xcd\xef\0", 20);
  add_section(&o, ".gnu_debuglink", SHT_PROGBITS, 0, "a.debug\0\x78\x56\x34\x12", 12);
  add_section(&o, ".gnu_debugaltlink", SHT_PROGBITS, 0, "../alt\0\1\2", 9);
  struct elf *f = open_object(&o);
  assert_true(str_eq(elf_build_id(f), STR_LIT("\xab\xcd\xef")));
  assert_true(elf_debug_link(f, &name, &crc));
  assert_true(str_eq(name, STR_LIT("a.debug")));
  assert_int_equal(crc, 0x12345678);
  assert_true(elf_debug_alt_link(f, &name, &id));
  assert_true(str_eq(name, STR_LIT("../alt")));
  assert_true(str_eq(id, STR_LIT("\1\2")));
  elf_close(f);
}

// ---- segments -----------------------------------------------------------------------------------

static uint64_t object_address(struct elf *f, uint64_t start, uint64_t limit, uint64_t offset, uint64_t address) {
  struct elf_mapping m = {.start = start, .limit = limit, .offset = offset};
  struct err e = {""};
  uint64_t found = 0;
  elf_find_relocation(f, &m, (struct str){"", 0});
  assert_int_equal(elf_object_address(f, &m, address, &found, &e), 0);
  return found;
}

static void test_elf_object_address__shared(void **state) {
  struct object o;
  struct elf_mapping outside = {.start = 0x7f0000001000, .limit = 0x7f0000002000, .offset = 0x100000};
  struct err e = {""};
  uint64_t found;
  (void)state;
  object_init(&o, ET_DYN);
  add_segment(&o, PF_R, 0, 0, 0x800);
  add_segment(&o, PF_R | PF_X, 0x1000, 0x2000, 0x2000);  // addresses and offsets differ, as some linkers have it
  add_segment(&o, PF_R | PF_W, 0x3000, 0x5000, 0x400);
  struct elf *f = open_object(&o);
  assert_int_equal(object_address(f, 0x7f0000001000, 0x7f0000003000, 0x1000, 0x7f0000001234), 0x2234);
  // Text that was mapped in two parts: the second one's offset lies within the segment.
  assert_int_equal(object_address(f, 0x7f0000002000, 0x7f0000003000, 0x2000, 0x7f0000002234), 0x3234);
  // Mappings that lie side by side were made one: addresses go on where offsets do not.
  assert_int_equal(object_address(f, 0x7f0000000000, 0x7f0000004000, 0, 0x7f0000002234), 0x2234);
  // Made up, since the profile had none.
  assert_int_equal(object_address(f, 0, 0, 0, 0x2234), 0x2234);
  assert_true(elf_is_code(f, 0x2234));
  assert_false(elf_is_code(f, 0x5010));
  assert_int_equal(elf_object_address(f, &outside, 0x7f0000001000, &found, &e), -1);
  assert_string_equal(e.text, "no segment of the file is what the profile says was mapped");
  elf_close(f);
}

static void test_elf_object_address__executable(void **state) {
  struct object o;
  (void)state;
  object_init(&o, ET_EXEC);
  add_segment(&o, PF_R | PF_X, 0x1000, 0x401000, 0x2000);
  struct elf *f = open_object(&o);
  assert_int_equal(object_address(f, 0x401000, 0x403000, 0x1000, 0x401234), 0x401234);
  // An offset that nobody wrote down.
  assert_int_equal(object_address(f, 0x401000, 0x403000, 0, 0x401234), 0x401234);
  elf_close(f);
}

// Debug files keep the headers of segments but not their bytes.
static void test_elf_object_address__debug_file(void **state) {
  struct object o;
  (void)state;
  object_init(&o, ET_DYN);
  add_segment(&o, PF_R | PF_X, 0, 0x2000, 0x2000);
  o.segment[0].p_filesz = 0;
  struct elf *f = open_object(&o);
  assert_int_equal(object_address(f, 0x7f0000001000, 0x7f0000003000, 0x1000, 0x7f0000001234), 0x2234);
  elf_close(f);
}

static void test_elf_object_address__kernel(void **state) {
  static const char strings[] = "\0_stext";
  const uint64_t text = UINT64_C(0xffffffff81000000), at = UINT64_C(0xffffffff9a000000);
  struct object o;
  Elf64_Sym symbol[2] = {{0}, {.st_name = 1, .st_info = STT_FUNC, .st_shndx = 1, .st_value = text + 0x198}};
  (void)state;
  object_init(&o, ET_EXEC);
  add_section(&o, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, "", 0)->sh_addr = text;
  add_section(&o, ".symtab", SHT_SYMTAB, 0, symbol, sizeof symbol)->sh_link = 3;
  add_section(&o, ".strtab", SHT_STRTAB, 0, strings, sizeof strings);
  add_segment(&o, PF_R | PF_X, 0x1000, text, 0x100000);
  struct elf *f = open_object(&o);
  // From the symbol on, as perf has it, and from the segment on.
  assert_true(object_address(f, at + 0x198, at + 0x100000, 0, at + 0x1234) == text + 0x1234);
  assert_true(object_address(f, at, at + 0x100000, 0, at + 0x1234) == text + 0x1234);
  elf_close(f);
}

// ---- symbols ------------------------------------------------------------------------------------

static const char symbol_strings[] = "\0a.c\0first\0alias\0second@V1\0unsized\0undefined";

static Elf64_Sym symbol_of(const char *name, uint64_t address, uint64_t size, unsigned char info, unsigned section) {
  const char *at = memmem(symbol_strings, sizeof symbol_strings, name, strlen(name));
  return (Elf64_Sym){.st_name = (Elf64_Word)(at - symbol_strings),
                     .st_info = info,
                     .st_shndx = (Elf64_Section)section,
                     .st_value = address,
                     .st_size = size};
}

static void expect_symbol(struct elf *f, uint64_t address, const char *name, const char *file) {
  const struct elf_symbol *s = elf_symbol_at(f, address);
  if (!name) {
    assert_null(s);
    return;
  }
  assert_non_null(s);
  assert_true(str_eq(s->name, str_of(name)));
  assert_true(str_eq(s->file, str_of(file)));
}

static void test_elf_symbol_at(void **state) {
  const unsigned char local = STT_FUNC, global = STB_GLOBAL << 4 | STT_FUNC;
  Elf64_Sym symbol[7] = {{0},
                         symbol_of("a.c", 0, 0, STT_FILE, SHN_ABS),
                         symbol_of("first", 0x1000, 0x10, local, 1),
                         symbol_of("alias", 0x1000, 0x10, global, 1),
                         symbol_of("second@V1", 0x1020, 0x10, local, 1),
                         symbol_of("unsized", 0x1040, 0, global, 1),
                         symbol_of("undefined", 0x1050, 0x10, global, SHN_UNDEF)};
  struct object o;
  (void)state;
  object_init(&o, ET_EXEC);
  add_section(&o, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, "", 0);
  add_section(&o, ".symtab", SHT_SYMTAB, 0, symbol, sizeof symbol)->sh_link = 3;
  add_section(&o, ".strtab", SHT_STRTAB, 0, symbol_strings, sizeof symbol_strings);
  struct elf *f = open_object(&o);
  expect_symbol(f, 0xfff, NULL, "");
  expect_symbol(f, 0x1000, "alias", "");
  expect_symbol(f, 0x100f, "alias", "");
  expect_symbol(f, 0x1010, NULL, "");
  expect_symbol(f, 0x1025, "second", "a.c");
  expect_symbol(f, 0x1055, "unsized", "");
  elf_close(f);
}

static void test_elf_symbol_at__plt(void **state) {
  static const char jump[16] = "\xf3\x0f\x1e\xfa\xff\x25\xf6\x0f\0\0";  // endbr64; jmp *0xff6(%rip)
  Elf64_Sym symbol[2] = {{0}, symbol_of("undefined", 0, 0, STB_GLOBAL << 4 | STT_FUNC, SHN_UNDEF)};
  Elf64_Rela relocation = {.r_offset = 0x2000, .r_info = ELF64_R_INFO(1, R_X86_64_JUMP_SLOT)};
  struct object o;
  (void)state;
  object_init(&o, ET_EXEC);
  add_section(&o, ".plt.sec", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, jump, sizeof jump)->sh_addr = 0x1000;
  add_section(&o, ".dynsym", SHT_DYNSYM, SHF_ALLOC, symbol, sizeof symbol)->sh_link = 3;
  add_section(&o, ".dynstr", SHT_STRTAB, SHF_ALLOC, symbol_strings, sizeof symbol_strings);
  add_section(&o, ".rela.plt", SHT_RELA, SHF_ALLOC, &relocation, sizeof relocation)->sh_link = 2;
  struct elf *f = open_object(&o);
  expect_symbol(f, 0x1004, "undefined@plt", "");
  elf_close(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_elf_open__refuses),
      cmocka_unit_test(test_elf_open__big_endian_32),
      cmocka_unit_test(test_elf_section__packings),
      cmocka_unit_test(test_elf_build_id__as_text),
      cmocka_unit_test(test_elf_identity),
      cmocka_unit_test(test_elf_object_address__shared),
      cmocka_unit_test(test_elf_object_address__executable),
      cmocka_unit_test(test_elf_object_address__debug_file),
      cmocka_unit_test(test_elf_object_address__kernel),
      cmocka_unit_test(test_elf_symbol_at),
      cmocka_unit_test(test_elf_symbol_at__plt),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
