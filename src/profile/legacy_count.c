// Counts of Go's runtime: "goroutine profile: total 7", "threadcreate profile: total 9", and any other name. Rows are
// "N @ 0xA 0xB ..."; lines behind '#' (Go's own symbolization, labels) are comments here.
#include "profile/legacy_parts.h"

// NAME profile: total N, where the name has no white space.
static bool match_header(struct str line, struct str *name) {
  *name = text_take(&line, IN_VISIBLE);
  return name->n && text_skip(&line, " profile: total ") && text_take(&line, IN_DIGIT).n && line.n == 0;
}

bool count_sniff(struct str prefix) {
  struct text_lines t = {.rest = prefix};
  struct str name;
  return text_next_content(&t) && match_header(t.line, &name);
}

// Unlike other formats this one allows nothing before, between or behind. A count with a leading 0 is octal.
static int read_row(struct draft *d, const struct text_lines *t, struct err *e) {
  struct str row = t->line, digits = text_take(&row, IN_DIGIT);
  int64_t count;
  if (!digits.n || !text_skip(&row, " @")) return err_set(e, "line %zu: not a count and a stack", t->number);
  if (!text_int64(digits, 0, &count)) return err_set(e, "line %zu: the count is not a number of 64 bits", t->number);
  if (!row.n) return err_set(e, "line %zu: a sample without addresses", t->number);
  while (row.n) {
    uint64_t address;
    bool there = text_skip(&row, " 0x");
    digits = text_take(&row, IN_LOW_HEX);
    if (!there || !digits.n) return err_set(e, "line %zu: the stack holds something other than addresses", t->number);
    if (!text_uint64(digits, 16, &address)) return err_set(e, "line %zu: an address of more than 64 bits", t->number);
    if (draft_push(d, address, e)) return -1;
  }
  return draft_sample(d, &count, e);
}

enum legacy_result count_read(struct draft *d, struct str bytes, struct err *e) {
  const struct str count = STR_LIT("count");
  struct text_lines t = {.rest = bytes};
  struct str name;
  bool content = text_next_content(&t);
  if (text_too_long(&t, e)) return LEGACY_BROKEN;
  if (!content || !match_header(t.line, &name)) return LEGACY_OTHER;
  if (draft_sample_type(d, name, count, e) || draft_period_type(d, name, count, e)) return LEGACY_BROKEN;
  d->p->period = 1;
  while (text_next(&t) && !text_starts(t.line, "---"))
    if (!text_is_comment(t.line) && read_row(d, &t, e)) return LEGACY_BROKEN;
  if (maps_find_and_read(d, &t, e) || draft_finish(d, NULL, e)) return LEGACY_BROKEN;
  return LEGACY_READ;
}
