// What every profile promises its readers, checked after builders and changes.
#include "profile/internal.h"

int ids_take(struct ids *ids, const char *what, uint64_t id, uint32_t index, struct err *e) {
  if (id == 0) return err_set(e, "%s %u has the reserved id 0", what, index);
  if (ids_find(ids, id) != MAP_NONE) return err_set(e, "two %ss have the id %llu", what, (unsigned long long)id);
  if (index == ids->n_dense && id == (uint64_t)index + 1) {
    ids->n_dense++;
    return 0;
  }
  return map64_put(&ids->others, id, index) ? err_nomem(e) : 0;
}

void ids_release(struct ids *ids) { map64_release(&ids->others); }

static int check_location(const struct places *c, const struct location *l, struct err *e) {
  if (l->mapping != NONE && l->mapping >= c->n_mappings)
    return err_set(e, "location %llu refers to a mapping that does not exist", (unsigned long long)l->id);
  for (uint32_t i = l->first_line; i < l->first_line + l->n_lines; i++)
    if (c->line[i].function >= c->n_functions)
      return err_set(e, "location %llu refers to a function that does not exist", (unsigned long long)l->id);
  return 0;
}

static int check_places(const struct places *c, struct err *e) {
  struct ids mappings = {0}, functions = {0}, locations = {0};
  int result = 0;
  for (uint32_t i = 0; i < c->n_mappings && !result; i++)
    result = ids_take(&mappings, "mapping", c->mapping[i].id, i, e);
  for (uint32_t i = 0; i < c->n_functions && !result; i++)
    result = ids_take(&functions, "function", c->function[i].id, i, e);
  for (uint32_t i = 0; i < c->n_locations && !result; i++) {
    result = ids_take(&locations, "location", c->location[i].id, i, e);
    if (!result) result = check_location(c, &c->location[i], e);
  }
  ids_release(&mappings);
  ids_release(&functions);
  ids_release(&locations);
  return result;
}

int profile_check(const struct profile *p, struct err *e) {
  if (p->n_sample_types == 0 && p->n_samples) return err_set(e, "the profile has samples but no sample type");
  for (size_t i = 0; i < p->stack[p->n_samples]; i++)
    if (p->frame[i] >= p->places.n_locations) return err_set(e, "a sample refers to a location that does not exist");
  return check_places(&p->places, e);
}
