// Uses become parts: lines of one function that lie close together, with a few lines around them.
#include <stdlib.h>

#include "report/weblist.h"
#include "symbolize/demangle.h"

enum { NEAR = 20, MARGIN = 5 };

static int by_place(const void *a, const void *b, void *arg) {
  const struct weblist *w = arg;
  const struct weblist_use *x = a, *y = b;
  int order =
      x->at.file == y->at.file ? 0 : str_cmp(strings_at(&w->strings, x->at.file), strings_at(&w->strings, y->at.file));
  if (!order) order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
  if (!order) order = (x->instruction > y->instruction) - (x->instruction < y->instruction);
  return order ? order : (x->n_calls > y->n_calls) - (x->n_calls < y->n_calls);
}

// Names of a binary; the profile's are readable already.
static bool is_mangled(struct str name) {
  return str_starts(name, STR_LIT("_Z")) || str_starts(name, STR_LIT("_R")) || str_starts(name, STR_LIT("__Z"));
}

// Names as reports show them.
static int make_readable(struct weblist *w, struct err *e) {
  struct buf name = {0};
  bool failed = false;
  for (uint32_t i = 0; i < w->n_uses && !failed; i++) {
    if (!is_mangled(strings_at(&w->strings, w->use[i].function))) continue;
    buf_clear(&name);
    demangle(strings_at(&w->strings, w->use[i].function), DEMANGLE_DEFAULT, &name);
    w->use[i].function = name.failed ? STRINGS_NONE : strings_add(&w->strings, buf_view(&name));
    failed = w->use[i].function == STRINGS_NONE;
  }
  buf_release(&name);
  return failed ? err_nomem(e) : 0;
}

static bool belongs(const struct weblist_part *p, const struct weblist_use *u) {
  return p->file == u->at.file && (u->at.line < p->end || (p->function == u->function && u->at.line - p->end < NEAR));
}

static int take_use(struct weblist *w, uint32_t i, struct err *e) {
  const struct weblist_use *u = &w->use[i];
  const struct weblist_instruction *in = &w->instruction[u->instruction];
  struct weblist_part *p = w->n_parts ? &w->part[w->n_parts - 1] : NULL;
  if (!p || !belongs(p, u)) {
    if (ARRAY_RESERVE(w->part, w->part_cap, (size_t)w->n_parts + 1)) return err_nomem(e);
    p = &w->part[w->n_parts++];
    *p = (struct weblist_part){.file = u->at.file, .function = u->function, .begin = u->at.line, .first = i};
  }
  p->end = wrap_add(u->at.line, 1);
  p->last = i + 1;
  p->flat = wrap_add(p->flat, in->flat);
  p->cum = wrap_add(p->cum, in->cum);
  return 0;
}

// Line 0 stands for "not known" and is left alone. What lies between two parts is shared out.
static void widen(struct weblist *w) {
  for (uint32_t i = 0; i < w->n_parts; i++) {
    struct weblist_part *p = &w->part[i], *before = i && p[-1].file == p->file ? p - 1 : NULL;
    if (before) {
      int64_t end = before->end - MARGIN, half = (p->begin - end) / 2;
      if (half > MARGIN) half = MARGIN;
      before->end = end + half;
      p->begin -= half;
    } else if (p->begin > MARGIN) p->begin -= MARGIN;
    else if (p->begin > 1) p->begin = 1;
    p->end = wrap_add(p->end, MARGIN);
  }
}

static void drop_empty(struct weblist *w) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < w->n_parts; i++)
    if (w->part[i].cum) w->part[n++] = w->part[i];
  w->n_parts = n;
}

int weblist_make_parts(struct weblist *w, struct err *e) {
  if (make_readable(w, e)) return -1;
  if (w->n_uses) qsort_r(w->use, w->n_uses, sizeof *w->use, by_place, w);
  for (uint32_t i = 0; i < w->n_uses; i++)
    if (take_use(w, i, e)) return -1;
  widen(w);
  drop_empty(w);
  return 0;
}
