// A view as profile.proto. Strings are numbered in the order the fields name them, so the same view gives the same
// bytes. Samples are written by hand, the small tables by protobuf-c.
#include <stdlib.h>

#include "base/gzip.h"
#include "profile.pb-c.h"
#include "profile/internal.h"
#include "profile/view_internal.h"

struct encoder {
  const struct view *v;
  struct buf *out;
  struct gzip_writer *gzip;  // takes what is in `out` from time to time; NULL: all of it stays
  struct err *e;
  struct buf message;               // the sub-message at hand
  struct buf inner;                 // and one in it
  Perftools__Profiles__Line *line;  // those of the location at hand
  Perftools__Profiles__Line **lines;
  size_t line_cap, lines_cap;
  uint32_t *number;  // in the file, of each string of the view; NONE: not named yet
  uint32_t *order;   // the strings by their number in the file
  uint32_t n_strings;
  double ratio;
};

// The number of a string in the file.
static int64_t name(struct encoder *c, uint32_t string) {
  if (c->number[string] == NONE) {
    c->number[string] = c->n_strings;
    c->order[c->n_strings++] = string;
  }
  return c->number[string];
}

enum { VARINT_MAX = 10, PORTION = 64 << 10 };

// Hands over what is there once it is worth it.
static void pass_on(struct encoder *c, size_t from) {
  if (!c->gzip || c->out->n < from || c->out->failed) return;
  gzip_writer_add(c->gzip, buf_view(c->out));
  buf_clear(c->out);
}

static char *write_varint(char *at, uint64_t v) {
  for (; v >= 0x80; v >>= 7) *at++ = (char)(unsigned char)(v | 0x80);
  *at++ = (char)(unsigned char)v;
  return at;
}

static void put_varint(struct buf *b, uint64_t v) {
  char *at = buf_room(b, VARINT_MAX);
  if (at) b->n += (size_t)(write_varint(at, v) - at);
}

enum { VARINT = 0, BYTES = 2 };
static void put_tag(struct buf *b, unsigned field, unsigned wire) { put_varint(b, field << 3 | wire); }

static void put_number(struct buf *b, unsigned field, int64_t v) {
  if (v == 0) return;
  put_tag(b, field, VARINT);
  put_varint(b, (uint64_t)v);
}

static size_t varint_size(uint64_t v) {
  size_t n = 1;
  for (; v >= 0x80; v >>= 7) n++;
  return n;
}

static void append(ProtobufCBuffer *base, size_t n, const uint8_t *bytes);
struct sink {
  ProtobufCBuffer base;
  struct buf *out;
};
static void append(ProtobufCBuffer *base, size_t n, const uint8_t *bytes) {
  buf_add(((struct sink *)(void *)base)->out, bytes, n);
}

static void put_message(struct encoder *c, unsigned field, const ProtobufCMessage *m) {
  struct sink sink = {{append}, c->out};
  put_tag(c->out, field, BYTES);
  put_varint(c->out, protobuf_c_message_get_packed_size(m));
  protobuf_c_message_pack_to_buffer(m, &sink.base);
}

static void put_value_type(struct encoder *c, unsigned field, struct value_type t) {
  Perftools__Profiles__ValueType m = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
  m.type = name(c, t.type);
  m.unit = name(c, t.unit);
  put_message(c, field, &m.base);
}

// Two values or fewer are shorter unpacked.
static bool packed(size_t n) { return n > 2; }

static void put_frames(struct encoder *c, const uint32_t *stack, uint32_t n) {
  const struct location *l = c->v->places->location;
  char *start = buf_room(&c->message, (size_t)(n + 2) * (VARINT_MAX + 1)), *at = start;
  size_t size = 0;
  if (!start) return;
  for (uint32_t i = 0; i < n && packed(n); i++) size += varint_size(l[stack[i]].id);
  if (packed(n)) *at++ = 1 << 3 | BYTES, at = write_varint(at, size);
  for (uint32_t i = 0; i < n; i++) {
    if (!packed(n)) *at++ = 1 << 3 | VARINT;
    at = write_varint(at, l[stack[i]].id);
  }
  c->message.n += (size_t)(at - start);
}

