// What the samples of a source stand on: its mappings, functions and locations in the result. What is there already is found
// at once, when the source is entered; what is not is added when a sample first needs it.
#include "profile/merge.h"

#include <stdlib.h>

uint32_t merge_string(struct merger *m, uint32_t number) {
  if (m->string[number] == NONE) m->string[number] = strings_add_from(&m->to->strings, &m->from->strings, number);
  return m->string[number];
}

// ---- mappings -----------------------------------------------------------------------------------

// Equal are those whose size (to the page), offset and build id, or without one the file, are.
static uint64_t rounded_size(const struct mapping *m) { return (m->limit - m->start + 0xfff) & ~UINT64_C(0xfff); }
static uint32_t identity(const struct mapping *m) { return m->build_id ? m->build_id : m->file; }

static bool same_mapping(const struct mapping *a, const struct mapping *b) {
  return rounded_size(a) == rounded_size(b) && a->offset == b->offset && identity(a) == identity(b);
}

static uint64_t hash_mapping(const struct mapping *m) {
  uint64_t key[3] = {rounded_size(m), m->offset, identity(m)};
  return hash_bytes(key, sizeof key, 0);
}

// In terms of the result; false unless it has all that takes.
static bool translate_mapping(const struct merger *m, uint32_t index, struct mapping *out) {
  *out = m->from->places.mapping[index];
  out->file = m->string[out->file];
  out->build_id = m->string[out->build_id];
  return out->file != NONE && out->build_id != NONE;
}

static uint32_t find_mapping(const struct merger *m, const struct mapping *wanted, uint64_t hash) {
  const struct mapping *mapping = m->to->places.mapping;
  size_t at = 0;
  uint32_t i = index_first(&m->mappings, hash, &at);
  while (i != MAP_NONE && !same_mapping(&mapping[i], wanted)) i = index_next(&m->mappings, hash, &at);
  return i;
}

static void went_to(struct merger *m, uint32_t index, uint32_t mapping) {
  int64_t shift = (int64_t)(m->to->places.mapping[mapping].start - m->from->places.mapping[index].start);
  m->mapping[index] = (struct mapped_mapping){mapping, shift};
}

int merge_mapping(struct merger *m, uint32_t index) {
  const struct mapping *from = &m->from->places.mapping[index];
  struct mapping wanted;
  if (m->mapping[index].index != NONE) return 0;
  merge_string(m, from->file);
  merge_string(m, from->build_id);
  if (!translate_mapping(m, index, &wanted)) return err_nomem(m->e);
  uint64_t hash = hash_mapping(&wanted);
  uint32_t i = find_mapping(m, &wanted, hash);
  if (i == MAP_NONE) {
    wanted.id = (uint64_t)m->to->places.n_mappings + 1;
    i = profile_add_mapping(m->to, &wanted);
    if (i == NONE || index_add(&m->mappings, hash, i)) return err_nomem(m->e);
  }
  went_to(m, index, i);
  return 0;
}

static void find_mappings(struct merger *m) {
  for (uint32_t i = 0; i < m->from->places.n_mappings; i++) {
    struct mapping wanted;
    uint32_t found = translate_mapping(m, i, &wanted) ? find_mapping(m, &wanted, hash_mapping(&wanted)) : MAP_NONE;
    m->mapping[i] = (struct mapped_mapping){NONE, 0};
    if (found != MAP_NONE) went_to(m, i, found);
  }
}

// ---- functions ----------------------------------------------------------------------------------

static bool translate_function(const struct merger *m, uint32_t index, struct function *out) {
  *out = m->from->places.function[index];
  out->name = m->string[out->name];
  out->system_name = m->string[out->system_name];
  out->filename = m->string[out->filename];
  return out->name != NONE && out->system_name != NONE && out->filename != NONE;
}

static int merge_function(struct merger *m, uint32_t index) {
  const struct function *from = &m->from->places.function[index];
  struct function wanted;
  if (m->function[index] != NONE) return 0;
  merge_string(m, from->name);
  merge_string(m, from->system_name);
  merge_string(m, from->filename);
  if (!translate_function(m, index, &wanted)) return err_nomem(m->e);
  m->function[index] = profile_share_function(m->to, &m->functions, &wanted);
  return m->function[index] == NONE ? err_nomem(m->e) : 0;
}

static bool is_function(void *arg, size_t index, uint32_t record) {
  const struct merger *m = arg;
  struct function wanted;
  return translate_function(m, (uint32_t)index, &wanted) && function_equal(&m->to->places.function[record], &wanted);
}

static int find_functions(struct merger *m) {
  uint32_t n = m->from->places.n_functions;
  if (ARRAY_RESERVE(m->check, m->check_cap, (size_t)n + 1)) return -1;
  for (uint32_t i = 0; i < n; i++) {
    struct function wanted;
    m->check[i] = translate_function(m, i, &wanted) ? (uint32_t)(function_hash(&wanted) >> 32) : 0;
  }
  const struct function *records = m->to->places.function;
  struct index_search search = {.index = &m->functions,
                                .records = records,
                                .record_size = sizeof *records,
                                .check = m->check,
                                .n = n,
                                .arg = m,
                                .same = is_function};
  index_find_all(&search, m->function);
  return 0;
}

// ---- locations ----------------------------------------------------------------------------------

static uint64_t address_in_mapping(const struct places *c, const struct location *l) {
  return l->mapping == NONE ? l->address : l->address - c->mapping[l->mapping].start;
}

