// profile.proto, read as it streams in. Top-level fields are taken one by one from the blocks; a field that crosses a
// block boundary is put together in a carry buffer, so no more than the largest field is held beside the columns. The
// small tables go through protobuf-c, samples and locations through files of their own. References are resolved when
// all is there, by decode_refs.c.
#include "profile/decode.h"

#include <stdlib.h>

#include "base/gzip.h"
#include "profile.pb-c.h"

// ---- sub-messages by protobuf-c -------------------------------------------------------------------

static void *scratch_alloc(void *decoder, size_t size) {
  struct decoder *d = decoder;
  void *piece = arena_alloc(&d->scratch, size);
  if (!piece) err_nomem(d->e);
  return piece;
}
static void scratch_free(void *decoder, void *piece) { (void)decoder, (void)piece; }

void *decode_unpack(struct decoder *d, const struct ProtobufCMessageDescriptor *type, struct str message) {
  arena_clear(&d->scratch);
  ProtobufCAllocator allocator = {scratch_alloc, scratch_free, d};
  void *m = protobuf_c_message_unpack(type, &allocator, message.n, (const uint8_t *)message.p);
  if (!m) err_set(d->e, "damaged %s message", type->short_name);
  return m;
}

static int take_value_type(struct decoder *d, struct str message, struct value_type *t) {
  Perftools__Profiles__ValueType *m = decode_unpack(d, &perftools__profiles__value_type__descriptor, message);
  if (!m) return -1;
  *t = (struct value_type){decode_string_index(m->type), decode_string_index(m->unit)};
  return 0;
}

static int take_sample_type(struct decoder *d, struct str message) {
  struct profile *p = d->p;
  struct value_type t;
  if (take_value_type(d, message, &t)) return -1;
  if (ARRAY_RESERVE(p->sample_type, p->sample_type_cap, (size_t)p->n_sample_types + 1)) return err_nomem(d->e);
  p->sample_type[p->n_sample_types++] = t;
  return 0;
}

static int take_mapping(struct decoder *d, struct str message) {
  Perftools__Profiles__Mapping *m = decode_unpack(d, &perftools__profiles__mapping__descriptor, message);
  if (!m) return -1;
  struct mapping mapping = {.id = m->id,
                            .start = m->memory_start,
                            .limit = m->memory_limit,
                            .offset = m->file_offset,
                            .file = decode_string_index(m->filename),
                            .build_id = decode_string_index(m->build_id),
                            .has_functions = m->has_functions,
                            .has_filenames = m->has_filenames,
                            .has_line_numbers = m->has_line_numbers,
                            .has_inline_frames = m->has_inline_frames};
  return profile_add_mapping(d->p, &mapping) == NONE ? err_nomem(d->e) : 0;
}

static int take_function(struct decoder *d, struct str message) {
  Perftools__Profiles__Function *m = decode_unpack(d, &perftools__profiles__function__descriptor, message);
  if (!m) return -1;
  struct function function = {.id = m->id,
                              .name = decode_string_index(m->name),
                              .system_name = decode_string_index(m->system_name),
                              .filename = decode_string_index(m->filename),
                              .start_line = m->start_line};
  return profile_add_function(d->p, &function) == NONE ? err_nomem(d->e) : 0;
}

// ---- top level ------------------------------------------------------------------------------------

static int take_string(struct decoder *d, struct str text) {
  if (d->n_strings == 0 && text.n) return err_set(d->e, "the first entry of the string table is not empty");
  if (d->n_strings >= NONE - 1) return err_set(d->e, "too many strings");
  if (ARRAY_RESERVE(d->string, d->string_cap, d->n_strings + 1)) return err_nomem(d->e);
  uint32_t number = strings_add(&d->p->strings, text);
  if (number == STRINGS_NONE) return err_nomem(d->e);
  d->string[d->n_strings++] = number;
  return 0;
}

static int add_comment_index(struct decoder *d, uint64_t v) {
  struct profile *p = d->p;
  if (ARRAY_RESERVE(p->comment, p->comment_cap, (size_t)p->n_comments + 1)) return err_nomem(d->e);
  p->comment[p->n_comments++] = decode_string_index((int64_t)v);
  return 0;
}

static int take_comments(struct decoder *d, const struct wire_field *f) {
  if (f->wire == 0) return add_comment_index(d, f->v);
  const unsigned char *at = (const unsigned char *)f->bytes.p, *end = at + f->bytes.n;
  while (at != end) {
    uint64_t v;
    at = decode_varint(at, end, &v);
    if (!at) return err_set(d->e, "damaged comment list");
    if (add_comment_index(d, v)) return -1;
  }
  return 0;
}

static int take_time(struct decoder *d, int64_t v) {
  if (d->p->time_nanos) return err_set(d->e, "several profiles in one file, one behind the other (merge them instead)");
  d->p->time_nanos = v;
  return 0;
}

enum field {
  F_SAMPLE_TYPE = 1,
  F_SAMPLE,
  F_MAPPING,
  F_LOCATION,
  F_FUNCTION,
  F_STRING,
  F_DROP_FRAMES,
  F_KEEP_FRAMES,
  F_TIME,
  F_DURATION,
  F_PERIOD_TYPE,
  F_PERIOD,
  F_COMMENT,
  F_DEFAULT_TYPE,
  F_DOC_URL,
  F_KNOWN
};

static bool wire_fits(uint64_t number, unsigned wire) {
  bool message = number <= F_STRING || number == F_PERIOD_TYPE;
  if (number == F_COMMENT) return wire == 0 || wire == 2;
  return wire == (message ? 2u : 0u);
}

