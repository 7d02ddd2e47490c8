// gperftools' CPU profiles: words of 32 or 64 bits in either byte order, then a memory map as text.
//   0 3 0 PERIOD 0         header; the period is in microseconds, the third word is 1 for Java
//   COUNT N ADDRESS * N    a stack, leaf first
//   0 1 0                  the end
// The words of the stacks stay where they are, in the file; samples refer to them.
#include <stdlib.h>

#include "profile/legacy_parts.h"

struct words {
  const unsigned char *p, *file;  // the next, the first of all
  size_t n;                       // bytes left
  unsigned size;
  bool big_endian;
  bool short_of;  // a word was wanted that is not there; none is there after that
};

static uint64_t word_at(const struct words *w, size_t at) {
  uint64_t word = 0;
  for (unsigned i = 0; i < w->size; i++) {
    unsigned place = w->big_endian ? w->size - 1 - i : i;
    word |= (uint64_t)w->p[at + i] << (8 * place);
  }
  return word;
}

static uint64_t next_word(struct words *w) {
  if (w->n < w->size) {
    w->n = 0;
    w->short_of = true;
    return 0;
  }
  uint64_t word = word_at(w, 0);
  w->p += w->size;
  w->n -= w->size;
  return word;
}

// Leaves *w behind the header.
static bool match_header(struct words *w, struct str bytes, bool *java, uint64_t *period) {
  for (unsigned format = 0; format < 4; format++) {
    const unsigned char *file = (const unsigned char *)bytes.p;
    *w = (struct words){file, file, bytes.n, format < 2 ? 4 : 8, format % 2 == 1, false};
    uint64_t head[5];
    for (int i = 0; i < 5; i++) head[i] = next_word(w);
    *java = head[2] == 1;
    *period = head[3];
    if (!w->short_of && head[0] == 0 && head[1] == 3 && head[2] <= 1 && head[3] > 0 && head[4] == 0) return true;
  }
  return false;
}

bool cpu_sniff(struct str prefix) {
  struct words w;
  bool java;
  uint64_t period;
  return match_header(&w, prefix, &java, &period);
}

// ---- stacks -------------------------------------------------------------------------------------

struct sample {
  uint64_t count;
  struct words stack;  // its words, maybe fewer than n_frames: the rest of a cut file reads as 0
  size_t n_frames;
  size_t n_dropped;  // behind the leaf
};

struct samples {
  struct sample *at;
  size_t n, cap;
};

static uint64_t frame_address(const struct sample *s, size_t i) {
  size_t offset = i * s->stack.size;
  return offset + s->stack.size <= s->stack.n ? word_at(&s->stack, offset) : 0;
}

// One stack. The reference checks its size against the bytes left by fours, so that with words of 64 bits a file may
// end within the last stack.
static enum legacy_result read_sample(struct words *w, struct sample *s, struct err *e) {
  size_t start = (size_t)(w->p - w->file);
  *s = (struct sample){.count = next_word(w)};
  uint64_t n_frames = next_word(w);
  if (w->short_of || n_frames > w->n / 4) {
    err_set(e, "byte %zu: a stack that is longer than the file", start);
    return LEGACY_OTHER;
  }
  s->n_frames = (size_t)n_frames;
  s->stack = *w;
  size_t bytes = s->n_frames * w->size;
  if (bytes > w->n) bytes = w->n;
  w->p += bytes;
  w->n -= bytes;
  return LEGACY_READ;
}

// Leaves *w at the text behind the stacks.
static enum legacy_result read_samples(struct words *w, struct samples *samples, struct err *e) {
  while (w->n) {
    struct sample s;
    enum legacy_result result = read_sample(w, &s, e);
    if (result != LEGACY_READ) return result;
    if (s.count == 0 && s.n_frames == 1 && frame_address(&s, 0) == 0) break;
    if (samples->n >= NONE - 1) return err_set(e, "more than 2^32 samples"), LEGACY_BROKEN;
    if (ARRAY_RESERVE(samples->at, samples->cap, samples->n + 1)) return err_nomem(e), LEGACY_BROKEN;
    samples->at[samples->n++] = s;
  }
  return LEGACY_READ;
}

