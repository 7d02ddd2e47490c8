// From an address to its unit, to the function in it, to the inlined calls there.
#include "symbolize/dwarf.h"

#include <libdwarf/dwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

struct dwarf {
  struct dw_object object, alt;
  struct dw_split split;
  char *path;
  struct dw_unit *unit;
  size_t n_units;
  struct intervals ranges;  // address -> number of the unit
  bool searched;            // units that do not say where their code lies have been looked through
  struct err damage;        // the first there was; empty when all is well
  struct dwarf_frame *frame;
  size_t n_frames, cap_frames;
};

// ---- units --------------------------------------------------------------------------------------

// What is damaged goes on without the part; what is no damage but a lack of memory ends the work.
static bool out_of_memory(const struct err *e) {
  struct err nomem = {""};
  err_nomem(&nomem);
  return strcmp(e->text, nomem.text) == 0;
}

// Notes what went wrong. -1 when it was memory.
static int survive(struct dwarf *d, const struct err *reason, struct err *e) {
  if (out_of_memory(reason)) return err_nomem(e);
  if (!d->damage.text[0]) d->damage = *reason;
  return 0;
}

static int enter(struct dwarf *d, struct dw_unit *u, struct err *e) {
  if (u->entered) return 0;
  u->entered = true;
  struct err reason = {""};
  if (u->has_lines && dw_lines_at(u->o, u->lines_at, &u->shape, &u->lines, &reason) && survive(d, &reason, e))
    return -1;
  err_clear(&reason);
  if (dw_split_find(&d->split, u, &reason) && survive(d, &reason, e)) return -1;
  err_clear(&reason);
  struct dw_unit *tree = u->split ? u->split : u;
  if (dw_functions_read(tree, &tree->functions, &reason) && survive(d, &reason, e)) return -1;
  return 0;
}

static int index_units(struct dwarf *d, struct err *e) {
  for (size_t i = 0; i < d->n_units; i++) {
    struct err reason = {""};
    struct dw_unit *u = &d->unit[i];
    if (dw_extent_add(u, &u->extent, &d->ranges, (uint32_t)i, &reason) && survive(d, &reason, e)) return -1;
  }
  return intervals_settle(&d->ranges) ? err_nomem(e) : 0;
}

// DWARF 2 knows no lists of ranges: a root then names the first stretch of code and is silent about the others.
static bool says_where(const struct dw_unit *u) {
  if (u->extent.ranges.kind != KIND_NONE) return true;
  return u->shape.version > 2 && u->extent.low.kind != KIND_NONE && u->extent.high.kind != KIND_NONE;
}

// Where the root does not say where all the code of a unit lies, its functions do.
static int search_units(struct dwarf *d, struct err *e) {
  if (d->searched) return 0;
  d->searched = true;
  for (size_t i = 0; i < d->n_units; i++) {
    struct dw_unit *u = &d->unit[i];
    if (says_where(u) || !u->children) continue;
    if (enter(d, u, e)) return -1;
    const struct dw_functions *f = u->split ? u->split->functions : u->functions;
    for (size_t k = 0; f && k < f->ranges.n; k++) {
      const struct interval *r = &f->ranges.at[k];
      if (intervals_add(&d->ranges, r->low, r->high, (uint32_t)i)) return err_nomem(e);
    }
  }
  return intervals_settle(&d->ranges) ? err_nomem(e) : 0;
}

static int find_unit(struct dwarf *d, uint64_t address, struct dw_unit **u, struct err *e) {
  *u = NULL;
  uint32_t number = intervals_find(&d->ranges, address);
  if (number == MAP_NONE) {
    if (search_units(d, e)) return -1;
    number = intervals_find(&d->ranges, address);
  }
  if (number == MAP_NONE) return 0;
  *u = &d->unit[number];
  return enter(d, *u, e);
}

// ---- frames -------------------------------------------------------------------------------------

static int file_name(struct dw_unit *u, uint64_t number, struct str *name, struct err *e) {
  *name = STR_LIT("");
  if (!u->lines) return 0;
  struct dw_ref root = {u->o, u->root};
  if (!u->comp_dir.p && dw_die_string(root, DW_AT_comp_dir, &u->comp_dir, e)) return -1;
  return dw_lines_file(u->lines, number, u->comp_dir, name, e);
}

