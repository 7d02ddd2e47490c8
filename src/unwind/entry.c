// CIEs and FDEs: what .eh_frame and .debug_frame say about a function before the programs of rules begin.
#include "unwind/internal.h"

// How pointers are written (the Linux Standard Base, "DWARF Exception Header Encoding").
enum {
  FORM = 0x0f,
  FORM_NATIVE = 0x00,
  FORM_ULEB = 0x01,
  FORM_U16 = 0x02,
  FORM_U32 = 0x03,
  FORM_U64 = 0x04,
  FORM_SLEB = 0x09,
  FORM_S16 = 0x0a,
  FORM_S32 = 0x0b,
  FORM_S64 = 0x0c,
  RELATIVE = 0x70,
  RELATIVE_NOT = 0x00,
  RELATIVE_POSITION = 0x10,
  RELATIVE_DATA = 0x30,
  RELATIVE_FUNCTION = 0x40,
  ALIGNED = 0x50,
  OMITTED = 0xff,
};

enum { RETURN_ADDRESS = UNWIND_RIP };

// ---- pointers -----------------------------------------------------------------------------------

static uint64_t position_of(const struct cursor *c, const struct frame_section *s) {
  return (uint64_t)(c->p - (const uint8_t *)s->bytes.p);
}

static uint64_t number(struct cursor *c, uint8_t form) {
  switch (form) {
    case FORM_NATIVE:
    case FORM_U64:
    case FORM_S64: return cursor_number(c, 8);
    case FORM_ULEB: return cursor_uleb(c);
    case FORM_SLEB: return (uint64_t)cursor_sleb(c);
    case FORM_U16: return cursor_number(c, 2);
    case FORM_U32: return cursor_number(c, 4);
    case FORM_S16: return (uint64_t)(int64_t)(int16_t)cursor_number(c, 2);
    case FORM_S32: return (uint64_t)(int64_t)(int32_t)cursor_number(c, 4);
    default: cursor_spoil(c); return 0;
  }
}

static void align(struct cursor *c, const struct frame_section *s) {
  cursor_skip(c, (0 - (s->address + position_of(c, s))) & 7);
}

uint64_t unwind__pointer(struct cursor *c, const struct frame_section *s, uint8_t encoding, uint64_t data) {
  if (encoding == OMITTED) return 0;
  if (encoding == ALIGNED) {
    align(c, s);
    return cursor_number(c, 8);
  }
  uint64_t here = s->address + position_of(c, s), value = number(c, encoding & FORM);
  switch (encoding & RELATIVE) {
    case RELATIVE_NOT:
    case RELATIVE_FUNCTION: return value;
    case RELATIVE_POSITION: return here + value;
    case RELATIVE_DATA: return data + value;
    default: cursor_spoil(c); return 0;
  }
}

// ---- entries ------------------------------------------------------------------------------------

// The part all entries begin with. The cursor is cut at the entry's end and stands behind its id.
struct head {
  struct cursor c;
  uint64_t id_position, id, end;
  uint8_t offset_size;
};

// 1 read, 0 the end of the section, -1 damaged.
static int read_head(const struct frame_section *s, uint64_t position, struct head *h) {
  h->c = cursor_at(s->bytes, position, false);
  if (h->c.bad || !cursor_left(&h->c)) return h->c.bad ? -1 : 0;
  cursor_unit(&h->c, &h->offset_size);
  if (h->c.bad) return -1;
  h->end = position_of(&h->c, s) + cursor_left(&h->c);
  if (!cursor_left(&h->c)) return 0;  // a length of 0 ends .eh_frame
  h->id_position = position_of(&h->c, s);
  // In .eh_frame it has 4 bytes even behind a long length.
  h->id = cursor_number(&h->c, s->debug ? h->offset_size : 4);
  return h->c.bad ? -1 : 1;
}

static bool is_cie(const struct frame_section *s, const struct head *h) {
  if (!s->debug) return h->id == 0;
  return h->id == (h->offset_size == 8 ? UINT64_MAX : UINT32_MAX);
}

// What the augmentation's letters stand for. An unknown letter ends the reading, as the length says where the rest begins.
static void read_augmentation(struct cursor *c, const struct frame_section *s, struct str letters, struct entry *out) {
  struct cursor data = *c;
  uint64_t n = cursor_uleb(c);
  cursor_uleb(&data);
  cursor_limit(&data, n);
  cursor_skip(c, n);
  for (size_t i = 1; i < letters.n && !data.bad; i++) {
    switch (letters.p[i]) {
      case 'R': out->pointer_encoding = cursor_u8(&data); break;
      case 'P': unwind__pointer(&data, s, cursor_u8(&data), 0); break;
      case 'L': cursor_u8(&data); break;
      case 'S': out->signal = true; break;
      default: return;
    }
  }
}

static bool read_cie(const struct frame_section *s, uint64_t position, struct entry *out) {
  struct head h;
  if (read_head(s, position, &h) != 1 || !is_cie(s, &h)) return false;
  struct cursor *c = &h.c;
  uint8_t version = cursor_u8(c);
  if (version != 1 && version != 3 && version != 4) return false;
  struct str letters = cursor_string(c);
  out->sized = letters.n && letters.p[0] == 'z';
  if (letters.n && !out->sized) return false;
  // Bytes an address has, and a segment's.
  if (version == 4 && (cursor_u8(c) != 8 || cursor_u8(c) != 0)) return false;
  out->code_align = cursor_uleb(c);
  out->data_align = cursor_sleb(c);
  if ((version == 1 ? cursor_u8(c) : cursor_uleb(c)) != RETURN_ADDRESS) return false;
  if (out->sized) read_augmentation(c, s, letters, out);
  out->cie_program = (uint32_t)position_of(c, s);
  out->cie_program_end = (uint32_t)h.end;
  return !c->bad;
}

// The CIE is named by how far it lies before the field that says so, in .debug_frame by its position.
static bool read_cie_of(const struct frame_section *s, const struct head *h, struct entry *out) {
  if (!s->debug && h->id > h->id_position) return false;
  return read_cie(s, s->debug ? h->id : h->id_position - h->id, out);
}

int unwind__entry(const struct frame_section *s, uint64_t position, struct entry *out, uint64_t *next) {
  struct head h = {.end = 0};
  *out = (struct entry){0};
  *next = 0;
  int read = read_head(s, position, &h);
  // .debug_frame may be padded, and the objects a linker put together may each end with a 0.
  if (read >= 0 && h.end < s->bytes.n && h.end > position) *next = h.end;
  if (read <= 0) return read;
  if (is_cie(s, &h)) return 0;
  if (!read_cie_of(s, &h, out)) return -1;
  out->start = unwind__pointer(&h.c, s, out->pointer_encoding, 0);
  out->size = number(&h.c, out->pointer_encoding & FORM);
  if (out->sized) cursor_skip(&h.c, cursor_uleb(&h.c));
  if (h.c.bad) return -1;
  out->program = (uint32_t)position_of(&h.c, s);
  out->program_end = (uint32_t)h.end;
  return 1;
}
