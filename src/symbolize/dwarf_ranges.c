// Where code lies: low and high, .debug_ranges before DWARF 5, .debug_rnglists since.
#include <libdwarf/dwarf.h>

#include "symbolize/dwarf_internal.h"

void dw_extent_note(struct dw_extent *x, uint16_t name, struct dw_value v) {
  if (name == DW_AT_low_pc) x->low = v;
  else if (name == DW_AT_high_pc) x->high = v;
  else if (name == DW_AT_ranges) x->ranges = v;
}

// The unit that has the addresses.
static struct dw_unit *addressed(struct dw_unit *u) { return u->skeleton ? u->skeleton : u; }

static uint64_t largest(const struct dw_shape *s) { return s->address_size == 4 ? UINT32_MAX : UINT64_MAX; }

int dw_address(struct dw_unit *u, struct dw_value v, uint64_t *address, struct err *e) {
  *address = v.n;
  if (v.kind == KIND_ADDRESS) return 0;
  if (v.kind != KIND_ADDRESS_INDEX) return err_set(e, "an address of debug information is none");
  u = addressed(u);
  struct str bytes;
  if (dw_section(u->o, SECTION_ADDR, &bytes, e)) return -1;
  struct cursor c = cursor_at(bytes, u->addr_base, u->o->big);
  uint64_t limit = cursor_left(&c) / u->shape.address_size;
  if (v.n >= limit) return err_set(e, "debug information names an address that is not there");
  cursor_skip(&c, v.n * u->shape.address_size);
  *address = cursor_number(&c, u->shape.address_size);
  return 0;
}

// Where the ranges of one list go.
struct list {
  struct dw_unit *u;
  struct cursor c;
  uint64_t base;
  struct intervals *out;
  uint32_t value;
};

static int add(struct list *l, uint64_t low, uint64_t high, struct err *e) {
  return intervals_add(l->out, low, high, l->value) ? err_nomem(e) : 0;
}

static int add_relative(struct list *l, uint64_t low, uint64_t high, struct err *e) {
  uint64_t mask = largest(&l->u->shape);
  return add(l, (l->base + low) & mask, (l->base + high) & mask, e);
}

static int read_old(struct list *l, struct err *e) {
  unsigned size = l->u->shape.address_size;
  while (!l->c.bad) {
    uint64_t low = cursor_number(&l->c, size), high = cursor_number(&l->c, size);
    if (l->c.bad || (!low && !high)) break;
    if (low == largest(&l->u->shape)) l->base = high;
    else if (add_relative(l, low, high, e)) return -1;
  }
  return 0;
}

static int address_at(struct list *l, uint64_t index, uint64_t *address, struct err *e) {
  return dw_address(l->u, (struct dw_value){KIND_ADDRESS_INDEX, index}, address, e);
}

// One entry of a list of DWARF 5. 1 when the list goes on, 0 at its end.
static int read_entry(struct list *l, struct err *e) {
  struct cursor *c = &l->c;
  uint8_t kind = cursor_u8(c);
  unsigned size = l->u->shape.address_size;
  uint64_t low = 0, high = 0;
  switch (kind) {
    case DW_RLE_end_of_list: return 0;
    case DW_RLE_base_addressx: return address_at(l, cursor_uleb(c), &l->base, e) ? -1 : 1;
    case DW_RLE_base_address: l->base = cursor_number(c, size); return 1;
    case DW_RLE_startx_endx:
      if (address_at(l, cursor_uleb(c), &low, e) || address_at(l, cursor_uleb(c), &high, e)) return -1;
      break;
    case DW_RLE_startx_length:
      if (address_at(l, cursor_uleb(c), &low, e)) return -1;
      high = low + cursor_uleb(c);
      break;
    case DW_RLE_offset_pair:
      low = cursor_uleb(c);
      high = cursor_uleb(c);
      return c->bad || add_relative(l, low, high, e) ? -1 : 1;
    case DW_RLE_start_end:
      low = cursor_number(c, size);
      high = cursor_number(c, size);
      break;
    case DW_RLE_start_length:
      low = cursor_number(c, size);
      high = low + cursor_uleb(c);
      break;
    default: cursor_spoil(c);
  }
  return c->bad || add(l, low, high, e) ? -1 : 1;
}

static int read_new(struct list *l, struct err *e) {
  int rc = 1;
  while (rc > 0 && !l->c.bad) rc = read_entry(l, e);
  return rc < 0 ? -1 : 0;
}

// The offset of a list in .debug_rnglists. The table of offsets stands where the unit says, or for a .dwo file, which
// says nothing, after the header.
static int list_offset(struct dw_unit *u, struct dw_value v, struct str bytes, uint64_t *offset, struct err *e) {
  *offset = v.n + u->lists;
  if (v.kind != KIND_LIST_INDEX) return 0;
  uint64_t header = u->shape.offset_size == 8 ? 20 : 12;
  uint64_t table = u->skeleton || !u->rnglists_base ? u->lists + header : u->rnglists_base;
  struct cursor c = cursor_at(bytes, table, u->o->big);
  if (v.n > cursor_left(&c) / u->shape.offset_size) cursor_spoil(&c);
  cursor_skip(&c, v.n * u->shape.offset_size);
  *offset = table + cursor_number(&c, u->shape.offset_size);
  return c.bad ? err_set(e, "debug information names a list of ranges that is not there") : 0;
}

static int add_list(struct dw_unit *u, struct dw_value v, struct intervals *out, uint32_t value, struct err *e) {
  bool old = u->shape.version < 5;
  // Before DWARF 5 the lists of a .dwo file stand in the main file.
  struct dw_object *o = old ? addressed(u)->o : u->o;
  uint64_t offset = v.n + (u->skeleton ? u->skeleton->ranges_base : 0);
  struct str bytes;
  if (dw_section(o, old ? SECTION_RANGES : SECTION_RNGLISTS, &bytes, e)) return -1;
  if (!old && list_offset(u, v, bytes, &offset, e)) return -1;
  struct list l = {u, cursor_at(bytes, offset, o->big), addressed(u)->base, out, value};
  const uint8_t *from = l.c.p;
  if (old ? read_old(&l, e) : read_new(&l, e)) {
    return l.c.bad ? err_set(e, "a list of address ranges is damaged") : -1;
  }
  if (l.c.bad) return err_set(e, "a list of address ranges does not end");
  return dw_spend(o, (uint64_t)(l.c.p - from), e);
}

static int add_extent(struct dw_unit *u, const struct dw_extent *x, struct intervals *out, uint32_t value,
                      struct err *e) {
  if (x->ranges.kind != KIND_NONE) return add_list(u, x->ranges, out, value, e);
  if (x->low.kind == KIND_NONE || x->high.kind == KIND_NONE) return 0;
  uint64_t low, high = x->high.n;
  if (dw_address(u, x->low, &low, e)) return -1;
  if (x->high.kind == KIND_NUMBER) high += low;
  else if (dw_address(u, x->high, &high, e)) return -1;
  return intervals_add(out, low, high, value) ? err_nomem(e) : 0;
}

int dw_extent_add(struct dw_unit *u, const struct dw_extent *x, struct intervals *out, uint32_t value, struct err *e) {
  size_t before = out->n;
  int rc = add_extent(u, x, out, value, e);
  if (rc) out->n = before;
  return rc;
}
