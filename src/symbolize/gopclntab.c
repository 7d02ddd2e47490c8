// The layouts are told by the magic number: Go 1.2, 1.16, 1.18 and 1.20 changed it. In all of them a sorted table leads
// from addresses to descriptions of functions, and these to small programs of (value difference, address difference)
// pairs for files, lines and inlined calls. The Go runtime's symtab.go tells of them.
#include "symbolize/gopclntab_internal.h"

// A lookup takes no more calls and no more steps of programs than these, whatever the table says.
enum { MOST_INLINED = 256, MOST_STEPS = 1 << 18 };

struct function {
  struct str at;  // its description and all that follows
  uint64_t entry;
  uint32_t steps;  // that programs took so far
};

// ---- reading ------------------------------------------------------------------------------------

static bool read_int32(const struct go_table *t, struct str s, uint64_t at, int32_t *v) {
  uint64_t u;
  if (!go__uint(t, s, at, 4, &u)) return false;
  *v = (int32_t)(uint32_t)u;
  return true;
}

static struct str text_at(struct str s, uint64_t at) {
  struct str rest = go__from(s, at);
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
static int32_t run_program(const struct go_table *t, uint32_t program, struct function *f, uint64_t address) {
  struct str code = go__from(t->programs, program);
  uint64_t pc = f->entry;
  uint32_t value = UINT32_MAX, delta, advance;
  if (program == 0) return -1;
  for (bool first = true; read_varint(&code, &delta) && (delta || first) && f->steps++ < MOST_STEPS; first = false) {
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
  if (!go__uint(t, table, at, t->entry, address) || !go__uint(t, table, at + t->entry, t->entry, offset)) return false;
  if (t->layout >= GO_1_18) *address += t->text;
  return true;
}

static bool find_function(const struct go_table *t, uint64_t address, struct function *f) {
  struct str table = go__rows(t);
  uint64_t low = 0, high = t->n_functions, entry, offset, end;
  while (low < high) {
    uint64_t middle = low + (high - low) / 2;
    if (!read_row(t, table, middle, &entry, &offset)) return false;
    if (entry <= address) low = middle + 1;
    else high = middle;
  }
  if (low == 0 || !read_row(t, table, low - 1, &f->entry, &offset)) return false;
  // After the last row stands the address where code ends.
  if (!go__uint(t, table, low * 2 * t->entry, t->entry, &end)) return false;
  if (low == t->n_functions && address >= end + (t->layout >= GO_1_18 ? t->text : 0)) return false;
  f->at = go__from(t->functions, offset);
  return f->at.n != 0;
}

// Fields of a description, counted behind the entry address.
enum field { NAME = 0, PC_FILE = 16, PC_LINE = 20, N_PCDATA = 24, UNIT = 28, START_LINE = 32 };

static bool function_field(const struct go_table *t, struct function *f, unsigned field, int32_t *v) {
  return read_int32(t, f->at, (t->layout >= GO_1_18 ? 4 : t->pointer) + field, v);
}

// Where the offsets of further programs begin; the byte before says how many pointers follow them.
static unsigned pcdata_at(const struct go_table *t) {
  unsigned entry = t->layout >= GO_1_18 ? 4 : t->pointer;
  return entry + (t->layout == GO_1_2 ? 32 : t->layout == GO_1_20 ? 40 : 36);
}

static struct str file_name(const struct go_table *t, struct function *f, int32_t file) {
  int32_t unit;
  uint64_t offset;
  if (file < 0) return (struct str){"", 0};
  if (t->layout == GO_1_2) {
    if (file == 0 || !go__uint(t, t->files, (uint64_t)file * 4, 4, &offset)) return (struct str){"", 0};
    return text_at(t->bytes, offset);
  }
  if (!function_field(t, f, UNIT, &unit)) return (struct str){"", 0};
  if (!go__uint(t, t->units, ((uint64_t)(uint32_t)unit + (uint32_t)file) * 4, 4, &offset)) return (struct str){"", 0};
  return offset == UINT32_MAX ? (struct str){"", 0} : text_at(t->files, offset);
}

static void find_line(const struct go_table *t, struct function *f, uint64_t address, struct dwarf_frame *frame) {
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
static struct str inline_tree(const struct go_table *t, struct function *f, uint64_t n_pcdata) {
  const unsigned tree = 3;  // FUNCDATA_InlTree
  uint64_t n_pointers, at = pcdata_at(t) + n_pcdata * 4, offset;
  if (t->layout == GO_1_2 || !go__uint(t, f->at, pcdata_at(t) - 1, 1, &n_pointers) || n_pointers <= tree)
    return (struct str){"", 0};
  if (t->layout == GO_1_16) {
    uint64_t description = (uint64_t)(f->at.p - t->bytes.p), align = t->pointer - 1;
    at = ((t->address + description + at + align) & ~align) - t->address - description;
    return go__uint(t, f->at, at + tree * t->pointer, t->pointer, &offset) ? elf_loaded(t->object, offset)
                                                                           : (struct str){"", 0};
  }
  if (!t->inlined || !go__uint(t, f->at, at + tree * 4, 4, &offset) || offset == UINT32_MAX) return (struct str){"", 0};
  return elf_loaded(t->object, t->inlined + offset);
}

struct inlining {
  struct str tree;
  uint32_t program;  // from addresses to nodes
};

static struct inlining find_inlining(const struct go_table *t, struct function *f) {
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
static bool leave_call(const struct go_table *t, struct function *f, const struct inlining *in, int32_t *node,
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
  if (!go__uint(t, in->tree, at, 2, &parent)) return false;
  frame->file = file_name(t, f, file);
  frame->line = line > 0 ? line : 0;
  *node = (int16_t)(uint16_t)parent;
  return true;
}

int go_table_lookup(const struct go_table *t, uint64_t address, dwarf_emit *emit, void *arg) {
  struct function f = {.entry = 0};
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
