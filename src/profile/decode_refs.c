// References of a profile.proto, resolved when all of it was read: indices into the string table become numbers of the
// pool, ids become indices, raw label sets become shared ones. What refers to nothing is an error that says so.
#include "profile/decode.h"

#include <stdlib.h>

#include "profile.pb-c.h"

// Replaces an index into the file's string table by the pool's number.
static int resolve_string(struct decoder *d, uint32_t *index) {
  if (*index >= d->n_strings) return -1;
  *index = d->string[*index];
  return 0;
}

static int resolve_header(struct decoder *d) {
  struct profile *p = d->p;
  int bad = resolve_string(d, &p->drop_frames) | resolve_string(d, &p->keep_frames) |
            resolve_string(d, &p->default_sample_type) | resolve_string(d, &p->doc_url) |
            resolve_string(d, &p->period_type.type) | resolve_string(d, &p->period_type.unit);
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    bad |= resolve_string(d, &p->sample_type[i].type) | resolve_string(d, &p->sample_type[i].unit);
  for (uint32_t i = 0; i < p->n_comments; i++) bad |= resolve_string(d, &p->comment[i]);
  return bad ? err_set(d->e, "the header names a string that is not in the string table") : 0;
}

static int resolve_mappings(struct decoder *d, struct ids *ids) {
  struct places *c = &d->p->places;
  for (uint32_t i = 0; i < c->n_mappings; i++) {
    struct mapping *m = &c->mapping[i];
    if (ids_take(ids, "mapping", m->id, i, d->e)) return -1;
    if (resolve_string(d, &m->file) | resolve_string(d, &m->build_id))
      return err_set(d->e, "mapping %llu names a string that is not in the string table", (unsigned long long)m->id);
  }
  return 0;
}

static int resolve_functions(struct decoder *d, struct ids *ids) {
  struct places *c = &d->p->places;
  for (uint32_t i = 0; i < c->n_functions; i++) {
    struct function *f = &c->function[i];
    if (ids_take(ids, "function", f->id, i, d->e)) return -1;
    if (resolve_string(d, &f->name) | resolve_string(d, &f->system_name) | resolve_string(d, &f->filename))
      return err_set(d->e, "function %llu names a string that is not in the string table", (unsigned long long)f->id);
  }
  return 0;
}

static int resolve_location(struct decoder *d, struct location *l, uint64_t mapping_id, const struct ids *mappings,
                            const struct ids *functions) {
  l->mapping = ids_find(mappings, mapping_id);  // an unknown mapping counts as none, as in the reference
  for (uint32_t i = l->first_line; i < l->first_line + l->n_lines; i++) {
    uint32_t function = ids_find(functions, d->function_id[i]);
    if (function == MAP_NONE)
      return err_set(d->e, "location %llu refers to function %llu, which does not exist", (unsigned long long)l->id,
                     (unsigned long long)d->function_id[i]);
    d->p->places.line[i].function = function;
  }
  return 0;
}

static int resolve_locations(struct decoder *d, const struct ids *mappings, const struct ids *functions,
                             struct ids *ids) {
  struct places *c = &d->p->places;
  for (uint32_t i = 0; i < c->n_locations; i++) {
    if (ids_take(ids, "location", c->location[i].id, i, d->e)) return -1;
    if (resolve_location(d, &c->location[i], d->mapping_id[i], mappings, functions)) return -1;
  }
  return 0;
}

static int missing_location(struct decoder *d, size_t frame, uint64_t id) {
  uint32_t sample = 0;
  while (d->p->stack[sample + 1] <= frame) sample++;
  return err_set(d->e, "sample %u refers to location %llu, which does not exist", sample, (unsigned long long)id);
}

static int resolve_dense_frames(struct decoder *d) {
  uint32_t n = d->p->places.n_locations, *frame = d->p->frame;
  size_t n_frames = d->p->stack[d->p->n_samples];
  uint32_t bad = 0;
  for (size_t i = 0; i < n_frames; i++) {
    frame[i]--;
    bad |= frame[i] >= n;
  }
  if (!bad) return 0;
  size_t at = 0;
  while (frame[at] < n) at++;
  uint32_t id = frame[at] + 1;
  return missing_location(d, at, id < FIRST_BIG_ID ? id : d->big_id[id - FIRST_BIG_ID]);
}

// A table from id to index where ids are not far apart; NULL where they are, or without memory for it.
static uint32_t *id_table(const struct places *c, uint64_t *size) {
  uint64_t largest = 0;
  for (uint32_t i = 0; i < c->n_locations; i++)
    if (c->location[i].id > largest) largest = c->location[i].id;
  *size = 0;
  if (largest > (uint64_t)c->n_locations * 8 + 1024) return NULL;
  uint32_t *table = malloc((largest + 1) * sizeof *table);
  if (!table) return NULL;
  memset(table, 0xff, (largest + 1) * sizeof *table);
  for (uint32_t i = 0; i < c->n_locations; i++) table[c->location[i].id] = i;
  *size = largest + 1;
  return table;
}

