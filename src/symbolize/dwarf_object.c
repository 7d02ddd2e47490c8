// Sections of one object, looked for when they are first needed.
#include "symbolize/dwarf_internal.h"

#include <stdlib.h>

static const char *const section_names[SECTIONS][2] = {
    [SECTION_INFO] = {".debug_info", ".debug_info.dwo"},
    [SECTION_ABBREV] = {".debug_abbrev", ".debug_abbrev.dwo"},
    [SECTION_STR] = {".debug_str", ".debug_str.dwo"},
    [SECTION_STR_OFFSETS] = {".debug_str_offsets", ".debug_str_offsets.dwo"},
    [SECTION_ADDR] = {".debug_addr", ".debug_addr"},
    [SECTION_LINE] = {".debug_line", ".debug_line.dwo"},
    [SECTION_LINE_STR] = {".debug_line_str", ".debug_line_str.dwo"},
    [SECTION_RANGES] = {".debug_ranges", ".debug_ranges"},
    [SECTION_RNGLISTS] = {".debug_rnglists", ".debug_rnglists.dwo"},
    [SECTION_CU_INDEX] = {".debug_cu_index", ".debug_cu_index"},
    [SECTION_TU_INDEX] = {".debug_tu_index", ".debug_tu_index"},
};

const char *dw_section_name(const struct dw_object *o, enum dw_section_id id) { return section_names[id][o->split]; }

int dw_section(struct dw_object *o, enum dw_section_id id, struct str *bytes, struct err *e) {
  if (!o->known[id]) {
    struct str found = {"", 0};
    if (elf_section(o->elf, dw_section_name(o, id), &found, e) < 0) return -1;
    o->section[id] = found;
    o->known[id] = true;
  }
  *bytes = o->section[id];
  return 0;
}

int dw_spend(struct dw_object *o, uint64_t bytes, struct err *e) {
  enum { TIMES = 16, SLACK = 1 << 20 };
  o->work += bytes;
  uint64_t size = 0;
  for (int i = 0; i < SECTIONS; i++) size += o->section[i].n;
  if (o->work <= TIMES * size + SLACK) return 0;
  return err_set(e, "debug information refers to the same bytes again and again");
}

void dw_object_release(struct dw_object *o) {
  dw_names_free(o->names);
  for (size_t i = 0; i < o->n_abbrevs; i++) dw_abbrevs_free(o->abbrevs[i]);
  free(o->abbrevs);
  map64_release(&o->abbrev_map);
  for (size_t i = 0; i < o->n_lines; i++) dw_lines_free(o->lines[i]);
  free(o->lines);
  map64_release(&o->lines_map);
  if (o->owns_elf) elf_close(o->elf);
  *o = (struct dw_object){.next = o->next};
}
