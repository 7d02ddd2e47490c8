// Several profiles into one. Everything of a source is mapped when a kept sample first needs it, so that ids come out
// in first-seen order and what no sample uses is left behind.
#include <stdlib.h>

#include "profile/internal.h"

struct mapped_mapping {
  uint32_t index;  // in the result
  int64_t shift;   // added to addresses: equal mappings may lie elsewhere in another run
};

struct merger {
  struct profile *to;
  struct err *e;
  struct index samples, locations, functions, mappings;

  const struct profile *from;  // the source at hand, and where its things went (NONE: not yet)
  uint32_t *location, *function, *string, *label_set;
  struct mapped_mapping *mapping;
  uint32_t *stack;  // of the sample at hand
  size_t stack_cap;
  struct line *line;
  size_t line_cap;
  struct label *label;
  size_t label_cap;
};

static uint32_t *unmapped(size_t n) {
  uint32_t *map = malloc((n + 1) * sizeof *map);
  if (map) memset(map, 0xff, (n + 1) * sizeof *map);
  return map;
}

static void leave_source(struct merger *m) {
  free(m->location);
  free(m->function);
  free(m->string);
  free(m->label_set);
  free(m->mapping);
  m->location = m->function = m->string = m->label_set = NULL;
  m->mapping = NULL;
}

static int enter_source(struct merger *m, const struct profile *p) {
  m->from = p;
  m->location = unmapped(p->places.n_locations);
  m->function = unmapped(p->places.n_functions);
  m->string = unmapped(p->strings.n);
  m->label_set = unmapped(p->n_label_sets);
  m->mapping = malloc((p->places.n_mappings + 1) * sizeof *m->mapping);
  if (!m->location || !m->function || !m->string || !m->label_set || !m->mapping) return err_nomem(m->e);
  strings_find_all(&m->to->strings, &p->strings, m->string);
  for (uint32_t i = 0; i < p->places.n_mappings; i++) m->mapping[i] = (struct mapped_mapping){NONE, 0};
  return 0;
}

static uint32_t map_string(struct merger *m, uint32_t number) {
  if (m->string[number] == NONE) m->string[number] = strings_add_from(&m->to->strings, &m->from->strings, number);
  return m->string[number];
}

// Mappings are equal when size (to the page), offset and build id, or without one the file, are.
static uint64_t rounded_size(const struct mapping *m) { return (m->limit - m->start + 0xfff) & ~UINT64_C(0xfff); }
static uint32_t identity(const struct mapping *m) { return m->build_id ? m->build_id : m->file; }

static bool same_mapping(const struct mapping *a, const struct mapping *b) {
  return rounded_size(a) == rounded_size(b) && a->offset == b->offset && identity(a) == identity(b);
}

static int map_mapping(struct merger *m, uint32_t index, struct mapped_mapping *out) {
  struct mapped_mapping *known = &m->mapping[index];
  struct mapping wanted = m->from->places.mapping[index];
  struct places *c = &m->to->places;
  if (known->index == NONE) {
    wanted.file = map_string(m, wanted.file);
    wanted.build_id = map_string(m, wanted.build_id);
    if (wanted.file == STRINGS_NONE || wanted.build_id == STRINGS_NONE) return err_nomem(m->e);
    uint64_t key[3] = {rounded_size(&wanted), wanted.offset, identity(&wanted)}, hash = hash_bytes(key, sizeof key, 0);
    size_t at = 0;
    uint32_t i = index_first(&m->mappings, hash, &at);
    while (i != MAP_NONE && !same_mapping(&c->mapping[i], &wanted)) i = index_next(&m->mappings, hash, &at);
    if (i == MAP_NONE) {
      wanted.id = (uint64_t)c->n_mappings + 1;
      i = profile_add_mapping(m->to, &wanted);
      if (i == NONE || index_add(&m->mappings, hash, i)) return err_nomem(m->e);
    }
    *known = (struct mapped_mapping){i, (int64_t)(c->mapping[i].start - wanted.start)};
  }
  *out = *known;
  return 0;
}

static bool same_function(const struct function *a, const struct function *b) {
  return a->start_line == b->start_line && a->name == b->name && a->system_name == b->system_name &&
         a->filename == b->filename;
}

