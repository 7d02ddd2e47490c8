#include "support/sketch.h"

#include <inttypes.h>

#include "base/gzip.h"

#include "support/test.h"

static uint64_t number_of(struct str text) { return 1 + hash_bytes(text.p, text.n, 0) % 999; }

static uint32_t function_named(struct profile *p, struct str name) {
  uint32_t number = profile_add_string(p, name);
  for (uint32_t i = 0; i < p->places.n_functions; i++)
    if (p->places.function[i].name == number) return i;
  struct buf file = {0};
  buf_str(&file, name);
  buf_adds(&file, ".c");
  struct function f = {.id = (uint64_t)p->places.n_functions + 1,
                       .name = number,
                       .system_name = number,
                       .filename = profile_add_string(p, buf_view(&file))};
  buf_release(&file);
  return profile_add_function(p, &f);
}

static bool has_lines(const struct profile *p, const struct location *l, const struct line *line, uint32_t n) {
  bool same = l->n_lines == n;
  for (uint32_t i = 0; i < n && same; i++) same = p->places.line[l->first_line + i].function == line[i].function;
  return same;
}

static uint32_t frame_named(struct profile *p, struct str frame) {
  enum { MOST = 8 };
  struct line line[MOST];
  uint32_t n = 0, last = p->places.n_locations;
  uint64_t address = 0x1000 * number_of(frame);
  while (frame.n) {
    struct str name = cut_off(&frame, '+');
    assert_true(n < MOST);
    line[n++] = (struct line){.function = function_named(p, name), .line = (int64_t)number_of(name)};
  }
  for (uint32_t i = 0; i < last; i++)
    if (has_lines(p, &p->places.location[i], line, n)) return i;
  struct location l = {.id = (uint64_t)last + 1, .address = address, .mapping = NONE, .n_lines = n};
  return profile_add_location(p, &l, line);
}

// The leading digits and sign of a text.
static struct str number_part(struct str s) {
  size_t n = s.n && s.p[0] == '-';
  while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9') n++;
  return (struct str){s.p, n};
}

static struct label label_of(struct profile *p, struct str word) {
  size_t n = 0;
  while (n < word.n && word.p[n] != '=' && word.p[n] != ':') n++;
  assert_true(n < word.n);
  struct str key = {word.p, n}, value = {word.p + n + 1, word.n - n - 1}, digits = number_part(value);
  struct label l = {.key = profile_add_string(p, key), .unit = NONE};
  if (word.p[n] == '=') {
    l.text = profile_add_string(p, value);
    return l;
  }
  struct str unit = {value.p + digits.n, value.n - digits.n};
  l.numeric = true;
  l.number = int_of(digits);
  if (unit.n) l.unit = profile_add_string(p, unit);
  return l;
}

static void add_sample(struct profile *p, struct str line) {
  enum { MOST = 32 };
  uint32_t frame[MOST], n_frames = 0, n_labels = 0;
  int64_t value[MOST];
  struct label label[MOST];
  struct str stack = cut_off(&line, ' ');
  while (stack.n && !str_eq(stack, STR_LIT("-"))) {
    assert_true(n_frames < MOST);
    frame[n_frames++] = frame_named(p, cut_off(&stack, ';'));
  }
  assert_true(p->n_sample_types <= MOST);
  for (uint32_t i = 0; i < p->n_sample_types; i++) value[i] = int_of(cut_off(&line, ' '));
  while (line.n) {
    assert_true(n_labels < MOST);
    label[n_labels++] = label_of(p, cut_off(&line, ' '));
  }
  uint32_t set = n_labels ? profile_add_label_set(p, label, n_labels) : NONE;
  assert_int_equal(profile_add_sample(p, frame, n_frames, value, set), 0);
}

struct profile *sketch(const char *types, ...) {
  struct err e = {0};
  struct profile *p = profile_new(&e);
  assert_non_null(p);
  for (struct str rest = str_of(types); rest.n;) {
    struct str unit = cut_off(&rest, ' '), type = cut_off(&unit, '/');
    profile_add_sample_type(p, type, unit);
  }
  va_list lines;
  va_start(lines, types);
  for (const char *line; (line = va_arg(lines, const char *));) add_sample(p, str_of(line));
  va_end(lines);
  if (profile_check(p, &e)) fail_msg("%s", e.text);
  return p;
}

// ---- and back -----------------------------------------------------------------------------------

static void put_frame(struct buf *out, const struct view *v, const struct location *l) {
  for (uint32_t i = 0; i < l->n_lines; i++) {
    if (i) buf_addc(out, '+');
    buf_str(out, view_str(v, v->places->function[v->places->line[l->first_line + i].function].name));
  }
}

static void put_label(struct buf *out, const struct view *v, const struct label *l) {
  buf_addc(out, ' ');
  buf_str(out, view_str(v, l->key));
  buf_addc(out, l->numeric ? ':' : '=');
  if (l->numeric) buf_i64(out, l->number);
  else buf_str(out, view_str(v, l->text));
  if (l->unit != NONE) buf_str(out, view_str(v, l->unit));
}

static void put_sample(struct buf *out, const struct view *v, uint32_t s) {
  uint32_t n_frames, n_labels;
  const uint32_t *stack = view_stack(v, s, &n_frames);
  const struct label *l = profile_labels(v->profile, profile_label_set(v->profile, s), &n_labels);
  for (uint32_t i = 0; i < n_frames; i++) {
    if (i) buf_addc(out, ';');
    put_frame(out, v, &v->places->location[stack[i]]);
  }
  if (n_frames == 0) buf_addc(out, '-');
  for (uint32_t i = 0; i < v->profile->n_sample_types; i++)
    buf_addf(out, " %" PRId64, profile_values(v->profile, s)[i]);
  for (uint32_t i = 0; i < n_labels; i++)
    if (view_shows(v, &l[i])) put_label(out, v, &l[i]);
}

const char *shown(const struct view *v) {
  static char text[8192];
  struct buf out = {0};
  for (uint32_t s = 0; s < v->profile->n_samples; s++) {
    if (!view_has(v, s)) continue;
    if (out.n) buf_addc(&out, '\n');
    put_sample(&out, v, s);
  }
  assert_true(!out.failed && out.n < sizeof text);
  snprintf(text, sizeof text, "%s", out.data ? out.data : "");
  buf_release(&out);
  return text;
}

const char *samples_of(const struct profile *p) {
  struct view v;
  struct err e = {0};
  assert_int_equal(view_init(&v, p, &e), 0);
  const char *text = shown(&v);
  view_release(&v);
  return text;
}

struct buf encoded_view(const struct view *v) {
  struct buf out = {0};
  struct err e = {0};
  if (profile_encode(v, 1, &out, &e)) fail_msg("%s", e.text);
  return out;
}

struct buf encoded(const struct profile *p) {
  struct view v;
  struct err e = {0};
  assert_int_equal(view_init(&v, p, &e), 0);
  struct buf out = encoded_view(&v);
  view_release(&v);
  return out;
}

struct profile *decoded(struct str bytes) {
  struct err e = {0};
  struct profile *p = profile_read_memory(bytes, SOURCE_LIMIT_NONE, &e);
  if (!p) fail_msg("%s", e.text);
  return p;
}
