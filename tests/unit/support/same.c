#include "support/same.h"

#include "support/test.h"

struct two {
  const struct profile *a, *b;
};

static void same_text(struct two x, uint32_t a, uint32_t b) {
  if ((a == NONE) != (b == NONE)) fail_msg("one has a string, the other has none");
  if (a != NONE) assert_true(str_eq(profile_str(x.a, a), profile_str(x.b, b)));
}

static void same_type(struct two x, struct value_type a, struct value_type b) {
  same_text(x, a.type, b.type);
  same_text(x, a.unit, b.unit);
}

static void same_header(struct two x) {
  const struct profile *a = x.a, *b = x.b;
  assert_int_equal(a->n_sample_types, b->n_sample_types);
  for (uint32_t i = 0; i < a->n_sample_types; i++) same_type(x, a->sample_type[i], b->sample_type[i]);
  same_type(x, a->period_type, b->period_type);
  assert_true(a->time_nanos == b->time_nanos && a->duration_nanos == b->duration_nanos && a->period == b->period);
  same_text(x, a->default_sample_type, b->default_sample_type);
  same_text(x, a->drop_frames, b->drop_frames);
  same_text(x, a->keep_frames, b->keep_frames);
  same_text(x, a->doc_url, b->doc_url);
  assert_int_equal(a->n_comments, b->n_comments);
  for (uint32_t i = 0; i < a->n_comments; i++) same_text(x, a->comment[i], b->comment[i]);
}

static void same_mapping(struct two x, const struct mapping *a, const struct mapping *b) {
  assert_true(a->id == b->id && a->start == b->start && a->limit == b->limit && a->offset == b->offset);
  same_text(x, a->file, b->file);
  same_text(x, a->build_id, b->build_id);
  assert_true(a->has_functions == b->has_functions && a->has_filenames == b->has_filenames &&
              a->has_line_numbers == b->has_line_numbers && a->has_inline_frames == b->has_inline_frames);
}

static void same_function(struct two x, const struct function *a, const struct function *b) {
  assert_true(a->id == b->id && a->start_line == b->start_line);
  same_text(x, a->name, b->name);
  same_text(x, a->system_name, b->system_name);
  same_text(x, a->filename, b->filename);
}

static void same_location(struct two x, const struct location *a, const struct location *b) {
  assert_true(a->id == b->id && a->address == b->address && a->mapping == b->mapping && a->folded == b->folded);
  assert_int_equal(a->n_lines, b->n_lines);
  for (uint32_t i = 0; i < a->n_lines; i++) {
    const struct line *l = &x.a->places.line[a->first_line + i], *m = &x.b->places.line[b->first_line + i];
    assert_true(l->line == m->line && l->column == m->column && l->function == m->function);
  }
}

static void same_places(struct two x) {
  const struct places *a = &x.a->places, *b = &x.b->places;
  assert_int_equal(a->n_mappings, b->n_mappings);
  assert_int_equal(a->n_functions, b->n_functions);
  assert_int_equal(a->n_locations, b->n_locations);
  for (uint32_t i = 0; i < a->n_mappings; i++) same_mapping(x, &a->mapping[i], &b->mapping[i]);
  for (uint32_t i = 0; i < a->n_functions; i++) same_function(x, &a->function[i], &b->function[i]);
  for (uint32_t i = 0; i < a->n_locations; i++) same_location(x, &a->location[i], &b->location[i]);
}

static void same_labels(struct two x, uint32_t s) {
  uint32_t n, m;
  const struct label *a = profile_labels(x.a, profile_label_set(x.a, s), &n);
  const struct label *b = profile_labels(x.b, profile_label_set(x.b, s), &m);
  assert_int_equal(n, m);
  for (uint32_t i = 0; i < n; i++) {
    assert_true(a[i].number == b[i].number && a[i].numeric == b[i].numeric);
    same_text(x, a[i].key, b[i].key);
    same_text(x, a[i].text, b[i].text);
    same_text(x, a[i].unit, b[i].unit);
  }
}

void assert_same_profile(const struct profile *a, const struct profile *b) {
  struct two x = {a, b};
  same_header(x);
  same_places(x);
  assert_int_equal(a->n_samples, b->n_samples);
  assert_memory_equal(a->stack, b->stack, (a->n_samples + (size_t)1) * sizeof *a->stack);
  assert_memory_equal(a->frame, b->frame, a->stack[a->n_samples] * sizeof *a->frame);
  assert_memory_equal(a->value, b->value, (size_t)a->n_samples * a->n_sample_types * sizeof *a->value);
  for (uint32_t s = 0; s < a->n_samples; s++) same_labels(x, s);
}
