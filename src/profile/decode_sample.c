// Samples, decoded by hand: they are most of a profile, and going through a generated struct costs more than the rest
// of the load. A test holds this file against protobuf-c.
#include "profile/decode.h"

const unsigned char *decode_varint(const unsigned char *at, const unsigned char *end, uint64_t *v) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
    unsigned char c = *at++;
    value |= (uint64_t)(c & 0x7f) << shift;
    if (c < 0x80) {
      *v = value;
      return at;
    }
  }
  return NULL;
}

// One and two byte varints are nearly all there are.
static inline const unsigned char *short_varint(const unsigned char *at, const unsigned char *end, uint64_t *v) {
  if (end - at >= 2) {
    if (at[0] < 0x80) {
      *v = at[0];
      return at + 1;
    }
    if (at[1] < 0x80) {
      *v = (uint64_t)(at[0] & 0x7f) | (uint64_t)at[1] << 7;
      return at + 2;
    }
  }
  return decode_varint(at, end, v);
}

const unsigned char *decode_field(const unsigned char *at, const unsigned char *end, struct wire_field *f) {
  uint64_t tag;
  at = short_varint(at, end, &tag);
  if (!at) return NULL;
  *f = (struct wire_field){.number = tag >> 3, .wire = (unsigned)(tag & 7), .bytes = {"", 0}};
  size_t left = (size_t)(end - at), fixed = f->wire == 1 ? 8 : 4;
  switch (f->wire) {
    case 0: return short_varint(at, end, &f->v);
    case 2:
      at = short_varint(at, end, &f->v);
      if (!at || f->v > (uint64_t)(end - at)) return NULL;
      f->bytes = (struct str){(const char *)at, (size_t)f->v};
      return at + f->v;
    case 1:
    case 5:
      if (left < fixed) return NULL;
      memcpy(&f->v, at, fixed);
      return at + fixed;
    default: return NULL;
  }
}

// The column entry of a location id that does not fit as it is.
static uint32_t big_id_entry(struct decoder *d, uint64_t id) {
  uint32_t number = map64_get(&d->big_index, id);
  if (number == MAP_NONE) {
    if (d->n_big_ids >= FIRST_BIG_ID - 1 || ARRAY_RESERVE(d->big_id, d->big_id_cap, d->n_big_ids + 1)) return NONE;
    number = (uint32_t)d->n_big_ids;
    if (map64_put(&d->big_index, id, number)) return NONE;
    d->big_id[d->n_big_ids++] = id;
  }
  return FIRST_BIG_ID + number;
}

static int damaged(struct decoder *d) { return err_set(d->e, "sample %u is damaged", d->p->n_samples); }

static int add_frames(struct decoder *d, const struct wire_field *f, size_t *n_frames) {
  struct profile *p = d->p;
  size_t at_frame = p->stack[p->n_samples] + *n_frames;
  size_t most = f->wire == 2 ? f->bytes.n : 1;
  if (f->wire != 0 && f->wire != 2) return damaged(d);
  if (at_frame + most >= NONE) return err_set(d->e, "more than 4294967294 frames in all stacks");
  if (ARRAY_RESERVE(p->frame, p->frame_cap, at_frame + most)) return err_nomem(d->e);
  uint32_t *to = p->frame + at_frame;
  const unsigned char *at = (const unsigned char *)f->bytes.p, *end = at + f->bytes.n;
  uint64_t id = f->v;
  do {
    if (f->wire == 2) {
      if (at == end) break;
      at = short_varint(at, end, &id);
      if (!at) return damaged(d);
    }
    *to = id < FIRST_BIG_ID ? (uint32_t)id : big_id_entry(d, id);
    if (*to == NONE) return err_nomem(d->e);
    to++;
  } while (f->wire == 2);
  *n_frames = (size_t)(to - p->frame) - p->stack[p->n_samples];
  return 0;
}

static int add_values(struct decoder *d, const struct wire_field *f, size_t *n_values) {
  struct profile *p = d->p;
  size_t width = d->n_values == NONE ? 0 : d->n_values;
  size_t at_value = p->n_samples * width + *n_values;
  size_t most = f->wire == 2 ? f->bytes.n : 1;
  if (f->wire != 0 && f->wire != 2) return damaged(d);
  if (ARRAY_RESERVE(p->value, p->value_cap, at_value + most)) return err_nomem(d->e);
  int64_t *to = p->value + at_value;
  if (f->wire == 0) {
    *to++ = (int64_t)f->v;
  } else {
    const unsigned char *at = (const unsigned char *)f->bytes.p, *end = at + f->bytes.n;
    while (at != end) {
      uint64_t v;
      at = short_varint(at, end, &v);
      if (!at) return damaged(d);
      *to++ = (int64_t)v;
    }
  }
  *n_values = (size_t)(to - p->value) - p->n_samples * width;
  return 0;
}

static struct str raw_set(const struct decoder *d, uint32_t set) {
  uint32_t from = d->raw_offset[set];
  return (struct str){d->raw_labels.data + from, d->raw_offset[set + 1] - from};
}

// The number of the raw set that holds these bytes, a new one if there is none yet; NONE without labels.
static int share_raw_set(struct decoder *d, uint32_t *set) {
  struct str bytes = buf_view(&d->sample_labels);
  *set = NONE;
  if (d->sample_labels.failed) return err_nomem(d->e);
  if (bytes.n == 0) return 0;
  uint64_t hash = hash_bytes(bytes.p, bytes.n, 0);
  size_t at = 0;
  for (*set = index_first(&d->raw_index, hash, &at); *set != MAP_NONE; *set = index_next(&d->raw_index, hash, &at))
    if (str_eq(raw_set(d, *set), bytes)) return 0;
  if (d->raw_labels.n + bytes.n >= NONE) return err_set(d->e, "more than 4 GiB of distinct labels");
  *set = d->n_raw_sets;
  buf_str(&d->raw_labels, bytes);
  if (d->raw_labels.failed || ARRAY_RESERVE(d->raw_offset, d->raw_offset_cap, (size_t)*set + 2) ||
      index_add(&d->raw_index, hash, *set))
    return err_nomem(d->e);
  d->raw_offset[0] = 0;
  d->raw_offset[*set + 1] = (uint32_t)d->raw_labels.n;
  d->n_raw_sets++;
  return 0;
}

// Every sample has as many values as the first one; the sample types may come later in the file.
static int check_values(struct decoder *d, size_t n_values) {
  if (d->n_values == NONE) d->n_values = (uint32_t)n_values;
  if (n_values == d->n_values) return 0;
  return err_set(d->e, "sample %u has %zu values, the samples before it have %u", d->p->n_samples, n_values,
                 d->n_values);
}

int decode_sample(struct decoder *d, struct str message) {
  const unsigned char *at = (const unsigned char *)message.p, *end = at + message.n;
  size_t n_frames = 0, n_values = 0;
  uint32_t set;
  buf_clear(&d->sample_labels);
  while (at != end) {
    const unsigned char *field_start = at;
    struct wire_field f;
    at = decode_field(at, end, &f);
    if (!at) return damaged(d);
    if (f.number == 1 && add_frames(d, &f, &n_frames)) return -1;
    if (f.number == 2 && add_values(d, &f, &n_values)) return -1;
    if (f.number == 3) {
      if (f.wire != 2) return damaged(d);
      buf_add(&d->sample_labels, field_start, (size_t)(at - field_start));
    }
  }
  if (check_values(d, n_values) || share_raw_set(d, &set)) return -1;
  return profile_close_sample(d->p, (uint32_t)n_frames, set) ? err_nomem(d->e) : 0;
}
