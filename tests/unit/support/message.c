#include "support/message.h"

#include "support/wire.h"

// ---- making -------------------------------------------------------------------------------------

struct maker {
  struct random *r;
  struct arena *a;
  Perftools__Profiles__Profile *m;
};

static void *take(struct maker *k, size_t n, size_t size) {
  void *piece = arena_zalloc(k->a, (n + 1) * size);
  assert_non_null(piece);
  return piece;
}
#define TAKE(k, n, type) ((type *)take(k, n, sizeof(type)))

static void make_strings(struct maker *k) {
  static const char *const pieces[] = {"main", ".", "(*T)", "run", "\xc3\xa9", "\xff", " ", "<int, char>", "/usr/lib/"};
  size_t n = 1 + random_below(k->r, 30);
  k->m->n_string_table = n;
  k->m->string_table = TAKE(k, n, char *);
  k->m->string_table[0] = TAKE(k, 0, char);
  for (size_t i = 1; i < n; i++) {
    char *s = k->m->string_table[i] = TAKE(k, 128, char);
    for (uint32_t left = 1 + random_below(k->r, 6); left--;) strcat(s, pieces[random_below(k->r, 9)]);
    if (i > 1 && random_chance(k->r, 20))
      k->m->string_table[i] = k->m->string_table[1 + random_below(k->r, (uint32_t)i - 1)];
  }
}

static int64_t any_string(struct maker *k) { return random_below(k->r, (uint32_t)k->m->n_string_table); }

static int64_t any_number(struct maker *k) {
  static const unsigned shift[] = {63, 57, 50, 40, 31, 1, 0};
  uint64_t v = random_u64(k->r) >> shift[random_below(k->r, 7)];
  return random_chance(k->r, 30) ? (int64_t)(0 - v) : (int64_t)v;
}

// Distinct ids: 1, 2, 3 …, the same in another order, not far apart, or anywhere.
static uint64_t *make_ids(struct maker *k, size_t n) {
  uint64_t *id = TAKE(k, n, uint64_t), step = 1 + random_below(k->r, 7);
  uint32_t kind = random_below(k->r, 4);
  for (size_t i = 0; i < n; i++) {
    id[i] = kind < 2 ? i + 1 : kind == 2 ? 1 + i * step : (random_u64(k->r) >> random_below(k->r, 40)) * 64 + i + 1;
    uint32_t other = kind == 1 ? random_below(k->r, (uint32_t)i + 1) : (uint32_t)i;
    uint64_t moved = id[other];
    id[other] = id[i];
    id[i] = moved;
  }
  return id;
}

static Perftools__Profiles__ValueType *make_type(struct maker *k) {
  Perftools__Profiles__ValueType *t = TAKE(k, 1, Perftools__Profiles__ValueType);
  perftools__profiles__value_type__init(t);
  t->type = any_string(k);
  t->unit = any_string(k);
  return t;
}

static void make_types(struct maker *k) {
  k->m->n_sample_type = random_below(k->r, 5);
  k->m->sample_type = TAKE(k, k->m->n_sample_type, Perftools__Profiles__ValueType *);
  for (size_t i = 0; i < k->m->n_sample_type; i++) k->m->sample_type[i] = make_type(k);
}

static void make_mappings(struct maker *k) {
  size_t n = k->m->n_mapping = random_below(k->r, 5);
  uint64_t *id = make_ids(k, n);
  k->m->mapping = TAKE(k, n, Perftools__Profiles__Mapping *);
  for (size_t i = 0; i < n; i++) {
    Perftools__Profiles__Mapping *m = k->m->mapping[i] = TAKE(k, 1, Perftools__Profiles__Mapping);
    perftools__profiles__mapping__init(m);
    m->id = id[i];
    m->memory_start = random_u64(k->r) >> 16;
    m->memory_limit = m->memory_start + (random_u64(k->r) >> 40);
    m->file_offset = (uint64_t)any_number(k);
    m->filename = any_string(k);
    m->build_id = any_string(k);
    m->has_functions = random_chance(k->r, 50);
    m->has_filenames = random_chance(k->r, 50);
    m->has_line_numbers = random_chance(k->r, 50);
    m->has_inline_frames = random_chance(k->r, 50);
  }
}

