// All lines are written anew, since locations may now have more of them. Equal functions are shared among those added
// here; functions the profile brought stay by themselves, as in the reference.
#include "symbolize/fill.h"

#include <stdlib.h>

struct filler {
  struct profile *p;
  const struct resolving *r;
  struct symbol_source *sources;
  uint32_t *query_of;  // a location: its answered query or NONE
  struct index functions;
  struct line *line;
  size_t n_lines, line_cap;
};

// ---- lines --------------------------------------------------------------------------------------

static int add_line(struct filler *f, struct line l) {
  if (f->n_lines == NONE || ARRAY_RESERVE(f->line, f->line_cap, f->n_lines + 1)) return -1;
  f->line[f->n_lines++] = l;
  return 0;
}

static int add_frame(struct filler *f, const struct answers *a, const struct answer_frame *frame, struct mapping *m) {
  struct function wanted = {.start_line = frame->start_line};
  wanted.name = wanted.system_name = strings_add_from(&f->p->strings, &a->strings, frame->name);
  wanted.filename = strings_add_from(&f->p->strings, &a->strings, frame->file);
  if (wanted.name == STRINGS_NONE || wanted.filename == STRINGS_NONE) return -1;
  m->has_functions |= wanted.name != 0;
  m->has_filenames |= wanted.filename != 0;
  m->has_line_numbers |= frame->line != 0;
  m->has_inline_frames = true;
  uint32_t function = profile_share_function(f->p, &f->functions, &wanted);
  return function == NONE ? -1 : add_line(f, (struct line){frame->line, frame->column, function});
}

static void count(struct symbol_source *s, const struct query *q, const struct answer_frame *frame) {
  s->named += frame[0].name != 0;
  s->with_lines += frame[0].line != 0;
  s->with_inlines += q->n_frames > 1;
}

static int add_answer(struct filler *f, const struct query *q, struct location *l) {
  const struct answers *a = &f->r->part[q->part];
  const struct answer_frame *frame = a->frame + q->first_frame;
  l->n_lines = q->n_frames;
  l->folded = false;
  count(&f->sources[q->mapping], q, frame);
  for (uint32_t i = 0; i < q->n_frames; i++)
    if (add_frame(f, a, &frame[i], &f->p->places.mapping[q->mapping])) return -1;
  return 0;
}

static int keep_lines(struct filler *f, struct location *l, const struct line *old) {
  for (uint32_t i = 0; i < l->n_lines; i++)
    if (add_line(f, old[i])) return -1;
  return 0;
}

static int fill_location(struct filler *f, uint32_t number) {
  struct location *l = &f->p->places.location[number];
  const struct line *old = f->p->places.line + l->first_line;
  uint32_t q = f->query_of[number];
  l->first_line = (uint32_t)f->n_lines;
  return q == NONE ? keep_lines(f, l, old) : add_answer(f, &f->r->query[q], l);
}

// ---- all of them --------------------------------------------------------------------------------

// Locations of one mapping after those of another: first those without a query, which keep what they have.
static int fill_in_order(struct filler *f) {
  const struct places *c = &f->p->places;
  for (uint32_t i = 0; i < c->n_locations; i++)
    if (f->query_of[i] == NONE && fill_location(f, i)) return -1;
  uint32_t *first = calloc((size_t)c->n_mappings + 2, sizeof *first);
  uint32_t *order = malloc(((size_t)c->n_locations + 1) * sizeof *order);
  int result = first && order ? 0 : -1;
  for (uint32_t i = 0; i < c->n_locations && !result; i++)
    if (f->query_of[i] != NONE) first[c->location[i].mapping + 1]++;
  for (uint32_t m = 0; m < c->n_mappings && !result; m++) first[m + 1] += first[m];
  uint32_t n = result ? 0 : first[c->n_mappings];
  for (uint32_t i = 0; i < c->n_locations && !result; i++)
    if (f->query_of[i] != NONE) order[first[c->location[i].mapping]++] = i;
  for (uint32_t i = 0; i < n && !result; i++) result = fill_location(f, order[i]);
  free(first);
  free(order);
  return result;
}

static int prepare(struct filler *f) {
  const struct places *c = &f->p->places;
  f->query_of = malloc(((size_t)c->n_locations + 1) * sizeof *f->query_of);
  if (!f->query_of || ARRAY_RESERVE(f->line, f->line_cap, c->n_lines + 1)) return -1;
  memset(f->query_of, 0xff, c->n_locations * sizeof *f->query_of);
  for (uint32_t i = 0; i < f->r->n_queries; i++) {
    const struct query *q = &f->r->query[i];
    f->sources[q->mapping].asked++;
    if (q->n_frames) f->query_of[q->location] = i;
  }
  return 0;
}

int fill(struct profile *p, const struct resolving *r, struct symbol_source *sources, struct err *e) {
  struct filler f = {.p = p, .r = r, .sources = sources};
  int result = prepare(&f) || fill_in_order(&f) ? -1 : 0;
  if (!result) {
    struct line *old = p->places.line;
    p->places.line = f.line;
    p->places.n_lines = (uint32_t)f.n_lines;
    p->places.line_cap = f.line_cap;
    f.line = old;
  }
  free(f.line);
  free(f.query_of);
  index_release(&f.functions);
  return result ? err_nomem(e) : 0;
}
