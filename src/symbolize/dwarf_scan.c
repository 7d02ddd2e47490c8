// Functions of a unit and inlined calls of a function, by walking the entries of .debug_info in the order they stand.
// What is not needed is stepped over: most entries have a fixed size.
#include <libdwarf/dwarf.h>
#include <stdlib.h>

#include "symbolize/dwarf_internal.h"

// Entries nest no deeper in what compilers write; a recursion of 1,000 inlined calls does not exist.
enum { DEPTH_LIMIT = 1000 };

struct walk {
  struct dw_unit *u;
  const struct dw_abbrevs *abbrevs;
  const uint8_t *info;
  struct cursor c;
  const struct dw_abbrev *a;  // of the entry; NULL at the end of a list of children
  uint64_t die;               // its offset
};

static int walk_start(struct walk *w, struct dw_unit *u, uint64_t from, struct err *e) {
  struct str info;
  *w = (struct walk){.u = u};
  if (dw_section(u->o, SECTION_INFO, &info, e)) return -1;
  if (dw_abbrevs_at(u->o, u->abbrev, &u->shape, &w->abbrevs, e)) return -1;
  w->info = (const uint8_t *)info.p;
  w->c = cursor_at(info, from, u->o->big);
  cursor_limit(&w->c, u->end - from);
  return 0;
}

static int walk_damaged(const struct walk *w, const char *what, struct err *e) {
  return err_set(e, "the entry at %#llx of %s %s", (unsigned long long)w->die, dw_section_name(w->u->o, SECTION_INFO),
                 what);
}

// Reads the code of the next entry.
static int walk_next(struct walk *w, struct err *e) {
  w->die = (uint64_t)(w->c.p - w->info);
  uint64_t code = cursor_uleb(&w->c);
  w->a = code ? dw_abbrev_find(w->abbrevs, code) : NULL;
  if (code && !w->a) return walk_damaged(w, "has an unknown abbreviation", e);
  return 0;
}

static void walk_over(struct walk *w) {
  if (!w->a->n_steps) return;
  const int32_t *step = &w->abbrevs->step[w->a->step];
  for (uint32_t i = 0; i < w->a->n_steps; i++) {
    if (step[i] >= 0) cursor_skip(&w->c, (uint64_t)step[i]);
    else dw_step(&w->c, step[i], &w->u->shape);
  }
}

// ---- functions ----------------------------------------------------------------------------------

static void read_extent(struct walk *w, struct dw_extent *x) {
  const struct dw_attr *attr = &w->abbrevs->attr[w->a->attr];  // there are some: they say that it has code
  for (uint32_t i = 0; i < w->a->n_attrs; i++) {
    dw_extent_note(x, attr[i].name, dw_form_read(&w->c, &attr[i], &w->u->shape, w->u->offset));
  }
}

static int add_function(struct walk *w, struct dw_functions *f, struct err *e) {
  struct dw_extent x = {{KIND_NONE, 0}, {KIND_NONE, 0}, {KIND_NONE, 0}};
  read_extent(w, &x);
  if (w->c.bad) return walk_damaged(w, "is cut off", e);
  size_t before = f->ranges.n;
  if (dw_extent_add(w->u, &x, &f->ranges, (uint32_t)f->n, e)) return -1;
  if (f->ranges.n == before) return 0;
  if (f->n >= MAP_NONE || ARRAY_RESERVE(f->at, f->cap, f->n + 1)) return err_nomem(e);
  uint64_t children = w->a->children ? (uint64_t)(w->c.p - w->info) : 0;
  f->at[f->n++] = (struct dw_function){.die = w->die, .children = children};
  return 0;
}

static int find_functions(struct walk *w, struct dw_functions *f, struct err *e) {
  uint64_t depth = 0;
  do {
    if (walk_next(w, e)) return -1;
    if (!w->a) {
      if (depth) depth--;
      continue;
    }
    if (w->a->tag == DW_TAG_subprogram && w->a->code_range) {
      if (add_function(w, f, e)) return -1;
    } else {
      walk_over(w);
    }
    if (w->a->children) depth++;
  } while (depth && w->c.p < w->c.end);
  return w->c.bad ? walk_damaged(w, "is cut off", e) : 0;
}

