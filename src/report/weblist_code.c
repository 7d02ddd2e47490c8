// The instructions of weblist: those of every routine of a binary that a wanted address lies in; of addresses without a
// binary, the places that the profile tells.
#include <stdlib.h>

#include "report/weblist.h"

enum { MOST_FRAMES = 256 };

struct located {
  uint64_t address;  // of the object
  uint32_t location;
};

struct coding {
  struct weblist *w;
  uint32_t mapping;
  struct located *at;  // locations of the mapping by object address
  size_t n, cap, next;
  struct weblist_frame frame[MOST_FRAMES];
  size_t n_frames;
  struct err *e;
  bool failed;
};

// ---- names ----------------------------------------------------------------------------------------

static uint32_t keep(struct coding *c, struct str s) {
  uint32_t number = strings_add(&c->w->strings, s);
  c->failed |= number == STRINGS_NONE;
  return c->failed ? 0 : number;
}

static uint32_t keep_file(struct coding *c, struct str file) {
  struct buf cleaned = {0};
  if (file.n == 0) return 0;
  path_clean(&cleaned, path_trim(file, (struct str){NULL, 0}, (struct str){NULL, 0}));
  uint32_t number = keep(c, buf_view(&cleaned));
  c->failed |= cleaned.failed;
  buf_release(&cleaned);
  return number;
}

static void add_frame(struct coding *c, struct str function, struct str file, int64_t line) {
  if (c->n_frames == MOST_FRAMES) return;
  uint32_t name = keep(c, function), path = keep_file(c, file);
  c->frame[c->n_frames++] = (struct weblist_frame){name, path, line};
}

static int take_frame(void *arg, const struct code_frame *frame) {
  struct coding *c = arg;
  add_frame(c, frame->function, frame->file, frame->line);
  return c->failed ? -1 : 0;
}

static void frames_of_location(struct coding *c, uint32_t location) {
  const struct view *v = c->w->r->view;
  const struct location *l = &v->places->location[location];
  c->n_frames = 0;
  for (uint32_t i = 0; i < l->n_lines; i++) {
    const struct line *line = &v->places->line[l->first_line + i];
    const struct function *f = &v->places->function[line->function];
    add_frame(c, view_str(v, f->name), view_str(v, f->filename), line->line);
  }
}

// ---- instructions ---------------------------------------------------------------------------------

static int add_instruction(struct coding *c, const struct weblist_instruction *i) {
  struct weblist *w = c->w;
  if (ARRAY_RESERVE(w->instruction, w->instruction_cap, (size_t)w->n_instructions + 1)) return -1;
  w->instruction[w->n_instructions++] = *i;
  return 0;
}

static int take_instruction(void *arg, const struct instruction *i) {
  struct coding *c = arg;
  struct weblist_instruction new = {.address = i->address, .length = i->length};
  new.text = (struct str){arena_copy(&c->w->arena, i->text.p, i->text.n), i->text.n};
  return new.text.p && !add_instruction(c, &new) ? 0 : err_nomem(c->e);
}

// A sample belongs to the instruction it lies in; a place the binary does not tell is taken from the profile.
static int place_instruction(struct coding *c, struct weblist_instruction *i, uint32_t number) {
  const struct report_code *code = c->w->r->code;
  uint32_t location = NONE;
  for (; c->next < c->n && c->at[c->next].address < i->address + i->length; c->next++) {
    if (c->at[c->next].address < i->address) continue;
    location = c->at[c->next].location;
    i->flat = wrap_add(i->flat, c->w->flat[location]);
    i->cum = wrap_add(i->cum, c->w->cum[location]);
  }
  c->n_frames = 0;
  int found = code->frames(code->arg, c->mapping, i->address, take_frame, c, c->e);
  bool known = found > 0 && c->n_frames && c->frame[0].line;
  if (!known && location != NONE) frames_of_location(c, location);
  if (c->failed) return err_nomem(c->e);
  if (c->n_frames) i->place = (struct weblist_place){c->frame[0].file, c->frame[0].line};
  if (!c->n_frames || (!c->frame[0].line && location == NONE)) return 0;
  return weblist_add_uses(c->w, number, c->frame, c->n_frames) ? err_nomem(c->e) : 0;
}

