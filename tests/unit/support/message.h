// Profiles that look random, as protobuf-c's messages and as bytes in every form the wire format allows.
#ifndef CPROF_TEST_MESSAGE_H
#define CPROF_TEST_MESSAGE_H

#include "profile.pb-c.h"
#include "support/test.h"

// Everything of a message is in the arena.
Perftools__Profiles__Profile *random_message(struct random *r, struct arena *a);

// How a message is written.
struct writing {
  bool shuffled;  // top-level fields in any order; those of one kind keep theirs
  bool unknown;   // fields nobody knows between the others
  bool split;     // location ids, values and comments in packed, unpacked and mixed form
};
// Appends the bytes.
void write_message(struct buf *out, const Perftools__Profiles__Profile *m, struct random *r, struct writing how);

// A whole random profile by its number.
struct buf random_profile(uint64_t number);

#endif
