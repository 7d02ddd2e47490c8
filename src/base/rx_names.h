// rx_names: the names of character classes in patterns. Private to rx.
#ifndef CPROF_RX_NAMES_H
#define CPROF_RX_NAMES_H

#include "base/base.h"

// A class that has only ASCII members.
struct rx_group {
  const char *name;  // as in [:name:], NULL for the one that has only an escape
  char escape;       // the letter of \d, \s and \w, or 0
  unsigned char n, range[4][2];
};
// By the letter of an escape in either case, and by name; NULL when there is none.
const struct rx_group *rx_group_of_escape(int c);
const struct rx_group *rx_group_of_name(struct str name);

// The names that Go knows after \p, spelled exactly so.
bool rx_is_category(struct str name);
bool rx_is_script(struct str name);
// Ranges in hexadecimal, "lo-hi" or "one", separated by spaces; NULL when there are none. The first are the members of
// a class that PCRE2 does not know, the second what (?i) adds to a class.
const char *rx_own_ranges(struct str name);
const char *rx_fold_ranges(struct str name);

#endif
