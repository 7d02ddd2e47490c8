// folded: collapsed stacks, the text that flame graph tools read: a line a stack, the outermost frame first.
//
//   main;work;step 7           the stack and its value
//   main;work;step 7 12        in a comparison its values before and after
//
// A value is a whole number. Lines that are blank or start with '#' are ignored, as are blanks and carriage returns at
// the end of a line. Whether a file is a comparison is told by its first line. Private to the profile module.
#ifndef CPROF_PROFILE_FOLDED_H
#define CPROF_PROFILE_FOLDED_H

#include "profile/profile.h"

// Do the first bytes of a file (its first block, uncompressed) look like this? Ask after the legacy formats. Text in
// which only the value is wrong counts, so that the message can say so.
bool folded_sniff(struct str prefix);

// Reads the file whose first block is given. A checked profile with the sample type samples/count, or before/count and
// after/count; NULL and a message that names the line.
struct source;
struct profile *folded_read(struct source *s, struct str first, struct err *e);

#endif
