// rx: regular expressions with Go's (RE2's) syntax, matched by PCRE2.
//
// What Go's regexp package refuses is refused here with a message that quotes the pattern (look-around,
// back-references, possessive and doubled quantifiers, repeat counts over 1000, \C, unknown escapes …), so that a
// command line that works here works there. What both accept means the same: `$` matches only at the very end
// unless (?m), `\s` is [\t\n\f\r ], `.` leaves out \n unless (?s), (?U) swaps greediness, (?P<name>…) and
// (?<name>…) name a group. Subjects are bytes that are usually UTF-8; invalid bytes match nothing but `.`-like classes
// and never make a match fail.
#ifndef CPROF_RX_H
#define CPROF_RX_H

#include "base/base.h"

struct rx;

// NULL with a message on a pattern that is not Go's syntax, and when memory ran out.
struct rx *rx_new(struct str pattern, struct err *e);
// 1 when the pattern matches somewhere in the subject, 0 when not, -1 with a message that quotes the pattern when the
// match ran into the time or memory limit (a pattern made to backtrack exponentially: well under a second).
// Safe from several threads on one rx.
int rx_match(const struct rx *rx, struct str subject, struct err *e);
// As rx_match, and gives the leftmost match's bounds when `from`/`to` are not NULL.
int rx_search(const struct rx *rx, struct str subject, size_t start, size_t *from, size_t *to, struct err *e);
struct str rx_pattern(const struct rx *rx);
void rx_free(struct rx *rx);

// Appends what stands for this character in a pattern: escaped where it has a meaning.
void rx_quote(struct buf *out, char c);

#endif
