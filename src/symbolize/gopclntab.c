// The layouts are told by the magic number: Go 1.2, 1.16, 1.18 and 1.20 changed it. In all of them a sorted table leads from
// addresses to descriptions of functions, and these to small programs of (value difference, address difference) pairs
// for files, lines and inlined calls. The Go runtime's symtab.go tells of them.
#include "symbolize/gopclntab.h"

#include <stdlib.h>

enum layout { GO_1_2, GO_1_16, GO_1_18, GO_1_20 };
enum { MOST_INLINED = 256 };

struct go_table {
  struct elf *object;
  struct str bytes;
  uint64_t address;  // of the bytes
  enum layout layout;
  bool big_endian;
  unsigned quantum, pointer,
      entry;  // bytes: of an instruction at least, of a pointer, of a word of the table of functions
  uint64_t n_functions, text;
  struct str names, units, files, programs, functions;  // parts of the bytes
  uint64_t inlined;                                     // address that trees of inlined calls count from; 0: not known
};

struct function {
  struct str at;  // its description and all that follows
  uint64_t entry;
};

// ---- reading ------------------------------------------------------------------------------------

static bool read_uint(const struct go_table *t, struct str s, uint64_t at, unsigned n, uint64_t *v) {
  if (at > s.n || s.n - at < n) return false;
  *v = 0;
  for (unsigned i = 0; i < n; i++) *v = *v << 8 | (unsigned char)s.p[at + (t->big_endian ? i : n - 1 - i)];
  return true;
}

static bool read_int32(const struct go_table *t, struct str s, uint64_t at, int32_t *v) {
  uint64_t u;
  if (!read_uint(t, s, at, 4, &u)) return false;
  *v = (int32_t)(uint32_t)u;
  return true;
}

static struct str from(struct str s, uint64_t at) {
  return at < s.n ? (struct str){s.p + at, s.n - (size_t)at} : (struct str){s.p, 0};
}

static struct str text_at(struct str s, uint64_t at) {
  struct str rest = from(s, at);
  const char *end = rest.n ? memchr(rest.p, '\0', rest.n) : NULL;
  return end ? (struct str){rest.p, (size_t)(end - rest.p)} : (struct str){"", 0};
}

static bool read_varint(struct str *s, uint32_t *v) {
  *v = 0;
  for (unsigned shift = 0; s->n && shift < 35; shift += 7) {
    unsigned char c = (unsigned char)*s->p;
    *s = (struct str){s->p + 1, s->n - 1};
    *v |= (uint32_t)(c & 0x7f) << shift;
    if (c < 0x80) return true;
  }
  return false;
}

// What a program says of an address; -1 when it says nothing.
static int32_t run_program(const struct go_table *t, uint32_t program, const struct function *f, uint64_t address) {
  struct str code = from(t->programs, program);
  uint64_t pc = f->entry;
  uint32_t value = UINT32_MAX, delta, advance;
  if (program == 0) return -1;
  for (bool first = true; read_varint(&code, &delta) && (delta || first); first = false) {
    value += delta & 1 ? ~(delta >> 1) : delta >> 1;
    if (!read_varint(&code, &advance)) break;
    pc += (uint64_t)advance * t->quantum;
    if (address < pc) return (int32_t)value;
  }
  return -1;
}

// ---- functions ----------------------------------------------------------------------------------

// Row i of the table of functions: where it begins and where it is described.
static bool read_row(const struct go_table *t, struct str table, uint64_t i, uint64_t *address, uint64_t *offset) {
  uint64_t at = i * 2 * t->entry;
  if (!read_uint(t, table, at, t->entry, address) || !read_uint(t, table, at + t->entry, t->entry, offset))
    return false;
  if (t->layout >= GO_1_18) *address += t->text;
  return true;
}

static struct str row_table(const struct go_table *t) {
  return t->layout == GO_1_2 ? from(t->bytes, 8 + t->pointer) : t->functions;
}

