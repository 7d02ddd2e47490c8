// base: what every other module stands on. No knowledge of profiles here.
//
// Conventions of the whole project:
//   * A function that can fail returns 0 on success and -1 on failure, and writes one line into the
//     caller's `struct err` (no newline, no "error:" prefix). Functions that return a pointer return NULL.
//   * `_init`/`_release` work on memory the caller owns; `_new`/`_free` own the memory themselves.
//     `_release` and `_free` accept zeroed or NULL objects and may be called twice.
//   * Nothing here writes to a stream, exits, or keeps state at file scope. Two threads may use two
//     objects at once; one object belongs to one thread unless its header says otherwise.
#ifndef CPROF_BASE_H
#define CPROF_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

// ---- errors -------------------------------------------------------------------------------------

struct err {
  char text[1024];
};

// Formats a message and returns -1, so that `return err_set(e, "...")` reads well. The first message wins:
// a caller that adds context uses err_wrap. `e` may be NULL.
int err_set(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Puts "prefix: " before the message that is there.
int err_wrap(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_nomem(struct err *e);
// "what: reason", the reason being errno's.
int err_system(struct err *e, const char *what);
void err_clear(struct err *e);

// ---- integers -----------------------------------------------------------------------------------

// Sums of sample values wrap around as Go's int64 does.
static inline int64_t wrap_add(int64_t a, int64_t b) { return (int64_t)((uint64_t)a + (uint64_t)b); }
static inline int64_t wrap_neg(int64_t a) { return (int64_t)(0 - (uint64_t)a); }
static inline int64_t wrap_abs(int64_t a) { return a < 0 ? wrap_neg(a) : a; }
// For sorting: the larger magnitude first, as the reference compares them (the smallest int64 stays negative).
static inline int compare_magnitudes(int64_t a, int64_t b) {
  int64_t x = wrap_abs(a), y = wrap_abs(b);
  return (x < y) - (x > y);
}
static inline int64_t wrap_mul(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
// Quotient of two int64 as Go gives it; b is not 0.
static inline int64_t wrap_div(int64_t a, int64_t b) { return b == -1 ? wrap_neg(a) : a / b; }
// int64(f) as Go's amd64 compiler gives it: truncated, and the smallest int64 for what does not fit.
int64_t int64_from_double(double f);

// ---- growing arrays -----------------------------------------------------------------------------

// Makes room for `need` elements in a malloc'ed array. 0, or -1 when memory ran out (the array is kept).
//   struct line *line = NULL; size_t cap = 0;
//   if (ARRAY_RESERVE(line, cap, n + 1)) return err_nomem(e);
// Growth is by half; a large array moves by remapping, and capacity that is not written costs no memory.
#define ARRAY_RESERVE(array, cap, need) \
  ((need) <= (cap) ? 0 : array_reserve((void *)&(array), &(cap), (need), sizeof *(array)))
int array_reserve(void *array_ptr, size_t *cap, size_t need, size_t element_size);

// ---- threads ------------------------------------------------------------------------------------

// How many threads this machine runs side by side: 1 to `most`.
unsigned cores_online(unsigned most);

// ---- clocks -------------------------------------------------------------------------------------

int64_t clock_nanoseconds(clockid_t clock);
int64_t clock_milliseconds(void);  // CLOCK_MONOTONIC

// ---- arena --------------------------------------------------------------------------------------

// Memory with one lifetime: allocated piece by piece, released at once. Zero-initialised is empty and
// ready. Pieces are aligned for any type. NULL when memory ran out.
struct arena_chunk;
struct arena {
  struct arena_chunk *chunk;
};
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *bytes, size_t size);
// Forgets every piece but keeps the newest chunk for reuse.
void arena_clear(struct arena *a);
void arena_release(struct arena *a);

// ---- strings ------------------------------------------------------------------------------------

// Bytes with a length; not NUL-terminated unless said so, may hold any byte.
struct str {
  const char *p;
  size_t n;
};
#define STR_LIT(s) ((struct str){(s), sizeof(s) - 1})
#define STR_ARG(s) (int)(s).n, (s).p  // for printf's %.*s
static inline struct str str_of(const char *s) { return (struct str){s, strlen(s)}; }
// A NUL-terminated copy. NULL when memory ran out.
char *arena_text(struct arena *a, struct str s);
bool str_eq(struct str a, struct str b);
int str_cmp(struct str a, struct str b);  // as memcmp on the common length, then by length
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
// Index of the first occurrence, or SIZE_MAX.
size_t str_find(struct str s, struct str needle);
struct str str_trim_space(struct str s);  // Unicode's white space, at both ends
// The part after the last '/', as Go's filepath.Base gives it (never empty: "." or "/").
struct str path_base(struct str path);
// Appends the shortest equal path, by its text alone, as Go's filepath.Clean does ("" becomes ".").
struct buf;
void path_clean(struct buf *out, struct str path);
// Appends the cleaned path without its last element, as Go's filepath.Dir gives it ("." or "/" at the end of the way
// up).
void path_parent(struct buf *out, struct str path);
// The next element of a list separated by ':', which may be empty; an empty list has none. false at the end.
//   struct str list = path_list(text), element;
//   while (path_list_next(&list, &element)) ...
struct str path_list(struct str text);
bool path_list_next(struct str *list, struct str *element);
// What is left of a source file's path: without the first prefix of `trim_path` it begins with, or when that list is
// empty, without all up to a folder named like the last element of one in `source_path`. Both are lists.
struct str path_trim(struct str path, struct str trim_path, struct str source_path);

// ---- output buffer ------------------------------------------------------------------------------

// Growing bytes. Sticky: after a failed allocation it stays failed and ignores what comes, so that
// writers need no checks; whoever reads it at the end looks at `failed` once. data is NUL-terminated
// whenever it is not NULL.
struct buf {
  char *data;
  size_t n, cap;
  bool failed;
};
void buf_add(struct buf *b, const void *bytes, size_t n);
// Where the next n bytes go, for a caller that writes them itself and adds their count to b->n. NULL when the buffer
// failed.
char *buf_room(struct buf *b, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_str(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_pad(struct buf *b, char c, size_t count);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_i64(struct buf *b, int64_t v);
// Right-aligned in `width` columns; the width counts runes as Go's %10s does, not bytes.
void buf_right(struct buf *b, struct str s, size_t width);
void buf_left(struct buf *b, struct str s, size_t width);
// Empties it; what failed stays failed until it is released.
void buf_clear(struct buf *b);
void buf_release(struct buf *b);
struct str buf_view(const struct buf *b);
int hex_digit(int c);  // its value in either case; -1: it is none
// Reads a number of hexadecimal digits. false where there is none, something else, or more than 64 bits.
bool hex_number(struct str digits, uint64_t *value);
// Appends the text with each %41 as the byte it stands for, and with `plus` a + as a space. -1 where a % begins nothing of
// the kind.
int percent_decode(struct buf *out, struct str text, bool plus);
// Number of runes, an invalid byte counting as one.
size_t utf8_runes(struct str s);
// Length of the rune at the start of s, which is not empty; 1 for a byte that starts none.
size_t utf8_rune_length(struct str s);

// ---- files --------------------------------------------------------------------------------------

// Appends what is left to be read, at most so many bytes. 0, or -1 with errno; out->failed is set when memory ran out.
int fd_read(int fd, size_t most, struct buf *out);
// Writes all of it. 0, or -1 with errno.
int fd_write(int fd, struct str bytes);

// ---- hashing ------------------------------------------------------------------------------------

uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed);
uint64_t hash_u64(uint64_t v);

// A map from 64-bit keys to 32-bit values. Zero-initialised is empty and ready.
#define MAP_NONE UINT32_MAX
struct map64 {
  uint64_t *key;
  uint32_t *value;  // MAP_NONE marks a free slot
  size_t n, cap;    // cap is a power of two
  uint64_t seed;
};
uint32_t map64_get(const struct map64 *m, uint64_t key);  // MAP_NONE when absent
// Returns 0, or -1 when memory ran out. The value is not MAP_NONE.
int map64_put(struct map64 *m, uint64_t key, uint32_t value);
void map64_release(struct map64 *m);

// An index over records the caller keeps in an array: finds the number of an equal record by hash. The
// caller compares. Usage:
//   for (uint32_t i = index_first(&ix, h, &at); i != MAP_NONE; i = index_next(&ix, h, &at))
//     if (same(record[i], wanted)) return i;
//   index_add(&ix, h, n_records);
struct index {
  struct index_slot *slot;
  size_t n, cap;
};
struct index_slot {
  uint32_t record;  // MAP_NONE when free
  uint32_t check;   // upper half of the hash: all of it that counts
};
uint32_t index_first(const struct index *ix, uint64_t hash, size_t *at);
uint32_t index_next(const struct index *ix, uint64_t hash, size_t *at);
int index_add(struct index *ix, uint64_t hash, uint32_t record);
void index_release(struct index *ix);

// Looks for many at once. A look-up goes to several places in memory, one after the other; so a few are under way at a time,
// and together they take a fraction of what they would take alone.
struct index_search {
  const struct index *index;
  const void *records;  // the array, and the size of an element
  size_t record_size;
  const uint32_t *check;  // of those that are looked for: the upper halves of their hashes
  size_t n;
  void *arg;
  // Is the record the one that is looked for as number i?
  bool (*same)(void *arg, size_t i, uint32_t record);
  // Prefetches what else `same` will read of a record; NULL: nothing.
  void (*expect)(void *arg, uint32_t record);
};
void index_find_all(const struct index_search *s, uint32_t *found);  // n records, MAP_NONE where there is none

// ---- interned strings ---------------------------------------------------------------------------

// A pool of distinct strings, numbered from 0; number 0 is the empty string. A pool may stand on an older
// one (`below`), whose numbers it continues and which must outlive it unchanged: this is how a view adds names
// to an immutable profile. Bytes are copied and NUL-terminated. Reading is safe from several threads.
#define STRINGS_NONE UINT32_MAX
struct strings {
  const struct strings *below;
  struct arena bytes;
  struct str *at;
  uint32_t *check;  // a string: the half of its hash that the index goes by
  size_t cap, check_cap;
  uint32_t first, n;  // numbers first .. n-1 are stored here
  struct index index;
};
int strings_init(struct strings *s, const struct strings *below);
// The number of the string, STRINGS_NONE when memory ran out (or 2^32-1 strings are there).
uint32_t strings_add(struct strings *s, struct str text);
// The same for a string of another pool, whose hash is known there.
uint32_t strings_add_from(struct strings *s, const struct strings *other, uint32_t number);
uint32_t strings_find(const struct strings *s, struct str text);  // STRINGS_NONE when absent
// The same for each string of another pool, at its number: much faster than one by one. Neither pool stands on an older one.
void strings_find_all(const struct strings *s, const struct strings *other, uint32_t *number);
static inline struct str strings_at(const struct strings *s, uint32_t number) {
  while (number < s->first) s = s->below;
  return s->at[number - s->first];
}
void strings_release(struct strings *s);

#endif
