// The end of a Java profile: what the addresses of its samples stand for, a line each.
//   0x3 com.example.f (Source.java:103)
//   0x4 memcpy (/lib/libc.so)
//   0x5 GC
// Functions are told apart by name alone; the first file named for one stays.
#include <stdlib.h>

#include "profile/legacy_parts.h"

struct place {
  struct str function, file;
  int64_t line;
};

struct functions {
  struct place *at;
  uint32_t *added_as;  // number in the profile
  uint32_t n;
  size_t cap;
  struct index index;
};

// Splits "TEXT (INSIDE)" at the last opening parenthesis behind white space. The parenthesis must come before `end`.
static bool split_parenthesis(struct str s, size_t end, struct str *text, struct str *inside) {
  if (s.n == 0 || s.p[s.n - 1] != ')') return false;
  for (size_t open = end; open-- > 1;) {
    if (s.p[open] != '(' || !text_take(&(struct str){s.p + open - 1, 1}, IN_SPACE).n) continue;
    *text = (struct str){s.p, open - 1};
    *inside = (struct str){s.p + open + 1, s.n - open - 2};
    return true;
  }
  return false;
}

// Where ":N)" or ":-N)" begins at the end of the text, SIZE_MAX if it does not.
static size_t find_line_number(struct str s) {
  if (s.n == 0 || s.p[s.n - 1] != ')') return SIZE_MAX;
  size_t digits = s.n - 1;
  while (digits && s.p[digits - 1] >= '0' && s.p[digits - 1] <= '9') digits--;
  if (digits == s.n - 1) return SIZE_MAX;
  if (digits && s.p[digits - 1] == '-') digits--;
  return digits && s.p[digits - 1] == ':' ? digits - 1 : SIZE_MAX;
}

static struct place describe(struct str text) {
  struct place place = {0};
  struct str inside;
  size_t colon = find_line_number(text);
  // At least one character of the file's name comes before the colon.
  if (colon != SIZE_MAX && colon > 0 && split_parenthesis(text, colon - 1, &place.function, &inside)) {
    const char *at = text.p + colon + 1;
    struct str number = {at, (size_t)(inside.p + inside.n - at)};
    place.file = (struct str){inside.p, (size_t)(at - 1 - inside.p)};
    if (!text_int64(number, 10, &place.line) || place.line < 0) place.line = 0;
  } else if (text.n && split_parenthesis(text, text.n - 1, &place.function, &inside)) {
    place.file = path_base(inside);  // a library, whose directory is of no interest
  } else {
    place.function = text_has(text, "generated stub/JIT") ? STR_LIT("STUB") : text;
  }
  return place;
}

static uint32_t function_of(struct functions *f, const struct place *place, struct err *e) {
  uint64_t hash = hash_bytes(place->function.p, place->function.n, 0);
  size_t at = 0;
  for (uint32_t i = index_first(&f->index, hash, &at); i != MAP_NONE; i = index_next(&f->index, hash, &at))
    if (str_eq(f->at[i].function, place->function)) return i;
  if (f->n == NONE - 1 || ARRAY_RESERVE(f->at, f->cap, (size_t)f->n + 1) || index_add(&f->index, hash, f->n)) {
    err_nomem(e);
    return NONE;
  }
  f->at[f->n] = *place;
  return f->n++;
}

// "0xADDRESS PLACE". Other lines, and addresses of no sample, are passed over. A later line for an address wins.
static int read_place(struct draft *d, struct functions *f, struct str line, size_t number, struct line *lines,
                      struct err *e) {
  uint64_t address;
  if (!text_skip(&line, "0x")) return 0;
  struct str digits = text_take(&line, IN_HEX);
  if (!digits.n || !text_take(&line, IN_SPACE).n) return 0;
  if (!text_uint64(digits, 16, &address)) return err_set(e, "line %zu: an address of more than 64 bits", number);
  uint32_t i = map64_get(&d->numbers, address);
  if (i == MAP_NONE) return 0;
  struct place place = describe(line);
  lines[i] = (struct line){.line = place.line, .function = function_of(f, &place, e)};
  return lines[i].function == NONE ? -1 : 0;
}

static int read_all(struct draft *d, struct functions *f, struct str rest, size_t number, struct line *lines,
                    struct err *e) {
  for (; rest.n; number++) {
    const char *end = memchr(rest.p, '\n', rest.n);
    size_t n = end ? (size_t)(end - rest.p) : rest.n;
    if (read_place(d, f, str_trim_space((struct str){rest.p, n}), number, lines, e)) return -1;
    n += end != NULL;
    rest = (struct str){rest.p + n, rest.n - n};
  }
  return 0;
}

static uint32_t add_function(struct profile *p, const struct place *place) {
  struct function new = {.id = (uint64_t)p->places.n_functions + 1};
  new.name = new.system_name = profile_add_string(p, place->function);
  new.filename = profile_add_string(p, place->file);
  return new.name == NONE || new.filename == NONE ? NONE : profile_add_function(p, &new);
}

// Adds the functions that are used, in the order of the addresses, and puts their numbers into the lines.
static int add_functions(struct draft *d, struct functions *f, struct line *lines, struct err *e) {
  f->added_as = malloc(((size_t)f->n + 1) * sizeof *f->added_as);
  if (!f->added_as) return err_nomem(e);
  memset(f->added_as, 0xff, (size_t)f->n * sizeof *f->added_as);
  for (uint32_t i = 0; i < d->n_addresses; i++) {
    if (lines[i].function == NONE) continue;
    uint32_t *number = &f->added_as[lines[i].function];
    if (*number == NONE) *number = add_function(d->p, &f->at[lines[i].function]);
    if (*number == NONE) return err_nomem(e);
    lines[i].function = *number;
  }
  return 0;
}

int java_read_places(struct draft *d, struct str text, size_t line, struct err *e) {
  struct functions f = {0};
  int result = -1;
  struct line *lines = malloc(((size_t)d->n_addresses + 1) * sizeof *lines);
  if (!lines) return err_nomem(e);
  for (uint32_t i = 0; i < d->n_addresses; i++) lines[i] = (struct line){.function = NONE};
  if (read_all(d, &f, text, line, lines, e) || add_functions(d, &f, lines, e)) goto done;
  result = draft_finish(d, lines, e);
done:
  free(f.at);
  free(f.added_as);
  index_release(&f.index);
  free(lines);
  return result;
}