static uint32_t map_function(struct merger *m, uint32_t index) {
  if (m->function[index] != NONE) return m->function[index];
  struct places *c = &m->to->places;
  struct function wanted = m->from->places.function[index];
  wanted.name = map_string(m, wanted.name);
  wanted.system_name = map_string(m, wanted.system_name);
  wanted.filename = map_string(m, wanted.filename);
  if (wanted.name == NONE || wanted.system_name == NONE || wanted.filename == NONE) return NONE;
  uint64_t key[4] = {(uint64_t)wanted.start_line, wanted.name, wanted.system_name, wanted.filename};
  uint64_t hash = hash_bytes(key, sizeof key, 0);
  size_t at = 0;
  uint32_t i = index_first(&m->functions, hash, &at);
  while (i != MAP_NONE && !same_function(&c->function[i], &wanted)) i = index_next(&m->functions, hash, &at);
  if (i == MAP_NONE) {
    wanted.id = (uint64_t)c->n_functions + 1;
    i = profile_add_function(m->to, &wanted);
    if (i == NONE || index_add(&m->functions, hash, i)) return NONE;
  }
  return m->function[index] = i;
}

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

// The location with its mapping and lines in terms of the result; lines go to m->line.
static int translate_location(struct merger *m, struct location *l) {
  struct mapped_mapping mapping = {NONE, 0};
  const struct line *lines = m->from->places.line + l->first_line;
  if (l->mapping != NONE && map_mapping(m, l->mapping, &mapping)) return -1;
  if (ARRAY_RESERVE(m->line, m->line_cap, l->n_lines)) return err_nomem(m->e);
  l->mapping = mapping.index;
  l->address += (uint64_t)mapping.shift;
  for (uint32_t i = 0; i < l->n_lines; i++) {
    m->line[i] = lines[i];
    m->line[i].function = map_function(m, lines[i].function);
    if (m->line[i].function == NONE) return err_nomem(m->e);
  }
  return 0;
}

static int map_location(struct merger *m, uint32_t index, uint32_t *out) {
  struct places *c = &m->to->places;
  if (m->location[index] == NONE) {
    struct location wanted = m->from->places.location[index];
    if (translate_location(m, &wanted)) return -1;
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
  }
  *out = m->location[index];
  return 0;
}

static int map_label_set(struct merger *m, uint32_t set, uint32_t *out) {
  uint32_t n;
  const struct label *l = profile_labels(m->from, set, &n);
  *out = NONE;
  if (n == 0) return 0;
  if (m->label_set[set] == NONE) {
    if (ARRAY_RESERVE(m->label, m->label_cap, n)) return err_nomem(m->e);
    for (uint32_t i = 0; i < n; i++) {
      m->label[i] = l[i];
      m->label[i].key = map_string(m, l[i].key);
      m->label[i].text = map_string(m, l[i].text);
      if (l[i].unit != NONE) m->label[i].unit = map_string(m, l[i].unit);
      if (m->label[i].key == NONE || m->label[i].text == NONE) return err_nomem(m->e);
      if (l[i].unit != NONE && m->label[i].unit == NONE) return err_nomem(m->e);
    }
    m->label_set[set] = profile_add_label_set(m->to, m->label, n);
    if (m->label_set[set] == NONE) return err_nomem(m->e);
  }
  *out = m->label_set[set];
  return 0;
}

static bool all_zero(const int64_t *value, uint32_t n) {
  for (uint32_t i = 0; i < n; i++)
    if (value[i]) return false;
  return true;
}

static bool same_sample(const struct profile *p, uint32_t sample, const uint32_t *stack, uint32_t depth, uint32_t set) {
  uint32_t from = p->stack[sample];
  return p->stack[sample + 1] - from == depth && profile_label_set(p, sample) == set &&
         memcmp(p->frame + from, stack, depth * sizeof *stack) == 0;
}

static int merge_sample(struct merger *m, uint32_t sample) {
  const struct profile *from = m->from;
  struct profile *to = m->to;
  uint32_t start = from->stack[sample], depth = from->stack[sample + 1] - start, set;
  const int64_t *value = profile_values(from, sample);
  if (ARRAY_RESERVE(m->stack, m->stack_cap, (size_t)depth + 1)) return err_nomem(m->e);
  for (uint32_t i = 0; i < depth; i++)
    if (map_location(m, from->frame[start + i], &m->stack[i])) return -1;
  if (map_label_set(m, profile_label_set(from, sample), &set)) return -1;
  uint64_t hash = hash_bytes(m->stack, depth * sizeof *m->stack, set);
  size_t at = 0;
  for (uint32_t i = index_first(&m->samples, hash, &at); i != MAP_NONE; i = index_next(&m->samples, hash, &at)) {
    if (!same_sample(to, i, m->stack, depth, set)) continue;
    int64_t *sum = to->value + (size_t)i * to->n_sample_types;
    for (uint32_t k = 0; k < to->n_sample_types; k++) sum[k] = wrap_add(sum[k], value[k]);
    return 0;
  }
  if (index_add(&m->samples, hash, to->n_samples) || profile_add_sample(to, m->stack, depth, value, set))
    return err_nomem(m->e);
  return 0;
}