static int take_number(struct decoder *d, uint64_t number, int64_t v) {
  struct profile *p = d->p;
  switch (number) {
    case F_DROP_FRAMES: p->drop_frames = decode_string_index(v); return 0;
    case F_KEEP_FRAMES: p->keep_frames = decode_string_index(v); return 0;
    case F_TIME: return take_time(d, v);
    case F_DURATION: p->duration_nanos = v; return 0;
    case F_PERIOD: p->period = v; return 0;
    case F_DEFAULT_TYPE: p->default_sample_type = decode_string_index(v); return 0;
    default: p->doc_url = decode_string_index(v); return 0;
  }
}

static int take_field(struct decoder *d, const struct wire_field *f) {
  if (f->number == 0 || f->number >= F_KNOWN) return 0;
  if (!wire_fits(f->number, f->wire)) return err_set(d->e, "field %u has wire type %u", (unsigned)f->number, f->wire);
  switch (f->number) {
    case F_SAMPLE: return decode_sample(d, f->bytes);
    case F_SAMPLE_TYPE: return take_sample_type(d, f->bytes);
    case F_MAPPING: return take_mapping(d, f->bytes);
    case F_LOCATION: return decode_location(d, f->bytes);
    case F_FUNCTION: return take_function(d, f->bytes);
    case F_STRING: return take_string(d, f->bytes);
    case F_PERIOD_TYPE: return take_value_type(d, f->bytes, &d->p->period_type);
    case F_COMMENT: return take_comments(d, f);
    default: return take_number(d, f->number, (int64_t)f->v);
  }
}

// How many bytes the field at the front takes: 0 when its head is cut short, SIZE_MAX when it is damaged.
static size_t field_size(const unsigned char *at, size_t n) {
  const unsigned char *end = at + n, *start = at;
  uint64_t tag, v = 0;
  const unsigned char *after_tag = decode_varint(at, end, &tag);
  if (!after_tag) return n >= 10 ? SIZE_MAX : 0;
  if ((tag & 7) == 1) return (size_t)(after_tag - start) + 8;
  if ((tag & 7) == 5) return (size_t)(after_tag - start) + 4;
  if ((tag & 7) != 0 && (tag & 7) != 2) return SIZE_MAX;
  const unsigned char *after = decode_varint(after_tag, end, &v);
  if (!after) return end - after_tag >= 10 ? SIZE_MAX : 0;
  size_t head = (size_t)(after - start);
  if ((tag & 7) == 0) return head;
  return v > SIZE_MAX / 2 ? SIZE_MAX : head + (size_t)v;
}

static int not_a_profile(struct decoder *d) {
  return err_set(d->e, d->p->n_samples || d->n_strings || d->p->n_sample_types
                           ? "damaged profile: a field cannot be read"
                           : "unrecognized profile format");
}

// Takes the whole fields at the front of *block off it.
static int take_whole_fields(struct decoder *d, struct str *block) {
  const unsigned char *at = (const unsigned char *)block->p, *end = at + block->n;
  while (at != end) {
    struct wire_field f;
    const unsigned char *after = decode_field(at, end, &f);
    if (!after) break;
    if (take_field(d, &f)) return -1;
    at = after;
  }
  *block = (struct str){(const char *)at, (size_t)(end - at)};
  return 0;
}

// Moves from *block to the carry buffer what the field there still needs, and takes the field once it is whole.
static int carry_on(struct decoder *d, struct buf *carry, struct str *block) {
  while (block->n) {
    size_t size = field_size((const unsigned char *)carry->data, carry->n);
    if (size == SIZE_MAX) return not_a_profile(d);
    size_t need = size ? size - carry->n : 1;
    size_t take = need < block->n ? need : block->n;
    buf_add(carry, block->p, take);
    if (carry->failed) return err_nomem(d->e);
    block->p += take;
    block->n -= take;
    size = field_size((const unsigned char *)carry->data, carry->n);
    if (size != carry->n) continue;
    struct str whole = buf_view(carry);
    if (take_whole_fields(d, &whole)) return -1;
    buf_clear(carry);
    return 0;
  }
  return 0;
}

static int take_block(struct decoder *d, struct buf *carry, struct str block) {
  if (carry->n && carry_on(d, carry, &block)) return -1;
  if (carry->n || block.n == 0) return 0;
  if (take_whole_fields(d, &block)) return -1;
  if (block.n && field_size((const unsigned char *)block.p, block.n) == SIZE_MAX) return not_a_profile(d);
  buf_str(carry, block);
  return carry->failed ? err_nomem(d->e) : 0;
}

static int take_all(struct decoder *d, struct source *s, struct str first) {
  struct buf carry = {0};
  int more = 1;
  for (struct str block = first; more > 0; more = source_next(s, &block, d->e))
    if (take_block(d, &carry, block)) {
      more = -1;
      break;
    }
  if (more == 0 && carry.n) more = err_set(d->e, "the profile ends in the middle of a field");
  buf_release(&carry);
  return more;
}

static void decoder_release(struct decoder *d) {
  arena_release(&d->scratch);
  free(d->string);
  free(d->big_id);
  map64_release(&d->big_index);
  buf_release(&d->raw_labels);
  free(d->raw_offset);
  index_release(&d->raw_index);
  buf_release(&d->sample_labels);
  free(d->mapping_id);
  free(d->function_id);
  free(d->location_line);
}

struct profile *profile_decode(struct source *s, struct str first, struct err *e) {
  struct decoder d = {.e = e, .n_values = NONE, .p = profile_new(e)};
  if (d.p && (take_all(&d, s, first) || decode_resolve(&d))) {
    profile_free(d.p);
    d.p = NULL;
  }
  decoder_release(&d);
  return d.p;
}
