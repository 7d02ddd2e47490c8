// Which legacy format is it? Each is asked in turn, in the reference's order; the first that reads the file wins, the
// first that finds it broken ends the search. A format may look at a file and leave it to others (contention profiles
// of C++ and Java have the same first line); what it complained about is told when no other takes the file.
#include "profile/legacy_parts.h"

static const struct format {
  bool (*sniff)(struct str prefix);
  legacy_reader *read;
} formats[] = {
    {cpu_sniff, cpu_read},
    {heap_sniff, heap_read},
    {count_sniff, count_read},
    {thread_sniff, thread_read},
    {contention_sniff, contention_read},
    {java_sniff, java_read},
};

enum { N_FORMATS = sizeof formats / sizeof *formats, PREFIX = 64 << 10 };

// Nothing but comments so far: formats that skip them may still begin.
static bool all_comments(struct str prefix) {
  struct text_lines t = {.rest = prefix};
  return !text_next_content(&t) && !t.too_long;
}

bool legacy_sniff(struct str prefix) {
  for (int i = 0; i < N_FORMATS; i++)
    if (formats[i].sniff(prefix)) return true;
  return prefix.n >= PREFIX && all_comments(prefix);
}

enum legacy_result legacy_read_as(legacy_reader *read, struct str bytes, struct profile **p, struct err *e) {
  struct draft d;
  if (draft_init(&d, e)) return LEGACY_BROKEN;
  enum legacy_result result = read(&d, bytes, e);
  if (result == LEGACY_READ && (frames_to_drop(d.p, e) || profile_check(d.p, e))) result = LEGACY_BROKEN;
  if (result == LEGACY_READ) {
    *p = d.p;
    d.p = NULL;
  }
  draft_release(&d);
  return result;
}

struct profile *legacy_parse(struct str bytes, struct err *e) {
  struct profile *p = NULL;
  struct err complaint = {0};
  for (int i = 0; i < N_FORMATS; i++) {
    struct err last = {0};
    enum legacy_result result = legacy_read_as(formats[i].read, bytes, &p, &last);
    if (result == LEGACY_READ) return p;
    if (result == LEGACY_BROKEN || !complaint.text[0]) complaint = last;
    if (result == LEGACY_BROKEN) break;
  }
  err_set(e, "%s", complaint.text[0] ? complaint.text : "not a profile format that is known");
  return NULL;
}
