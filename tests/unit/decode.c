// Decoding is held against protobuf-c: random messages in every form the wire format allows, read by both.
#include "base/gzip.h"
#include "profile/profile.h"
#include "support/message.h"
#include "support/sketch.h"
#include "support/wire.h"

enum { RANDOM_PROFILES = 1500 };

// ---- one profile, seen by both ------------------------------------------------------------------

struct pair {
  const Perftools__Profiles__Profile *m;
  const struct profile *p;
};

static void same_string(struct pair x, uint32_t number, int64_t index) {
  assert_in_range((uintmax_t)index, 0, x.m->n_string_table - 1);
  assert_true(str_eq(profile_str(x.p, number), str_of(x.m->string_table[index])));
}

static void same_type(struct pair x, struct value_type t, const Perftools__Profiles__ValueType *m) {
  same_string(x, t.type, m ? m->type : 0);
  same_string(x, t.unit, m ? m->unit : 0);
}

static void same_header(struct pair x) {
  const struct profile *p = x.p;
  const Perftools__Profiles__Profile *m = x.m;
  assert_int_equal(p->n_sample_types, m->n_sample_type);
  for (uint32_t i = 0; i < p->n_sample_types; i++) same_type(x, p->sample_type[i], m->sample_type[i]);
  same_type(x, p->period_type, m->period_type);
  assert_true(p->time_nanos == m->time_nanos && p->duration_nanos == m->duration_nanos && p->period == m->period);
  same_string(x, p->drop_frames, m->drop_frames);
  same_string(x, p->keep_frames, m->keep_frames);
  same_string(x, p->default_sample_type, m->default_sample_type);
  same_string(x, p->doc_url, m->doc_url);
  assert_int_equal(p->n_comments, m->n_comment);
  for (uint32_t i = 0; i < p->n_comments; i++) same_string(x, p->comment[i], m->comment[i]);
}

static void same_mapping(struct pair x, const struct mapping *a, const Perftools__Profiles__Mapping *b) {
  assert_true(a->id == b->id && a->start == b->memory_start && a->limit == b->memory_limit);
  assert_true(a->offset == b->file_offset);
  same_string(x, a->file, b->filename);
  same_string(x, a->build_id, b->build_id);
  assert_true(a->has_functions == b->has_functions && a->has_filenames == b->has_filenames);
  assert_true(a->has_line_numbers == b->has_line_numbers && a->has_inline_frames == b->has_inline_frames);
}

static void same_function(struct pair x, const struct function *a, const Perftools__Profiles__Function *b) {
  assert_true(a->id == b->id && a->start_line == b->start_line);
  same_string(x, a->name, b->name);
  same_string(x, a->system_name, b->system_name);
  same_string(x, a->filename, b->filename);
}

static bool has_mapping(const Perftools__Profiles__Profile *m, uint64_t id) {
  for (size_t i = 0; i < m->n_mapping; i++)
    if (m->mapping[i]->id == id) return true;
  return false;
}

static void same_location(struct pair x, const struct location *a, const Perftools__Profiles__Location *b) {
  const struct places *c = &x.p->places;
  assert_true(a->id == b->id && a->address == b->address && a->folded == b->is_folded);
  if (has_mapping(x.m, b->mapping_id)) assert_true(c->mapping[a->mapping].id == b->mapping_id);
  else assert_int_equal(a->mapping, NONE);
  assert_int_equal(a->n_lines, b->n_line);
  for (uint32_t i = 0; i < a->n_lines; i++) {
    const struct line *l = &c->line[a->first_line + i];
    assert_true(l->line == b->line[i]->line && l->column == b->line[i]->column);
    assert_true(c->function[l->function].id == b->line[i]->function_id);
  }
}

static void same_places(struct pair x) {
  const struct places *c = &x.p->places;
  assert_int_equal(c->n_mappings, x.m->n_mapping);
  assert_int_equal(c->n_functions, x.m->n_function);
  assert_int_equal(c->n_locations, x.m->n_location);
  for (uint32_t i = 0; i < c->n_mappings; i++) same_mapping(x, &c->mapping[i], x.m->mapping[i]);
  for (uint32_t i = 0; i < c->n_functions; i++) same_function(x, &c->function[i], x.m->function[i]);
  for (uint32_t i = 0; i < c->n_locations; i++) same_location(x, &c->location[i], x.m->location[i]);
}

// ---- labels: grouped by kind and key, each group in the order of the file -------------------------

static bool holds_something(const Perftools__Profiles__Label *l) { return l->str || l->num || l->num_unit; }

static struct str key_of(const Perftools__Profiles__Profile *m, const Perftools__Profiles__Label *l) {
  return str_of(m->string_table[l->key]);
}

static bool same_group(const Perftools__Profiles__Profile *m, const Perftools__Profiles__Label *a,
                       const Perftools__Profiles__Label *b) {
  return holds_something(a) && holds_something(b) && !a->str == !b->str && str_eq(key_of(m, a), key_of(m, b));
}

