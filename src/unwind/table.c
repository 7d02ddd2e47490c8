// The rows of an address. Return addresses come again and again, so that the last ones are looked up in a small table that
// forgets; behind it are the functions decoded so far, and behind them the object.
#include <elf.h>
#include <stdlib.h>

#include "unwind/internal.h"

enum { MOST_KEPT = 64 << 20 };  // bytes

// ---- opening ------------------------------------------------------------------------------------

// 1 found, 0 absent, -1 damaged.
static int find_section(struct elf *elf, const char *name, struct frame_section *s, struct err *e) {
  *s = (struct frame_section){.debug = name[1] == 'd'};
  int found = elf_section(elf, name, &s->bytes, e);
  if (found != 1) return found;
  if (!elf_section_address(elf, name, &s->address)) return 0;
  if (s->bytes.n > INT32_MAX) return err_set(e, "section %s is larger than 2 GiB", name);
  return s->bytes.n > 0;
}

static int read_source(struct rule_source *r, struct elf *elf, const char *name, struct err *e) {
  int found = find_section(elf, name, &r->section, e);
  if (found <= 0) return found;
  if (!r->section.debug && unwind__index_header(&r->index, elf, &r->section)) return 1;
  unwind__index_release(&r->index);
  if (!unwind__index_section(&r->index, &r->section, e)) return r->index.n > 0;
  unwind__index_release(&r->index);
  return -1;
}

static int read_debug_frame(struct unwind_table *t, struct err *e) {
  t->debug_frame_tried = true;
  return read_source(&t->source[DEBUG_FRAME], t->elf, ".debug_frame", e);
}

static int open_table(struct unwind_table *t, struct err *e) {
  if (!elf_is_64(t->elf) || elf_is_big_endian(t->elf) || elf_machine(t->elf) != EM_X86_64)
    return err_set(e, "not an x86-64 object, and stacks of others can't be unwound");
  t->entry = elf_entry(t->elf);
  int found = read_source(&t->source[EH_FRAME], t->elf, ".eh_frame", e);
  if (found == 0) found = read_debug_frame(t, e);
  if (found == 0) return err_set(e, "neither .eh_frame nor .debug_frame tell how to unwind it");
  return found < 0 ? -1 : 0;
}

struct unwind_table *unwind_table_new(struct elf *elf, struct err *e) {
  struct unwind_table *t = calloc(1, sizeof *t);
  if (!t) {
    err_nomem(e);
    return NULL;
  }
  t->elf = elf;
  if (!open_table(t, e)) return t;
  unwind_table_free(t);
  return NULL;
}

void unwind_table_free(struct unwind_table *t) {
  if (!t) return;
  for (unsigned i = 0; i < SOURCES; i++) unwind__index_release(&t->source[i].index);
  map64_release(&t->fde_at);
  free(t->fde);
  free(t->row);
  free(t->rule);
  free(t);
}

// ---- decoding -----------------------------------------------------------------------------------

static size_t kept(const struct unwind_table *t) {
  return t->n_rules * sizeof *t->rule + t->n_rows * sizeof *t->row + t->n_fdes * 2 * sizeof *t->fde;
}

static void forget(struct unwind_table *t) {
  map64_release(&t->fde_at);
  t->n_fdes = t->n_rows = t->n_rules = 0;
  memset(t->known, 0, sizeof t->known);
}

// The number of the FDE at the position, decoded now if it was not before; MAP_NONE: memory ran out. A damaged one is kept
// without rows, so that it is not tried again.
static uint32_t fde_number(struct unwind_table *t, unsigned source, uint32_t position) {
  const struct frame_section *s = &t->source[source].section;
  struct entry entry;
  uint64_t next, key = (uint64_t)source << 32 | position;
  uint32_t number = map64_get(&t->fde_at, key);
  if (number != MAP_NONE) return number;
  if (kept(t) > MOST_KEPT) forget(t);
  if (ARRAY_RESERVE(t->fde, t->fde_cap, t->n_fdes + 1)) return MAP_NONE;
  struct fde fde = {.first_row = (uint32_t)t->n_rows, .source = (uint8_t)source};
  if (unwind__entry(s, position, &entry, &next) == 1 && !unwind__program(t, s, &entry)) {
    fde.start = entry.start;
    fde.size = entry.size;
    fde.signal = entry.signal;
    fde.n_rows = (uint32_t)t->n_rows - fde.first_row;
  }
  number = (uint32_t)t->n_fdes;
  if (map64_put(&t->fde_at, key, number)) return MAP_NONE;
  t->fde[t->n_fdes++] = fde;
  return number;
}

// The last row that begins at or before the offset; the first begins at 0.
static uint32_t find_row(const struct unwind_table *t, const struct fde *fde, uint64_t offset) {
  uint32_t low = 0, high = fde->n_rows;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (t->row[fde->first_row + middle].from <= offset) low = middle;
    else high = middle;
  }
  return fde->first_row + low;
}

static enum place_found look_in(struct unwind_table *t, unsigned source, uint64_t address, struct known_address *k) {
  const struct rule_source *r = &t->source[source];
  uint32_t position;
  if (!unwind__index_find(&r->index, &r->section, address, &position)) return PLACE_NONE;
  uint32_t number = fde_number(t, source, position);
  if (number == MAP_NONE) return PLACE_BAD;
  const struct fde *fde = &t->fde[number];
  if (!fde->n_rows) return PLACE_BAD;
  if (address - fde->start >= fde->size) return PLACE_NONE;
  *k = (struct known_address){address, number + 1, find_row(t, fde, address - fde->start)};
  return PLACE_FOUND;
}

static enum place_found look_up(struct unwind_table *t, uint64_t address, struct known_address *k) {
  enum place_found found = look_in(t, EH_FRAME, address, k);
  if (found == PLACE_FOUND) return found;
  if (!t->debug_frame_tried) read_debug_frame(t, NULL);
  enum place_found other = look_in(t, DEBUG_FRAME, address, k);
  return other == PLACE_NONE ? found : other;
}

static struct known_address *slot_of(struct unwind_table *t, uint64_t address) {
  uint64_t h = address * UINT64_C(0x9e3779b97f4a7c15);
  return &t->known[h >> 54];
}
_Static_assert(KNOWN_ADDRESSES == 1 << (64 - 54), "the slot's number is the upper bits of the hash");

enum place_found unwind__place(struct unwind_table *t, uint64_t address, struct place *out) {
  struct known_address *k = slot_of(t, address);
  if (!k->fde || k->address != address) {
    enum place_found found = look_up(t, address, k);
    if (found != PLACE_FOUND) return found;
  }
  out->fde = &t->fde[k->fde - 1];
  out->section = &t->source[out->fde->source].section;
  out->row = &t->row[k->row];
  out->rule = &t->rule[out->row->first_rule];
  return PLACE_FOUND;
}
