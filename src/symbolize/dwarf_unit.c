// Headers of units and what their root entries say.
#include <libdwarf/dwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

static int damaged(const struct dw_unit *u, const char *what, struct err *e) {
  return err_set(e, "the unit at %#llx of %s %s", (unsigned long long)u->offset, dw_section_name(u->o, SECTION_INFO),
                 what);
}

// What a header of DWARF 5 has more, and has in another order.
static void read_new_header(struct dw_unit *u, struct cursor *c) {
  u->type = cursor_u8(c);
  u->shape.address_size = cursor_u8(c);
  u->abbrev += cursor_number(c, u->shape.offset_size);
  if (u->type == DW_UT_skeleton || u->type == DW_UT_split_compile) u->id = cursor_number(c, 8);
  if (u->type == DW_UT_type || u->type == DW_UT_split_type) cursor_skip(c, 8u + u->shape.offset_size);
}

int dw_unit_header(struct dw_unit *u, uint64_t offset, struct err *e) {
  struct str info;
  if (dw_section(u->o, SECTION_INFO, &info, e)) return -1;
  struct cursor c = cursor_at(info, offset, u->o->big);
  u->offset = offset;
  cursor_unit(&c, &u->shape.offset_size);
  if (c.bad) return damaged(u, "is cut off", e);
  u->end = (uint64_t)(c.end - (const uint8_t *)info.p);
  uint64_t version = cursor_number(&c, 2);
  u->shape.version = version < UINT8_MAX ? (uint8_t)version : UINT8_MAX;
  if (u->shape.version >= 5) {
    read_new_header(u, &c);
  } else {
    u->abbrev += cursor_number(&c, u->shape.offset_size);
    u->shape.address_size = cursor_u8(&c);
  }
  u->root = (uint64_t)(c.p - (const uint8_t *)info.p);
  if (c.bad) return damaged(u, "is too short", e);
  if (version < 2 || version > 5) return damaged(u, "is of an unknown version", e);
  if (u->shape.address_size != 4 && u->shape.address_size != 8) return damaged(u, "has a strange size of addresses", e);
  return 0;
}

static void note(struct dw_unit *u, uint16_t name, struct dw_value v) {
  dw_extent_note(&u->extent, name, v);
  switch (name) {
    case DW_AT_stmt_list:
      u->has_lines = true;
      u->lines_at = v.n;
      break;
    case DW_AT_GNU_dwo_id: u->id = v.n; break;
    case DW_AT_dwo_name:
    case DW_AT_GNU_dwo_name: u->has_dwo_name = true; break;
    case DW_AT_addr_base:
    case DW_AT_GNU_addr_base: u->addr_base = v.n; break;
    case DW_AT_rnglists_base: u->rnglists_base = v.n; break;
    case DW_AT_GNU_ranges_base: u->ranges_base = v.n; break;
    default: break;
  }
}

int dw_unit_root(struct dw_unit *u, struct err *e) {
  struct str info;
  if (dw_section(u->o, SECTION_INFO, &info, e)) return -1;
  struct cursor c = cursor_at(info, u->root, u->o->big), attrs;
  cursor_limit(&c, u->end - u->root);
  struct dw_abbrev a;
  uint64_t code = cursor_uleb(&c);
  if (!code) return damaged(u, "is empty", e);
  if (dw_abbrev_one(u->o, u->abbrev, code, &a, &attrs, e)) return -1;
  u->tag = a.tag;
  u->children = a.children;
  if (u->shape.version >= 5) u->addr_base = u->shape.offset_size == 8 ? 16 : 8;
  struct dw_attr attr;
  while (dw_abbrev_attr(&attrs, &attr)) note(u, attr.name, dw_form_read(&c, &attr, &u->shape, u->offset));
  if (c.bad) return damaged(u, "has a damaged first entry", e);
  if (u->extent.low.kind == KIND_NONE) return 0;
  return dw_address(u, u->extent.low, &u->base, e);
}

static bool has_code(const struct dw_unit *u) {
  return u->tag == DW_TAG_compile_unit || u->tag == DW_TAG_skeleton_unit;
}

int dw_units_read(struct dw_object *o, struct dw_unit **units, size_t *n, struct err *damage, struct err *e) {
  struct str info;
  if (dw_section(o, SECTION_INFO, &info, e)) return -1;
  size_t cap = 0;
  for (uint64_t at = 0; at < info.n;) {
    struct dw_unit u = {.o = o};
    bool whole = !dw_unit_header(&u, at, damage);
    if (u.end <= at) break;
    at = u.end;
    if (!whole || u.type == DW_UT_type || dw_unit_root(&u, damage) || !has_code(&u)) continue;
    if (ARRAY_RESERVE(*units, cap, *n + 1)) return err_nomem(e);
    (*units)[(*n)++] = u;
  }
  return 0;
}

void dw_unit_release(struct dw_unit *u) {
  dw_functions_free(u->functions);
  u->functions = NULL;
  if (u->split) {
    dw_unit_release(u->split);
    free(u->split);
  }
  u->split = NULL;
}
