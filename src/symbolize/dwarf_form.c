// Values of attributes: how long they are, and those that are numbers, addresses or references. Strings are read by
// libdwarf.
#include <libdwarf/dwarf.h>

#include "symbolize/dwarf_internal.h"

int32_t dw_form_size(uint16_t form, const struct dw_shape *s) {
  switch (form) {
    case DW_FORM_flag_present:
    case DW_FORM_implicit_const: return 0;
    case DW_FORM_data1:
    case DW_FORM_ref1:
    case DW_FORM_flag:
    case DW_FORM_strx1:
    case DW_FORM_addrx1: return 1;
    case DW_FORM_data2:
    case DW_FORM_ref2:
    case DW_FORM_strx2:
    case DW_FORM_addrx2: return 2;
    case DW_FORM_strx3:
    case DW_FORM_addrx3: return 3;
    case DW_FORM_data4:
    case DW_FORM_ref4:
    case DW_FORM_ref_sup4:
    case DW_FORM_strx4:
    case DW_FORM_addrx4: return 4;
    case DW_FORM_data8:
    case DW_FORM_ref8:
    case DW_FORM_ref_sup8:
    case DW_FORM_ref_sig8: return 8;
    case DW_FORM_data16: return 16;
    case DW_FORM_addr: return s->address_size;
    case DW_FORM_ref_addr: return s->version <= 2 ? s->address_size : s->offset_size;
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_strp_sup:
    case DW_FORM_sec_offset:
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_GNU_strp_alt: return s->offset_size;
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_ref_udata:
    case DW_FORM_strx:
    case DW_FORM_addrx:
    case DW_FORM_loclistx:
    case DW_FORM_rnglistx:
    case DW_FORM_GNU_addr_index:
    case DW_FORM_GNU_str_index: return SIZE_ULEB;
    case DW_FORM_string: return SIZE_STRING;
    case DW_FORM_block:
    case DW_FORM_exprloc: return SIZE_BLOCK;
    case DW_FORM_block1: return SIZE_BLOCK1;
    case DW_FORM_block2: return SIZE_BLOCK2;
    case DW_FORM_block4: return SIZE_BLOCK4;
    case DW_FORM_indirect: return SIZE_INDIRECT;
    default: return SIZE_UNKNOWN;
  }
}

// A form that names itself again could go on for ever.
static uint16_t indirect_form(struct cursor *c) {
  uint64_t form = cursor_uleb(c);
  if (form != DW_FORM_indirect && form != DW_FORM_implicit_const && form <= UINT16_MAX) return (uint16_t)form;
  cursor_spoil(c);
  return DW_FORM_flag_present;
}

void dw_step(struct cursor *c, int32_t step, const struct dw_shape *s) {
  if (step == SIZE_INDIRECT) step = dw_form_size(indirect_form(c), s);
  switch (step) {
    case SIZE_ULEB: cursor_uleb(c); break;
    case SIZE_STRING: cursor_string(c); break;
    case SIZE_BLOCK: cursor_skip(c, cursor_uleb(c)); break;
    case SIZE_BLOCK1: cursor_skip(c, cursor_u8(c)); break;
    case SIZE_BLOCK2: cursor_skip(c, cursor_number(c, 2)); break;
    case SIZE_BLOCK4: cursor_skip(c, cursor_number(c, 4)); break;
    default:
      if (step < 0) cursor_spoil(c);
      else cursor_skip(c, (uint64_t)step);
  }
}

static enum dw_kind kind_of(uint16_t form) {
  switch (form) {
    case DW_FORM_data1:
    case DW_FORM_data2:
    case DW_FORM_data4:
    case DW_FORM_data8:
    case DW_FORM_udata:
    case DW_FORM_sdata:
    case DW_FORM_implicit_const:
    case DW_FORM_sec_offset: return KIND_NUMBER;
    case DW_FORM_addr: return KIND_ADDRESS;
    case DW_FORM_addrx:
    case DW_FORM_addrx1:
    case DW_FORM_addrx2:
    case DW_FORM_addrx3:
    case DW_FORM_addrx4:
    case DW_FORM_GNU_addr_index: return KIND_ADDRESS_INDEX;
    case DW_FORM_rnglistx: return KIND_LIST_INDEX;
    case DW_FORM_ref1:
    case DW_FORM_ref2:
    case DW_FORM_ref4:
    case DW_FORM_ref8:
    case DW_FORM_ref_udata:
    case DW_FORM_ref_addr: return KIND_REF;
    case DW_FORM_GNU_ref_alt:
    case DW_FORM_ref_sup4:
    case DW_FORM_ref_sup8: return KIND_REF_ALT;
    default: return KIND_OTHER;
  }
}

struct dw_value dw_form_read(struct cursor *c, const struct dw_attr *a, const struct dw_shape *s, uint64_t unit) {
  uint16_t form = a->form == DW_FORM_indirect ? indirect_form(c) : a->form;
  struct dw_value v = {kind_of(form), 0};
  int32_t size = dw_form_size(form, s);
  if (v.kind == KIND_OTHER) dw_step(c, size, s);
  else if (form == DW_FORM_implicit_const) v.n = (uint64_t)a->constant;
  else if (form == DW_FORM_sdata) v.n = (uint64_t)cursor_sleb(c);
  else if (size == SIZE_ULEB) v.n = cursor_uleb(c);
  else v.n = cursor_number(c, (unsigned)size);
  if (v.kind == KIND_REF && form != DW_FORM_ref_addr) v.n += unit;
  return v;
}
