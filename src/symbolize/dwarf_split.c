// Split DWARF: the unit that a skeleton stands for is in a .dwp file beside the object, or in a .dwo file.
#include <libdwarf/dwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

static struct dw_object *open_object(struct dw_split *s, const char *path, struct err *e) {
  struct elf *elf = elf_open(path, e);
  if (!elf) return NULL;
  struct dw_object *o = calloc(1, sizeof *o);
  if (!o) {
    elf_close(elf);
    err_nomem(e);
    return NULL;
  }
  *o = (struct dw_object){.next = s->opened, .elf = elf, .owns_elf = true, .split = true};
  o->big = elf_is_big_endian(elf);
  s->opened = o;
  return o;
}

// ---- .dwp ---------------------------------------------------------------------------------------

// .debug_cu_index: a hash table from ids to rows; a row says where the parts of a unit are.
struct unit_index {
  struct str bytes;
  bool big;
  uint64_t columns, rows, slots;
  uint64_t ids, numbers, names, offsets;  // where its tables begin
};

static uint64_t u32_at(const struct unit_index *x, uint64_t offset) {
  struct cursor c = cursor_at(x->bytes, offset, x->big);
  return cursor_number(&c, 4);
}

static bool read_index(struct dw_object *o, enum dw_section_id id, struct unit_index *x) {
  *x = (struct unit_index){.big = o->big};
  if (dw_section(o, id, &x->bytes, NULL)) return false;
  struct cursor c = cursor_at(x->bytes, 4, x->big);
  x->columns = cursor_number(&c, 4);
  x->rows = cursor_number(&c, 4);
  x->slots = cursor_number(&c, 4);
  x->ids = 16;
  x->numbers = x->ids + 8 * x->slots;
  x->names = x->numbers + 4 * x->slots;
  x->offsets = x->names + 4 * x->columns;
  uint64_t end = x->offsets + 8 * x->columns * x->rows;
  bool small = x->columns <= x->bytes.n && x->rows <= x->bytes.n;
  return !c.bad && small && end <= x->bytes.n && x->slots && !(x->slots & (x->slots - 1));
}

static bool has_empty_slot(const struct unit_index *x) {
  for (uint64_t slot = 0; slot < x->slots; slot++) {
    struct cursor c = cursor_at(x->bytes, x->ids + 8 * slot, x->big);
    if (cursor_number(&c, 8) == 0 && u32_at(x, x->numbers + 4 * slot) == 0) return true;
  }
  return false;
}

bool dw_indexes_end(struct dw_object *o) {
  static const enum dw_section_id ids[] = {SECTION_CU_INDEX, SECTION_TU_INDEX};
  for (size_t i = 0; i < 2; i++) {
    struct unit_index x;
    bool readable = read_index(o, ids[i], &x);
    if (x.bytes.n && !(readable && has_empty_slot(&x))) return false;
  }
  return true;
}

// The row of an id, counted from 1; 0 when there is none.
static uint64_t index_row(const struct unit_index *x, uint64_t id) {
  uint64_t mask = x->slots - 1, slot = id & mask, step = (id >> 32 & mask) | 1;
  for (uint64_t i = 0; i < x->slots; i++, slot = (slot + step) & mask) {
    struct cursor c = cursor_at(x->bytes, x->ids + 8 * slot, x->big);
    uint64_t row = u32_at(x, x->numbers + 4 * slot);
    if (!row || row > x->rows) return 0;
    if (cursor_number(&c, 8) == id) return row;
  }
  return 0;
}

// Where the part of a row in a section begins, 0 when the table has no such column.
static uint64_t index_part(const struct unit_index *x, uint64_t row, uint64_t section) {
  for (uint64_t i = 0; i < x->columns; i++) {
    if (u32_at(x, x->names + 4 * i) == section) return u32_at(x, x->offsets + 4 * ((row - 1) * x->columns + i));
  }
  return 0;
}