// Which one of its group label `at` is.
static uint32_t place_in_group(const Perftools__Profiles__Profile *m, const Perftools__Profiles__Sample *s, size_t at) {
  uint32_t n = 0;
  for (size_t i = 0; i < at; i++) n += same_group(m, s->label[i], s->label[at]);
  return n;
}

static const char *unit_text(const Perftools__Profiles__Profile *m, const Perftools__Profiles__Label *l) {
  return l->str ? "" : m->string_table[l->num_unit];
}

static bool group_has_unit(const Perftools__Profiles__Profile *m, const Perftools__Profiles__Sample *s, size_t at) {
  for (size_t i = 0; i < s->n_label; i++)
    if (same_group(m, s->label[i], s->label[at]) && *unit_text(m, s->label[i])) return true;
  return false;
}

static const struct label *find_label(struct pair x, const struct label *l, uint32_t n, struct str key, bool numeric,
                                      uint32_t place) {
  for (uint32_t i = 0; i < n; i++)
    if (l[i].numeric == numeric && str_eq(profile_str(x.p, l[i].key), key) && place-- == 0) return &l[i];
  return NULL;
}

static void same_label(struct pair x, const struct label *l, const Perftools__Profiles__Sample *s, size_t at) {
  const Perftools__Profiles__Label *b = s->label[at];
  assert_non_null(l);
  if (b->str) {
    same_string(x, l->text, b->str);
    assert_int_equal(l->unit, NONE);
  } else {
    assert_true(l->number == b->num);
    if (group_has_unit(x.m, s, at)) assert_true(str_eq(profile_str(x.p, l->unit), str_of(unit_text(x.m, b))));
    else assert_int_equal(l->unit, NONE);
  }
}

static void sorted(const struct profile *p, const struct label *l, uint32_t n) {
  for (uint32_t i = 1; i < n; i++) {
    assert_true(l[i - 1].numeric <= l[i].numeric);
    if (l[i - 1].numeric == l[i].numeric)
      assert_true(str_cmp(profile_str(p, l[i - 1].key), profile_str(p, l[i].key)) <= 0);
  }
}

static void same_labels(struct pair x, uint32_t sample) {
  const Perftools__Profiles__Sample *s = x.m->sample[sample];
  uint32_t n, expected = 0;
  const struct label *l = profile_labels(x.p, profile_label_set(x.p, sample), &n);
  for (size_t i = 0; i < s->n_label; i++) {
    if (!holds_something(s->label[i])) continue;
    expected++;
    struct str key = key_of(x.m, s->label[i]);
    same_label(x, find_label(x, l, n, key, !s->label[i]->str, place_in_group(x.m, s, i)), s, i);
  }
  assert_int_equal(n, expected);
  sorted(x.p, l, n);
}

static void same_samples(struct pair x) {
  const struct profile *p = x.p;
  assert_int_equal(p->n_samples, x.m->n_sample);
  for (uint32_t s = 0; s < p->n_samples; s++) {
    const Perftools__Profiles__Sample *m = x.m->sample[s];
    assert_int_equal(p->stack[s + 1] - p->stack[s], m->n_location_id);
    for (uint32_t i = 0; i < m->n_location_id; i++)
      assert_true(p->places.location[p->frame[p->stack[s] + i]].id == m->location_id[i]);
    assert_int_equal(p->n_sample_types, m->n_value);
    for (uint32_t i = 0; i < m->n_value; i++) assert_true(profile_values(p, s)[i] == m->value[i]);
    same_labels(x, s);
  }
}

static void same_as_protobuf(struct str plain, struct str given) {
  struct err e = {0};
  struct pair x = {perftools__profiles__profile__unpack(NULL, plain.n, (const uint8_t *)plain.p),
                   profile_read_memory(given, SOURCE_LIMIT_NONE, &e)};
  assert_non_null(x.m);
  if (!x.p) fail_msg("%s", e.text);
  assert_int_equal(profile_check(x.p, &e), 0);
  same_header(x);
  same_places(x);
  same_samples(x);
  profile_free((struct profile *)x.p);
  perftools__profiles__profile__free_unpacked((Perftools__Profiles__Profile *)x.m, NULL);
}

static void same_plain_and_packed(const struct buf *bytes) {
  struct buf packed = {0};
  struct err e = {0};
  same_as_protobuf(buf_view(bytes), buf_view(bytes));
  assert_int_equal(gzip_add(&packed, buf_view(bytes), &e), 0);
  same_as_protobuf(buf_view(bytes), buf_view(&packed));
  buf_release(&packed);
}

// ---- tests --------------------------------------------------------------------------------------

static void test_decode__random_messages(void **state) {
  (void)state;
  for (uint64_t number = 0; number < RANDOM_PROFILES; number++) {
    struct buf bytes = random_profile(number);
    struct err e = {0};
    struct profile *p = profile_read_memory(buf_view(&bytes), SOURCE_LIMIT_NONE, &e);
    if (!p) fail_msg("random profile %u: %s", (unsigned)number, e.text);
    profile_free(p);
    same_as_protobuf(buf_view(&bytes), buf_view(&bytes));
    buf_release(&bytes);
  }
}

