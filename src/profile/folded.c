// A frame is only a name: each name is one function and one location without an address. Lines are taken off the blocks
// as they come; what is kept beside the profile is the start of a line that goes on in the next block.
#include "profile/folded.h"

#include <stdlib.h>

#include "base/gzip.h"

struct folded {
  struct profile *p;
  struct map64 location_of;  // of the number of a name
  uint32_t *frame;           // of the stack being read
  size_t frame_cap;
  struct buf start;         // of a line
  size_t line, first_line;  // the numbers of this line and the first with a stack
};

enum { BLOCK = 64 << 10 };  // a prefix that is shorter is the whole file

// ---- lines --------------------------------------------------------------------------------------

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static struct str without_blanks_behind(struct str s) {
  while (s.n && is_blank(s.p[s.n - 1])) s.n--;
  return s;
}

static bool is_ignored(struct str line) { return line.n == 0 || line.p[0] == '#'; }

// Takes the word at the end and the blanks before it off. A line that is one word becomes empty.
static struct str take_last_word(struct str *line) {
  size_t from = line->n;
  while (from && !is_blank(line->p[from - 1])) from--;
  struct str word = {line->p + from, line->n - from};
  line->n = from;
  *line = without_blanks_behind(*line);
  return word;
}

// -?[0-9]+
static bool is_number(struct str s) {
  size_t sign = s.n && s.p[0] == '-';
  for (size_t i = sign; i < s.n; i++)
    if (s.p[i] < '0' || s.p[i] > '9') return false;
  return s.n > sign;
}

static bool parse_number(struct str s, int64_t *value) {
  bool negative = s.p[0] == '-';
  *value = 0;
  for (size_t i = negative; i < s.n; i++) {
    int64_t digit = s.p[i] - '0';
    if (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, negative ? -digit : digit, value))
      return false;
  }
  return true;
}

// ---- telling it apart ---------------------------------------------------------------------------

static bool has_control(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return true;
  return false;
}

// Digits with points, commas and signs: what some may take for a value.
static bool is_like_a_number(struct str s) {
  bool digit = false;
  for (size_t i = 0; i < s.n; i++) {
    bool here = s.p[i] >= '0' && s.p[i] <= '9';
    if (!here && !strchr("+-.,", s.p[i])) return false;
    digit |= here;
  }
  return digit;
}

// A line that the prefix cuts shows no value, so it has to hold several frames.
static bool is_stack(struct str line, bool cut) {
  if (has_control(line)) return false;
  if (cut) return str_find(line, STR_LIT(";")) != SIZE_MAX;
  struct str value = take_last_word(&line);
  return line.n && is_like_a_number(value);
}

// Every profile.proto has a zero byte near its end at the latest, the length of its first string.
bool folded_sniff(struct str prefix) {
  size_t n = prefix.n;
  if (memchr(prefix.p, '\0', n)) return false;
  for (struct str rest = prefix; rest.n;) {
    const char *end = memchr(rest.p, '\n', rest.n);
    struct str line = without_blanks_behind((struct str){rest.p, end ? (size_t)(end - rest.p) : rest.n});
    if (!is_ignored(line)) return is_stack(line, !end && n >= BLOCK);
    size_t taken = end ? (size_t)(end - rest.p) + 1 : rest.n;
    rest = (struct str){rest.p + taken, rest.n - taken};
  }
  return false;
}

// ---- samples ------------------------------------------------------------------------------------

// The reader of names leaves those alone that are no symbols: <module> is a name in Python, not a template argument.
static bool is_symbol(struct str name) {
  return str_starts(name, STR_LIT("_Z")) || str_starts(name, STR_LIT("__Z")) || str_starts(name, STR_LIT("_R"));
}

// The location of a name, NONE when memory ran out.
static uint32_t location_of(struct folded *f, struct str name) {
  struct profile *p = f->p;
  uint32_t number = profile_add_string(p, name);
  uint32_t known = number == NONE ? NONE : map64_get(&f->location_of, number);
  if (number == NONE || known != MAP_NONE) return known;
  struct function function = {
      .id = (uint64_t)p->places.n_functions + 1, .name = number, .system_name = is_symbol(name) ? number : 0};
  struct line line = {.function = profile_add_function(p, &function)};
  struct location location = {.id = (uint64_t)p->places.n_locations + 1, .mapping = NONE, .n_lines = 1};
  if (line.function == NONE) return NONE;
  uint32_t added = profile_add_location(p, &location, &line);
  return added == NONE || map64_put(&f->location_of, number, added) ? NONE : added;
}

