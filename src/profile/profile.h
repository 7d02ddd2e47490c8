// profile: the model of profile.proto, its decoding, checks, merging, scaling and encoding.
//
// A `struct profile` is built once (decoded, merged, symbolized, pruned) and is immutable from then on: reports, the
// prompt and web requests read it from any number of threads without a lock. Samples are columns; the small tables
// (mappings, functions, locations, lines) are arrays of structs. Everything refers by index, never by id or pointer.
// The ids of the file are kept, because raw, proto and error messages show them.
//
// The meaning of every field is the format's: https://github.com/google/pprof/blob/main/proto/profile.proto
#ifndef CPROF_PROFILE_H
#define CPROF_PROFILE_H

#include "base/base.h"

#define NONE UINT32_MAX  // no mapping, no function, no label set, no unit

// Strings below are numbers in profile.strings; 0 is "".
struct value_type {
  uint32_t type, unit;
};

struct mapping {
  uint64_t id, start, limit, offset;
  uint32_t file, build_id;
  bool has_functions, has_filenames, has_line_numbers, has_inline_frames;
};

struct function {
  uint64_t id;
  int64_t start_line;
  uint32_t name, system_name, filename;
};

struct line {
  int64_t line, column;
  uint32_t function;  // index; never NONE in a checked profile
};

// lines[first_line] is the innermost inlined frame, the last one the function that holds the address.
struct location {
  uint64_t id, address;
  uint32_t mapping;  // index or NONE
  uint32_t first_line, n_lines;
  bool folded;
  bool hidden;  // only in a view: stacks leave this location out
};

// What a frame of a stack means. A view may hold an altered copy of these tables.
struct places {
  struct mapping *mapping;
  struct function *function;
  struct location *location;
  struct line *line;
  uint32_t n_mappings, n_functions, n_locations, n_lines;
  size_t mapping_cap, function_cap, location_cap, line_cap;
};

// One key and one value. Text: `text` is the value. Numeric: `number` and its unit, where `unit` is NONE when no value
// of this key in this set has a unit, and may be 0 ("") when only others have one.
struct label {
  int64_t number;
  uint32_t key, text, unit;
  bool numeric;
};

// The labels of a sample. Samples with equal labels share one set. Text labels come first, sorted by key, then the
// numeric ones, sorted by key; several values of one key keep the order of the file.
struct label_set {
  uint32_t first, n;  // in profile.label
};

struct profile {
  struct strings strings;
  struct value_type *sample_type;
  uint32_t n_sample_types;
  size_t sample_type_cap;

  // Sample s has the stack frame[stack[s]] .. frame[stack[s+1]-1] (location indices, leaf first), the values
  // value[s * n_sample_types + i] and the labels label_set[sample_labels[s]] (NONE: no labels).
  // sample_labels is NULL when no sample has labels; stack, frame, value and places.line are never NULL.
  uint32_t n_samples;
  uint32_t *stack;  // n_samples + 1 offsets
  uint32_t *frame;
  int64_t *value;
  uint32_t *sample_labels;
  size_t stack_cap, frame_cap, value_cap, sample_labels_cap;

  struct places places;

  struct label *label;
  uint32_t n_labels;
  size_t label_cap;
  struct label_set *label_set;
  uint32_t n_label_sets;
  size_t label_set_cap;
  struct index label_set_index;

  int64_t time_nanos, duration_nanos, period;
  struct value_type period_type;
  uint32_t default_sample_type, drop_frames, keep_frames, doc_url;
  uint32_t *comment;
  uint32_t n_comments;
  size_t comment_cap;
};

static inline struct str profile_str(const struct profile *p, uint32_t number) {
  return strings_at(&p->strings, number);
}
static inline const int64_t *profile_values(const struct profile *p, uint32_t sample) {
  return p->value + (size_t)sample * p->n_sample_types;
}
static inline uint32_t profile_label_set(const struct profile *p, uint32_t sample) {
  return p->sample_labels ? p->sample_labels[sample] : NONE;
}

// ---- reading ------------------------------------------------------------------------------------

// Reads a profile from a descriptor: profile.proto, a legacy format or collapsed stacks, gzip-compressed or not. The
// message on failure says what is wrong but not in which file (the caller knows). Ids are checked, every reference
// resolves, every sample has one value a type. `limit` is that of base/gzip.h.
struct profile *profile_read(int fd, uint64_t limit, struct err *e);
struct profile *profile_read_memory(struct str bytes, uint64_t limit, struct err *e);
void profile_free(struct profile *p);

