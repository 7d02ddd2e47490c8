// Tables of abbreviations, read once and shared by the units that name them.
#include <libdwarf/dwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

static int add_step(struct dw_abbrevs *t, struct dw_abbrev *a, int32_t size, struct err *e) {
  if (size == 0) return 0;
  int32_t *last = a->n_steps ? &t->step[t->n_steps - 1] : NULL;
  if (size > 0 && last && *last > 0 && *last < INT16_MAX) {
    *last += size;
    return 0;
  }
  if (ARRAY_RESERVE(t->step, t->cap_steps, t->n_steps + 1)) return err_nomem(e);
  t->step[t->n_steps++] = size;
  a->n_steps++;
  return 0;
}

// One attribute of a declaration; false at the end of the list.
static bool read_attr(struct cursor *c, struct dw_attr *a) {
  uint64_t name = cursor_uleb(c), form = cursor_uleb(c);
  if (name > UINT16_MAX || form > UINT16_MAX) cursor_spoil(c);
  if (c->bad || (!name && !form)) return false;
  *a = (struct dw_attr){(uint16_t)name, (uint16_t)form, form == DW_FORM_implicit_const ? cursor_sleb(c) : 0};
  return true;
}

static int read_attrs(struct dw_abbrevs *t, struct dw_abbrev *a, struct cursor *c, const struct dw_shape *s,
                      struct err *e) {
  struct dw_attr attr;
  while (read_attr(c, &attr)) {
    if (ARRAY_RESERVE(t->attr, t->cap_attrs, t->n_attrs + 1)) return err_nomem(e);
    t->attr[t->n_attrs++] = attr;
    a->n_attrs++;
    if (add_step(t, a, dw_form_size(attr.form, s), e)) return -1;
    if (attr.name == DW_AT_low_pc || attr.name == DW_AT_ranges) a->code_range = true;
  }
  return 0;
}

// The head of a declaration; false at the end of the table.
static bool read_head(struct cursor *c, struct dw_abbrev *a) {
  *a = (struct dw_abbrev){.code = cursor_uleb(c)};
  if (!a->code) return false;
  uint64_t tag = cursor_uleb(c);
  if (tag > UINT16_MAX) cursor_spoil(c);
  a->tag = (uint16_t)tag;
  a->children = cursor_u8(c) != 0;
  return !c->bad;
}

static int compare(const void *a, const void *b) {
  const struct dw_abbrev *x = a, *y = b;
  return (x->code > y->code) - (x->code < y->code);
}

// Compilers number them in order. One that does not is sorted.
static void sort(struct dw_abbrevs *t) {
  for (size_t i = 1; i < t->n; i++) {
    if (t->at[i].code > t->at[i - 1].code) continue;
    qsort(t->at, t->n, sizeof *t->at, compare);
    return;
  }
}

static int read_table(struct dw_abbrevs *t, struct cursor *c, const struct dw_shape *s, struct err *e) {
  struct dw_abbrev a;
  while (read_head(c, &a)) {
    a.attr = (uint32_t)t->n_attrs;
    a.step = (uint32_t)t->n_steps;
    if (read_attrs(t, &a, c, s, e)) return -1;
    if (ARRAY_RESERVE(t->at, t->cap, t->n + 1)) return err_nomem(e);
    t->at[t->n++] = a;
  }
  if (c->bad) return err_set(e, "abbreviations of debug information are damaged");
  sort(t);
  return 0;
}

static int new_table(struct dw_object *o, uint64_t offset, const struct dw_shape *s, struct dw_abbrevs **out,
                     struct err *e) {
  struct str bytes;
  if (dw_section(o, SECTION_ABBREV, &bytes, e)) return -1;
  struct cursor c = cursor_at(bytes, offset, o->big);
  const uint8_t *from = c.p;
  struct dw_abbrevs *t = calloc(1, sizeof *t);
  if (!t) return err_nomem(e);
  *out = t;
  if (read_table(t, &c, s, e)) return -1;
  return dw_spend(o, (uint64_t)(c.p - from), e);
}

static int keep(struct dw_object *o, uint64_t key, struct dw_abbrevs *t, struct err *e) {
  if (ARRAY_RESERVE(o->abbrevs, o->cap_abbrevs, o->n_abbrevs + 1)) return err_nomem(e);
  if (map64_put(&o->abbrev_map, key, (uint32_t)o->n_abbrevs)) return err_nomem(e);
  o->abbrevs[o->n_abbrevs++] = t;
  return 0;
}

int dw_abbrevs_at(struct dw_object *o, uint64_t offset, const struct dw_shape *s, const struct dw_abbrevs **out,
                  struct err *e) {
  uint64_t shape = (s->version <= 2) | (uint64_t)(s->address_size == 8) << 1 | (uint64_t)(s->offset_size == 8) << 2;
  uint64_t key = offset << 3 | shape;
  uint32_t number = map64_get(&o->abbrev_map, key);
  if (number != MAP_NONE) {
    *out = o->abbrevs[number];
    return 0;
  }
  struct dw_abbrevs *t = NULL;
  if (new_table(o, offset, s, &t, e) || keep(o, key, t, e)) {
    dw_abbrevs_free(t);
    return -1;
  }
  *out = t;
  return 0;
}

const struct dw_abbrev *dw_abbrev_find(const struct dw_abbrevs *t, uint64_t code) {
  if (code - 1 < t->n && t->at[code - 1].code == code) return &t->at[code - 1];
  struct dw_abbrev key = {.code = code};
  return t->n ? bsearch(&key, t->at, t->n, sizeof *t->at, compare) : NULL;
}

int dw_abbrev_one(struct dw_object *o, uint64_t offset, uint64_t code, struct dw_abbrev *a, struct cursor *attrs,
                  struct err *e) {
  struct str bytes;
  if (dw_section(o, SECTION_ABBREV, &bytes, e)) return -1;
  struct cursor c = cursor_at(bytes, offset, o->big);
  const uint8_t *from = c.p;
  while (read_head(&c, a) && a->code != code) {
    struct dw_attr attr;
    while (read_attr(&c, &attr)) continue;
  }
  *attrs = c;
  if (c.bad || a->code != code) return err_set(e, "debug information uses an abbreviation that is not there");
  return dw_spend(o, (uint64_t)(c.p - from), e);
}

bool dw_abbrev_attr(struct cursor *attrs, struct dw_attr *a) { return read_attr(attrs, a); }

void dw_abbrevs_free(struct dw_abbrevs *t) {
  if (!t) return;
  free(t->at);
  free(t->attr);
  free(t->step);
  free(t);
}