// 1 found, 0 not there, -1 damaged.
static int find_in_package(struct dw_object *o, struct dw_unit *skeleton, struct dw_unit *u, struct err *e) {
  enum { PART_INFO = 1, PART_ABBREV = 3, PART_RNGLISTS = 8 };
  struct unit_index x;
  if (!read_index(o, SECTION_CU_INDEX, &x)) return err_set(e, "the index of the .dwp file is damaged");
  o->headers = x.rows;
  uint64_t row = index_row(&x, skeleton->id);
  if (!row) return 0;
  *u = (struct dw_unit){.o = o, .skeleton = skeleton};
  u->abbrev = index_part(&x, row, PART_ABBREV);
  u->lists = index_part(&x, row, PART_RNGLISTS);
  return dw_unit_header(u, index_part(&x, row, PART_INFO), e) || dw_unit_root(u, e) ? -1 : 1;
}

static struct dw_object *package(struct dw_split *s) {
  if (s->package_tried) return s->package;
  s->package_tried = true;
  struct buf path = {NULL, 0, 0, false};
  buf_adds(&path, s->path);
  buf_adds(&path, ".dwp");
  if (!path.failed) s->package = open_object(s, path.data, NULL);
  buf_release(&path);
  return s->package;
}

// ---- .dwo ---------------------------------------------------------------------------------------

// The unit with the id among those of one file.
static int find_in_file(struct dw_object *o, struct dw_unit *skeleton, struct dw_unit *u, struct err *e) {
  struct str info;
  if (dw_section(o, SECTION_INFO, &info, e)) return -1;
  for (uint64_t at = 0; at < info.n; at = u->end) {
    *u = (struct dw_unit){.o = o, .skeleton = skeleton};
    if (dw_unit_header(u, at, e)) return -1;
    if (u->type == DW_UT_split_type) continue;
    if (dw_unit_root(u, e)) return -1;
    if (u->id == skeleton->id) return 1;
  }
  return 0;
}

// The folder of the object, then the name; whole: with the folders of the name.
static void beside(struct buf *path, const char *object, struct str name) {
  const char *slash = strrchr(object, '/');
  if (slash) buf_add(path, object, (size_t)(slash - object) + 1);
  buf_str(path, name);
}

// Where a .dwo file may be: as the compiler named it, or where the object lies.
static struct dw_object *open_named(struct dw_split *s, struct str folder, struct str name, struct err *e) {
  struct dw_object *o = NULL;
  struct buf path = {NULL, 0, 0, false};
  bool absolute = name.p[0] == '/';
  for (int i = 0; i < 3 && !o; i++) {
    buf_clear(&path);
    if (i == 0 && !absolute && folder.n) buf_str(&path, folder), buf_addc(&path, '/');
    if (i == 0) buf_str(&path, name);
    else if (i == 1 && absolute) continue;
    else beside(&path, s->path, i == 1 ? name : path_base(name));
    if (path.failed) err_nomem(e);
    else o = open_object(s, path.data, i == 0 ? e : NULL);
  }
  buf_release(&path);
  return o;
}

static int find_by_name(struct dw_split *s, struct dw_unit *skeleton, struct dw_unit *u, struct err *e) {
  struct dw_ref root = {skeleton->o, skeleton->root};
  struct str name, folder;
  if (dw_die_string(root, skeleton->shape.version < 5 ? DW_AT_GNU_dwo_name : DW_AT_dwo_name, &name, e)) return -1;
  if (dw_die_string(root, DW_AT_comp_dir, &folder, e)) return -1;
  if (!name.n) return 0;
  struct err reason = {""};
  struct dw_object *o = open_named(s, folder, name, &reason);
  if (!o) return err_set(e, "%.*s: %s", STR_ARG(name), reason.text);
  int rc = find_in_file(o, skeleton, u, e);
  return rc ? rc : err_set(e, "%.*s belongs to another build", STR_ARG(name));
}

int dw_split_find(struct dw_split *s, struct dw_unit *skeleton, struct err *e) {
  if (!skeleton->has_dwo_name) return 0;
  struct dw_unit u;
  struct dw_object *p = package(s);
  int rc = p ? find_in_package(p, skeleton, &u, e) : 0;
  if (!rc) rc = find_by_name(s, skeleton, &u, e);
  if (rc <= 0) return rc;
  skeleton->split = malloc(sizeof u);
  if (!skeleton->split) return err_nomem(e);
  *skeleton->split = u;
  return 0;
}