static int add_frame(struct dwarf *d, struct dw_unit *u, struct dw_ref function, const struct dw_row *at,
                     struct err *e) {
  struct dw_name name = {STR_LIT(""), STR_LIT(""), 0};
  struct str file;
  if (function.o && dw_name_of(function, &name, e)) return -1;
  if (file_name(u, at->file, &file, e)) return -1;
  if (ARRAY_RESERVE(d->frame, d->cap_frames, d->n_frames + 1)) return err_nomem(e);
  d->frame[d->n_frames++] = (struct dwarf_frame){name.linkage.n ? name.linkage : name.plain, file, (int64_t)at->line,
                                                 (int64_t)at->column, name.line};
  return 0;
}

// The inlined calls at the address, then the function. A call says where it stands in what is around it.
static int add_function(struct dwarf *d, struct dw_unit *u, struct dw_function *f, struct dw_row *at, uint64_t address,
                        struct err *e) {
  struct dw_unit *tree = u->split ? u->split : u;
  if (!f->inlines) {
    struct err reason = {""};
    if (dw_inlines_read(tree, f, &f->inlines, &reason) && survive(d, &reason, e)) return -1;
  }
  uint32_t number = f->inlines ? intervals_find(&f->inlines->ranges, address) : MAP_NONE;
  while (number != MAP_NONE) {
    const struct dw_inline *call = &f->inlines->at[number];
    if (add_frame(d, u, call->function, at, e)) return -1;
    *at = (struct dw_row){address, call->file, call->line, call->column};
    number = call->parent;
  }
  return add_frame(d, u, (struct dw_ref){tree->o, f->die}, at, e);
}

static int add_frames(struct dwarf *d, struct dw_unit *u, uint64_t address, struct err *e) {
  struct dw_functions *functions = u->split ? u->split->functions : u->functions;
  struct dw_row at = {0, UINT64_MAX, 0, 0};
  bool has_line = u->lines && dw_lines_find(u->lines, address, &at);
  uint32_t number = functions ? intervals_find(&functions->ranges, address) : MAP_NONE;
  if (number != MAP_NONE) return add_function(d, u, &functions->at[number], &at, address, e);
  return has_line ? add_frame(d, u, (struct dw_ref){NULL, 0}, &at, e) : 0;
}

int dwarf_lookup(struct dwarf *d, uint64_t address, dwarf_emit *emit, void *arg, struct err *e) {
  struct dw_unit *u;
  d->n_frames = 0;
  if (find_unit(d, address, &u, e)) return -1;
  if (u && add_frames(d, u, address, e)) return -1;
  if (!d->n_frames) return d->damage.text[0] ? err_set(e, "%s", d->damage.text) : 0;
  for (size_t i = 0; i < d->n_frames; i++) emit(arg, &d->frame[i]);
  return 1;
}

// ---- open and close -----------------------------------------------------------------------------

static int load(struct dwarf *d, struct err *e) {
  struct str info;
  if (dw_section(&d->object, SECTION_INFO, &info, e)) return -1;
  if (!info.n) return err_set(e, "no debug information");
  if (dw_units_read(&d->object, &d->unit, &d->n_units, &d->damage, e) || index_units(d, e)) return -1;
  if (!d->n_units && d->damage.text[0]) return err_set(e, "%s", d->damage.text);
  return 0;
}

struct dwarf *dwarf_open(struct elf *object, struct elf *alt, const char *path, struct err *e) {
  struct dwarf *d = calloc(1, sizeof *d);
  if (!d) goto nomem;
  d->object = (struct dw_object){.elf = object, .big = elf_is_big_endian(object)};
  if (alt) {
    d->alt = (struct dw_object){.elf = alt, .big = elf_is_big_endian(alt)};
    d->object.alt = &d->alt;
  }
  d->path = strdup(path);
  if (!d->path) goto nomem;
  d->split.path = d->path;
  if (!load(d, e)) return d;
  dwarf_close(d);
  return NULL;
nomem:
  err_nomem(e);
  dwarf_close(d);
  return NULL;
}

void dwarf_close(struct dwarf *d) {
  if (!d) return;
  for (size_t i = 0; i < d->n_units; i++) dw_unit_release(&d->unit[i]);
  free(d->unit);
  for (struct dw_object *o = d->split.opened, *next; o; o = next) {
    next = o->next;
    dw_object_release(o);
    free(o);
  }
  dw_object_release(&d->object);
  dw_object_release(&d->alt);
  intervals_release(&d->ranges);
  free(d->frame);
  free(d->path);
  free(d);
}
