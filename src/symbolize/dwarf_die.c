// Names of entries, through libdwarf.
//
// libdwarf sees an object only through the methods below: the bytes are ours, and it sees only the sections it needs
// for names. It has memory errors in reading lists of ranges and locations of damaged files, so it never gets these.
#include <libdwarf/dwarf.h>
#include <libdwarf/libdwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

enum { REFERENCE_LIMIT = 16 };

static const enum dw_section_id shown[] = {SECTION_INFO, SECTION_ABBREV,   SECTION_STR,      SECTION_STR_OFFSETS,
                                           SECTION_ADDR, SECTION_LINE_STR, SECTION_CU_INDEX, SECTION_TU_INDEX};
enum { SHOWN = sizeof shown / sizeof *shown };

struct dw_names {
  struct dw_object *o;
  Dwarf_Obj_Access_Interface access;
  Dwarf_Debug debug;   // NULL when libdwarf does not take the object
  struct map64 known;  // offset of an entry -> number of its name
  struct dw_name *name;
  size_t n, cap;
};

// ---- the object as libdwarf sees it -------------------------------------------------------------

// Section 0 is the empty one that every ELF file begins with.
static int get_section_info(void *object, Dwarf_Half index, Dwarf_Obj_Access_Section *out, int *error) {
  struct dw_object *o = object;
  (void)error;
  if (index > SHOWN) return DW_DLV_NO_ENTRY;
  *out = (Dwarf_Obj_Access_Section){.name = ""};
  if (index == 0) return DW_DLV_OK;
  struct str bytes;
  enum dw_section_id id = shown[index - 1];
  if (dw_section(o, id, &bytes, NULL)) return DW_DLV_OK;
  out->size = bytes.n;
  if (bytes.n) out->name = dw_section_name(o, id);
  return DW_DLV_OK;
}

static int load_section(void *object, Dwarf_Half index, Dwarf_Small **bytes, int *error) {
  struct str s;
  (void)error;
  if (index == 0 || index > SHOWN || dw_section(object, shown[index - 1], &s, NULL)) return DW_DLV_NO_ENTRY;
  // It reads only; the type is older than const.
  union {
    const char *from;
    Dwarf_Small *to;
  } same = {s.p};
  *bytes = same.to;
  return DW_DLV_OK;
}

static Dwarf_Endianness get_byte_order(void *object) {
  return ((struct dw_object *)object)->big ? DW_OBJECT_MSB : DW_OBJECT_LSB;
}

static Dwarf_Small get_size(void *object) { return elf_is_64(((struct dw_object *)object)->elf) ? 8 : 4; }

static Dwarf_Unsigned get_section_count(void *object) {
  (void)object;
  return SHOWN + 1;
}

static const Dwarf_Obj_Access_Methods methods = {.get_section_info = get_section_info,
                                                 .get_byte_order = get_byte_order,
                                                 .get_length_size = get_size,
                                                 .get_pointer_size = get_size,
                                                 .get_section_count = get_section_count,
                                                 .load_section = load_section};