static int merge_source(struct merger *m, const struct profile *p) {
  struct mapped_mapping ignored;
  int result = enter_source(m, p);
  // The main program's mapping stays the first one even where no sample is in it.
  if (!result && m->to->places.n_mappings == 0 && p->places.n_mappings) result = map_mapping(m, 0, &ignored);
  for (uint32_t s = 0; s < p->n_samples && !result; s++)
    if (!all_zero(profile_values(p, s), p->n_sample_types)) result = merge_sample(m, s);
  leave_source(m);
  return result;
}

static bool has_comment(const struct profile *p, uint32_t number) {
  for (uint32_t i = 0; i < p->n_comments; i++)
    if (p->comment[i] == number) return true;
  return false;
}

static int merge_comments(struct merger *m, const struct profile *p) {
  for (uint32_t i = 0; i < p->n_comments; i++) {
    struct str text = profile_str(p, p->comment[i]);
    uint32_t number = profile_add_string(m->to, text);
    if (number == NONE) return err_nomem(m->e);
    if (!has_comment(m->to, number) && profile_add_comment(m->to, text) == NONE) return err_nomem(m->e);
  }
  return 0;
}

static int copy_string(struct merger *m, const struct profile *p, uint32_t number, uint32_t *out) {
  *out = profile_add_string(m->to, profile_str(p, number));
  return *out == NONE ? err_nomem(m->e) : 0;
}

static int merge_header(struct merger *m, const struct profile *p, bool first) {
  struct profile *to = m->to;
  if (to->time_nanos == 0 || p->time_nanos < to->time_nanos) to->time_nanos = p->time_nanos;
  to->duration_nanos = wrap_add(to->duration_nanos, p->duration_nanos);
  if (to->period == 0 || to->period < p->period) to->period = p->period;
  if (!to->default_sample_type && copy_string(m, p, p->default_sample_type, &to->default_sample_type)) return -1;
  if (!to->doc_url && copy_string(m, p, p->doc_url, &to->doc_url)) return -1;
  if (merge_comments(m, p)) return -1;
  if (!first) return 0;
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    if (profile_add_sample_type(to, profile_str(p, p->sample_type[i].type), profile_str(p, p->sample_type[i].unit)) ==
        NONE)
      return err_nomem(m->e);
  return copy_string(m, p, p->drop_frames, &to->drop_frames) || copy_string(m, p, p->keep_frames, &to->keep_frames) ||
                 copy_string(m, p, p->period_type.type, &to->period_type.type) ||
                 copy_string(m, p, p->period_type.unit, &to->period_type.unit)
             ? -1
             : 0;
}

static void merger_release(struct merger *m) {
  leave_source(m);
  index_release(&m->samples);
  index_release(&m->locations);
  index_release(&m->functions);
  index_release(&m->mappings);
  free(m->stack);
  free(m->line);
  free(m->label);
}

static int absorb(struct merger *m, struct profile *p, bool first) {
  int result = merge_header(m, p, first);
  if (!result) result = merge_source(m, p);
  profile_free(p);
  return result;
}

static bool has_zero_sample(const struct profile *p) {
  for (uint32_t s = 0; s < p->n_samples; s++)
    if (all_zero(profile_values(p, s), p->n_sample_types)) return true;
  return false;
}

// Merges profiles of the same types, freeing each when it is done.
static struct profile *combine(struct profile **sources, size_t n, struct err *e) {
  struct merger m = {.e = e, .to = profile_new(e)};
  int result = m.to ? 0 : -1;
  for (size_t k = 1; k < n && !result; k++) result = profile_compatible(sources[0], sources[k], e);
  for (size_t k = 0; k < n && !result; k++) {
    struct profile *p = sources[k];
    sources[k] = NULL;
    result = absorb(&m, p, k == 0);
  }
  merger_release(&m);
  if (!result) return m.to;
  profile_free(m.to);
  return NULL;
}