static uint64_t scaled(const struct encoder *c, int64_t v) {
  return (uint64_t)(c->ratio == 1 ? v : int64_from_double((double)v * c->ratio));
}

static void put_values(struct encoder *c, const int64_t *value, uint32_t n) {
  size_t size = 0;
  for (uint32_t i = 0; i < n && packed(n); i++) size += varint_size(scaled(c, value[i]));
  if (packed(n)) put_tag(&c->message, 2, BYTES), put_varint(&c->message, size);
  for (uint32_t i = 0; i < n; i++) {
    if (!packed(n)) put_tag(&c->message, 2, VARINT);
    put_varint(&c->message, scaled(c, value[i]));
  }
}

static void put_label(struct encoder *c, const struct label *l) {
  buf_clear(&c->inner);
  put_number(&c->inner, 1, name(c, l->key));
  if (!l->numeric) put_number(&c->inner, 2, name(c, l->text));
  if (l->numeric) put_number(&c->inner, 3, l->number);
  if (l->unit != NONE) put_number(&c->inner, 4, name(c, l->unit));
  put_tag(&c->message, 3, BYTES);
  put_varint(&c->message, c->inner.n);
  buf_str(&c->message, buf_view(&c->inner));
  c->message.failed |= c->inner.failed;
}

static void put_sample(struct encoder *c, uint32_t sample) {
  uint32_t depth, n_labels;
  const uint32_t *stack = view_stack(c->v, sample, &depth);
  const struct label *l = profile_labels(c->v->profile, profile_label_set(c->v->profile, sample), &n_labels);
  buf_clear(&c->message);
  put_frames(c, stack, depth);
  put_values(c, profile_values(c->v->profile, sample), c->v->profile->n_sample_types);
  for (uint32_t i = 0; i < n_labels; i++)
    if (view_shows(c->v, &l[i])) put_label(c, &l[i]);
  put_tag(c->out, 2, BYTES);
  put_varint(c->out, c->message.n);
  buf_str(c->out, buf_view(&c->message));
  c->out->failed |= c->message.failed;
}

static void put_mapping(struct encoder *c, const struct mapping *from) {
  Perftools__Profiles__Mapping m = PERFTOOLS__PROFILES__MAPPING__INIT;
  m.id = from->id;
  m.memory_start = from->start;
  m.memory_limit = from->limit;
  m.file_offset = from->offset;
  m.filename = name(c, from->file);
  m.build_id = name(c, from->build_id);
  m.has_functions = from->has_functions;
  m.has_filenames = from->has_filenames;
  m.has_line_numbers = from->has_line_numbers;
  m.has_inline_frames = from->has_inline_frames;
  put_message(c, 3, &m.base);
}

static int put_location(struct encoder *c, const struct location *from) {
  const struct places *places = c->v->places;
  Perftools__Profiles__Location m = PERFTOOLS__PROFILES__LOCATION__INIT;
  if (ARRAY_RESERVE(c->line, c->line_cap, from->n_lines) || ARRAY_RESERVE(c->lines, c->lines_cap, from->n_lines))
    return err_nomem(c->e);
  for (uint32_t i = 0; i < from->n_lines; i++) {
    const struct line *l = &places->line[from->first_line + i];
    c->line[i] = (Perftools__Profiles__Line)PERFTOOLS__PROFILES__LINE__INIT;
    c->line[i].function_id = places->function[l->function].id;
    c->line[i].line = l->line;
    c->line[i].column = l->column;
    c->lines[i] = &c->line[i];
  }
  m.id = from->id;
  m.mapping_id = from->mapping == NONE ? 0 : places->mapping[from->mapping].id;
  m.address = from->address;
  m.n_line = from->n_lines;
  m.line = c->lines;
  m.is_folded = from->folded;
  put_message(c, 4, &m.base);
  return 0;
}

