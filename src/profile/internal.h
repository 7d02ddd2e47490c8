// What the files of the profile module share.
#ifndef CPROF_PROFILE_INTERNAL_H
#define CPROF_PROFILE_INTERNAL_H

#include "profile/profile.h"

// The tables of places by themselves, for profiles and for views that alter a copy. As profile_add_*.
uint32_t places_add_mapping(struct places *c, const struct mapping *m);
uint32_t places_add_function(struct places *c, const struct function *f);
uint32_t places_add_location(struct places *c, const struct location *l, const struct line *lines);
int places_copy(struct places *to, const struct places *from);
void places_release(struct places *c);

// Ends a sample whose frames and values were written to the columns already. 0, or -1 when memory ran out.
int profile_close_sample(struct profile *p, uint32_t n_frames, uint32_t label_set);

// Whether functions are equal but for their ids, and a hash of all but that.
bool function_equal(const struct function *a, const struct function *b);
uint64_t function_hash(const struct function *f);

// Which index has an id, for one kind of ids. They are 1, 2, 3, … in nearly all files: as far as that goes, an index is an
// id less one, and nothing is kept. Zero-initialised is empty and ready.
struct ids {
  uint32_t n_dense;
  struct map64 others;
};
// Enters one; an error when it is 0 or there already.
int ids_take(struct ids *ids, const char *what, uint64_t id, uint32_t index, struct err *e);
static inline uint32_t ids_find(const struct ids *ids, uint64_t id) {  // MAP_NONE when absent
  return id - 1 < ids->n_dense ? (uint32_t)(id - 1) : map64_get(&ids->others, id);
}
void ids_release(struct ids *ids);

// Reduces profiles to the sample types all have, in the first one's order, and to the finest units.
int profile_align(struct profile **sources, size_t n, struct err *e);
// Fails with a message unless the period types and the sample types are the same.
int profile_compatible(const struct profile *a, const struct profile *b, struct err *e);

// Reads the rest of a profile.proto whose first block is given.
struct source;
struct profile *profile_decode(struct source *s, struct str first, struct err *e);

#endif
