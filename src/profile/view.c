// Stacks as a view shows them, and the altered copy of places.
#include "profile/view.h"

#include <stdlib.h>

#include "profile/internal.h"
#include "profile/view_internal.h"

int view_init(struct view *v, const struct profile *p, struct err *e) {
  (void)e;
  *v = (struct view){.profile = p, .places = &p->places, .strings = &p->strings};
  return 0;
}

void view_release(struct view *v) {
  free(v->left_out);
  free(v->bottom);
  free(v->top);
  free(v->label_frame);
  free(v->hidden_key);
  free(v->stack);
  places_release(&v->own_places);
  if (v->own_strings.below) strings_release(&v->own_strings);
  *v = (struct view){0};
}

static void *copy_of(const void *from, size_t n, size_t size) {
  void *to = malloc(n ? n * size : 1);
  if (to && n) memcpy(to, from, n * size);
  return to;
}

int places_copy(struct places *to, const struct places *from) {
  *to = *from;
  to->mapping = copy_of(from->mapping, to->mapping_cap = from->n_mappings, sizeof *from->mapping);
  to->function = copy_of(from->function, to->function_cap = from->n_functions, sizeof *from->function);
  to->location = copy_of(from->location, to->location_cap = from->n_locations, sizeof *from->location);
  to->line = copy_of(from->line, to->line_cap = from->n_lines, sizeof *from->line);
  if (to->mapping && to->function && to->location && to->line) return 0;
  places_release(to);
  return -1;
}

struct places *view_own_places(struct view *v, struct err *e) {
  if (v->places == &v->own_places) return &v->own_places;
  if (places_copy(&v->own_places, v->places)) {
    err_nomem(e);
    return NULL;
  }
  v->places = &v->own_places;
  return &v->own_places;
}

struct strings *view_own_strings(struct view *v, struct err *e) {
  if (v->strings == &v->own_strings) return &v->own_strings;
  if (strings_init(&v->own_strings, v->strings)) {
    err_nomem(e);
    return NULL;
  }
  v->strings = &v->own_strings;
  return &v->own_strings;
}

int view_own_samples(struct view *v, struct err *e) {
  if (v->left_out) return 0;
  v->left_out = calloc((size_t)v->profile->n_samples + 1, 1);
  return v->left_out ? 0 : err_nomem(e);
}

static size_t own_depth(const struct view *v, uint32_t sample) {
  return v->profile->stack[sample + 1] - v->profile->stack[sample];
}

int view_own_bounds(struct view *v, struct err *e) {
  uint32_t n = v->profile->n_samples;
  if (v->bottom) return 0;
  v->bottom = calloc((size_t)n + 1, sizeof *v->bottom);
  v->top = malloc(((size_t)n + 1) * sizeof *v->top);
  if (!v->bottom || !v->top) return err_nomem(e);
  for (uint32_t s = 0; s < n; s++) v->top[s] = (uint32_t)own_depth(v, s) + v->n_leaf_frames + v->n_root_frames;
  return 0;
}

size_t view_depth(const struct view *v) {
  size_t deepest = 0;
  for (uint32_t s = 0; s < v->profile->n_samples; s++)
    if (own_depth(v, s) > deepest) deepest = own_depth(v, s);
  return deepest + v->n_leaf_frames + v->n_root_frames;
}

int view_need_stack(struct view *v, struct err *e) {
  if (v->stack) return 0;
  v->stack = malloc((view_depth(v) + 1) * sizeof *v->stack);
  return v->stack ? 0 : err_nomem(e);
}

uint32_t view_whole_stack(const struct view *v, uint32_t sample, uint32_t *room) {
  const struct profile *p = v->profile;
  size_t added = (size_t)v->n_leaf_frames + v->n_root_frames, n = own_depth(v, sample);
  uint32_t set = profile_label_set(p, sample);
  const uint32_t *frames = v->label_frame ? v->label_frame + (set == NONE ? p->n_label_sets : set) * added : NULL;
  for (uint32_t i = 0; i < v->n_leaf_frames; i++) room[i] = frames[i];
  if (n) memcpy(room + v->n_leaf_frames, p->frame + p->stack[sample], n * sizeof *room);
  for (uint32_t i = 0; i < v->n_root_frames; i++) room[v->n_leaf_frames + n + i] = frames[v->n_leaf_frames + i];
  return (uint32_t)(n + added);
}

const uint32_t *view_stack_into(const struct view *v, uint32_t sample, uint32_t *room, uint32_t *n) {
  const struct profile *p = v->profile;
  if (view_stacks_are_plain(v)) {
    *n = p->stack[sample + 1] - p->stack[sample];
    return p->frame + p->stack[sample];
  }
  uint32_t whole = view_whole_stack(v, sample, room), kept = 0;
  uint32_t from = v->bottom ? v->bottom[sample] : 0, to = v->top ? v->top[sample] : whole;
  for (uint32_t i = from; i < to; i++)
    if (!v->places->location[room[i]].hidden) room[kept++] = room[i];
  *n = kept;
  return room;
}

const uint32_t *view_stack(const struct view *v, uint32_t sample, uint32_t *n) {
  return view_stack_into(v, sample, v->stack, n);
}