static int add_routine(struct coding *c, uint64_t start, uint64_t stop) {
  const struct report_code *code = c->w->r->code;
  uint32_t first = c->w->n_instructions;
  size_t n = 0;
  while (c->next + n < c->n && c->at[c->next + n].address < stop) n++;
  uint64_t *known = malloc((n + 1) * sizeof *known);
  if (!known) return err_nomem(c->e);
  for (size_t i = 0; i < n; i++) known[i] = c->at[c->next + i].address;
  int result = code->instructions(code->arg, c->mapping, start, stop, known, n, take_instruction, c, c->e);
  free(known);
  for (uint32_t i = first; i < c->w->n_instructions && !result; i++)
    result = place_instruction(c, &c->w->instruction[i], i);
  return result;
}

// ---- routines that are wanted -----------------------------------------------------------------------

static bool any_wanted(const struct coding *c, uint64_t start, uint64_t stop) {
  for (size_t i = c->next; i < c->n && c->at[i].address < stop; i++)
    if (c->at[i].address >= start && c->w->wanted[c->at[i].location]) return true;
  return false;
}

static int add_binary(struct coding *c) {
  const struct report_code *code = c->w->r->code;
  const struct code_symbol *symbol;
  size_t n;
  struct err why = {""};
  if (code->symbols(code->arg, c->mapping, &symbol, &n, &why)) {
    buf_addf(&c->w->reason, "%s%s", c->w->reason.n ? "; " : "", why.text);
    return 1;
  }
  for (size_t i = 0; i < n && c->next < c->n; i++) {
    uint64_t stop = i + 1 < n ? symbol[i + 1].address : UINT64_MAX;
    while (c->next < c->n && c->at[c->next].address < symbol[i].address) c->next++;
    if (any_wanted(c, symbol[i].address, stop) && add_routine(c, symbol[i].address, stop)) return -1;
    while (c->next < c->n && c->at[c->next].address < stop) c->next++;
  }
  return 0;
}

static int by_address(const void *a, const void *b) {
  const struct located *x = a, *y = b;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return (x->location > y->location) - (x->location < y->location);
}

static int take_located(struct coding *c, bool *wanted) {
  const struct weblist *w = c->w;
  const struct places *p = w->r->view->places;
  const struct report_code *code = w->r->code;
  c->n = c->next = 0;
  for (uint32_t i = 0; i < p->n_locations; i++) {
    struct located l = {.location = i};
    if (p->location[i].mapping != c->mapping || (!w->flat[i] && !w->cum[i])) continue;
    *wanted |= w->wanted[i];
    if (code->object_address(code->arg, c->mapping, p->location[i].address, &l.address, NULL)) continue;
    if (ARRAY_RESERVE(c->at, c->cap, c->n + 1)) return err_nomem(c->e);
    c->at[c->n++] = l;
  }
  if (c->n) qsort(c->at, c->n, sizeof *c->at, by_address);
  return 0;
}

// ---- addresses without a binary ----------------------------------------------------------------------

static int add_bare(struct coding *c, uint32_t location) {
  struct weblist *w = c->w;
  struct weblist_instruction i = {.address = w->r->view->places->location[location].address, .length = 1};
  i.flat = w->flat[location];
  i.cum = w->cum[location];
  frames_of_location(c, location);
  if (c->n_frames) i.place = (struct weblist_place){c->frame[0].file, c->frame[0].line};
  if (c->failed || add_instruction(c, &i)) return err_nomem(c->e);
  return weblist_add_uses(w, w->n_instructions - 1, c->frame, c->n_frames) ? err_nomem(c->e) : 0;
}

static int add_bare_locations(struct coding *c, const uint8_t *covered) {
  const struct places *p = c->w->r->view->places;
  for (uint32_t i = 0; i < p->n_locations; i++) {
    bool bare = p->location[i].mapping == NONE || !covered[p->location[i].mapping];
    if (bare && c->w->wanted[i] && add_bare(c, i)) return -1;
  }
  return 0;
}

int weblist_add_code(struct weblist *w, struct err *e) {
  const struct places *p = w->r->view->places;
  struct coding *c = calloc(1, sizeof *c);
  uint8_t *covered = calloc((size_t)p->n_mappings + 1, 1);
  int result = c && covered ? 0 : err_nomem(e);
  if (c) *c = (struct coding){.w = w, .e = e};
  for (uint32_t i = 0; i < p->n_mappings && !result; i++) {
    bool wanted = false;
    c->mapping = i;
    result = take_located(c, &wanted);
    if (result || !wanted) continue;
    int added = add_binary(c);
    covered[i] = added == 0;
    if (added < 0) result = -1;
  }
  if (!result) result = add_bare_locations(c, covered);
  if (c) free(c->at);
  free(c);
  free(covered);
  return result;
}
