// What the files of the DWARF reader share. A `struct dwarf` stands on objects: the one with the code, dwz's file, and
// the .dwo or .dwp files of split DWARF. An object has units. A unit has functions, a function has inlined calls; these
// are made when an address first asks for them.
//
//   dwarf.c         open, lookup, close
//   dwarf_object.c  sections of one object, the limit on its work
//   dwarf_abbrev.c  abbreviation tables            dwarf_form.c   values of attributes, their sizes
//   dwarf_unit.c    headers and roots of units     dwarf_ranges.c lists of address ranges
//   dwarf_scan.c    functions and inlined calls    dwarf_line*.c  line tables
//   dwarf_split.c   .dwo and .dwp                  dwarf_die.c    names, through libdwarf
#ifndef CPROF_DWARF_INTERNAL_H
#define CPROF_DWARF_INTERNAL_H

#include "symbolize/dwarf.h"
#include "base/cursor.h"
#include "symbolize/dwarf_intervals.h"

// ---- objects ------------------------------------------------------------------------------------

enum dw_section_id {
  SECTION_INFO,
  SECTION_ABBREV,
  SECTION_STR,
  SECTION_STR_OFFSETS,
  SECTION_ADDR,
  SECTION_LINE,
  SECTION_LINE_STR,
  SECTION_RANGES,
  SECTION_RNGLISTS,
  SECTION_CU_INDEX,
  SECTION_TU_INDEX,
  SECTIONS
};

struct dw_names;
struct dw_abbrevs;
struct dw_unit;

struct dw_object {
  struct dw_object *next;  // of the same struct dwarf
  struct elf *elf;
  bool owns_elf;
  bool split;  // .dwo or .dwp: the sections are named .debug_info.dwo and so on
  bool big;    // big-endian
  struct str section[SECTIONS];
  bool known[SECTIONS];     // `section` was looked for
  uint64_t work;            // see dw_spend
  uint64_t headers;         // units that libdwarf may have to look through for one entry
  struct dw_object *alt;    // dwz's file, or NULL
  struct dw_names *names;   // libdwarf's view, made by the first name
  struct map64 abbrev_map;  // place and shape of a table -> its number
  struct dw_abbrevs **abbrevs;
  size_t n_abbrevs, cap_abbrevs;
  struct map64 lines_map;  // place of a line table -> its number
  struct dw_lines **lines;
  size_t n_lines, cap_lines;
};

const char *dw_section_name(const struct dw_object *o, enum dw_section_id id);
// The bytes of a section, none when it is absent. -1 when it is damaged.
int dw_section(struct dw_object *o, enum dw_section_id id, struct str *bytes, struct err *e);
// Counts bytes of work that a damaged file could ask for again and again. Each byte is read once or twice where all is
// well; -1 when it is much more than that.
int dw_spend(struct dw_object *o, uint64_t bytes, struct err *e);
void dw_object_release(struct dw_object *o);

// ---- abbreviations and attributes ---------------------------------------------------------------

// What the size of a value depends on beside its form.
struct dw_shape {
  uint8_t version, address_size, offset_size;
};

struct dw_attr {
  uint16_t name, form;
  int64_t constant;  // of DW_FORM_implicit_const
};

struct dw_abbrev {
  uint64_t code;
  uint16_t tag;
  bool children;
  bool code_range;  // has DW_AT_low_pc or DW_AT_ranges
  uint32_t attr, n_attrs;
  uint32_t step, n_steps;
};

// The declarations of one table. Steps lead over the values of an entry: a positive step is a number of bytes, others
// are enum dw_size.
struct dw_abbrevs {
  struct dw_abbrev *at;
  size_t n, cap;
  struct dw_attr *attr;
  size_t n_attrs, cap_attrs;
  int32_t *step;
  size_t n_steps, cap_steps;
};

enum dw_size {
  SIZE_ULEB = -1,
  SIZE_STRING = -2,
  SIZE_BLOCK = -3,
  SIZE_BLOCK1 = -4,
  SIZE_BLOCK2 = -5,
  SIZE_BLOCK4 = -6,
  SIZE_INDIRECT = -7,
  SIZE_UNKNOWN = -8,
};

// The bytes a value of this form takes, or a negative enum dw_size.
int32_t dw_form_size(uint16_t form, const struct dw_shape *s);
void dw_step(struct cursor *c, int32_t step, const struct dw_shape *s);

enum dw_kind {
  KIND_NONE,
  KIND_NUMBER,
  KIND_ADDRESS,
  KIND_ADDRESS_INDEX,
  KIND_LIST_INDEX,
  KIND_REF,
  KIND_REF_ALT,
  KIND_OTHER
};
struct dw_value {
  enum dw_kind kind;
  uint64_t n;  // KIND_REF: as it stands for DW_FORM_ref_addr, otherwise with the unit's offset added
};
// Reads one value, or steps over it. `unit` is the unit's offset.
struct dw_value dw_form_read(struct cursor *c, const struct dw_attr *a, const struct dw_shape *s, uint64_t unit);

// The table at an offset of .debug_abbrev. It belongs to the object.
int dw_abbrevs_at(struct dw_object *o, uint64_t offset, const struct dw_shape *s, const struct dw_abbrevs **out,
                  struct err *e);
const struct dw_abbrev *dw_abbrev_find(const struct dw_abbrevs *t, uint64_t code);
void dw_abbrevs_free(struct dw_abbrevs *t);
// One declaration without reading the table: *attrs stands before its attributes, which dw_abbrev_attr takes one by one
// until it says false. `a` has no attributes and no steps.
int dw_abbrev_one(struct dw_object *o, uint64_t offset, uint64_t code, struct dw_abbrev *a, struct cursor *attrs,
                  struct err *e);
