// Writes protobuf wire format piece by piece, as a test needs it.
#ifndef CPROF_TEST_WIRE_H
#define CPROF_TEST_WIRE_H

#include "base/base.h"

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

void wire_varint(struct buf *b, uint64_t v);
void wire_tag(struct buf *b, unsigned field, enum wire_type type);
void wire_number(struct buf *b, unsigned field, uint64_t v);
void wire_bytes(struct buf *b, unsigned field, struct str bytes);
void wire_string(struct buf *b, unsigned field, const char *s);
// A message of numbers: pairs of field and value.
struct wire_pair {
  unsigned field;
  uint64_t value;
};
void wire_numbers(struct buf *b, unsigned field, const struct wire_pair *pair, size_t n);
#define WIRE_NUMBERS(b, field, ...)                         \
  wire_numbers(b, field, (struct wire_pair[]){__VA_ARGS__}, \
               sizeof(struct wire_pair[]){__VA_ARGS__} / sizeof(struct wire_pair))

// Field numbers of Profile.
enum {
  P_SAMPLE_TYPE = 1,
  P_SAMPLE,
  P_MAPPING,
  P_LOCATION,
  P_FUNCTION,
  P_STRING,
  P_DROP_FRAMES,
  P_KEEP_FRAMES,
  P_TIME,
  P_DURATION,
  P_PERIOD_TYPE,
  P_PERIOD,
  P_COMMENT,
  P_DEFAULT_TYPE,
  P_DOC_URL
};

#endif