static bool find_function(const struct go_table *t, uint64_t address, struct function *f) {
  struct str table = row_table(t);
  uint64_t low = 0, high = t->n_functions, entry, offset, end;
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (!read_row(t, table, middle, &entry, &offset)) return false;
    if (entry <= address) low = middle + 1;
    else high = middle;
  }
  if (low == 0 || !read_row(t, table, low - 1, &f->entry, &offset)) return false;
  // After the last row stands the address where code ends.
  if (!read_uint(t, table, low * 2 * t->entry, t->entry, &end)) return false;
  if (low == t->n_functions && address >= end + (t->layout >= GO_1_18 ? t->text : 0)) return false;
  f->at = from(t->functions, offset);
  return f->at.n != 0;
}

// Fields of a description, counted behind the entry address.
enum field { NAME = 0, PC_FILE = 16, PC_LINE = 20, N_PCDATA = 24, UNIT = 28, START_LINE = 32 };

static bool function_field(const struct go_table *t, const struct function *f, unsigned field, int32_t *v) {
  return read_int32(t, f->at, (t->layout >= GO_1_18 ? 4 : t->pointer) + field, v);
}

// Where the offsets of further programs begin; the byte before says how many pointers follow them.
static unsigned pcdata_at(const struct go_table *t) {
  unsigned entry = t->layout >= GO_1_18 ? 4 : t->pointer;
  return entry + (t->layout == GO_1_2 ? 32 : t->layout == GO_1_20 ? 40 : 36);
}

static struct str file_name(const struct go_table *t, const struct function *f, int32_t file) {
  int32_t unit;
  uint64_t offset;
  if (file < 0) return (struct str){"", 0};
  if (t->layout == GO_1_2) {
    if (!read_uint(t, t->files, (uint64_t)file * 4, 4, &offset)) return (struct str){"", 0};
    return text_at(t->bytes, offset);
  }
  if (!function_field(t, f, UNIT, &unit)) return (struct str){"", 0};
  if (!read_uint(t, t->units, ((uint64_t)(uint32_t)unit + (uint32_t)file) * 4, 4, &offset)) return (struct str){"", 0};
  return offset == UINT32_MAX ? (struct str){"", 0} : text_at(t->files, offset);
}

static void find_line(const struct go_table *t, const struct function *f, uint64_t address, struct dwarf_frame *frame) {
  int32_t program = 0;
  frame->file = (struct str){"", 0};
  frame->line = 0;
  if (function_field(t, f, PC_FILE, &program))
    frame->file = file_name(t, f, run_program(t, (uint32_t)program, f, address));
  if (!function_field(t, f, PC_LINE, &program)) return;
  int32_t line = run_program(t, (uint32_t)program, f, address);
  frame->line = line > 0 ? line : 0;
}

// ---- inlined calls ------------------------------------------------------------------------------

// Its tree, each node a call; empty when nothing is inlined or it can't be found.
static struct str inline_tree(const struct go_table *t, const struct function *f, uint64_t n_pcdata) {
  const unsigned tree = 3;  // FUNCDATA_InlTree
  uint64_t n_pointers, at = pcdata_at(t) + n_pcdata * 4, offset;
  if (t->layout == GO_1_2 || !read_uint(t, f->at, pcdata_at(t) - 1, 1, &n_pointers) || n_pointers <= tree)
    return (struct str){"", 0};
  if (t->layout == GO_1_16) {
    uint64_t description = (uint64_t)(f->at.p - t->bytes.p), align = t->pointer - 1;
    at = ((t->address + description + at + align) & ~align) - t->address - description;
    return read_uint(t, f->at, at + tree * t->pointer, t->pointer, &offset) ? elf_loaded(t->object, offset)
                                                                            : (struct str){"", 0};
  }
  if (!t->inlined || !read_uint(t, f->at, at + tree * 4, 4, &offset) || offset == UINT32_MAX)
    return (struct str){"", 0};
  return elf_loaded(t->object, t->inlined + offset);
}

struct inlining {
  struct str tree;
  uint32_t program;  // from addresses to nodes
};

static struct inlining find_inlining(const struct go_table *t, const struct function *f) {
  const unsigned index = 2;  // PCDATA_InlTreeIndex
  struct inlining in = {{"", 0}, 0};
  int32_t n_pcdata, program;
  if (!function_field(t, f, N_PCDATA, &n_pcdata) || n_pcdata <= (int32_t)index || n_pcdata > 64) return in;
  if (!read_int32(t, f->at, pcdata_at(t) + index * 4, &program)) return in;
  in.program = (uint32_t)program;
  in.tree = inline_tree(t, f, (uint64_t)n_pcdata);
  return in;
}

