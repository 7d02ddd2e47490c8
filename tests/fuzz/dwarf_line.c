// Fuzz target for the readers of line tables and lists of ranges. The first bytes say what the rest is taken for and
// where it is cut into sections.
#include "symbolize/dwarf_internal.h"

#include <libdwarf/dwarf.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 4, ADDRESSES = 64 };

static void expect(bool ok) {
  if (!ok) abort();
}

static void try_lines(struct dw_object *o, const struct dw_shape *s) {
  struct err e = {""};
  struct dw_lines *l = NULL;
  int rc = dw_lines_at(o, 0, s, &l, &e);
  expect((rc == 0) == (l != NULL) && (rc == 0) == !e.text[0]);
  for (uint64_t i = 0; l && i < ADDRESSES; i++) {
    struct dw_row row;
    struct str name;
    if (!dw_lines_find(l, 0x1000 + i, &row)) continue;
    expect(!dw_lines_file(l, row.file, STR_LIT("/folder"), &name, &e));
    if (name.n) expect(!memchr(name.p, 0, name.n));
  }
}

static void try_ranges(struct dw_object *o, const struct dw_shape *s, uint8_t index) {
  struct err e = {""};
  struct intervals found = {NULL, 0, 0};
  struct dw_unit u = {.o = o, .shape = *s, .base = 0x1000};
  struct dw_extent x = {.ranges = {index & 1 ? KIND_LIST_INDEX : KIND_NUMBER, index >> 1}};
  int rc = dw_extent_add(&u, &x, &found, 7, &e);
  expect((rc == 0) == !e.text[0]);
  expect(!intervals_settle(&found));
  for (size_t i = 1; i < found.n; i++) expect(found.at[i - 1].high <= found.at[i].low);
  for (uint64_t i = 0; i < ADDRESSES; i++) {
    uint32_t value = intervals_find(&found, 0x1000 + i);
    expect(value == 7 || value == MAP_NONE);
  }
  intervals_release(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < HEAD) return 0;
  static const uint8_t versions[] = {2, 3, 4, 5};
  struct dw_shape s = {versions[data[0] & 3], data[0] & 4 ? 8 : 4, data[0] & 8 ? 8 : 4};
  struct dw_object o = {.big = data[0] & 16};
  const char *bytes = (const char *)data + HEAD;
  size_t n = size - HEAD, cut = n * data[1] / 255;
  for (int i = 0; i < SECTIONS; i++) o.known[i] = true;
  struct str first = {bytes, cut}, second = {bytes + cut, n - cut};
  o.section[SECTION_LINE] = o.section[SECTION_RANGES] = o.section[SECTION_RNGLISTS] = first;
  o.section[SECTION_LINE_STR] = o.section[SECTION_STR] = o.section[SECTION_ADDR] = second;
  if (data[0] & 32) try_lines(&o, &s);
  else try_ranges(&o, &s, data[2]);
  dw_object_release(&o);
  return 0;
}
