// focus, ignore, hide, show, show_from, prune_from: filters on the names of frames.
#include <stdlib.h>

#include "profile/view_internal.h"

int verdicts_init(struct verdicts *t, const struct view *v, const struct rx *rx, struct err *e) {
  *t = (struct verdicts){.rx = rx, .v = v};
  if (!rx) return 0;
  t->known = calloc(v->strings->n, 1);
  return t->known ? 0 : err_nomem(e);
}

void verdicts_release(struct verdicts *t) {
  free(t->known);
  *t = (struct verdicts){0};
}

int verdicts_ask(struct verdicts *t, uint32_t string, struct err *e) {
  if (!t->known[string]) {
    int match = rx_match(t->rx, view_str(t->v, string), e);
    if (match < 0) return -1;
    t->known[string] = (uint8_t)(1 + match);
  }
  return t->known[string] - 1;
}

int verdicts_line(struct verdicts *t, const struct line *l, struct err *e) {
  const struct function *f = &t->v->places->function[l->function];
  int match = verdicts_ask(t, f->name, e);
  return match ? match : verdicts_ask(t, f->filename, e);
}

int verdicts_mapping(struct verdicts *t, const struct location *l, struct err *e) {
  return l->mapping == NONE ? 0 : verdicts_ask(t, t->v->places->mapping[l->mapping].file, e);
}

// Any line, or the mapping's file.
static int location_matches(struct verdicts *t, const struct location *l, struct err *e) {
  int match = 0;
  for (uint32_t i = 0; i < l->n_lines && match == 0; i++)
    match = verdicts_line(t, &t->v->places->line[l->first_line + i], e);
  return match ? match : verdicts_mapping(t, l, e);
}

// Keeps the lines whose verdict is `wanted`.
static int keep_lines(struct verdicts *t, struct places *c, struct location *l, int wanted, struct err *e) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < l->n_lines; i++) {
    int match = verdicts_line(t, &c->line[l->first_line + i], e);
    if (match < 0) return -1;
    if (match == wanted) c->line[l->first_line + kept++] = c->line[l->first_line + i];
  }
  l->n_lines = kept;
  return 0;
}

// One bit a location.
enum { FOCUSED = 1, IGNORED = 2 };

struct name_pass {
  struct view *v;
  struct verdicts focus, ignore, hide, show;
  struct name_matches *m;
  uint8_t *kind;
};

static int judge_location(struct name_pass *a, uint32_t at, struct err *e) {
  const struct location *l = &a->v->places->location[at];
  int match = a->ignore.rx ? location_matches(&a->ignore, l, e) : 0;
  if (match > 0) {
    a->kind[at] = IGNORED;
    a->m->ignore = true;
    return 0;
  }
  if (match == 0) match = a->focus.rx ? location_matches(&a->focus, l, e) : 1;
  if (match > 0) {
    a->kind[at] = FOCUSED;
    a->m->focus = true;
  }
  return match < 0 ? -1 : 0;
}

static int hide_lines(struct name_pass *a, struct places *c, struct location *l, struct err *e) {
  int match = location_matches(&a->hide, l, e);
  if (match <= 0) return match;
  a->m->hide = true;
  int whole = verdicts_mapping(&a->hide, l, e);
  if (whole < 0 || (whole == 0 && keep_lines(&a->hide, c, l, 0, e))) return -1;
  if (whole) l->n_lines = 0;
  l->hidden = l->hidden || l->n_lines == 0;
  return 0;
}

static int show_lines(struct name_pass *a, struct places *c, struct location *l, struct err *e) {
  int whole = verdicts_mapping(&a->show, l, e);
  if (whole < 0 || (whole == 0 && keep_lines(&a->show, c, l, 1, e))) return -1;
  if (l->n_lines == 0) l->hidden = true;
  else a->m->show = true;
  return 0;
}

static int change_lines(struct name_pass *a, struct err *e) {
  if (!a->hide.rx && !a->show.rx) return 0;
  struct places *c = view_own_places(a->v, e);
  if (!c) return -1;
  for (uint32_t i = 0; i < c->n_locations; i++) {
    if (a->hide.rx && hide_lines(a, c, &c->location[i], e)) return -1;
    if (a->show.rx && show_lines(a, c, &c->location[i], e)) return -1;
    a->v->any_hidden = a->v->any_hidden || c->location[i].hidden;
  }
  return 0;
}

// Frames that focus and ignore look at include the ones hide takes out.
static bool sample_stays(const struct name_pass *a, uint32_t sample, uint32_t *room) {
  uint32_t n = view_whole_stack(a->v, sample, room), visible = 0;
  unsigned kinds = 0;
  uint32_t from = a->v->bottom ? a->v->bottom[sample] : 0, to = a->v->top ? a->v->top[sample] : n;
  for (uint32_t i = from; i < to; i++) {
    kinds |= a->kind[room[i]];
    visible += !a->v->places->location[room[i]].hidden;
  }
  return (kinds & FOCUSED) && !(kinds & IGNORED) && (visible || !a->v->any_hidden);
}

// The same where the stack is the profile's own and nothing is hidden: the frames that decide end the search.
static bool plain_sample_stays(const struct name_pass *a, uint32_t sample) {
  const struct profile *p = a->v->profile;
  unsigned kinds = 0, enough = a->ignore.rx ? IGNORED : FOCUSED;
  for (uint32_t i = p->stack[sample], end = p->stack[sample + 1]; i < end && !(kinds & enough); i++)
    kinds |= a->kind[p->frame[i]];
  return kinds == FOCUSED;
}

