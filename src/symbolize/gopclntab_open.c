// Finding the table and reading its header; finding what trees of inlined calls count from.
#include <stdlib.h>

#include "symbolize/gopclntab_internal.h"

bool go__uint(const struct go_table *t, struct str s, uint64_t at, unsigned n, uint64_t *v) {
  if (at > s.n || s.n - at < n) return false;
  *v = 0;
  for (unsigned i = 0; i < n; i++) *v = *v << 8 | (unsigned char)s.p[at + (t->big_endian ? i : n - 1 - i)];
  return true;
}

struct str go__rows(const struct go_table *t) {
  return t->layout == GO_1_2 ? go__from(t->bytes, 8 + t->pointer) : t->functions;
}

static int read_magic(struct go_table *t, struct err *e) {
  static const uint32_t magic[] = {
      [GO_1_2] = 0xfffffffb, [GO_1_16] = 0xfffffffa, [GO_1_18] = 0xfffffff0, [GO_1_20] = 0xfffffff1};
  uint64_t found;
  if (!go__uint(t, t->bytes, 0, 4, &found) || t->bytes.n < 8) return err_set(e, ".gopclntab is too short");
  t->quantum = (unsigned char)t->bytes.p[6];
  t->pointer = (unsigned char)t->bytes.p[7];
  for (t->layout = GO_1_2; t->layout < GO_1_20 && magic[t->layout] != found;) t->layout++;
  bool sane = (t->quantum == 1 || t->quantum == 2 || t->quantum == 4) && (t->pointer == 4 || t->pointer == 8);
  if (magic[t->layout] != found || !sane) return err_set(e, ".gopclntab is of a Go version that is not known");
  t->entry = t->layout >= GO_1_18 ? 4 : t->pointer;
  return 0;
}

// Word i of the header.
static uint64_t header_word(const struct go_table *t, unsigned i) {
  uint64_t v = 0;
  go__uint(t, t->bytes, 8 + (uint64_t)i * t->pointer, t->pointer, &v);
  return v;
}

static void read_old_header(struct go_table *t) {
  uint64_t files = 0;
  t->names = t->programs = t->functions = t->bytes;
  // Behind the rows and the end of code: where the table of files is.
  uint64_t rows = t->n_functions < t->bytes.n ? t->n_functions : 0;
  go__uint(t, go__rows(t), (rows * 2 + 1) * t->pointer, 4, &files);
  t->files = go__from(t->bytes, files);
}

// A word of the header that the loader may have to fill in; where code begins, if the header does not say so.
static uint64_t find_text(const struct go_table *t) {
  uint64_t text = header_word(t, 2), found;
  if (elf_relocated_word(t->object, t->address + 8 + 2 * t->pointer, &found)) text = found;
  if (text == 0) elf_section_address(t->object, ".text", &text);
  return text;
}

static void read_header(struct go_table *t) {
  t->n_functions = header_word(t, 0);
  if (t->layout == GO_1_2) {
    read_old_header(t);
    return;
  }
  unsigned i = t->layout >= GO_1_18 ? 3 : 2;
  if (t->layout >= GO_1_18) t->text = find_text(t);
  t->names = go__from(t->bytes, header_word(t, i));
  t->units = go__from(t->bytes, header_word(t, i + 1));
  t->files = go__from(t->bytes, header_word(t, i + 2));
  t->programs = go__from(t->bytes, header_word(t, i + 3));
  t->functions = go__from(t->bytes, header_word(t, i + 4));
}

// runtime.moduledata begins with the table's address; further on it has the start of code and what trees of inlined
// calls count from.
static void find_inlined(struct go_table *t) {
  const unsigned text_word = 22, inlined_word = t->layout == GO_1_20 ? 40 : 38;
  uint64_t module, text;
  if (t->layout < GO_1_18 || !elf_find_word(t->object, t->address, &module)) return;
  if (!elf_relocated_word(t->object, module + text_word * t->pointer, &text) || text != t->text) return;
  elf_relocated_word(t->object, module + inlined_word * t->pointer, &t->inlined);
}

// Where linkers other than Go's make one section of several, the table is somewhere in it, told by how it begins.
static bool scan_for_table(struct go_table *t) {
  static const char *const names[] = {".data.rel.ro", ".rodata"};
  struct str bytes;
  uint64_t address;
  for (size_t i = 0; i < 2; i++) {
    if (elf_section(t->object, names[i], &bytes, NULL) <= 0 || !elf_section_address(t->object, names[i], &address))
      continue;
    for (size_t at = (size_t)(0 - address) & 7; at + 8 <= bytes.n; at += 8) {
      t->bytes = go__from(bytes, at);
      t->address = address + at;
      if (t->bytes.p[4] == 0 && t->bytes.p[5] == 0 && !read_magic(t, NULL)) return true;
    }
  }
  return false;
}

static int find_table(struct go_table *t, struct err *e) {
  static const char *const names[] = {".gopclntab", ".data.rel.ro.gopclntab"};
  for (size_t i = 0; i < 2; i++) {
    int found = elf_section(t->object, names[i], &t->bytes, e);
    if (found < 0) return -1;
    if (found && elf_section_address(t->object, names[i], &t->address)) return 0;
  }
  bool go = elf_has_section(t->object, ".go.buildinfo") || elf_has_section(t->object, ".note.go.buildid");
  return go && scan_for_table(t) ? 0 : err_set(e, "no Go program");
}

struct go_table *go_table_open(struct elf *object, struct err *e) {
  struct go_table *t = calloc(1, sizeof *t);
  if (!t) {
    err_nomem(e);
    return NULL;
  }
  t->object = object;
  t->big_endian = elf_is_big_endian(object);
  if (find_table(t, e) || read_magic(t, e)) {
    free(t);
    return NULL;
  }
  read_header(t);
  find_inlined(t);
  return t;
}

void go_table_free(struct go_table *t) { free(t); }
