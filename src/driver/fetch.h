// Sources that are on servers: fetched side by side from the start on, while others are read.
#ifndef CPROF_DRIVER_FETCH_H
#define CPROF_DRIVER_FETCH_H

#include <stdio.h>

#include "driver/options.h"
#include "http/http.h"

struct fetches;  // all of a run
struct fetch;    // one of them

// `stop`, which may be NULL, ends what is being fetched soon after it was set. All these are the caller's, for as long.
struct fetches *fetches_new(const struct options *o, const atomic_bool *stop, struct err *e);
// Stops what is still being fetched.
void fetches_free(struct fetches *f);

// *fetch becomes the fetching of the source `name`, or NULL where that is no URL or the name of a file that is there.
int fetches_add(struct fetches *f, const char *name, struct fetch **fetch, struct err *e);
// Begins, when all are added; `errors` is told what is asked for, a line a source. -1 only where the options are wrong: a
// server that can't be asked shows when its answer is waited for.
int fetches_start(struct fetches *f, FILE *errors, struct err *e);
size_t fetches_count(const struct fetches *f);

// Waits for the answer, which may be had once; the caller releases it, also after a failure. 0, or -1 with a reason.
int fetch_take(struct fetch *f, struct http_answer *answer, struct err *e);
// Nothing of the run is needed any more: who waits is told so soon.
void fetch_stop(struct fetch *f);
// The URL, and how it is shown: without user and password. They live as long as all of it.
const char *fetch_url(const struct fetch *f);
const char *fetch_shown(const struct fetch *f);
// What the answers were fetched with; NULL when nothing was.
struct http *fetches_client(const struct fetches *f);

#endif
