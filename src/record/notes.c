// What a recording can't show, in a line.
#include <inttypes.h>

#include "record/internal.h"

enum { MOST_UNSEEN = 97 };  // %: what is more may be chance

// What nobody waited for (daemons) is in the samples, but in no sum that the kernel gives. Of a process by itself there may be
// more samples than its time by chance only.
static bool is_more_than_used(const struct recording *r) {
  return r->processes > 1 && r->sampled > 1.1 * r->used + 0.05;
}

static void add_share(const struct recording *r, struct buf *out) {
  const char *where = r->kernel ? "" : " outside the kernel";
  if (r->wall)
    buf_addf(out, "%.1f%% of it waiting; threads were stopped %" PRIu64 " times",
             r->sampled > 0 ? 100 * r->waited / r->sampled : 0, r->stops);
  else if (r->used < 0) buf_adds(out, "how much CPU time was used is not known: the process has ended");
  else if (is_more_than_used(r))
    buf_adds(out, "how much CPU time was used is not known: processes that nobody waited for used some");
  else if (r->used == 0) buf_addf(out, "no CPU time was used%s", where);
  else buf_addf(out, "%.1f%% of %.2f s of CPU time%s was seen", 100 * r->sampled / r->used, r->used, where);
}

// Each inherited event begins with a full period, so threads that end before have no sample.
static void add_unseen(const struct recording *r, struct buf *out) {
  if (!r->misses_short || r->unseen == 0 || r->used <= 0 || 100 * r->sampled >= MOST_UNSEEN * r->used) return;
  buf_addf(out, "; the rest are %" PRIu64 " threads that used less than %.3g ms (root sees them)", r->unseen,
           (double)r->period / 1e6);
}

static void add_count(struct buf *out, uint64_t n, const char *one, const char *many) {
  if (n == 1) buf_addf(out, "; 1 %s", one);
  if (n > 1) buf_addf(out, "; %" PRIu64 " %s", n, many);
}

void recording_notes(const struct recording *r, struct buf *out) {
  add_share(r, out);
  add_unseen(r, out);
  add_count(out, r->lost, "sample was lost (a smaller -F helps)", "samples were lost (a smaller -F helps)");
  add_count(out, r->cut, "stack was cut", "stacks were cut");
  add_count(out, r->guessed, "stack has frames guessed by frame pointers",
            "stacks have frames guessed by frame pointers");
  if (r->kernel_hidden) buf_adds(out, "; the kernel's names are hidden (kernel.kptr_restrict)");
}