bool dw_abbrev_attr(struct cursor *attrs, struct dw_attr *a);

// ---- units --------------------------------------------------------------------------------------

// Where code lies, as an entry says it.
struct dw_extent {
  struct dw_value low, high, ranges;
};

struct dw_functions;
struct dw_lines;

struct dw_unit {
  struct dw_object *o;
  uint64_t offset, root, end;  // header, first entry, end; in .debug_info
  uint64_t abbrev;             // where its table is
  uint64_t lists;              // where its part of .debug_rnglists is, other than 0 in a .dwp file
  uint64_t id;                 // of split DWARF
  struct dw_shape shape;
  uint8_t type;  // DW_UT_*, 0 before DWARF 5
  // What the root says.
  uint16_t tag;
  bool children, has_lines, has_dwo_name;
  struct dw_extent extent;
  uint64_t base;  // what ranges are relative to
  uint64_t addr_base, rnglists_base, ranges_base, lines_at;
  // Split DWARF: the skeleton, which has addresses and lines, and the unit in the .dwo file know each other.
  struct dw_unit *skeleton, *split;
  // Made by the first address; what could not be read stays NULL. The lines belong to the object.
  bool entered;
  struct dw_functions *functions;
  struct dw_lines *lines;
  struct str comp_dir;  // p == NULL before it is asked for
};

// The units of an object's .debug_info that may have code. What is damaged is left out, with a reason in `damage`.
int dw_units_read(struct dw_object *o, struct dw_unit **units, size_t *n, struct err *damage, struct err *e);
// One unit: its header at an offset of .debug_info, then its root. The caller has set `o` and, for a unit of split
// DWARF, `skeleton`; for a .dwp file `abbrev` and `lists` too.
int dw_unit_header(struct dw_unit *u, uint64_t offset, struct err *e);
int dw_unit_root(struct dw_unit *u, struct err *e);
void dw_unit_release(struct dw_unit *u);

// ---- ranges -------------------------------------------------------------------------------------

// Notes an attribute that says where code lies; others are left alone.
void dw_extent_note(struct dw_extent *x, uint16_t name, struct dw_value v);
// Adds the ranges of an extent, all or, when something is wrong, none.
int dw_extent_add(struct dw_unit *u, const struct dw_extent *x, struct intervals *out, uint32_t value, struct err *e);
int dw_address(struct dw_unit *u, struct dw_value v, uint64_t *address, struct err *e);

// ---- functions ----------------------------------------------------------------------------------

// An entry of .debug_info; o == NULL is none.
struct dw_ref {
  struct dw_object *o;
  uint64_t offset;
};

struct dw_inline {
  struct dw_ref function;
  uint32_t parent;              // the inlined call around it, or MAP_NONE
  uint64_t file, line, column;  // of the call
};

struct dw_inlines {
  struct intervals ranges;
  struct dw_inline *at;
  size_t n, cap;
};

struct dw_function {
  uint64_t die;
  uint64_t children;           // the first of them, 0 when there is none
  struct dw_inlines *inlines;  // NULL before it is hit
};

struct dw_functions {
  struct intervals ranges;
  struct dw_function *at;
  size_t n, cap;
};

// Where the entries are damaged, *out has those before, and the rest is a reason.
int dw_functions_read(struct dw_unit *u, struct dw_functions **out, struct err *e);
int dw_inlines_read(struct dw_unit *u, const struct dw_function *f, struct dw_inlines **out, struct err *e);
void dw_functions_free(struct dw_functions *f);

// ---- lines --------------------------------------------------------------------------------------

struct dw_row {
  uint64_t address;
  uint64_t file, line, column;
};

// The line table at an offset of .debug_line. It belongs to the object. *out is NULL where it is damaged.
int dw_lines_at(struct dw_object *o, uint64_t offset, const struct dw_shape *s, struct dw_lines **out, struct err *e);
// The row that holds the address; false when there is none.
bool dw_lines_find(const struct dw_lines *l, uint64_t address, struct dw_row *row);
// The name of a file of the table; empty when there is no such file. Relative names are put after `directory`.
// -1 when memory ran out.
int dw_lines_file(struct dw_lines *l, uint64_t file, struct str directory, struct str *name, struct err *e);
void dw_lines_free(struct dw_lines *l);

// ---- split DWARF --------------------------------------------------------------------------------

struct dw_split {
  const char *path;          // of the object
  struct dw_object *opened;  // a list, the caller's to release
  struct dw_object *package;
  bool package_tried;
};

// Finds the unit that a skeleton stands for; `skeleton->split` stays NULL, with a reason, when its file can't be used.
// Other units are left alone.
int dw_split_find(struct dw_split *s, struct dw_unit *skeleton, struct err *e);

// ---- names --------------------------------------------------------------------------------------

struct dw_name {
  struct str linkage, plain;
  int64_t line;  // of the declaration
};

// What an entry and those it refers to say.
int dw_name_of(struct dw_ref r, struct dw_name *name, struct err *e);
// A string attribute of one entry, empty when it has none.
int dw_die_string(struct dw_ref r, uint16_t attribute, struct str *value, struct err *e);
void dw_names_free(struct dw_names *n);

// Would a search of the object's unit indexes (of a .dwp file) for an id that is not there come to an end? libdwarf does not
// look whether a damaged one has room for it.
bool dw_indexes_end(struct dw_object *o);

#endif