static void make_functions(struct maker *k) {
  size_t n = k->m->n_function = random_below(k->r, 20);
  uint64_t *id = make_ids(k, n);
  k->m->function = TAKE(k, n, Perftools__Profiles__Function *);
  for (size_t i = 0; i < n; i++) {
    Perftools__Profiles__Function *f = k->m->function[i] = TAKE(k, 1, Perftools__Profiles__Function);
    perftools__profiles__function__init(f);
    f->id = id[i];
    f->name = any_string(k);
    f->system_name = any_string(k);
    f->filename = any_string(k);
    f->start_line = any_number(k);
  }
}

static void make_lines(struct maker *k, Perftools__Profiles__Location *l) {
  l->n_line = k->m->n_function ? random_below(k->r, 4) : 0;
  l->line = TAKE(k, l->n_line, Perftools__Profiles__Line *);
  for (size_t i = 0; i < l->n_line; i++) {
    l->line[i] = TAKE(k, 1, Perftools__Profiles__Line);
    perftools__profiles__line__init(l->line[i]);
    l->line[i]->function_id = k->m->function[random_below(k->r, (uint32_t)k->m->n_function)]->id;
    l->line[i]->line = any_number(k);
    l->line[i]->column = random_chance(k->r, 30) ? any_number(k) : 0;
  }
}

static void make_locations(struct maker *k) {
  size_t n = k->m->n_location = random_below(k->r, 40);
  uint64_t *id = make_ids(k, n);
  k->m->location = TAKE(k, n, Perftools__Profiles__Location *);
  for (size_t i = 0; i < n; i++) {
    Perftools__Profiles__Location *l = k->m->location[i] = TAKE(k, 1, Perftools__Profiles__Location);
    perftools__profiles__location__init(l);
    l->id = id[i];
    l->address = random_u64(k->r) >> random_below(k->r, 64);
    l->is_folded = random_chance(k->r, 10);
    if (random_chance(k->r, 10)) l->mapping_id = random_u64(k->r) | 1;  // no such mapping
    else if (k->m->n_mapping) l->mapping_id = k->m->mapping[random_below(k->r, (uint32_t)k->m->n_mapping)]->id;
    make_lines(k, l);
  }
}

static void make_labels(struct maker *k, Perftools__Profiles__Sample *s) {
  s->n_label = random_chance(k->r, 40) ? 0 : random_below(k->r, random_chance(k->r, 5) ? 60 : 6);
  s->label = TAKE(k, s->n_label, Perftools__Profiles__Label *);
  for (size_t i = 0; i < s->n_label; i++) {
    Perftools__Profiles__Label *l = s->label[i] = TAKE(k, 1, Perftools__Profiles__Label);
    perftools__profiles__label__init(l);
    l->key = random_chance(k->r, 50) ? any_string(k) : (int64_t)(k->m->n_string_table / 2);
    if (random_chance(k->r, 50)) l->str = any_string(k);
    else l->num = any_number(k);
    if (random_chance(k->r, 40)) l->num_unit = any_string(k);
  }
}

static Perftools__Profiles__Sample *make_sample(struct maker *k) {
  Perftools__Profiles__Sample *s = TAKE(k, 1, Perftools__Profiles__Sample);
  perftools__profiles__sample__init(s);
  s->n_location_id = k->m->n_location ? random_below(k->r, 12) : 0;
  s->location_id = TAKE(k, s->n_location_id, uint64_t);
  for (size_t i = 0; i < s->n_location_id; i++)
    s->location_id[i] = k->m->location[random_below(k->r, (uint32_t)k->m->n_location)]->id;
  s->n_value = k->m->n_sample_type;
  s->value = TAKE(k, s->n_value, int64_t);
  for (size_t i = 0; i < s->n_value; i++) s->value[i] = any_number(k);
  make_labels(k, s);
  return s;
}

static void make_header(struct maker *k) {
  Perftools__Profiles__Profile *m = k->m;
  m->drop_frames = any_string(k);
  m->keep_frames = any_string(k);
  m->time_nanos = any_number(k);
  m->duration_nanos = any_number(k);
  if (random_chance(k->r, 80)) m->period_type = make_type(k);
  m->period = any_number(k);
  m->n_comment = random_below(k->r, 5);
  m->comment = TAKE(k, m->n_comment, int64_t);
  for (size_t i = 0; i < m->n_comment; i++) m->comment[i] = any_string(k);
  m->default_sample_type = any_string(k);
  m->doc_url = any_string(k);
}

