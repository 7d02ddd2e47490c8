// Fuzz target: any bytes as a profile, compressed or not, of any format. What is accepted has to pass its own checks,
// to survive encoding and decoding, to merge with itself and to render.
#include <stdlib.h>

#include "driver/commands.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint64_t limit = UINT64_C(64) << 20;

// A failure needs a message, a success must leave none.
static void expect(bool ok) {
  if (!ok) abort();
}

static struct buf encode(const struct profile *p) {
  struct view v;
  struct err e = {0};
  struct buf out = {0};
  expect(view_init(&v, p, &e) == 0 && profile_encode(&v, 1, &out, &e) == 0 && !out.failed);
  view_release(&v);
  return out;
}

static struct profile *decode(const struct buf *bytes) {
  struct err e = {0};
  struct profile *p = profile_read_memory(buf_view(bytes), limit, &e);
  expect(p && profile_check(p, &e) == 0);
  return p;
}

// The first encoding may lose labels without a value, which the format cannot hold; from then on nothing changes.
static struct profile *round_trip(const struct profile *p) {
  struct buf once = encode(p);
  struct profile *first = decode(&once);
  struct buf twice = encode(first);
  struct profile *second = decode(&twice);
  struct buf thrice = encode(second);
  expect(str_eq(buf_view(&twice), buf_view(&thrice)));
  expect(first->n_samples == p->n_samples && first->places.n_lines == p->places.n_lines);
  profile_free(second);
  buf_release(&once);
  buf_release(&twice);
  buf_release(&thrice);
  return first;
}

static void render(struct profile *p, const char *command) {
  struct session s = {.profile = p};
  struct buf out = {0}, notes = {0};
  struct err e = {0};
  options_init(&s.options);
  int result = driver_render(&s, &s.options, command_find(str_of(command)), NULL, &out, &notes, &e);
  expect(result == 0 ? out.n > 0 && !e.text[0] : e.text[0] != '\0');
  buf_release(&out);
  buf_release(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {0};
  struct profile *p = profile_read_memory((struct str){(const char *)data, size}, limit, &e);
  expect(p ? !e.text[0] : e.text[0] != '\0');
  if (!p) return 0;
  expect(profile_check(p, &e) == 0);
  render(p, "top");
  render(p, "raw");
  struct profile *both[2] = {p, round_trip(p)};
  struct profile *sum = profile_merge(both, 2, &e);
  expect(sum ? profile_check(sum, &e) == 0 : e.text[0] != '\0');
  if (sum && profile_prune(sum, &e)) expect(e.text[0] != '\0');
  profile_free(sum);
  return 0;
}