int dw_functions_read(struct dw_unit *u, struct dw_functions **out, struct err *e) {
  struct walk w;
  if (walk_start(&w, u, u->root, e) || dw_spend(u->o, u->end - u->root, e)) return -1;
  struct dw_functions *f = calloc(1, sizeof *f);
  if (!f) return err_nomem(e);
  *out = f;
  int rc = find_functions(&w, f, e);
  return intervals_settle(&f->ranges) ? err_nomem(e) : rc;
}

// ---- inlined calls ------------------------------------------------------------------------------

static void note_call(struct walk *w, struct dw_inline *call, uint16_t name, struct dw_value v) {
  if (name == DW_AT_call_file) call->file = v.n;
  else if (name == DW_AT_call_line) call->line = v.n;
  else if (name == DW_AT_call_column) call->column = v.n;
  else if (name != DW_AT_abstract_origin) return;
  else if (v.kind == KIND_REF) call->function = (struct dw_ref){w->u->o, v.n};
  else if (v.kind == KIND_REF_ALT) call->function = (struct dw_ref){w->u->o->alt, v.n};
}

// Adds the call of the entry; *number is its number, or the parent's when it has no code of its own.
static int add_inline(struct walk *w, struct dw_inlines *calls, uint32_t parent, uint32_t *number, struct err *e) {
  struct dw_inline call = {.function = {w->u->o, w->die}, .parent = parent};
  struct dw_extent x = {{KIND_NONE, 0}, {KIND_NONE, 0}, {KIND_NONE, 0}};
  const struct dw_attr *attr = &w->abbrevs->attr[w->a->attr];
  for (uint32_t i = 0; i < w->a->n_attrs; i++) {
    struct dw_value v = dw_form_read(&w->c, &attr[i], &w->u->shape, w->u->offset);
    dw_extent_note(&x, attr[i].name, v);
    note_call(w, &call, attr[i].name, v);
  }
  if (w->c.bad) return walk_damaged(w, "is cut off", e);
  size_t before = calls->ranges.n;
  *number = parent;
  if (dw_extent_add(w->u, &x, &calls->ranges, (uint32_t)calls->n, e)) return -1;
  if (calls->ranges.n == before) return 0;
  if (calls->n >= MAP_NONE || ARRAY_RESERVE(calls->at, calls->cap, calls->n + 1)) return err_nomem(e);
  *number = (uint32_t)calls->n;
  calls->at[calls->n++] = call;
  return 0;
}

// `around` keeps, for each level, the inlined call that its entries stand in.
static int find_inlines(struct walk *w, struct dw_inlines *calls, struct err *e) {
  uint32_t around[DEPTH_LIMIT + 1] = {MAP_NONE};
  for (size_t depth = 0; w->c.p < w->c.end;) {
    if (walk_next(w, e)) return -1;
    if (!w->a) {
      if (!depth--) break;
      continue;
    }
    uint32_t here = around[depth];
    if (w->a->tag == DW_TAG_inlined_subroutine && w->a->code_range) {
      if (add_inline(w, calls, here, &here, e)) return -1;
    } else {
      walk_over(w);
    }
    if (!w->a->children) continue;
    if (++depth > DEPTH_LIMIT) return walk_damaged(w, "lies too deep", e);
    around[depth] = here;
  }
  return w->c.bad ? walk_damaged(w, "is cut off", e) : 0;
}

int dw_inlines_read(struct dw_unit *u, const struct dw_function *f, struct dw_inlines **out, struct err *e) {
  struct dw_inlines *calls = calloc(1, sizeof *calls);
  if (!calls) return err_nomem(e);
  *out = calls;
  if (!f->children) return 0;
  struct walk w;
  if (walk_start(&w, u, f->children, e)) return -1;
  const uint8_t *from = w.c.p;
  int rc = find_inlines(&w, calls, e);
  if (!rc) rc = dw_spend(u->o, (uint64_t)(w.c.p - from), e);
  return intervals_settle(&calls->ranges) ? err_nomem(e) : rc;
}

void dw_functions_free(struct dw_functions *f) {
  if (!f) return;
  for (size_t i = 0; i < f->n; i++) {
    struct dw_inlines *calls = f->at[i].inlines;
    if (!calls) continue;
    intervals_release(&calls->ranges);
    free(calls->at);
    free(calls);
  }
  intervals_release(&f->ranges);
  free(f->at);
  free(f);
}