static int run_pass(struct name_pass *a, struct err *e) {
  struct view *v = a->v;
  for (uint32_t i = 0; i < v->places->n_locations; i++)
    if (judge_location(a, i, e)) return -1;
  if (change_lines(a, e) || view_own_samples(v, e) || view_need_stack(v, e)) return -1;
  bool plain = view_stacks_are_plain(v);
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (!v->left_out[s]) v->left_out[s] = plain ? !plain_sample_stays(a, s) : !sample_stays(a, s, v->stack);
  return 0;
}

int view_filter_names(struct view *v, const struct name_filter *f, struct name_matches *m, struct err *e) {
  *m = (struct name_matches){0};
  if (!f->focus && !f->ignore && !f->hide && !f->show) return 0;
  struct name_pass a = {.v = v, .m = m, .kind = calloc((size_t)v->places->n_locations + 1, 1)};
  int result = a.kind ? 0 : err_nomem(e);
  if (!result) result = verdicts_init(&a.focus, v, f->focus, e);
  if (!result) result = verdicts_init(&a.ignore, v, f->ignore, e);
  if (!result) result = verdicts_init(&a.hide, v, f->hide, e);
  if (!result) result = verdicts_init(&a.show, v, f->show, e);
  if (!result) result = run_pass(&a, e);
  verdicts_release(&a.focus);
  verdicts_release(&a.ignore);
  verdicts_release(&a.hide);
  verdicts_release(&a.show);
  free(a.kind);
  return result;
}

// Cuts the lines outside the outermost match. 1 when the location matches.
static int cut_above(struct verdicts *t, struct places *c, struct location *l, struct err *e) {
  int match = verdicts_mapping(t, l, e);
  if (match) return match;
  for (uint32_t i = l->n_lines; i-- > 0 && match == 0;) {
    match = verdicts_line(t, &c->line[l->first_line + i], e);
    if (match > 0) l->n_lines = i + 1;
  }
  return match;
}

static void show_sample_from(struct view *v, uint32_t sample, const uint8_t *matches) {
  uint32_t *room = v->stack;
  view_whole_stack(v, sample, room);
  for (uint32_t i = v->top[sample]; i-- > v->bottom[sample];) {
    if (v->places->location[room[i]].hidden || !matches[room[i]]) continue;
    v->top[sample] = i + 1;
    return;
  }
  v->left_out[sample] = 1;
}

int view_show_from(struct view *v, const struct rx *rx, bool *matched, struct err *e) {
  int result = -1;
  *matched = false;
  if (!rx) return 0;
  struct verdicts t;
  uint8_t *matches = NULL;
  if (verdicts_init(&t, v, rx, e)) return -1;
  struct places *c = view_own_places(v, e);
  if (!c || view_own_samples(v, e) || view_own_bounds(v, e) || view_need_stack(v, e)) goto done;
  matches = calloc((size_t)c->n_locations + 1, 1);
  if (!matches) {
    err_nomem(e);
    goto done;
  }
  for (uint32_t i = 0; i < c->n_locations; i++) {
    int match = cut_above(&t, c, &c->location[i], e);
    if (match < 0) goto done;
    matches[i] = (uint8_t)match;
    *matched |= match > 0;
  }
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (!v->left_out[s]) show_sample_from(v, s, matches);
  result = 0;
done:
  free(matches);
  verdicts_release(&t);
  return result;
}

// Cuts the lines inside the innermost match. 1 when the location matches.
static int cut_below(struct view *v, const struct rx *rx, struct places *c, struct location *l, struct err *e) {
  for (uint32_t i = 0; i < l->n_lines; i++) {
    struct str name = view_str(v, c->function[c->line[l->first_line + i].function].name);
    int match = name.n ? rx_match(rx, frame_name_core(name), e) : 0;
    if (match == 0) continue;
    l->first_line += i;
    l->n_lines -= i;
    return match;
  }
  return 0;
}

int view_prune_from(struct view *v, const struct rx *rx, struct err *e) {
  int result = -1;
  if (!rx) return 0;
  uint8_t *matches = NULL;
  struct places *c = view_own_places(v, e);
  if (!c || view_own_bounds(v, e) || view_need_stack(v, e)) return -1;
  matches = calloc((size_t)c->n_locations + 1, 1);
  if (!matches) return err_nomem(e);
  for (uint32_t i = 0; i < c->n_locations; i++) {
    int match = cut_below(v, rx, c, &c->location[i], e);
    if (match < 0) goto done;
    matches[i] = (uint8_t)match;
  }
  for (uint32_t s = 0; s < v->profile->n_samples; s++) {
    view_whole_stack(v, s, v->stack);
    uint32_t i = v->bottom[s];
    while (i < v->top[s] && (c->location[v->stack[i]].hidden || !matches[v->stack[i]])) i++;
    if (i < v->top[s]) v->bottom[s] = i;
  }
  result = 0;
done:
  free(matches);
  return result;
}

int view_fold_inlines(struct view *v, bool columns, struct err *e) {
  struct places *c = view_own_places(v, e);
  if (!c) return -1;
  for (uint32_t i = 0; i < c->n_mappings; i++) c->mapping[i].has_inline_frames = false;
  for (uint32_t i = 0; i < c->n_locations; i++) {
    struct location *l = &c->location[i];
    if (l->n_lines > 1) {
      l->first_line += l->n_lines - 1;
      l->n_lines = 1;
    }
  }
  for (uint32_t i = 0; i < c->n_lines && !columns; i++) c->line[i].column = 0;
  return 0;
}