Perftools__Profiles__Profile *random_message(struct random *r, struct arena *a) {
  struct maker k = {r, a, NULL};
  k.m = TAKE(&k, 1, Perftools__Profiles__Profile);
  perftools__profiles__profile__init(k.m);
  make_strings(&k);
  make_types(&k);
  make_mappings(&k);
  make_functions(&k);
  make_locations(&k);
  make_header(&k);
  k.m->n_sample = k.m->n_sample_type ? random_below(r, 40) : 0;
  k.m->sample = TAKE(&k, k.m->n_sample, Perftools__Profiles__Sample *);
  for (size_t i = 0; i < k.m->n_sample; i++)
    k.m->sample[i] = i && random_chance(r, 20) ? k.m->sample[random_below(r, (uint32_t)i)] : make_sample(&k);
  return k.m;
}

// ---- writing --------------------------------------------------------------------------------------

struct writer {
  struct random *r;
  struct writing how;
  struct buf field;  // top-level fields, end to end
  size_t *end;
  size_t n, end_cap;
};

static void end_field(struct writer *w) {
  assert_int_equal(ARRAY_RESERVE(w->end, w->end_cap, w->n + 1), 0);
  w->end[w->n++] = w->field.n;
}

static void put_unknown(struct writer *w, struct buf *b) {
  if (!w->how.unknown || !random_chance(w->r, 15)) return;
  unsigned number = 100 + random_below(w->r, 3000);
  switch (random_below(w->r, 4)) {
    case 0: wire_number(b, number, random_u64(w->r)); return;
    case 1: wire_string(b, number, "of a later version"); return;
    case 2: wire_tag(b, number, WIRE_FIXED64), buf_pad(b, '8', 8); return;
    default: wire_tag(b, number, WIRE_FIXED32), buf_pad(b, '4', 4); return;
  }
}

// A repeated number in pieces, each packed or not.
static void put_numbers(struct writer *w, struct buf *b, unsigned field, const uint64_t *v, size_t n) {
  bool whole = !w->how.split || random_chance(w->r, 40);
  while (n) {
    size_t piece = whole ? n : 1 + random_below(w->r, (uint32_t)n);
    struct buf packed = {0};
    bool pack = random_chance(w->r, 50);
    for (size_t i = 0; i < piece; i++) {
      if (pack) wire_varint(&packed, v[i]);
      else wire_number(b, field, v[i]);
    }
    if (pack) wire_bytes(b, field, buf_view(&packed));
    if (w->how.split && random_chance(w->r, 5)) wire_bytes(b, field, STR_LIT(""));
    buf_release(&packed);
    put_unknown(w, b);
    v += piece;
    n -= piece;
  }
}

static void put_packed(struct buf *b, unsigned field, const ProtobufCMessage *m) {
  struct buf bytes = {0};
  buf_pad(&bytes, '\0', protobuf_c_message_get_packed_size(m));
  protobuf_c_message_pack(m, (uint8_t *)bytes.data);
  wire_bytes(b, field, buf_view(&bytes));
  buf_release(&bytes);
}

static void put_sub_message(struct writer *w, unsigned field, const ProtobufCMessage *m) {
  put_packed(&w->field, field, m);
  end_field(w);
}

// Labels before, between and after the numbers.
static void put_sample(struct writer *w, const Perftools__Profiles__Sample *s) {
  struct buf b = {0};
  uint64_t *value = malloc((s->n_value + 1) * sizeof *value);
  for (size_t i = 0; i < s->n_value; i++) value[i] = (uint64_t)s->value[i];
  size_t first = w->how.shuffled ? random_below(w->r, (uint32_t)s->n_label + 1) : 0, label = 0;
  for (; label < first; label++) put_packed(&b, 3, &s->label[label]->base);
  put_unknown(w, &b);
  bool values_first = w->how.shuffled && random_chance(w->r, 50);
  if (values_first) put_numbers(w, &b, 2, value, s->n_value);
  put_numbers(w, &b, 1, s->location_id, s->n_location_id);
  if (!values_first) put_numbers(w, &b, 2, value, s->n_value);
  for (; label < s->n_label; label++) put_packed(&b, 3, &s->label[label]->base);
  wire_bytes(&w->field, P_SAMPLE, buf_view(&b));
  end_field(w);
  free(value);
  buf_release(&b);
}

