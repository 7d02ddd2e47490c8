// Building a profile piece by piece, and taking it apart.
#include <stdlib.h>

#include "profile/internal.h"

struct profile *profile_new(struct err *e) {
  struct profile *p = calloc(1, sizeof *p);
  if (p && strings_init(&p->strings, NULL) == 0 && ARRAY_RESERVE(p->stack, p->stack_cap, 1) == 0 &&
      ARRAY_RESERVE(p->frame, p->frame_cap, 1) == 0 && ARRAY_RESERVE(p->value, p->value_cap, 1) == 0 &&
      ARRAY_RESERVE(p->places.line, p->places.line_cap, 1) == 0) {
    p->stack[0] = 0;
    return p;
  }
  err_nomem(e);
  profile_free(p);
  return NULL;
}

void profile_free(struct profile *p) {
  if (!p) return;
  strings_release(&p->strings);
  free(p->sample_type);
  free(p->stack);
  free(p->frame);
  free(p->value);
  free(p->sample_labels);
  places_release(&p->places);
  free(p->label);
  free(p->label_set);
  index_release(&p->label_set_index);
  free(p->comment);
  free(p);
}

void places_release(struct places *c) {
  free(c->mapping);
  free(c->function);
  free(c->location);
  free(c->line);
  *c = (struct places){0};
}

uint32_t profile_add_string(struct profile *p, struct str text) { return strings_add(&p->strings, text); }

uint32_t profile_add_sample_type(struct profile *p, struct str type, struct str unit) {
  uint32_t t = strings_add(&p->strings, type), u = strings_add(&p->strings, unit);
  if (t == STRINGS_NONE || u == STRINGS_NONE) return NONE;
  if (ARRAY_RESERVE(p->sample_type, p->sample_type_cap, (size_t)p->n_sample_types + 1)) return NONE;
  p->sample_type[p->n_sample_types] = (struct value_type){t, u};
  return p->n_sample_types++;
}

uint32_t places_add_mapping(struct places *c, const struct mapping *m) {
  if (c->n_mappings == NONE || ARRAY_RESERVE(c->mapping, c->mapping_cap, (size_t)c->n_mappings + 1)) return NONE;
  c->mapping[c->n_mappings] = *m;
  return c->n_mappings++;
}

uint32_t places_add_function(struct places *c, const struct function *f) {
  if (c->n_functions == NONE || ARRAY_RESERVE(c->function, c->function_cap, (size_t)c->n_functions + 1)) return NONE;
  c->function[c->n_functions] = *f;
  return c->n_functions++;
}

uint32_t places_add_location(struct places *c, const struct location *l, const struct line *lines) {
  if (c->n_locations == NONE || l->n_lines > NONE - c->n_lines) return NONE;
  if (ARRAY_RESERVE(c->location, c->location_cap, (size_t)c->n_locations + 1)) return NONE;
  if (ARRAY_RESERVE(c->line, c->line_cap, (size_t)c->n_lines + l->n_lines)) return NONE;
  if (l->n_lines) memcpy(c->line + c->n_lines, lines, l->n_lines * sizeof *lines);
  c->location[c->n_locations] = *l;
  c->location[c->n_locations].first_line = c->n_lines;
  c->n_lines += l->n_lines;
  return c->n_locations++;
}

uint32_t profile_add_mapping(struct profile *p, const struct mapping *m) { return places_add_mapping(&p->places, m); }

uint32_t profile_add_function(struct profile *p, const struct function *f) {
  return places_add_function(&p->places, f);
}

bool function_equal(const struct function *a, const struct function *b) {
  return a->start_line == b->start_line && a->name == b->name && a->system_name == b->system_name &&
         a->filename == b->filename;
}

uint64_t function_hash(const struct function *f) {
  uint64_t key[4] = {(uint64_t)f->start_line, f->name, f->system_name, f->filename};
  return hash_bytes(key, sizeof key, 0);
}

uint32_t profile_share_function(struct profile *p, struct index *known, const struct function *f) {
  uint64_t hash = function_hash(f);
  size_t at = 0;
  for (uint32_t i = index_first(known, hash, &at); i != MAP_NONE; i = index_next(known, hash, &at))
    if (function_equal(&p->places.function[i], f)) return i;
  struct function added = *f;
  added.id = (uint64_t)p->places.n_functions + 1;
  uint32_t i = profile_add_function(p, &added);
  return i == NONE || index_add(known, hash, i) ? NONE : i;
}

uint32_t profile_add_location(struct profile *p, const struct location *l, const struct line *lines) {
  return places_add_location(&p->places, l, lines);
}

uint32_t profile_add_comment(struct profile *p, struct str text) {
  uint32_t number = strings_add(&p->strings, text);
  if (number == STRINGS_NONE || ARRAY_RESERVE(p->comment, p->comment_cap, (size_t)p->n_comments + 1)) return NONE;
  p->comment[p->n_comments] = number;
  return p->n_comments++;
}

// The column of label sets appears with the first sample that has labels.
static int set_sample_labels(struct profile *p, uint32_t set) {
  if (!p->sample_labels && set == NONE) return 0;
  bool first = !p->sample_labels;
  if (ARRAY_RESERVE(p->sample_labels, p->sample_labels_cap, (size_t)p->n_samples + 1)) return -1;
  if (first) memset(p->sample_labels, 0xff, p->n_samples * sizeof *p->sample_labels);
  p->sample_labels[p->n_samples] = set;
  return 0;
}

int profile_close_sample(struct profile *p, uint32_t n_frames, uint32_t label_set) {
  if (p->n_samples == NONE - 1) return -1;
  if (ARRAY_RESERVE(p->stack, p->stack_cap, (size_t)p->n_samples + 2) || set_sample_labels(p, label_set)) return -1;
  p->stack[p->n_samples + 1] = p->stack[p->n_samples] + n_frames;
  p->n_samples++;
  return 0;
}

int profile_add_sample(struct profile *p, const uint32_t *frames, uint32_t n_frames, const int64_t *values,
                       uint32_t label_set) {
  size_t depth = p->stack[p->n_samples], n_values = (size_t)p->n_samples * p->n_sample_types;
  if (n_frames > NONE - depth) return -1;
  if (ARRAY_RESERVE(p->frame, p->frame_cap, depth + n_frames)) return -1;
  if (ARRAY_RESERVE(p->value, p->value_cap, n_values + p->n_sample_types)) return -1;
  if (n_frames) memcpy(p->frame + depth, frames, n_frames * sizeof *frames);
  if (p->n_sample_types) memcpy(p->value + n_values, values, p->n_sample_types * sizeof *values);
  return profile_close_sample(p, n_frames, label_set);
}