static void put_function(struct encoder *c, const struct function *from) {
  Perftools__Profiles__Function m = PERFTOOLS__PROFILES__FUNCTION__INIT;
  m.id = from->id;
  m.name = name(c, from->name);
  m.system_name = name(c, from->system_name);
  m.filename = name(c, from->filename);
  m.start_line = from->start_line;
  put_message(c, 5, &m.base);
}

static void put_header(struct encoder *c) {
  const struct profile *p = c->v->profile;
  put_number(c->out, 7, name(c, p->drop_frames));
  put_number(c->out, 8, name(c, p->keep_frames));
  put_number(c->out, 9, p->time_nanos);
  put_number(c->out, 10, p->duration_nanos);
  if (p->period_type.type || p->period_type.unit) put_value_type(c, 11, p->period_type);
  put_number(c->out, 12, p->period);
  for (uint32_t i = 0; i < p->n_comments; i++) {
    put_tag(c->out, 13, VARINT);  // not put_number: an empty comment is a comment
    put_varint(c->out, (uint64_t)name(c, p->comment[i]));
  }
  put_number(c->out, 14, name(c, p->default_sample_type));
  put_number(c->out, 15, name(c, p->doc_url));
}

static void put_strings(struct encoder *c) {
  for (uint32_t i = 0; i < c->n_strings; i++) {
    struct str s = view_str(c->v, c->order[i]);
    put_tag(c->out, 6, BYTES);
    put_varint(c->out, s.n);
    buf_str(c->out, s);
    pass_on(c, PORTION);
  }
}

static int encode_all(struct encoder *c) {
  const struct profile *p = c->v->profile;
  const struct places *places = c->v->places;
  name(c, 0);
  for (uint32_t i = 0; i < p->n_sample_types; i++) put_value_type(c, 1, p->sample_type[i]);
  for (uint32_t s = 0; s < p->n_samples; s++) {
    if (view_has(c->v, s)) put_sample(c, s);
    pass_on(c, PORTION);
  }
  for (uint32_t i = 0; i < places->n_mappings; i++) put_mapping(c, &places->mapping[i]);
  for (uint32_t i = 0; i < places->n_locations; i++) {
    if (put_location(c, &places->location[i])) return -1;
    pass_on(c, PORTION);
  }
  for (uint32_t i = 0; i < places->n_functions; i++) {
    put_function(c, &places->function[i]);
    pass_on(c, PORTION);
  }
  put_header(c);
  put_strings(c);
  return c->out->failed ? err_nomem(c->e) : 0;
}

static int encode(const struct view *v, double ratio, struct buf *out, struct gzip_writer *gzip, struct err *e) {
  size_t n = v->strings->n;
  struct encoder c = {.v = v,
                      .out = out,
                      .gzip = gzip,
                      .e = e,
                      .ratio = ratio,
                      .number = malloc(n * sizeof *c.number),
                      .order = malloc(n * sizeof *c.order)};
  int result = -1;
  if (c.number && c.order) {
    memset(c.number, 0xff, n * sizeof *c.number);
    result = encode_all(&c);
    pass_on(&c, 0);
  } else {
    err_nomem(e);
  }
  free(c.number);
  free(c.order);
  free(c.line);
  free(c.lines);
  buf_release(&c.message);
  buf_release(&c.inner);
  return result;
}

int profile_encode(const struct view *v, double ratio, struct buf *out, struct err *e) {
  return encode(v, ratio, out, NULL, e);
}

int profile_encode_gzip(const struct view *v, double ratio, struct buf *out, struct err *e) {
  struct buf portion = {0};
  struct gzip_writer *gzip = gzip_writer_new(out, e);
  if (!gzip) return -1;
  int result = encode(v, ratio, &portion, gzip, e);
  buf_release(&portion);
  return gzip_writer_finish(gzip, e) ? -1 : result;
}