// Steps from the call at node *node, which `frame` is in, to what it was inlined into. false when the tree is damaged.
static bool leave_call(const struct go_table *t, const struct function *f, const struct inlining *in, int32_t *node,
                       struct dwarf_frame *frame, dwarf_emit *emit, void *arg) {
  bool new = t->layout == GO_1_20;
  uint64_t at = (uint64_t)*node * (new ? 16 : 20);
  int32_t name, pc, file, line, start = 0;
  uint64_t parent;
  if (!read_int32(t, in->tree, at + (new ? 4 : 12), &name) || !read_int32(t, in->tree, at + (new ? 8 : 16), &pc))
    return false;
  if (new && !read_int32(t, in->tree, at + 12, &start)) return false;
  frame->name = text_at(t->names, (uint32_t)name);
  frame->start_line = start;
  emit(arg, frame);
  if (new) {
    uint64_t address = f->entry + (uint32_t)pc;
    find_line(t, f, address, frame);
    *node = run_program(t, in->program, f, address);
    return true;
  }
  if (!read_int32(t, in->tree, at + 4, &file) || !read_int32(t, in->tree, at + 8, &line)) return false;
  if (!read_uint(t, in->tree, at, 2, &parent)) return false;
  frame->file = file_name(t, f, file);
  frame->line = line > 0 ? line : 0;
  *node = (int16_t)(uint16_t)parent;
  return true;
}

int go_table_lookup(const struct go_table *t, uint64_t address, dwarf_emit *emit, void *arg) {
  struct function f;
  struct dwarf_frame frame = {.name = {"", 0}};
  int32_t name, start = 0;
  if (!find_function(t, address, &f) || !function_field(t, &f, NAME, &name)) return 0;
  struct str own = text_at(t->names, (uint32_t)name);
  if (!own.n) return 0;
  find_line(t, &f, address, &frame);
  if (!frame.file.n && !frame.line) return 0;  // what fills the space up to the next function
  struct inlining in = find_inlining(t, &f);
  int32_t node = in.tree.n ? run_program(t, in.program, &f, address) : -1;
  for (int depth = 0; node >= 0 && depth < MOST_INLINED; depth++)
    if (!leave_call(t, &f, &in, &node, &frame, emit, arg)) break;
  if (t->layout == GO_1_20) function_field(t, &f, START_LINE, &start);
  frame.name = own;
  frame.start_line = start;
  emit(arg, &frame);
  return 1;
}

// ---- opening ------------------------------------------------------------------------------------

static int read_magic(struct go_table *t, struct err *e) {
  static const uint32_t magic[] = {
      [GO_1_2] = 0xfffffffb, [GO_1_16] = 0xfffffffa, [GO_1_18] = 0xfffffff0, [GO_1_20] = 0xfffffff1};
  uint64_t found;
  if (!read_uint(t, t->bytes, 0, 4, &found) || t->bytes.n < 8) return err_set(e, ".gopclntab is too short");
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
  read_uint(t, t->bytes, 8 + (uint64_t)i * t->pointer, t->pointer, &v);
  return v;
}

static void read_old_header(struct go_table *t) {
  uint64_t files = 0;
  t->names = t->programs = t->functions = t->bytes;
  // Behind the rows and the end of code: where the table of files is.
  uint64_t rows = t->n_functions < t->bytes.n ? t->n_functions : 0;
  read_uint(t, row_table(t), (rows * 2 + 1) * t->pointer, 4, &files);
  t->files = from(t->bytes, files);
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
  t->names = from(t->bytes, header_word(t, i));
  t->units = from(t->bytes, header_word(t, i + 1));
  t->files = from(t->bytes, header_word(t, i + 2));
  t->programs = from(t->bytes, header_word(t, i + 3));
  t->functions = from(t->bytes, header_word(t, i + 4));
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

static int find_table(struct go_table *t, struct err *e) {
  static const char *const names[] = {".gopclntab", ".data.rel.ro.gopclntab"};
  for (size_t i = 0; i < 2; i++) {
    int found = elf_section(t->object, names[i], &t->bytes, e);
    if (found < 0) return -1;
    if (found && elf_section_address(t->object, names[i], &t->address)) return 0;
  }
  return err_set(e, "no Go program");
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
