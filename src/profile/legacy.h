// legacy: the profile formats from before profile.proto: gperftools, the text forms of Go's runtime, the Java agent.
// Private to the profile module.
#ifndef CPROF_PROFILE_LEGACY_H
#define CPROF_PROFILE_LEGACY_H

#include "profile/profile.h"

// Do the first bytes of a file (up to 64 KiB, uncompressed) look like a legacy format?
bool legacy_sniff(struct str prefix);

// A checked profile, or NULL and a message that names the line and what is wrong there.
struct profile *legacy_parse(struct str bytes, struct err *e);

#endif
