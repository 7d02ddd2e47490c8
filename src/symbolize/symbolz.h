// symbolz: what a server that profiles come from understands when it is asked for names, and what it answers.
//
// One POST, whose body has the addresses as hexadecimal numbers with 0x, joined by '+'. The answer has lines with such an
// address, white space and a name; whatever else it has is passed over.
#ifndef CPROF_SYMBOLIZE_SYMBOLZ_H
#define CPROF_SYMBOLIZE_SYMBOLZ_H

#include "base/base.h"

// Appends the URL to ask, given the one that a profile came from: `symbol` beside what Go and gperftools serve as profiles,
// `symbolz` beside others, without a query. false (and nothing appended) when that is none of http/url.h, or, where it is not the
// user's own choice, none of http and https.
bool symbolz_url(struct buf *out, struct str profile_url, bool own);

// Takes an address and its name, which lives as long as the answer; anything but 0 ends the reading.
typedef int symbolz_take(void *arg, uint64_t address, struct str name);
// Goes through an answer; a last line without an end was cut off and is not taken. 0, what `take` returned, or -1 for an
// address of more than 64 bits.
int symbolz_read(struct str answer, symbolz_take *take, void *arg, struct err *e);

#endif
