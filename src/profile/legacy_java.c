// Profiles of the Java agent. Heap and contention are text; CPU profiles (legacy_cpu.c) share the last part.
//   --- heapz 1 ---             or contentionz
//   format = java               attributes
//   resolution = bytes          the unit of the second column
//       7048     1 @ 0x3 0x4    samples, the values in the reverse of the usual order
//   0x3 com.example.f (Source.java:103)
// Addresses are only numbers for places, so the finished profile has none.
#include "profile/legacy_parts.h"

enum { SAMPLING_RATE = 512 << 10 };  // of the heap profiler

struct java {
  struct draft *d;
  bool heap;  // else contention
  struct str rest;
  size_t number;  // of the line at the front of rest
};

static bool match_header(struct str line, bool *heap) {
  line = str_trim_space(line);
  *heap = str_eq(line, STR_LIT("--- heapz 1 ---"));
  return *heap || str_eq(line, STR_LIT("--- contentionz 1 ---"));
}

// The line at the front, trimmed. Only places may stand in a last line without a newline.
static bool peek(const struct java *j, struct str *line) {
  const char *end = j->rest.n ? memchr(j->rest.p, '\n', j->rest.n) : NULL;
  if (!end) return false;
  *line = str_trim_space((struct str){j->rest.p, (size_t)(end - j->rest.p)});
  return true;
}

static void advance(struct java *j) {
  const char *end = memchr(j->rest.p, '\n', j->rest.n);
  size_t n = (size_t)(end - j->rest.p) + 1;
  j->rest = (struct str){j->rest.p + n, j->rest.n - n};
  j->number++;
}

bool java_sniff(struct str prefix) {
  struct java j = {.rest = prefix};
  struct str line;
  return peek(&j, &line) && match_header(line, &j.heap);
}

// ---- attributes ---------------------------------------------------------------------------------

// The first "NAME=VALUE" in the line, both of letters, digits, '_' and blanks.
static bool match_attribute(struct str line, struct str *name, struct str *value) {
  while (text_seek(&line, IN_ATTRIBUTE)) {
    *name = text_take(&line, IN_ATTRIBUTE);
    if (!text_skip(&line, "=")) continue;
    struct str behind = line;
    *value = text_take(&behind, IN_ATTRIBUTE);
    if (!value->n) continue;
    *name = str_trim_space(*name);
    *value = str_trim_space(*value);
    return true;
  }
  return false;
}

// A resolution that is given again replaces the one before.
static int set_types(struct java *j, struct str unit, struct err *e) {
  struct draft *d = j->d;
  const struct str first = j->heap ? STR_LIT("inuse_objects") : STR_LIT("contentions");
  const struct str second = j->heap ? STR_LIT("inuse_space") : STR_LIT("delay");
  d->p->n_sample_types = 0;
  return draft_sample_type(d, first, STR_LIT("count"), e) || draft_sample_type(d, second, unit, e) ? -1 : 0;
}

static int read_number(const struct java *j, struct str value, int64_t *number, struct err *e) {
  if (text_int64(value, 0, number)) return 0;
  return err_set(e, "line %zu: the attribute is not a number of 64 bits", j->number);
}

static enum legacy_result read_attribute(struct java *j, struct str name, struct str value, struct err *e) {
  struct profile *p = j->d->p;
  int64_t milliseconds = 0;
  int status = 0;
  if (str_eq(name, STR_LIT("format")) && str_eq(value, STR_LIT("java"))) return LEGACY_READ;
  if (str_eq(name, STR_LIT("resolution"))) {
    status = set_types(j, value, e);
  } else if (!j->heap && str_eq(name, STR_LIT("sampling period"))) {
    status = draft_period_type(j->d, STR_LIT("contentions"), STR_LIT("count"), e);
    if (status == 0) status = read_number(j, value, &p->period, e);
  } else if (!j->heap && str_eq(name, STR_LIT("ms since reset"))) {
    status = read_number(j, value, &milliseconds, e);
    p->duration_nanos = wrap_mul(milliseconds, 1000000);
  } else {
    err_set(e, "line %zu: not an attribute of the Java agent's profiles", j->number);
    return LEGACY_OTHER;
  }
  return status ? LEGACY_BROKEN : LEGACY_READ;
}

static enum legacy_result read_attributes(struct java *j, struct err *e) {
  struct str line, name, value;
  for (; peek(j, &line); advance(j)) {
    if (!line.n) continue;
    if (!match_attribute(line, &name, &value)) break;
    enum legacy_result result = read_attribute(j, name, value, e);
    if (result != LEGACY_READ) return result;
  }
  return LEGACY_READ;
}

// ---- samples ------------------------------------------------------------------------------------

// Moves behind the first "N N @ " of the line.
static bool match_sample(struct str *line, struct str *first, struct str *second) {
  while (text_seek(line, IN_DIGIT)) {
    *first = text_take(line, IN_DIGIT);
    struct str s = *line;
    if (!text_take(&s, IN_BLANK).n) continue;
    *second = text_take(&s, IN_DIGIT);
    if (!second->n || !text_take(&s, IN_BLANK).n || !text_skip(&s, "@") || !text_take(&s, IN_BLANK).n) continue;
    *line = s;
    return true;
  }
  return false;
}

static int add_sample(struct java *j, int64_t *values, struct err *e) {
  if (j->d->p->n_sample_types == 0) return err_set(e, "line %zu: a sample, but no resolution above it", j->number);
  if (!j->heap) {
    int64_t period = j->d->p->period ? j->d->p->period : 1;
    for (int i = 0; i < 2; i++) values[i] = wrap_mul(values[i], period);
    return draft_sample(j->d, values, e);
  }
  if (values[0] == 0) return err_set(e, "line %zu: a sample of no objects", j->number);
  int64_t block_size = wrap_div(values[1], values[0]);
  unsample(&values[0], &values[1], SAMPLING_RATE);
  return draft_sample_of_size(j->d, values, block_size, e);
}

// Up to the first line that is no sample. Values with a leading 0 are octal.
static int read_samples(struct java *j, struct err *e) {
  struct str line, second, first;
  int64_t values[2];
  for (; peek(j, &line); advance(j)) {
    if (!line.n) continue;
    if (!match_sample(&line, &second, &first)) break;
    if (draft_push_all(j->d, text_take(&line, IN_STACK), j->number, e)) return -1;
    if (!text_int64(first, 0, &values[0]) || !text_int64(second, 0, &values[1]))
      return err_set(e, "line %zu: a value is not a number of 64 bits", j->number);
    if (add_sample(j, values, e)) return -1;
  }
  return 0;
}

enum legacy_result java_read(struct draft *d, struct str bytes, struct err *e) {
  struct java j = {.d = d, .rest = bytes, .number = 1};
  struct str line;
  if (!peek(&j, &line) || !match_header(line, &j.heap)) return LEGACY_OTHER;
  advance(&j);
  d->adjust = ADJUST_NONE;
  enum legacy_result result = read_attributes(&j, e);
  if (result != LEGACY_READ) return result;
  return read_samples(&j, e) || java_read_places(d, j.rest, j.number, e) ? LEGACY_BROKEN : LEGACY_READ;
}