// ---- building -----------------------------------------------------------------------------------
// For decoders, the recorder and tests. Each returns the new index or NONE when memory ran out (or 2^32-1 are there).

struct profile *profile_new(struct err *e);
uint32_t profile_add_string(struct profile *p, struct str text);
uint32_t profile_add_sample_type(struct profile *p, struct str type, struct str unit);
uint32_t profile_add_mapping(struct profile *p, const struct mapping *m);
uint32_t profile_add_function(struct profile *p, const struct function *f);
// Of those entered in `known` the one that equals *f but for its id; else a new one, which is entered. Its id is the next where
// they are 1, 2, 3, ….
uint32_t profile_share_function(struct profile *p, struct index *known, const struct function *f);
// `first_line` of *l is ignored: its n_lines lines are copied from `lines`.
uint32_t profile_add_location(struct profile *p, const struct location *l, const struct line *lines);
uint32_t profile_add_comment(struct profile *p, struct str text);
// Sorts as described above, pads units and shares equal sets. n == 0 gives NONE, which means "no labels": call it only
// with labels.
uint32_t profile_add_label_set(struct profile *p, struct label *labels, uint32_t n);
// All sample types must be there. 0 or -1 (out of memory or more than 2^32-1 frames).
int profile_add_sample(struct profile *p, const uint32_t *frames, uint32_t n_frames, const int64_t *values,
                       uint32_t label_set);

// Every reference resolves, ids are not 0 and not used twice, types exist where samples do. Builders call it last.
int profile_check(const struct profile *p, struct err *e);

// Numbers of the column to report: by name, by index, or the default (the profile's default type, else the last one).
// `inuse_` before a name may be missing in the profile. Fails with a message that lists the types.
int profile_sample_index(const struct profile *p, struct str wanted, uint32_t *index, struct err *e);

// The labels of a set; *n is 0 for NONE.
static inline const struct label *profile_labels(const struct profile *p, uint32_t set, uint32_t *n) {
  if (set == NONE) {
    *n = 0;
    return NULL;
  }
  *n = p->label_set[set].n;
  return p->label + p->label_set[set].first;
}

// ---- load-time changes (before anything else reads the profile) -----------------------------------

// Multiplies every value by the ratio of its type, rounding to nearest, and drops samples that had a changed column and
// ended with none but zeros there.
int profile_scale(struct profile *p, const double *ratios, struct err *e);
// Scales p so that the sum of each sample type equals base's.
int profile_normalize(struct profile *p, const struct profile *base, struct err *e);
// Sets a text label on every sample (replacing other values of the key).
int profile_set_label(struct profile *p, struct str key, struct str value, struct err *e);
// Cuts stacks at frames that the profile's drop_frames matches and its keep_frames does not.
int profile_prune(struct profile *p, struct err *e);

// ---- merging ------------------------------------------------------------------------------------

// One profile from several, in the order given: equal samples are added, all-zero ones dropped, ids renumbered in
// first-seen order; sample types are reduced to those that all have, units scaled to the finest. One profile comes
// back as it is. Takes ownership of the sources in every case (the array stays the caller's, its pointers are NULLed).
struct profile *profile_merge(struct profile **sources, size_t n, struct err *e);

// The same one by one: profiles of the same types are merged as they are added, so that memory follows the result and
// not their number. `add` takes the profile in every case; `finish`, with at least one added, frees the merger.
struct profile_merger;
struct profile_merger *profile_merger_new(struct err *e);
int profile_merger_add(struct profile_merger *m, struct profile *p, struct err *e);
struct profile *profile_merger_finish(struct profile_merger *m, struct err *e);
void profile_merger_free(struct profile_merger *m);

// ---- writing ------------------------------------------------------------------------------------

struct view;  // profile/view.h
// The profile as the view shows it, as uncompressed profile.proto bytes, deterministic: string table in first-use
// order, labels sorted. `ratio` other than 1 multiplies the values (truncating).
int profile_encode(const struct view *v, double ratio, struct buf *out, struct err *e);
// The same, compressed on the way as one gzip member: the uncompressed bytes are never held as a whole.
int profile_encode_gzip(const struct view *v, double ratio, struct buf *out, struct err *e);

#endif
