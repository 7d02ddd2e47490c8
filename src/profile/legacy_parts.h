// What the files of the legacy formats share. Included by legacy*.c only.
//
// The rules of the formats are those of google/pprof (profile/legacy_profile.go, legacy_java_profile.go), where they
// are mostly regular expressions. Here they are scanners: functions that take text off the front of a `struct str`.
#ifndef CPROF_PROFILE_LEGACY_PARTS_H
#define CPROF_PROFILE_LEGACY_PARTS_H

#include "profile/legacy.h"

// What a format makes of a file. OTHER: it is none of mine, or too unlike; the next format may try. BROKEN ends it all.
enum legacy_result { LEGACY_READ, LEGACY_OTHER, LEGACY_BROKEN };

// ---- scanning text (legacy_text.c) ----------------------------------------------------------------

// Classes of characters, to be or'ed.
enum {
  IN_DIGIT = 1,        // 0-9
  IN_HEX = 2,          // 0-9 a-f A-F
  IN_LOW_HEX = 4,      // 0-9 a-f
  IN_SPACE = 8,        // blank, tab, newline, form feed, carriage return; no vertical tab
  IN_BLANK = 16,       // blank
  IN_STACK = 32,       // blank, x and IN_LOW_HEX: what may follow the @ of a sample
  IN_PERM = 64,        // - r w x p
  IN_NAME = 128,       // 0-9 a-z _
  IN_ATTRIBUTE = 256,  // 0-9 a-z A-Z _ and blank
  IN_VISIBLE = 512,    // all but IN_SPACE
};
// Takes the longest run of characters of the classes, maybe empty, off the front.
struct str text_take(struct str *s, unsigned classes);
// Takes the literal off the front if it is there.
bool text_skip(struct str *s, const char *literal);
// Moves to the first character of the classes; false when there is none.
bool text_seek(struct str *s, unsigned classes);
// Moves behind the first occurrence of the literal; false when there is none.
bool text_seek_behind(struct str *s, const char *literal);
static inline bool text_has(struct str s, const char *part) { return str_find(s, str_of(part)) != SIZE_MAX; }
static inline bool text_starts(struct str s, const char *part) { return str_starts(s, str_of(part)); }
// Nothing but white space, or a '#' after it.
bool text_is_comment(struct str line);
// Does the line announce the memory map?
bool text_announces_maps(struct str line);

// The integer that all of the text is, as Go's strconv reads it: base 0 knows the prefixes 0x, 0o, 0b, 0 and
// underscores between digits. False when it is none or out of range.
bool text_int64(struct str s, int base, int64_t *value);
bool text_uint64(struct str s, int base, uint64_t *value);

// Lines, as Go's bufio.Scanner gives them: without the newline and one carriage return before it; a line too long for
// the scanner's buffer ends the text and is an error.
struct text_lines {
  struct str rest;
  struct str line;  // "" before the first and after the last
  size_t number;    // of `line`, from 1
  bool too_long;
};
bool text_next(struct text_lines *t);
// Skips comments; false when nothing else is left.
bool text_next_content(struct text_lines *t);
int text_too_long(const struct text_lines *t, struct err *e);

// ---- the profile in the making (legacy_draft.c) -----------------------------------------------------

// Return addresses point behind the call. One less lands on it.
enum adjust { ADJUST_NONE, ADJUST_ALL, ADJUST_CALLERS };

struct draft {
  struct profile *p;
  enum adjust adjust;
  bool leaf_twice;  // the leaf may be there a second time, less one

  struct map64 numbers;  // address -> its number, in the order of appearance
  uint64_t *address;
  uint32_t n_addresses;
  size_t address_cap;

  uint64_t *stack;  // of the sample under construction
  uint32_t *frame;  // the same as numbers
  size_t n_stack, stack_cap, frame_cap;

  struct mapping *mapping;
  uint32_t n_mappings;
  size_t mapping_cap;
};
int draft_init(struct draft *d, struct err *e);
void draft_release(struct draft *d);
// What a column holds; what a period is.
int draft_sample_type(struct draft *d, struct str type, struct str unit, struct err *e);
int draft_period_type(struct draft *d, struct str type, struct str unit, struct err *e);
int draft_push(struct draft *d, uint64_t address, struct err *e);
// Pushes every 0x-number of the text.
int draft_push_all(struct draft *d, struct str text, size_t line, struct err *e);
// The sample with the stack that was pushed.
int draft_sample(struct draft *d, const int64_t *values, struct err *e);
// The same with the label bytes:[block_size].
int draft_sample_of_size(struct draft *d, const int64_t *values, int64_t block_size, struct err *e);
// Adds mappings and locations. `lines` is NULL or holds for each address its line (function NONE: unknown); then the
// addresses themselves do not go into the profile.
int draft_finish(struct draft *d, const struct line *lines, struct err *e);

// ---- memory maps ----------------------------------------------------------------------------------

// legacy_maps.c: the rest of the lines is a memory map; or: the rest holds one behind an announcement, maybe.
int maps_read(struct draft *d, struct text_lines *t, struct err *e);
int maps_find_and_read(struct draft *d, struct text_lines *t, struct err *e);

// legacy_tidy.c: joins split mappings and moves the main binary to the front.
int maps_tidy(struct draft *d, struct err *e);
// legacy_assign.c: finds the mapping of each address (NONE for address 0), in order; changes and adds mappings.
int maps_assign(struct draft *d, const uint64_t *address, uint32_t *mapping_of, struct err *e);

// legacy_attributes.c: the lines "name=value" of a memory map and the replacement of $name behind them.
struct attribute {
  struct str name, value;
};
struct attributes {
  struct arena bytes;
  struct attribute *at;
  uint32_t n;
  size_t cap;
  struct index index;
  bool has_length[257];  // is there a name of this length?
  struct buf expanded;
  size_t budget;  // bytes that expansions may still produce
};
int attributes_define(struct attributes *a, struct str line, struct err *e);
// Replaces in *line, which is then a view of memory valid until the next call.
int attributes_expand(struct attributes *a, struct str *line, struct err *e);
void attributes_release(struct attributes *a);

// ---- values (legacy_unsample.c) and frames to drop (legacy_frames.c) --------------------------------

void unsample(int64_t *count, int64_t *size, int64_t rate);
int frames_to_drop(struct profile *p, struct err *e);

// ---- the formats ----------------------------------------------------------------------------------

// Reads `bytes` in one format: *p is the checked profile, the caller's, on LEGACY_READ only.
typedef enum legacy_result legacy_reader(struct draft *d, struct str bytes, struct err *e);
enum legacy_result legacy_read_as(legacy_reader *read, struct str bytes, struct profile **p, struct err *e);

bool cpu_sniff(struct str prefix);
enum legacy_result cpu_read(struct draft *d, struct str bytes, struct err *e);
bool heap_sniff(struct str prefix);
enum legacy_result heap_read(struct draft *d, struct str bytes, struct err *e);
bool count_sniff(struct str prefix);
enum legacy_result count_read(struct draft *d, struct str bytes, struct err *e);
bool thread_sniff(struct str prefix);
enum legacy_result thread_read(struct draft *d, struct str bytes, struct err *e);
bool contention_sniff(struct str prefix);
enum legacy_result contention_read(struct draft *d, struct str bytes, struct err *e);
bool java_sniff(struct str prefix);
enum legacy_result java_read(struct draft *d, struct str bytes, struct err *e);
// The end of every Java profile: "0xADDRESS function (file:line)". Finishes the draft.
int java_read_places(struct draft *d, struct str text, size_t line, struct err *e);

#endif