static int names_new(struct dw_object *o, struct err *e) {
  if (o->names) return 0;
  struct dw_names *n = calloc(1, sizeof *n);
  if (!n) return err_nomem(e);
  o->names = n;
  n->o = o;
  if (!dw_indexes_end(o)) return 0;
  n->access = (Dwarf_Obj_Access_Interface){o, &methods};
  Dwarf_Error error = NULL;
  unsigned group = o->split ? DW_GROUPNUMBER_DWO : DW_GROUPNUMBER_BASE;
  int rc = dwarf_object_init_b(&n->access, NULL, NULL, group, &n->debug, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  if (rc != DW_DLV_OK) n->debug = NULL;
  if (!n->debug || !o->alt) return 0;
  // Strings that dwz moved to the other file are found through it.
  if (names_new(o->alt, e)) return -1;
  if (o->alt->names->debug && dwarf_set_tied_dbg(n->debug, o->alt->names->debug, &error) == DW_DLV_ERROR) {
    dwarf_dealloc_error(n->debug, error);
  }
  return 0;
}

void dw_names_free(struct dw_names *n) {
  if (!n) return;
  Dwarf_Error error = NULL;
  if (n->debug) dwarf_object_finish(n->debug, &error);
  map64_release(&n->known);
  free(n->name);
  free(n);
}

// ---- one entry ----------------------------------------------------------------------------------

// What one entry says of itself, and the entry it refers to.
struct said {
  struct dw_name name;
  struct dw_ref origin, specification;
};

static bool is_in_sections(const struct dw_object *o, const char *s) {
  for (size_t i = 0; i < SHOWN; i++) {
    struct str bytes = o->section[shown[i]];
    if (bytes.n && s >= bytes.p && s < bytes.p + bytes.n) return true;
  }
  return false;
}

// Where a string can't be had libdwarf may give a text of its own that says so, which would look like a name.
static struct str read_string(struct dw_names *n, Dwarf_Attribute a) {
  char *s = NULL;
  Dwarf_Error error = NULL;
  int rc = dwarf_formstring(a, &s, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  if (rc != DW_DLV_OK || !s) return STR_LIT("");
  bool ours = is_in_sections(n->o, s) || (n->o->alt && is_in_sections(n->o->alt, s));
  return ours ? str_of(s) : STR_LIT("");
}

// libdwarf takes DW_FORM_implicit_const for signed only.
static int64_t read_number(struct dw_names *n, Dwarf_Attribute a) {
  Dwarf_Signed number = 0;
  Dwarf_Unsigned natural = 0;
  Dwarf_Error error = NULL;
  Dwarf_Half form = 0;
  dwarf_whatform(a, &form, &error);
  int rc = form == DW_FORM_implicit_const || form == DW_FORM_sdata ? dwarf_formsdata(a, &number, &error)
                                                                   : dwarf_formudata(a, &natural, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  return number ? number : (int64_t)natural;
}

static struct dw_ref read_reference(struct dw_names *n, Dwarf_Attribute a) {
  Dwarf_Half form = 0;
  Dwarf_Off offset = 0;
  Dwarf_Error error = NULL;
  int rc = dwarf_whatform(a, &form, &error);
  if (rc == DW_DLV_OK) rc = dwarf_global_formref(a, &offset, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  bool elsewhere = form == DW_FORM_GNU_ref_alt || form == DW_FORM_ref_sup4 || form == DW_FORM_ref_sup8;
  if (rc != DW_DLV_OK) return (struct dw_ref){NULL, 0};
  return (struct dw_ref){elsewhere ? n->o->alt : n->o, offset};
}

static void note(struct dw_names *n, Dwarf_Attribute a, struct said *s) {
  Dwarf_Half name = 0;
  Dwarf_Error error = NULL;
  if (dwarf_whatattr(a, &name, &error) != DW_DLV_OK) return;
  switch (name) {
    case DW_AT_linkage_name:
    case DW_AT_MIPS_linkage_name: s->name.linkage = read_string(n, a); break;
    case DW_AT_name: s->name.plain = read_string(n, a); break;
    case DW_AT_decl_line: s->name.line = read_number(n, a); break;
    case DW_AT_abstract_origin: s->origin = read_reference(n, a); break;
    case DW_AT_specification: s->specification = read_reference(n, a); break;
    default: break;
  }
}

// Calls `visit` for each attribute of the entry.
static void each_attribute(struct dw_names *n, Dwarf_Die die, void (*visit)(struct dw_names *, Dwarf_Attribute, void *),
                           void *arg) {
  Dwarf_Attribute *attr = NULL;
  Dwarf_Signed count = 0;
  Dwarf_Error error = NULL;
  int rc = dwarf_attrlist(die, &attr, &count, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  if (rc != DW_DLV_OK) return;
  for (Dwarf_Signed i = 0; i < count; i++) {
    visit(n, attr[i], arg);
    dwarf_dealloc_attribute(attr[i]);
  }
  dwarf_dealloc(n->debug, attr, DW_DLA_LIST);
}

static void visit_name(struct dw_names *n, Dwarf_Attribute a, void *said) { note(n, a, said); }

static int read_entry(struct dw_ref r, void (*visit)(struct dw_names *, Dwarf_Attribute, void *), void *arg,
                      struct err *e) {
  if (names_new(r.o, e)) return -1;
  struct dw_names *n = r.o->names;
  if (!n->debug) return 0;
  if (dw_spend(r.o, r.o->headers, e)) return -1;
  Dwarf_Die die = NULL;
  Dwarf_Error error = NULL;
  int rc = dwarf_offdie_b(n->debug, r.offset, 1, &die, &error);
  if (rc == DW_DLV_ERROR) dwarf_dealloc_error(n->debug, error);
  if (rc != DW_DLV_OK) return 0;
  each_attribute(n, die, visit, arg);
  dwarf_dealloc_die(die);
  return 0;
}

// ---- names --------------------------------------------------------------------------------------

static int remember(struct dw_ref r, const struct dw_name *name, struct err *e) {
  struct dw_names *n = r.o->names;
  if (ARRAY_RESERVE(n->name, n->cap, n->n + 1) || map64_put(&n->known, r.offset, (uint32_t)n->n)) return err_nomem(e);
  n->name[n->n++] = *name;
  return 0;
}

static void fill(struct dw_name *name, const struct dw_name *from) {
  if (!name->linkage.n) name->linkage = from->linkage;
  if (!name->plain.n) name->plain = from->plain;
  if (!name->line) name->line = from->line;
}

static int name_of(struct dw_ref r, int depth, struct dw_name *name, struct err *e) {
  *name = (struct dw_name){STR_LIT(""), STR_LIT(""), 0};
  if (!r.o || depth > REFERENCE_LIMIT) return 0;
  uint32_t number = r.o->names ? map64_get(&r.o->names->known, r.offset) : MAP_NONE;
  if (number != MAP_NONE) {
    *name = r.o->names->name[number];
    return 0;
  }
  struct said s = {*name, {NULL, 0}, {NULL, 0}};
  struct dw_name other;
  if (read_entry(r, visit_name, &s, e)) return -1;
  *name = s.name;
  if (name_of(s.origin, depth + 1, &other, e)) return -1;
  fill(name, &other);
  if (name_of(s.specification, depth + 1, &other, e)) return -1;
  fill(name, &other);
  return remember(r, name, e);
}

int dw_name_of(struct dw_ref r, struct dw_name *name, struct err *e) { return name_of(r, 0, name, e); }

struct wanted {
  uint16_t attribute;
  struct str value;
};

static void visit_string(struct dw_names *n, Dwarf_Attribute a, void *arg) {
  struct wanted *w = arg;
  Dwarf_Half name = 0;
  Dwarf_Error error = NULL;
  if (dwarf_whatattr(a, &name, &error) == DW_DLV_OK && name == w->attribute) w->value = read_string(n, a);
}

int dw_die_string(struct dw_ref r, uint16_t attribute, struct str *value, struct err *e) {
  struct wanted w = {attribute, STR_LIT("")};
  int rc = read_entry(r, visit_string, &w, e);
  *value = w.value;
  return rc;
}
