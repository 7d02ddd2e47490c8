// Fuzz target: any bytes as collapsed stacks. What is accepted passes its own checks, and what is written of it reads
// back as the same.
#include <stdlib.h>

#include "base/gzip.h"
#include "driver/commands.h"
#include "profile/folded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A failure needs a message, a success must leave none.
static void expect(bool ok) {
  if (!ok) abort();
}

static struct profile *read_stacks(struct str bytes) {
  struct err e = {0};
  struct profile *p = NULL;
  struct str first;
  struct source *s = source_open_memory(bytes, UINT64_C(64) << 20, &e);
  if (s && source_next(s, &first, &e) > 0) p = folded_read(s, first, &e);
  else err_set(&e, "nothing");
  source_close(s);
  expect(p ? !e.text[0] : e.text[0] != '\0');
  return p;
}

static struct buf render(struct profile *p, bool json) {
  struct session s = {.profile = p};
  struct buf out = {0}, notes = {0};
  struct err e = {0};
  options_init(&s.options);
  s.options.json = json;
  expect(driver_render(&s, &s.options, command_find(str_of(json ? "traces" : "folded")), NULL, &out, &notes, &e) == 0);
  buf_release(&notes);
  return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct str bytes = {(const char *)data, size};
  struct err e = {0};
  folded_sniff(bytes);
  struct profile *p = read_stacks(bytes);
  if (!p) return 0;
  expect(profile_check(p, &e) == 0 && p->n_sample_types > 0);
  struct buf once = render(p, false), json = render(p, true);
  expect(json.n > 0);
  if (once.n) {
    expect(folded_sniff(buf_view(&once)));
    struct profile *again = read_stacks(buf_view(&once));
    expect(again && again->n_sample_types == 1);
    struct buf twice = render(again, false);
    expect(str_eq(buf_view(&once), buf_view(&twice)));
    buf_release(&twice);
    profile_free(again);
  }
  buf_release(&once);
  buf_release(&json);
  profile_free(p);
  return 0;
}
