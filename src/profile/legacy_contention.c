// Lock contention: gperftools' "--- contentionz 1 ---", Go's "--- mutex:" and "--- contention:". Lines "name = value",
// then rows "CYCLES COUNT @ ADDRESSES". Of a sampling period of P only every P-th contention is recorded; cycles become
// nanoseconds by the clock's rate. The Java agent's profiles begin alike and are told apart by their attributes.
#include "profile/legacy_parts.h"

struct rates {
  int64_t period, cycles_per_second;
};

static bool is_header(struct str line) {
  return text_starts(line, "--- contentionz ") || text_starts(line, "--- mutex:") ||
         text_starts(line, "--- contention:");
}

bool contention_sniff(struct str prefix) {
  struct text_lines t = {.rest = prefix};
  return text_next(&t) && is_header(t.line);
}

static enum legacy_result read_attribute(struct draft *d, struct rates *rates, struct str line, size_t equals,
                                         size_t number, struct err *e) {
  struct str name = str_trim_space((struct str){line.p, equals});
  struct str value = str_trim_space((struct str){line.p + equals + 1, line.n - equals - 1});
  int64_t milliseconds, *field;
  if (str_eq(name, STR_LIT("discarded samples"))) return LEGACY_READ;
  if (str_eq(name, STR_LIT("cycles/second"))) field = &rates->cycles_per_second;
  else if (str_eq(name, STR_LIT("sampling period"))) field = &rates->period;
  else if (str_eq(name, STR_LIT("ms since reset"))) field = &milliseconds;
  else {
    err_set(e, "line %zu: an attribute that contention profiles do not have", number);
    return LEGACY_OTHER;
  }
  if (!text_int64(value, 0, field)) {
    err_set(e, "line %zu: the attribute is not a number of 64 bits", number);
    return LEGACY_OTHER;
  }
  if (field == &milliseconds) d->p->duration_nanos = wrap_mul(milliseconds, 1000000);
  return LEGACY_READ;
}

// Stops at the first line that is no attribute.
static enum legacy_result read_attributes(struct draft *d, struct rates *rates, struct text_lines *t, struct err *e) {
  while (text_next_content(t)) {
    struct str line = str_trim_space(t->line);
    size_t equals = str_find(line, STR_LIT("="));
    if (text_starts(line, "---") || equals == SIZE_MAX) break;
    enum legacy_result result = read_attribute(d, rates, line, equals, t->number, e);
    if (result != LEGACY_READ) return result;
  }
  return text_too_long(t, e) ? LEGACY_BROKEN : LEGACY_READ;
}

// Moves behind the first "N N @" of the line. Blanks between the numbers are optional in the reference's pattern, by
// which "12 @" is a 1 and a 2.
static bool match_row(struct str *line, struct str *cycles, struct str *count) {
  while (text_seek(line, IN_DIGIT)) {
    *cycles = text_take(line, IN_DIGIT);
    struct str s = *line;
    text_take(&s, IN_BLANK);
    *count = text_take(&s, IN_DIGIT);
    if (count->n && text_skip(&s, " @")) {
      *line = s;
      return true;
    }
    if (cycles->n >= 2 && text_skip(line, " @")) {
      cycles->n--;
      *count = (struct str){cycles->p + cycles->n, 1};
      return true;
    }
  }
  return false;
}

static enum legacy_result read_row(struct draft *d, const struct rates *rates, const struct text_lines *t,
                                   struct err *e) {
  struct str row = t->line, cycles, count;
  int64_t delay, contentions;
  if (!match_row(&row, &cycles, &count)) {
    err_set(e, "line %zu: not of the form \"CYCLES COUNT @ ADDRESSES\"", t->number);
    return LEGACY_OTHER;
  }
  if (!text_int64(cycles, 10, &delay) || !text_int64(count, 10, &contentions)) {
    err_set(e, "line %zu: a value is not a number of 64 bits", t->number);
    return LEGACY_BROKEN;
  }
  if (rates->period > 0 && rates->cycles_per_second > 0) {
    double cycles_per_nano = (double)rates->cycles_per_second / 1e9;
    delay = int64_from_double((double)delay * (double)rates->period / cycles_per_nano);
  }
  if (rates->period > 0) contentions = wrap_mul(contentions, rates->period);
  if (draft_push_all(d, text_take(&row, IN_STACK), t->number, e)) return LEGACY_BROKEN;
  return draft_sample(d, (int64_t[]){contentions, delay}, e) ? LEGACY_BROKEN : LEGACY_READ;
}

// From the line on that ended the attributes.
static enum legacy_result read_rows(struct draft *d, const struct rates *rates, struct text_lines *t, struct err *e) {
  do {
    if (text_starts(str_trim_space(t->line), "---")) break;
    enum legacy_result result = text_is_comment(t->line) ? LEGACY_READ : read_row(d, rates, t, e);
    if (result != LEGACY_READ) return result;
  } while (text_next(t));
  return text_too_long(t, e) ? LEGACY_BROKEN : LEGACY_READ;
}

enum legacy_result contention_read(struct draft *d, struct str bytes, struct err *e) {
  const struct str contentions = STR_LIT("contentions"), count = STR_LIT("count");
  struct text_lines t = {.rest = bytes};
  struct rates rates = {.period = 1};
  bool first = text_next(&t);
  if (text_too_long(&t, e)) return LEGACY_BROKEN;
  if (!first || !is_header(t.line)) return LEGACY_OTHER;
  if (draft_period_type(d, contentions, count, e) || draft_sample_type(d, contentions, count, e) ||
      draft_sample_type(d, STR_LIT("delay"), STR_LIT("nanoseconds"), e))
    return LEGACY_BROKEN;
  enum legacy_result result = read_attributes(d, &rates, &t, e);
  if (result == LEGACY_READ) result = read_rows(d, &rates, &t, e);
  if (result != LEGACY_READ) return result;
  d->p->period = rates.period;
  if (maps_find_and_read(d, &t, e) || draft_finish(d, NULL, e)) return LEGACY_BROKEN;
  return LEGACY_READ;
}
