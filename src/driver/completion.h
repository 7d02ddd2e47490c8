// What may follow what was typed at the prompt.
#ifndef CPROF_DRIVER_COMPLETION_H
#define CPROF_DRIVER_COMPLETION_H

#include "profile/profile.h"

struct completion_item {
  const char *show;    // in the list
  const char *insert;  // in the line: special characters of a regular expression are escaped
};

struct completion {
  size_t from;     // the part of the line that the candidates replace starts here
  char after;      // belongs behind the only candidate; 0: nothing
  bool unordered;  // some candidates match in the middle, not from their start
  struct completion_item *item;
  size_t n, cap;
  struct arena text;  // holds the strings
  bool failed;        // memory ran out: not all of it is there
};

// The candidates for the end of `line`, which is what stands before the cursor, in order and each once. Commands,
// options, their values, sample types, label keys and functions of the profile, file names after `>`.
void completion_find(struct completion *c, const struct profile *p, struct str line);
void completion_release(struct completion *c);

// How far all candidates are the same, in bytes of `insert`.
size_t completion_common(const struct completion *c);

#endif