static int resolve_frames(struct decoder *d, const struct ids *ids) {
  struct profile *p = d->p;
  if (ids->n_dense == p->places.n_locations) return resolve_dense_frames(d);
  int result = 0;
  uint64_t table_size;
  uint32_t *table = id_table(&p->places, &table_size);
  for (size_t i = 0; i < p->stack[p->n_samples] && result == 0; i++) {
    uint64_t id = p->frame[i] < FIRST_BIG_ID ? p->frame[i] : d->big_id[p->frame[i] - FIRST_BIG_ID];
    p->frame[i] = id < table_size ? table[id] : ids_find(ids, id);
    if (p->frame[i] == NONE) result = missing_location(d, i, id);
  }
  free(table);
  return result;
}

// One label field of a raw set; `kept` says whether it holds a value at all.
static int resolve_label(struct decoder *d, struct str message, struct label *l, bool *kept) {
  Perftools__Profiles__Label *m = decode_unpack(d, &perftools__profiles__label__descriptor, message);
  if (!m) return -1;
  *l = (struct label){.key = decode_string_index(m->key), .number = m->num, .numeric = m->str == 0, .unit = NONE};
  *kept = m->str || m->num || m->num_unit;
  int bad = resolve_string(d, &l->key);
  if (m->str) {
    l->text = decode_string_index(m->str);
    bad |= resolve_string(d, &l->text);
  } else if (m->num_unit) {
    l->unit = decode_string_index(m->num_unit);
    bad |= resolve_string(d, &l->unit);
  }
  return bad ? err_set(d->e, "a label names a string that is not in the string table") : 0;
}

static int resolve_raw_set(struct decoder *d, struct str raw, struct label **labels, size_t *cap, uint32_t *set) {
  const unsigned char *at = (const unsigned char *)raw.p, *end = at + raw.n;
  uint32_t n = 0;
  while (at != end) {
    struct wire_field f;
    bool kept;
    at = decode_field(at, end, &f);
    if (!at) return err_set(d->e, "damaged label");
    if (ARRAY_RESERVE(*labels, *cap, (size_t)n + 1)) return err_nomem(d->e);
    if (resolve_label(d, f.bytes, &(*labels)[n], &kept)) return -1;
    n += kept;
  }
  *set = profile_add_label_set(d->p, *labels, n);
  return n && *set == NONE ? err_nomem(d->e) : 0;
}

static int resolve_labels(struct decoder *d) {
  struct profile *p = d->p;
  if (!p->sample_labels) return 0;
  struct label *labels = NULL;
  size_t cap = 0;
  int result = -1;
  uint32_t *set = malloc(d->n_raw_sets * sizeof *set);
  if (!set) {
    err_nomem(d->e);
    goto done;
  }
  bool same = true;
  for (uint32_t i = 0; i < d->n_raw_sets; i++) {
    struct str raw = {d->raw_labels.data + d->raw_offset[i], d->raw_offset[i + 1] - d->raw_offset[i]};
    if (resolve_raw_set(d, raw, &labels, &cap, &set[i])) goto done;
    same = same && set[i] == i;
  }
  for (uint32_t i = 0; i < p->n_samples && !same; i++)
    if (p->sample_labels[i] != NONE) p->sample_labels[i] = set[p->sample_labels[i]];
  result = 0;
done:
  free(set);
  free(labels);
  return result;
}

static int check_sample_types(struct decoder *d) {
  uint32_t types = d->p->n_sample_types;
  if (d->n_values == NONE) return 0;
  if (types == 0) return err_set(d->e, "the profile has samples but no sample type");
  if (d->n_values == types) return 0;
  return err_set(d->e, "sample 0 has %u values, but the profile has %u sample types", d->n_values, types);
}

int decode_resolve(struct decoder *d) {
  struct ids mappings = {0}, functions = {0}, locations = {0};
  int result = check_sample_types(d);
  if (!result) result = resolve_header(d);
  if (!result) result = resolve_mappings(d, &mappings);
  if (!result) result = resolve_functions(d, &functions);
  if (!result) result = resolve_locations(d, &mappings, &functions, &locations);
  if (!result) result = resolve_frames(d, &locations);
  if (!result) result = resolve_labels(d);
  ids_release(&mappings);
  ids_release(&functions);
  ids_release(&locations);
  return result;
}