static void put_header_number(struct writer *w, unsigned field, int64_t v) {
  if (v == 0 && random_chance(w->r, 90)) return;
  wire_number(&w->field, field, (uint64_t)v);
  end_field(w);
}

static void put_all(struct writer *w, const Perftools__Profiles__Profile *m) {
  for (size_t i = 0; i < m->n_sample_type; i++) put_sub_message(w, P_SAMPLE_TYPE, &m->sample_type[i]->base);
  for (size_t i = 0; i < m->n_sample; i++) put_sample(w, m->sample[i]);
  for (size_t i = 0; i < m->n_mapping; i++) put_sub_message(w, P_MAPPING, &m->mapping[i]->base);
  for (size_t i = 0; i < m->n_location; i++) put_sub_message(w, P_LOCATION, &m->location[i]->base);
  for (size_t i = 0; i < m->n_function; i++) put_sub_message(w, P_FUNCTION, &m->function[i]->base);
  for (size_t i = 0; i < m->n_string_table; i++) {
    wire_string(&w->field, P_STRING, m->string_table[i]);
    end_field(w);
  }
  put_header_number(w, P_DROP_FRAMES, m->drop_frames);
  put_header_number(w, P_KEEP_FRAMES, m->keep_frames);
  put_header_number(w, P_TIME, m->time_nanos);
  put_header_number(w, P_DURATION, m->duration_nanos);
  if (m->period_type) put_sub_message(w, P_PERIOD_TYPE, &m->period_type->base);
  put_header_number(w, P_PERIOD, m->period);
  put_numbers(w, &w->field, P_COMMENT, (const uint64_t *)m->comment, m->n_comment);
  end_field(w);
  put_header_number(w, P_DEFAULT_TYPE, m->default_sample_type);
  put_header_number(w, P_DOC_URL, m->doc_url);
}

static unsigned number_of(const struct writer *w, size_t i) {
  size_t from = i ? w->end[i - 1] : 0;
  return w->end[i] > from ? (unsigned char)w->field.data[from] >> 3 : 0;
}

// Kinds of fields come in any order, those of equal rank mixed. Fields of one kind keep theirs: an index counts.
static void shuffle(struct writer *w, size_t *order) {
  uint32_t rank[32];
  for (size_t i = 0; i < 32; i++) rank[i] = random_below(w->r, 8);
  for (size_t i = 0; i < w->n; i++) order[i] = i;
  for (size_t pass = 0; pass < w->n; pass++)
    for (size_t i = 1; i < w->n; i++) {
      unsigned a = number_of(w, order[i - 1]), b = number_of(w, order[i]);
      bool swap = rank[a] > rank[b] || (a != b && rank[a] == rank[b] && random_chance(w->r, 10));
      if (!swap || a == b) continue;
      size_t moved = order[i];
      order[i] = order[i - 1];
      order[i - 1] = moved;
    }
}

void write_message(struct buf *out, const Perftools__Profiles__Profile *m, struct random *r, struct writing how) {
  struct writer w = {.r = r, .how = how};
  put_all(&w, m);
  size_t *order = malloc((w.n + 1) * sizeof *order);
  for (size_t i = 0; i < w.n; i++) order[i] = i;
  if (how.shuffled) shuffle(&w, order);
  for (size_t i = 0; i < w.n; i++) {
    size_t from = order[i] ? w.end[order[i] - 1] : 0;
    put_unknown(&w, out);
    buf_add(out, w.field.data + from, w.end[order[i]] - from);
  }
  assert_false(out->failed || w.field.failed);
  free(order);
  free(w.end);
  buf_release(&w.field);
}

struct buf random_profile(uint64_t number) {
  struct random r = {number};
  struct arena a = {0};
  struct buf out = {0};
  struct writing how = {random_chance(&r, 60), random_chance(&r, 50), random_chance(&r, 60)};
  write_message(&out, random_message(&r, &a), &r, how);
  arena_release(&a);
  return out;
}
