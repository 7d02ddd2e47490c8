// Where a profile comes from decides nothing about it: the first block tells legacy formats and collapsed stacks from
// profile.proto.
#include "base/gzip.h"
#include "profile/folded.h"
#include "profile/internal.h"
#include "profile/legacy.h"

// Legacy files are small; they are read whole.
static struct profile *read_legacy(struct source *s, struct str first, struct err *e) {
  struct profile *p = NULL;
  struct buf whole = {0};
  int more = 1;
  for (struct str block = first; more > 0; more = source_next(s, &block, e)) buf_str(&whole, block);
  if (whole.failed) more = err_nomem(e);
  if (more == 0) p = legacy_parse(buf_view(&whole), e);
  buf_release(&whole);
  return p;
}

static struct profile *read_source(struct source *s, struct err *e) {
  struct profile *p = NULL;
  struct str first;
  if (!s) return NULL;
  int more = source_next(s, &first, e);
  if (more == 0) err_set(e, "the file is empty");
  if (more > 0) {
    if (legacy_sniff(first)) p = read_legacy(s, first, e);
    else p = folded_sniff(first) ? folded_read(s, first, e) : profile_decode(s, first, e);
  }
  source_close(s);
  return p;
}

struct profile *profile_read(int fd, uint64_t limit, struct err *e) {
  return read_source(source_open(fd, limit, e), e);
}

struct profile *profile_read_memory(struct str bytes, uint64_t limit, struct err *e) {
  return read_source(source_open_memory(bytes, limit, e), e);
}