static int add_sample(struct folded *f, struct str stack, const int64_t *values) {
  uint32_t n = 0;
  for (bool more = true; more; n++) {
    const char *before = memrchr(stack.p, ';', stack.n);
    size_t from = before ? (size_t)(before - stack.p) + 1 : 0;
    if (n == NONE || ARRAY_RESERVE(f->frame, f->frame_cap, (size_t)n + 1)) return -1;
    f->frame[n] = location_of(f, (struct str){stack.p + from, stack.n - from});
    if (f->frame[n] == NONE) return -1;
    more = before != NULL;
    if (more) stack.n = from - 1;
  }
  return profile_add_sample(f->p, f->frame, n, values, NONE);
}

static int add_types(struct folded *f, bool comparison) {
  const struct str count = STR_LIT("count");
  f->first_line = f->line;
  if (!comparison) return profile_add_sample_type(f->p, STR_LIT("samples"), count) == NONE ? -1 : 0;
  bool added = profile_add_sample_type(f->p, STR_LIT("before"), count) != NONE &&
               profile_add_sample_type(f->p, STR_LIT("after"), count) != NONE;
  return added ? 0 : -1;
}

// Is there one more number behind the stack? Elsewhere than in a comparison it belongs to the name.
static bool ends_in_number(struct str stack) {
  struct str word = take_last_word(&stack);
  return stack.n && is_number(word);
}

static int parse_values(const struct folded *f, const struct str *text, int64_t *values, struct err *e) {
  for (uint32_t i = 0; i < f->p->n_sample_types; i++) {
    if (!is_number(text[i])) return err_set(e, "line %zu: the value is not a whole number", f->line);
    if (!parse_number(text[i], &values[i])) return err_set(e, "line %zu: the value takes more than 64 bits", f->line);
  }
  return 0;
}

static int read_line(struct folded *f, struct str line, struct err *e) {
  int64_t values[2];
  f->line++;
  struct str stack = without_blanks_behind(line), text[2];
  if (is_ignored(stack)) return 0;
  struct str last = take_last_word(&stack);
  if (f->p->n_sample_types == 0 && add_types(f, is_number(last) && ends_in_number(stack))) return err_nomem(e);
  bool comparison = f->p->n_sample_types == 2;
  text[comparison] = last;
  if (comparison && !ends_in_number(stack))
    return err_set(e, "line %zu: not a stack and two values as in line %zu", f->line, f->first_line);
  if (comparison) text[0] = take_last_word(&stack);
  if (!stack.n) return err_set(e, "line %zu: not a stack, a blank and its value", f->line);
  if (parse_values(f, text, values, e)) return -1;
  return add_sample(f, stack, values) ? err_nomem(e) : 0;
}

static int read_block(struct folded *f, struct str block, struct err *e) {
  while (block.n) {
    const char *end = memchr(block.p, '\n', block.n);
    struct str line = {block.p, end ? (size_t)(end - block.p) : block.n};
    if (!end || f->start.n) buf_str(&f->start, line);
    if (f->start.failed) return err_nomem(e);
    if (!end) return 0;
    if (read_line(f, f->start.n ? buf_view(&f->start) : line, e)) return -1;
    buf_clear(&f->start);
    block = (struct str){block.p + line.n + 1, block.n - line.n - 1};
  }
  return 0;
}

static int read_blocks(struct folded *f, struct source *s, struct str first, struct err *e) {
  int more = 1;
  for (struct str block = first; more > 0; more = source_next(s, &block, e))
    if (read_block(f, block, e)) return -1;
  if (more < 0 || (f->start.n && read_line(f, buf_view(&f->start), e))) return -1;
  if (f->p->n_sample_types == 0) return err_set(e, "the file holds no stacks");
  return profile_check(f->p, e);
}

struct profile *folded_read(struct source *s, struct str first, struct err *e) {
  struct folded f = {.p = profile_new(e)};
  if (f.p && read_blocks(&f, s, first, e)) {
    profile_free(f.p);
    f.p = NULL;
  }
  map64_release(&f.location_of);
  free(f.frame);
  buf_release(&f.start);
  return f.p;
}