static void check_file(const char *path, struct str bytes) {
  struct err e = {0};
  struct buf plain = {0};
  struct str block;
  if (!strstr(path, ".pb")) return;
  struct source *s = source_open_memory(bytes, SOURCE_LIMIT_NONE, &e);
  while (source_next(s, &block, &e) > 0) buf_str(&plain, block);
  source_close(s);
  same_as_protobuf(buf_view(&plain), bytes);
  buf_release(&plain);
}

static void test_decode__testdata(void **state) {
  (void)state;
  each_testdata(check_file);
}

static void put_tables(struct buf *b) {
  WIRE_NUMBERS(b, P_SAMPLE_TYPE, {1, 1}, {2, 2});
  wire_string(b, P_STRING, "");
  wire_string(b, P_STRING, "cpu");
  wire_string(b, P_STRING, "ns");
}

// A profile with a string that begins `before` bytes in front of a place.
static void across(size_t place, size_t before, struct str text) {
  struct buf b = {0}, filler = {0};
  put_tables(&b);
  buf_pad(&filler, 'f', place - before - b.n - 4);  // a tag and three bytes of length
  wire_bytes(&b, P_STRING, buf_view(&filler));
  assert_int_equal(b.n, place - before);
  wire_bytes(&b, P_STRING, text);
  WIRE_NUMBERS(&b, P_SAMPLE, {1, 1000000}, {2, 42});
  WIRE_NUMBERS(&b, P_LOCATION, {1, 1000000}, {3, 0x1000});
  same_plain_and_packed(&b);
  buf_release(&b);
  buf_release(&filler);
}

// Fields that lie across the blocks of plain (64 KiB) and gzip input (256 KiB), cut at every place of their head.
static void test_decode__fields_across_blocks(void **state) {
  (void)state;
  static const size_t borders[] = {64 << 10, 256 << 10, 512 << 10};
  struct buf long_name = {0};
  buf_pad(&long_name, 'n', 300 << 10);
  for (size_t border = 0; border < 3; border++)
    for (size_t before = 0; before < 8; before++) {
      across(borders[border], before, buf_view(&long_name));
      across(borders[border], before, STR_LIT("short"));
      across(borders[border], before, STR_LIT(""));
    }
  buf_release(&long_name);
}

static void test_decode__many_blocks_of_samples(void **state) {
  (void)state;
  struct buf b = {0};
  struct random r = {7};
  put_tables(&b);
  for (uint32_t i = 0; i < 60000; i++) {
    uint64_t id = UINT64_C(1) << random_below(&r, 64);
    WIRE_NUMBERS(&b, P_SAMPLE, {1, id}, {1, 2}, {2, random_u64(&r)}, {1, id});
  }
  for (unsigned i = 0; i < 64; i++) WIRE_NUMBERS(&b, P_LOCATION, {1, UINT64_C(1) << i});
  assert_true(b.n > 1 << 20);
  same_plain_and_packed(&b);
  buf_release(&b);
}

// Labels that the format cannot tell from none are none.
static void test_decode__empty_labels(void **state) {
  (void)state;
  struct buf b = {0}, sample = {0};
  put_tables(&b);
  wire_string(&b, P_STRING, "");  // number 3, empty again
  wire_number(&sample, 2, 5);
  WIRE_NUMBERS(&sample, 3, {1, 1}, {4, 0});          // nothing
  WIRE_NUMBERS(&sample, 3, {1, 1}, {2, 3});          // an empty text
  WIRE_NUMBERS(&sample, 3, {1, 2}, {4, 3});          // 0 with an empty unit
  WIRE_NUMBERS(&sample, 3, {1, 1}, {2, 2}, {3, 9});  // a text wins
  wire_bytes(&b, P_SAMPLE, buf_view(&sample));
  struct profile *p = decoded(buf_view(&b));
  assert_string_equal(samples_of(p), "- 5 cpu= cpu=ns ns:0");
  profile_free(p);
  buf_release(&b);
  buf_release(&sample);
}

static void test_decode__equal_label_sets_are_shared(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a 1 k=v b:1kb", "b 2 b:1kb k=v", "a 3", "c 4 k=v b:1kb x=y", NULL);
  struct buf bytes = encoded(p);
  struct profile *q = decoded(buf_view(&bytes));
  assert_int_equal(q->n_label_sets, 2);
  assert_int_equal(profile_label_set(q, 0), profile_label_set(q, 1));
  assert_int_equal(profile_label_set(q, 2), NONE);
  profile_free(p);
  profile_free(q);
  buf_release(&bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_decode__random_messages),      cmocka_unit_test(test_decode__testdata),
      cmocka_unit_test(test_decode__fields_across_blocks), cmocka_unit_test(test_decode__many_blocks_of_samples),
      cmocka_unit_test(test_decode__empty_labels),         cmocka_unit_test(test_decode__equal_label_sets_are_shared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
