// Are two profiles the same, whatever numbers their strings have?
#ifndef CPROF_TEST_SAME_H
#define CPROF_TEST_SAME_H

#include "profile/profile.h"

// Fails at the first difference. Order counts, ids too.
void assert_same_profile(const struct profile *a, const struct profile *b);

#endif
