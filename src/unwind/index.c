// Where the FDE of an address is. Linkers leave a sorted table in .eh_frame_hdr, which is searched as it lies in the file.
// Objects without one (static programs, Go's) are read through once.
#include <stdlib.h>

#include "unwind/internal.h"

enum { PAIR = 8 };  // two 32-bit numbers

// ---- the linker's table -------------------------------------------------------------------------

enum { FORM_S32_OF_DATA = 0x3b, OMITTED = 0xff };

static bool read_header(struct fde_index *x, const struct frame_section *header, uint64_t *frames) {
  struct cursor c = cursor_at(header->bytes, 0, false);
  uint8_t version = cursor_u8(&c), frames_form = cursor_u8(&c), count_form = cursor_u8(&c), pair_form = cursor_u8(&c);
  if (version != 1 || pair_form != FORM_S32_OF_DATA || frames_form == OMITTED || count_form == OMITTED) return false;
  *frames = unwind__pointer(&c, header, frames_form, header->address);
  uint64_t n = unwind__pointer(&c, header, count_form, header->address);
  if (c.bad || n > cursor_left(&c) / PAIR) return false;
  x->sorted = (struct str){(const char *)c.p, (size_t)n * PAIR};
  x->n = (size_t)n;
  x->base = header->address;
  return n > 0;
}

bool unwind__index_header(struct fde_index *x, struct elf *elf, struct frame_section *s) {
  struct frame_section header = {.bytes = {NULL, 0}};
  uint64_t frames = 0;
  if (elf_section(elf, ".eh_frame_hdr", &header.bytes, NULL) != 1) return false;
  if (!elf_section_address(elf, ".eh_frame_hdr", &header.address)) return false;
  return read_header(x, &header, &frames) && frames == s->address;
}

static int64_t signed_at(struct str s, size_t at) {
  int32_t v;
  memcpy(&v, s.p + at, sizeof v);
  return v;
}

// ---- a table of our own -------------------------------------------------------------------------

static int compare_starts(const void *a, const void *b) {
  const struct index_entry *x = a, *y = b;
  if (x->start != y->start) return x->start < y->start ? -1 : 1;
  return x->position < y->position ? -1 : x->position > y->position;
}

// Damage in one entry leaves the others: its length says where they go on.
int unwind__index_section(struct fde_index *x, const struct frame_section *s, struct err *e) {
  struct entry entry;
  for (uint64_t position = 0, next; position < s->bytes.n; position = next) {
    int found = unwind__entry(s, position, &entry, &next);
    if (found == 1 && entry.size) {
      if (ARRAY_RESERVE(x->at, x->cap, x->n + 1)) return err_nomem(e);
      x->at[x->n++] = (struct index_entry){entry.start, (uint32_t)position};
    }
    if (!next) break;
  }
  if (x->n) qsort(x->at, x->n, sizeof *x->at, compare_starts);
  return 0;
}

// ---- both ---------------------------------------------------------------------------------------

static uint64_t start_of(const struct fde_index *x, size_t i) {
  return x->at ? x->at[i].start : x->base + (uint64_t)signed_at(x->sorted, i * PAIR);
}

static uint64_t position_of(const struct fde_index *x, const struct frame_section *s, size_t i) {
  if (x->at) return x->at[i].position;
  return x->base + (uint64_t)signed_at(x->sorted, i * PAIR + PAIR / 2) - s->address;
}

bool unwind__index_find(const struct fde_index *x, const struct frame_section *s, uint64_t address,
                        uint32_t *position) {
  size_t low = 0, high = x->n;  // the first that begins behind the address lies in low .. high
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (start_of(x, middle) <= address) low = middle + 1;
    else high = middle;
  }
  if (!low) return false;
  uint64_t found = position_of(x, s, low - 1);
  *position = (uint32_t)found;
  return found < s->bytes.n;
}

void unwind__index_release(struct fde_index *x) {
  free(x->at);
  *x = (struct fde_index){.at = NULL};
}