// Columns count for the outermost line only, as in the reference.
static bool same_lines(const struct line *a, const struct line *b, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (a[i].function != b[i].function || a[i].line != b[i].line) return false;
    if (i + 1 == n && a[i].column != b[i].column) return false;
  }
  return true;
}

static bool same_location(const struct places *c, const struct location *a, const struct location *b,
                          const struct line *b_lines) {
  return address_in_mapping(c, a) == address_in_mapping(c, b) && a->mapping == b->mapping && a->folded == b->folded &&
         a->n_lines == b->n_lines && same_lines(c->line + a->first_line, b_lines, a->n_lines);
}

static uint64_t hash_location(const struct places *c, const struct location *l, const struct line *lines) {
  uint64_t key[4] = {address_in_mapping(c, l), l->mapping, l->folded, l->n_lines};
  uint64_t hash = hash_bytes(key, sizeof key, 0);
  for (uint32_t i = 0; i < l->n_lines; i++) hash = hash_u64(hash ^ ((uint64_t)lines[i].line << 32) ^ lines[i].function);
  return hash;
}

// Its lines go to m->line.
static bool translate_location(struct merger *m, uint32_t index, struct location *out) {
  *out = m->from->places.location[index];
  const struct line *lines = m->from->places.line + out->first_line;
  if (out->mapping != NONE) {
    const struct mapped_mapping *mapping = &m->mapping[out->mapping];
    if (mapping->index == NONE) return false;
    out->mapping = mapping->index;
    out->address += (uint64_t)mapping->shift;
  }
  if (ARRAY_RESERVE(m->line, m->line_cap, out->n_lines)) return false;
  for (uint32_t i = 0; i < out->n_lines; i++) {
    m->line[i] = lines[i];
    m->line[i].function = m->function[lines[i].function];
    if (m->line[i].function == NONE) return false;
  }
  return true;
}

// What the location stands on.
static int merge_parts(struct merger *m, uint32_t index) {
  const struct location *l = &m->from->places.location[index];
  if (l->mapping != NONE && merge_mapping(m, l->mapping)) return -1;
  for (uint32_t i = 0; i < l->n_lines; i++)
    if (merge_function(m, m->from->places.line[l->first_line + i].function)) return -1;
  return 0;
}

int merge_location(struct merger *m, uint32_t index) {
  const struct places *c = &m->to->places;
  struct location wanted;
  if (merge_parts(m, index)) return -1;
  if (!translate_location(m, index, &wanted)) return err_nomem(m->e);
  uint64_t hash = hash_location(c, &wanted, m->line);
  size_t at = 0;
  uint32_t i = index_first(&m->locations, hash, &at);
  while (i != MAP_NONE && !same_location(c, &c->location[i], &wanted, m->line))
    i = index_next(&m->locations, hash, &at);
  if (i == MAP_NONE) {
    wanted.id = (uint64_t)c->n_locations + 1;
    i = profile_add_location(m->to, &wanted, m->line);
    if (i == NONE || index_add(&m->locations, hash, i)) return err_nomem(m->e);
  }
  m->location[index] = i;
  return 0;
}

static bool is_location(void *arg, size_t index, uint32_t record) {
  struct merger *m = arg;
  const struct places *c = &m->to->places;
  struct location wanted;
  return translate_location(m, (uint32_t)index, &wanted) && same_location(c, &c->location[record], &wanted, m->line);
}

static void expect_lines(void *arg, uint32_t record) {
  const struct merger *m = arg;
  const struct places *c = &m->to->places;
  __builtin_prefetch(&c->line[c->location[record].first_line]);
}

static int find_locations(struct merger *m) {
  const struct places *c = &m->to->places;
  uint32_t n = m->from->places.n_locations;
  if (ARRAY_RESERVE(m->check, m->check_cap, (size_t)n + 1)) return -1;
  for (uint32_t i = 0; i < n; i++) {
    struct location wanted;
    m->check[i] = translate_location(m, i, &wanted) ? (uint32_t)(hash_location(c, &wanted, m->line) >> 32) : 0;
  }
  struct index_search search = {.index = &m->locations,
                                .records = c->location,
                                .record_size = sizeof *c->location,
                                .check = m->check,
                                .n = n,
                                .arg = m,
                                .same = is_location,
                                .expect = expect_lines};
  index_find_all(&search, m->location);
  return 0;
}

// ---- a source -----------------------------------------------------------------------------------

static uint32_t *numbers(size_t n) { return malloc((n + 1) * sizeof(uint32_t)); }

int merge_enter(struct merger *m, const struct profile *p) {
  m->from = p;
  m->location = numbers(p->places.n_locations);
  m->function = numbers(p->places.n_functions);
  m->string = numbers(p->strings.n);
  m->label_set = numbers(p->n_label_sets);
  m->mapping = malloc((p->places.n_mappings + 1) * sizeof *m->mapping);
  if (!m->location || !m->function || !m->string || !m->label_set || !m->mapping) return err_nomem(m->e);
  memset(m->label_set, 0xff, p->n_label_sets * sizeof *m->label_set);
  strings_find_all(&m->to->strings, &p->strings, m->string);
  find_mappings(m);
  return find_functions(m) || find_locations(m) ? err_nomem(m->e) : 0;
}

void merge_leave(struct merger *m) {
  free(m->location);
  free(m->function);
  free(m->string);
  free(m->label_set);
  free(m->mapping);
}
