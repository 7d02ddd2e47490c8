// The instructions of one routine, with the samples that fall on them.
#include <stdlib.h>

#include "report/asm_rows.h"
#include "symbolize/demangle.h"

struct filling {
  struct asm_listing *listing;
  struct asm_rows *rows;
  const struct asm_routine *routine;
  struct buf name;
  struct asm_row *row;
  bool placed;
  struct asm_row last;  // its place stays until another is known
  struct err *e;
};

static struct str keep(struct filling *f, struct str s) {
  return (struct str){arena_copy(&f->rows->arena, s.p, s.n), s.n};
}

static int take_instruction(void *arg, const struct instruction *i) {
  struct filling *f = arg;
  struct asm_listing *l = f->listing;
  if (ARRAY_RESERVE(l->row, l->cap, l->n + 1)) return err_nomem(f->e);
  l->row[l->n++] = (struct asm_row){.address = i->address, .text = keep(f, i->text)};
  return l->row[l->n - 1].text.p ? 0 : err_nomem(f->e);
}

// The innermost call is what a row tells.
static int take_frame(void *arg, const struct code_frame *frame) {
  struct filling *f = arg;
  struct asm_row *row = f->row;
  if (f->placed) return 0;
  f->placed = true;
  if (frame->function.n) {
    buf_clear(&f->name);
    demangle(frame->function, DEMANGLE_FULL, &f->name);
    row->function = keep(f, buf_view(&f->name));
  }
  if (frame->file.n && frame->line) {
    row->file = keep(f, path_base(frame->file));
    row->line = frame->line;
  }
  bool failed = f->name.failed || (row->function.n && !row->function.p) || (row->file.n && !row->file.p);
  return failed ? err_nomem(f->e) : 0;
}

// Samples count for the instruction that begins at or before their address; they tell the place where nothing else
// does.
static void add_samples(struct filling *f, struct asm_row *row, uint32_t *sample, uint64_t next) {
  const struct graph *g = &f->rows->graph;
  int64_t flat_div = 0, cum_div = 0;
  for (; *sample < f->routine->last && f->rows->sample[*sample].address < next; ++*sample) {
    const struct node *n = &g->node[f->rows->sample[*sample].node];
    struct str file = strings_at(&g->strings, n->info.file), name = strings_at(&g->strings, n->info.name);
    row->flat = wrap_add(row->flat, n->flat);
    row->cum = wrap_add(row->cum, n->cum);
    flat_div = wrap_add(flat_div, n->flat_div);
    cum_div = wrap_add(cum_div, n->cum_div);
    if (row->file.n == 0 && file.n) row->file = path_base(file);
    if (row->line == 0) row->line = n->info.line;
    if (row->function.n == 0) row->function = name;
  }
  if (flat_div) row->flat = wrap_div(row->flat, flat_div);
  if (cum_div) row->cum = wrap_div(row->cum, cum_div);
}

static int place(struct filling *f, const struct report_code *code, struct err *e) {
  struct asm_listing *l = f->listing;
  uint32_t sample = f->routine->first;
  for (size_t i = 0; i < l->n; i++) {
    f->row = &l->row[i];
    f->row->function = f->last.function;
    f->row->file = f->last.file;
    f->row->line = f->last.line;
    f->placed = false;
    if (code->frames(code->arg, f->routine->mapping, f->row->address, take_frame, f, e) < 0) return -1;
    f->last = *f->row;
    add_samples(f, f->row, &sample, i + 1 < l->n ? l->row[i + 1].address : UINT64_MAX);
  }
  return 0;
}

int asm_listing_init(struct asm_listing *l, struct asm_rows *a, const struct asm_routine *t, struct err *e) {
  const struct report_code *code = a->r->code;
  struct filling f = {.listing = l, .rows = a, .routine = t, .e = e};
  size_t n = t->last - t->first;
  uint64_t *known = malloc((n + 1) * sizeof *known);
  *l = (struct asm_listing){0};
  if (!known) return err_nomem(e);
  for (size_t i = 0; i < n; i++) known[i] = a->sample[t->first + i].address;
  int result = code->instructions(code->arg, t->mapping, t->start, t->stop, known, n, take_instruction, &f, e);
  if (!result) result = place(&f, code, e);
  buf_release(&f.name);
  free(known);
  return result;
}

void asm_listing_release(struct asm_listing *l) {
  free(l->row);
  *l = (struct asm_listing){0};
}