// ---- frames of the profiler ---------------------------------------------------------------------

// Is there an address next to the leaf in nearly all samples? Then it is that of the signal handler.
static int find_handler(const struct samples *samples, uint64_t *address, bool *found, struct err *e) {
  struct map64 seen = {0};
  size_t enough = samples->n - samples->n / 32;
  *found = false;
  for (size_t i = 0; i < samples->n && !*found; i++) {
    const struct sample *s = &samples->at[i];
    if (s->n_frames - s->n_dropped < 2) continue;
    *address = frame_address(s, 1 + s->n_dropped);
    uint32_t times = map64_get(&seen, *address);
    times = times == MAP_NONE ? 1 : times + 1;
    if (map64_put(&seen, *address, times)) {
      map64_release(&seen);
      return err_nomem(e);
    }
    *found = times >= enough;
  }
  map64_release(&seen);
  return 0;
}

static int drop_handlers(struct samples *samples, struct err *e) {
  for (int round = 0; round < 2; round++) {
    uint64_t address;
    bool found;
    if (find_handler(samples, &address, &found, e)) return -1;
    for (size_t i = 0; found && i < samples->n; i++) {
      struct sample *s = &samples->at[i];
      if (s->n_frames - s->n_dropped >= 2 && frame_address(s, 1 + s->n_dropped) == address) s->n_dropped++;
    }
  }
  return 0;
}

// ---- the profile --------------------------------------------------------------------------------

static int add_samples(struct draft *d, const struct samples *samples, struct err *e) {
  for (size_t i = 0; i < samples->n; i++) {
    const struct sample *s = &samples->at[i];
    for (size_t k = 0; k < s->n_frames; k += k == 0 ? 1 + s->n_dropped : 1)
      if (draft_push(d, frame_address(s, k), e)) return -1;
    int64_t count = (int64_t)s->count;
    if (draft_sample(d, (int64_t[]){count, wrap_mul(count, d->p->period)}, e)) return -1;
  }
  return 0;
}

static int add_types(struct draft *d, uint64_t period, struct err *e) {
  const struct str cpu = STR_LIT("cpu"), nanoseconds = STR_LIT("nanoseconds");
  d->p->period = wrap_mul((int64_t)period, 1000);
  if (draft_period_type(d, cpu, nanoseconds, e)) return -1;
  if (draft_sample_type(d, STR_LIT("samples"), STR_LIT("count"), e)) return -1;
  return draft_sample_type(d, cpu, nanoseconds, e);
}

static int finish(struct draft *d, struct samples *samples, struct str text, bool java, struct err *e) {
  if (java) {
    d->adjust = ADJUST_NONE;
    return add_samples(d, samples, e) || java_read_places(d, text, 1, e) ? -1 : 0;
  }
  d->adjust = ADJUST_CALLERS;
  d->leaf_twice = true;
  struct text_lines t = {.rest = text};
  if (drop_handlers(samples, e) || add_samples(d, samples, e)) return -1;
  if (maps_read(d, &t, e)) return err_wrap(e, "the memory map");
  return draft_finish(d, NULL, e);
}

enum legacy_result cpu_read(struct draft *d, struct str bytes, struct err *e) {
  struct words w;
  bool java;
  uint64_t period;
  struct samples samples = {0};
  if (!match_header(&w, bytes, &java, &period)) return LEGACY_OTHER;
  enum legacy_result result = add_types(d, period, e) ? LEGACY_BROKEN : read_samples(&w, &samples, e);
  if (result == LEGACY_READ && finish(d, &samples, (struct str){(const char *)w.p, w.n}, java, e))
    result = LEGACY_BROKEN;
  free(samples.at);
  return result;
}
