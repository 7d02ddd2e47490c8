// What weblist is about: which functions match, and what each address weighs.
#include <stdlib.h>

#include "report/weblist.h"
#include "symbolize/demangle.h"

// ---- weights --------------------------------------------------------------------------------------

// A location counts once a sample, however often it is in the stack.
static int weigh(struct weblist *w, struct err *e) {
  const struct view *v = w->r->view;
  const struct profile *p = v->profile;
  uint32_t *seen = calloc((size_t)v->places->n_locations + 1, sizeof *seen), n;
  uint32_t *room = malloc((view_depth(v) + 1) * sizeof *room);
  bool ready = seen && room;
  for (uint32_t s = 0; s < p->n_samples && ready; s++) {
    if (!view_has(v, s)) continue;
    const int64_t *values = profile_values(p, s);
    int64_t value = values[w->r->o.column];
    if (w->r->o.mean && values[0]) value = wrap_div(value, values[0]);
    const uint32_t *stack = view_stack_into(v, s, room, &n);
    for (uint32_t i = 0; i < n; i++) {
      if (seen[stack[i]] != s + 1) w->cum[stack[i]] = wrap_add(w->cum[stack[i]], value);
      seen[stack[i]] = s + 1;
    }
    if (n) w->flat[stack[0]] = wrap_add(w->flat[stack[0]], value);
  }
  free(seen);
  free(room);
  return ready ? 0 : err_nomem(e);
}

// ---- functions that match -------------------------------------------------------------------------

static int want(struct weblist *w, uint32_t location, const struct function *f) {
  const struct view *v = w->r->view;
  w->wanted[location] = 1;
  uint32_t name = strings_add(&w->interest, view_str(v, f->name));
  uint32_t system_name = strings_add(&w->interest, view_str(v, f->system_name));
  return name == STRINGS_NONE || system_name == STRINGS_NONE ? -1 : 0;
}

static int match_function(const struct weblist *w, const struct function *f, struct err *e) {
  const struct view *v = w->r->view;
  int match = rx_match(w->r->o.symbol, view_str(v, f->name), e);
  if (match == 0) match = rx_match(w->r->o.symbol, view_str(v, f->system_name), e);
  return match ? match : rx_match(w->r->o.symbol, view_str(v, f->filename), e);
}

static int match_location(struct weblist *w, uint32_t location, const int8_t *matches, struct err *e) {
  const struct view *v = w->r->view;
  const struct location *l = &v->places->location[location];
  uint64_t asked;
  bool address = l->address && report_asked_address(w->r, &asked) && asked == l->address;
  int file = l->mapping == NONE ? 0 : rx_match(w->r->o.symbol, view_str(v, v->places->mapping[l->mapping].file), e);
  if (file < 0) return -1;
  for (uint32_t i = 0; i < l->n_lines; i++) {
    uint32_t function = v->places->line[l->first_line + i].function;
    bool whole = (i == 0 && file) || (address && i + 1 == l->n_lines);
    if ((whole || matches[function] > 0) && want(w, location, &v->places->function[function])) return err_nomem(e);
  }
  return 0;
}

static int match_all(struct weblist *w, struct err *e) {
  const struct places *p = w->r->view->places;
  int8_t *matches = calloc((size_t)p->n_functions + 1, 1);
  int result = matches ? 0 : err_nomem(e);
  bool any = false;
  for (uint32_t i = 0; i < p->n_functions && !result; i++) {
    matches[i] = (int8_t)match_function(w, &p->function[i], e);
    if (matches[i] < 0) result = -1;
  }
  for (uint32_t i = 0; i < p->n_locations && !result; i++)
    if (w->flat[i] || w->cum[i]) {
      result = match_location(w, i, matches, e);
      any |= w->wanted[i];
    }
  free(matches);
  if (result || any) return result;
  return err_set(e, "no function matches `%.*s`", STR_ARG(rx_pattern(w->r->o.symbol)));
}

// ---- uses -----------------------------------------------------------------------------------------

static int add_use(struct weblist *w, const struct weblist_use *use) {
  if (ARRAY_RESERVE(w->use, w->use_cap, (size_t)w->n_uses + 1)) return -1;
  w->use[w->n_uses++] = *use;
  return 0;
}

// By the name the profile has, or by the readable form of the binary's.
static bool is_of_interest(const struct weblist *w, struct str name) {
  struct buf readable = {0};
  if (name.n == 0) return false;
  if (strings_find(&w->interest, name) != STRINGS_NONE) return true;
  demangle(name, DEMANGLE_DEFAULT, &readable);
  bool found = !readable.failed && strings_find(&w->interest, buf_view(&readable)) != STRINGS_NONE;
  buf_release(&readable);
  return found;
}

// Each function of interest gets the instruction at its own line, with the calls below it.
int weblist_add_uses(struct weblist *w, uint32_t instruction, const struct weblist_frame *frame, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (!is_of_interest(w, strings_at(&w->strings, frame[i].function))) continue;
    struct weblist_use use = {.at = {frame[i].file, frame[i].line},
                              .function = frame[i].function,
                              .instruction = instruction,
                              .first_call = w->n_calls,
                              .n_calls = (uint32_t)i};
    if (ARRAY_RESERVE(w->call, w->call_cap, (size_t)w->n_calls + i)) return -1;
    for (size_t k = i; k > 0; k--) w->call[w->n_calls++] = (struct weblist_place){frame[k - 1].file, frame[k - 1].line};
    if (add_use(w, &use)) return -1;
  }
  return 0;
}

// ---- all of it --------------------------------------------------------------------------------------

int weblist_init(struct weblist *w, const struct report *r, struct err *e) {
  size_t n = (size_t)r->view->places->n_locations + 1;
  *w = (struct weblist){.r = r, .flat = calloc(n, sizeof *w->flat), .cum = calloc(n, sizeof *w->cum)};
  w->wanted = calloc(n, 1);
  bool ready = w->flat && w->cum && w->wanted && !strings_init(&w->strings, NULL) && !strings_init(&w->interest, NULL);
  if (!ready) return err_nomem(e);
  if (weigh(w, e) || match_all(w, e) || weblist_add_code(w, e)) return -1;
  return weblist_make_parts(w, e);
}

void weblist_release(struct weblist *w) {
  strings_release(&w->strings);
  strings_release(&w->interest);
  arena_release(&w->arena);
  buf_release(&w->reason);
  free(w->flat);
  free(w->cum);
  free(w->wanted);
  free(w->instruction);
  free(w->use);
  free(w->call);
  free(w->part);
  *w = (struct weblist){0};
}
