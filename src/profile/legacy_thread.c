// Stacks of all threads, as gperftools' /threadz shows them: a header for each thread, then lines with addresses, which
// may be symbolized, and whose other text is of no interest.
//   --- threadz 1 ---
//   --- Thread 7f794ab90940 (name: main/14748) stack: ---
//     PC:  0x00bc8f1c: helper(arg *)
//     0x0040be31: main
//   --- Memory map: ---
#include "profile/legacy_parts.h"

// "--- threadz N ---" anywhere in the line.
static bool is_header(struct str line) {
  while (text_seek_behind(&line, "--- threadz ")) {
    struct str s = line;
    if (text_take(&s, IN_DIGIT).n && text_starts(s, " ---")) return true;
  }
  return false;
}

// Moves behind the first "--- Thread ID (name: ".
static bool take_thread_id(struct str *line) {
  while (text_seek_behind(line, "--- Thread ")) {
    struct str s = *line;
    if (!text_take(&s, IN_HEX).n || !text_skip(&s, " (name: ")) continue;
    *line = s;
    return true;
  }
  return false;
}

// "--- Thread ID (name: NAME/N) stack: ---" anywhere in the line; the name may hold anything.
static bool is_thread(struct str line) {
  if (!take_thread_id(&line)) return false;
  while (text_seek_behind(&line, "/"))
    if (text_take(&line, IN_DIGIT).n && text_starts(line, ") stack: ---")) return true;
  return false;
}

bool thread_sniff(struct str prefix) {
  struct text_lines t = {.rest = prefix};
  return text_next_content(&t) && (is_header(t.line) || is_thread(t.line));
}

// Pushes the stack of a thread. *line becomes the line that ended it, or the last of the file. A thread may refer to
// the one before instead; then nothing is on the stack.
static int read_stack(struct draft *d, struct text_lines *t, struct str *line, struct err *e) {
  bool same = false;
  *line = (struct str){"", 0};
  while (text_next(t)) {
    *line = str_trim_space(t->line);
    if (text_starts(*line, "---")) break;
    if (text_has(*line, "same as previous thread")) same = true;
    else if (draft_push_all(d, *line, t->number, e)) return -1;
  }
  if (same) d->n_stack = 0;
  return text_too_long(t, e);
}

static int add_thread(struct draft *d, struct err *e) {
  struct profile *p = d->p;
  if (d->n_stack) return draft_sample(d, &(int64_t){1}, e);
  if (p->n_samples) p->value[p->n_samples - 1] = wrap_add(p->value[p->n_samples - 1], 1);
  return 0;
}

// From the line on that `line` holds. A list that just ends, with no memory map and no end mark, is refused.
static enum legacy_result read_threads(struct draft *d, struct text_lines *t, struct str line, struct err *e) {
  while (!text_announces_maps(line) && !text_starts(line, "---- no stack trace for")) {
    if (!is_thread(line)) {
      err_set(e, "line %zu: neither a thread nor the memory map", t->number);
      return LEGACY_OTHER;
    }
    if (read_stack(d, t, &line, e) || add_thread(d, e)) return LEGACY_BROKEN;
  }
  return LEGACY_READ;
}

enum legacy_result thread_read(struct draft *d, struct str bytes, struct err *e) {
  const struct str thread = STR_LIT("thread"), count = STR_LIT("count");
  struct text_lines t = {.rest = bytes};
  text_next_content(&t);
  struct str line = t.line;
  if (is_header(line)) {
    while (text_next(&t) && !text_announces_maps(line = t.line) && !text_starts(line, "-")) {
    }
  } else if (!is_thread(line)) {
    return LEGACY_OTHER;
  }
  if (draft_sample_type(d, thread, count, e) || draft_period_type(d, thread, count, e)) return LEGACY_BROKEN;
  d->p->period = 1;
  d->adjust = ADJUST_CALLERS;
  d->leaf_twice = true;
  enum legacy_result result = read_threads(d, &t, line, e);
  if (result != LEGACY_READ) return result;
  if (maps_find_and_read(d, &t, e) || draft_finish(d, NULL, e)) return LEGACY_BROKEN;
  return LEGACY_READ;
}
