// jobs: answers that take a while, made on a few threads. Who asks for what is being made waits for it; what was made
// is kept, up to a number of answers and bytes.
//
// All functions may be called from any thread.
#ifndef CPROF_WEB_JOBS_H
#define CPROF_WEB_JOBS_H

#include "web/answer.h"

// What is to be made. `make` runs on a worker and is to end soon after *stop was set; NULL means out of memory. An
// answer with another status than 200 is given to those who wait and not kept. `release` frees the work, also where it
// was never made.
struct work {
  struct answer *(*make)(struct work *w, const atomic_bool *stop);
  void (*release)(struct work *w);
  unsigned seconds;  // after which it is stopped
};

struct jobs_limits {
  unsigned threads;
  size_t most_waiting;  // jobs in the queue
  size_t most_answers;  // kept
  size_t most_bytes;    // of them together; a larger one is not kept
};

struct jobs;
struct jobs *jobs_new(const struct jobs_limits *limits, struct err *e);
// Stops what is being made, answers everyone who waits with status 503, and takes no work any more. False when a worker
// did not end within two seconds: then the threads are still there, and nothing may be freed.
bool jobs_end(struct jobs *j);
// After jobs_end.
void jobs_free(struct jobs *j);

// The answer if it is kept, for the caller to release; else NULL.
struct answer *jobs_find(struct jobs *j, struct str key);

// Called once, on any thread, with the answer, which the callee releases. NULL: memory ran out.
typedef void jobs_done(void *arg, struct answer *a);
// Has the answer made, or waits for the one that is. Takes the work in every case. 0, or -1 when too many wait already;
// then `done` is not called.
int jobs_ask(struct jobs *j, struct str key, struct work *w, jobs_done *done, void *arg);

// Whoever asked with this `arg` waits no longer: `done` is not called, and what nobody else waits for is stopped. False when
// nobody waits so: `done` was called, or is about to be.
bool jobs_leave(struct jobs *j, const void *arg);

#endif