// Sums that came out as zero go, and the locations only they had.
static struct profile *without_zeros(struct profile *p, struct err *e) {
  if (!p || !has_zero_sample(p)) return p;
  struct profile *sum = p;
  p = combine(&sum, 1, e);
  profile_free(sum);
  return p;
}

// ---- as they come -------------------------------------------------------------------------------

// Profiles of the same types go into the merger one by one. From the first that differs on they wait, since only all of
// them together tell which types are common and which unit is finest.
struct profile_merger {
  struct merger merger;
  bool merging;
  struct profile **waiting;
  size_t n, cap;
};

struct profile_merger *profile_merger_new(struct err *e) {
  struct profile_merger *m = calloc(1, sizeof *m);
  if (!m) err_nomem(e);
  return m;
}

static bool types_differ_among_themselves(const struct profile *p) {
  for (uint32_t i = 0; i < p->n_sample_types; i++)
    for (uint32_t k = 0; k < i; k++)
      if (p->sample_type[i].type == p->sample_type[k].type) return false;
  return p->n_sample_types > 0;
}

static int wait(struct profile_merger *m, struct profile *p, struct err *e) {
  if (ARRAY_RESERVE(m->waiting, m->cap, m->n + 1)) {
    profile_free(p);
    return err_nomem(e);
  }
  m->waiting[m->n++] = p;
  return 0;
}

// The first two are there and alike.
static int start_merging(struct profile_merger *m, struct err *e) {
  struct profile *first = m->waiting[0];
  m->merger = (struct merger){.e = e, .to = profile_new(e)};
  m->n = 0;
  if (!m->merger.to) {
    profile_free(first);
    return -1;
  }
  m->merging = true;
  return absorb(&m->merger, first, true);
}

int profile_merger_add(struct profile_merger *m, struct profile *p, struct err *e) {
  struct err ignored = {""};
  if (!m->merging && m->n == 0) return wait(m, p, e);
  const struct profile *like = m->merging ? m->merger.to : m->waiting[0];
  bool alike = profile_compatible(like, p, &ignored) == 0 && types_differ_among_themselves(p);
  if (!alike || m->n != (m->merging ? 0 : 1)) return wait(m, p, e);
  if (!m->merging && start_merging(m, e)) {
    profile_free(p);
    return -1;
  }
  m->merger.e = e;
  return absorb(&m->merger, p, false);
}

static struct profile *merge_all(struct profile **sources, size_t n, struct err *e) {
  struct profile *p = NULL;
  if (profile_align(sources, n, e) == 0) {
    p = n == 1 ? sources[0] : without_zeros(combine(sources, n, e), e);
    if (n == 1) sources[0] = NULL;
  }
  return p;
}

// Puts what was merged so far before the ones that wait.
static int wait_first(struct profile_merger *m, struct err *e) {
  struct profile *merged = m->merger.to;
  m->merger.to = NULL;
  if (wait(m, merged, e)) return -1;
  memmove(m->waiting + 1, m->waiting, (m->n - 1) * sizeof *m->waiting);
  m->waiting[0] = merged;
  return 0;
}

struct profile *profile_merger_finish(struct profile_merger *m, struct err *e) {
  struct profile *p = NULL;
  if (m->merging && m->n == 0) {
    p = without_zeros(m->merger.to, e);
    m->merger.to = NULL;
  } else if (!m->merging || wait_first(m, e) == 0) {
    p = merge_all(m->waiting, m->n, e);
  }
  profile_merger_free(m);
  return p;
}

void profile_merger_free(struct profile_merger *m) {
  if (!m) return;
  profile_free(m->merger.to);
  merger_release(&m->merger);
  for (size_t k = 0; k < m->n; k++) profile_free(m->waiting[k]);
  free(m->waiting);
  free(m);
}

struct profile *profile_merge(struct profile **sources, size_t n, struct err *e) {
  struct profile_merger *m = profile_merger_new(e);
  int result = m ? 0 : -1;
  for (size_t k = 0; k < n; k++) {
    if (result) profile_free(sources[k]);
    else result = profile_merger_add(m, sources[k], e);
    sources[k] = NULL;
  }
  if (!result) return profile_merger_finish(m, e);
  profile_merger_free(m);
  return NULL;
}
