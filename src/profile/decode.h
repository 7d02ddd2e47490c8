// The state of reading one profile.proto, shared by decode.c (the stream, tables), decode_sample.c,
// decode_location.c and decode_refs.c (references).
#ifndef CPROF_PROFILE_DECODE_H
#define CPROF_PROFILE_DECODE_H

#include "profile/internal.h"

// Location ids from here on are kept in big_id and stand in the frame column as FIRST_BIG_ID + their number there.
#define FIRST_BIG_ID (UINT32_C(1) << 31)

// Samples come before what they refer to, so references wait: the frame column holds location ids, sample_labels holds
// numbers of raw label sets (the bytes as they stand in the file), and names are indices into the file's string table.
struct decoder {
  struct profile *p;
  struct err *e;
  struct arena scratch;  // one sub-message at a time

  uint32_t *string;  // number in the pool of each string of the file
  size_t n_strings, string_cap;

  uint32_t n_values;  // of every sample, NONE before the first
  uint64_t *big_id;
  size_t n_big_ids, big_id_cap;
  struct map64 big_index;

  struct buf raw_labels;  // the label fields of all distinct sets, end to end
  uint32_t *raw_offset;   // n_raw_sets + 1
  size_t raw_offset_cap;
  uint32_t n_raw_sets;
  struct index raw_index;
  struct buf sample_labels;  // the label fields of the sample at hand

  uint64_t *mapping_id;  // a location
  size_t mapping_id_cap;
  uint64_t *function_id;  // a line
  size_t function_id_cap;

  struct line *location_line;  // of the location at hand
  uint32_t n_location_lines;
  size_t location_line_cap;
};

// A sub-message by protobuf-c, in the scratch arena until the next one. NULL with a message when it is damaged.
struct ProtobufCMessageDescriptor;
void *decode_unpack(struct decoder *d, const struct ProtobufCMessageDescriptor *type, struct str message);

// An index into the file's string table, NONE for what cannot be one.
static inline uint32_t decode_string_index(int64_t v) { return v < 0 || v >= NONE ? NONE : (uint32_t)v; }

// Resolves everything. 0 or -1 with a message.
int decode_resolve(struct decoder *d);

// Take a Sample or a Location message. 0 or -1 with a message.
int decode_sample(struct decoder *d, struct str message);
int decode_location(struct decoder *d, struct str message);

// A varint at *at, at most at end: the position behind it, or NULL when it is cut short or longer than 10 bytes.
const unsigned char *decode_varint(const unsigned char *at, const unsigned char *end, uint64_t *v);

// One field of a message: `number` and `wire` (0 varint, 1 fixed 64, 2 bytes, 5 fixed 32), and its value.
struct wire_field {
  uint64_t number;
  unsigned wire;
  uint64_t v;
  struct str bytes;
};
// The position behind the field, or NULL when it is damaged or cut short.
const unsigned char *decode_field(const unsigned char *at, const unsigned char *end, struct wire_field *f);

#endif
