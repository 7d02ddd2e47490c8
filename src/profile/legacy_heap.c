// Heap profiles of gperftools and of Go's runtime (debug=1), and gperftools' growth and fragmentation profiles:
//   heap profile:   N:  BYTES [   N:  BYTES] @ heap/RATE     (what is in use, and in brackets what was allocated)
//      N:  BYTES [   N:  BYTES] @ 0xADDRESS ...
// The name behind the @ tells how samples were chosen: heap_v2 and heap at a mean distance of RATE (heap: of RATE/2)
// bytes, so that values are estimates; heapprofile, growth and fragmentation hold all.
#include "profile/legacy_parts.h"

struct counts {
  struct str used, used_bytes, allocated, allocated_bytes;
};

struct heap {
  bool allocations;  // does the profile know more allocations than are in use?
  bool estimate;
  int64_t rate;
};

static struct str take_padded_number(struct str *s) {
  text_take(s, IN_BLANK);
  return text_take(s, IN_DIGIT);
}

// "N [ N: N ]", the part that header and rows have in common: from the bytes in use on.
static bool take_brackets(struct str *s, struct counts *c) {
  text_take(s, IN_BLANK);
  if (!text_skip(s, "[")) return false;
  c->allocated = take_padded_number(s);
  if (!c->allocated.n || !text_skip(s, ":")) return false;
  c->allocated_bytes = take_padded_number(s);
  text_take(s, IN_BLANK);
  return c->allocated_bytes.n && text_skip(s, "]");
}

// ---- the header ---------------------------------------------------------------------------------

struct header {
  struct counts counts;
  struct str name, rate;
};

static bool take_header_counts(struct str *s, struct counts *c) {
  c->used = take_padded_number(s);
  if (!c->used.n || !text_skip(s, ":")) return false;
  c->used_bytes = take_padded_number(s);
  return c->used_bytes.n && take_brackets(s, c);
}

// "heap profile:" may stand anywhere in the line.
static bool match_heap_header(struct str line, struct header *h) {
  while (text_seek_behind(&line, "heap profile:")) {
    struct str s = line;
    if (!take_header_counts(&s, &h->counts)) continue;
    text_take(&s, IN_BLANK);
    if (!text_skip(&s, "@")) continue;
    text_take(&s, IN_BLANK);
    if (!text_starts(s, "heap")) continue;
    h->name = text_take(&s, IN_NAME);
    text_skip(&s, "/");
    h->rate = text_take(&s, IN_DIGIT);
    return true;
  }
  return false;
}

static bool match_whole_header(struct str line, const char *behind) {
  while (text_seek_behind(&line, "heap profile:")) {
    struct str s = line;
    struct counts c;
    if (take_header_counts(&s, &c) && text_starts(s, behind)) return true;
  }
  return false;
}

static bool is_header(struct str line) {
  struct header h;
  return match_heap_header(line, &h) || match_whole_header(line, " @ growth") ||
         match_whole_header(line, " @ fragmentation");
}

// A damaged header is sniffed too: the message about it says more than that of another decoder.
static bool begins_like_header(struct str line) { return text_starts(line, "heap profile:"); }

bool heap_sniff(struct str prefix) {
  struct text_lines t = {.rest = prefix};
  return text_next(&t) && (begins_like_header(t.line) || is_header(t.line));
}

// How the name says that samples were chosen.
static int read_kind(const struct header *h, struct heap *heap, struct err *e) {
  heap->rate = 0;
  if (h->rate.n && !text_int64(h->rate, 10, &heap->rate))
    return err_set(e, "line 1: the sampling rate is not a number of 64 bits");
  heap->estimate = true;
  if (str_eq(h->name, STR_LIT("heap_v2")) || str_eq(h->name, STR_LIT("heapz_v2"))) return 0;
  if (str_eq(h->name, STR_LIT("heap"))) {
    heap->rate /= 2;
    return 0;
  }
  heap->estimate = false;
  heap->rate = 1;
  if (str_eq(h->name, STR_LIT("heapprofile"))) return 0;
  return err_set(e, "line 1: unknown kind of heap profile \"%.*s\"", (int)(h->name.n < 40 ? h->name.n : 40), h->name.p);
}

// Brackets that repeat what is in use, or hold 0, tell nothing new. They are compared as text.
static bool is_news(struct str allocated, struct str used) {
  return !str_eq(allocated, used) && !str_eq(allocated, STR_LIT("0"));
}

// Fails with no message when the line is nothing like a header.
static int read_header(struct str line, struct heap *heap, struct err *e) {
  struct header h;
  if (match_heap_header(line, &h)) {
    const struct counts *c = &h.counts;
    heap->allocations = is_news(c->allocated, c->used) || is_news(c->allocated_bytes, c->used_bytes);
    return read_kind(&h, heap, e);
  }
  *heap = (struct heap){.rate = 1};
  if (is_header(line)) return 0;
  return begins_like_header(line) ? err_set(e, "line 1: a damaged header of a heap profile") : -1;
}

// ---- rows ---------------------------------------------------------------------------------------

// Moves behind the first "N: N [N: N] @" of the line. What is in use may be negative (a difference of profiles).
static bool match_row(struct str *line, struct counts *c) {
  const char *start = line->p;
  while (text_seek(line, IN_DIGIT)) {
    bool negative = line->p > start && line->p[-1] == '-';
    c->used = text_take(line, IN_DIGIT);
    if (negative) c->used = (struct str){c->used.p - 1, c->used.n + 1};
    struct str s = *line;
    if (!text_skip(&s, ":")) continue;
    text_take(&s, IN_BLANK);
    c->used_bytes = s;
    text_skip(&s, "-");
    if (!text_take(&s, IN_DIGIT).n) continue;
    c->used_bytes.n -= s.n;
    if (!take_brackets(&s, c) || !text_skip(&s, " @")) continue;
    *line = s;
    return true;
  }
  return false;
}

static int read_values(const struct heap *heap, struct str count, struct str bytes, size_t line, int64_t *values,
                       int64_t *block_size, struct err *e) {
  if (!text_int64(count, 10, &values[0]) || !text_int64(bytes, 10, &values[1]))
    return err_set(e, "line %zu: a value is not a number of 64 bits", line);
  if (values[0] == 0 && values[1] != 0) return err_set(e, "line %zu: bytes but no objects", line);
  if (values[0] == 0) return 0;
  *block_size = wrap_div(values[1], values[0]);
  if (heap->estimate) unsample(&values[0], &values[1], heap->rate);
  return 0;
}

static int read_row(struct draft *d, const struct heap *heap, const struct text_lines *t, struct err *e) {
  struct str row = t->line;
  struct counts c;
  int64_t values[4], *used = values, block_size = 0;
  if (!match_row(&row, &c))
    return err_set(e, "line %zu: not of the form \"N: BYTES [N: BYTES] @ ADDRESSES\"", t->number);
  if (heap->allocations) {
    if (read_values(heap, c.allocated, c.allocated_bytes, t->number, values, &block_size, e)) return -1;
    used += 2;
  }
  if (read_values(heap, c.used, c.used_bytes, t->number, used, &block_size, e)) return -1;
  if (draft_push_all(d, text_take(&row, IN_STACK), t->number, e)) return -1;
  return draft_sample_of_size(d, values, block_size, e);
}

// The default is the last column, so what is in use comes last.
static int add_types(struct draft *d, const struct heap *heap, struct err *e) {
  const struct str count = STR_LIT("count"), bytes = STR_LIT("bytes");
  if (draft_period_type(d, STR_LIT("space"), bytes, e)) return -1;
  if (!heap->allocations && draft_sample_type(d, STR_LIT("objects"), count, e)) return -1;
  if (!heap->allocations) return draft_sample_type(d, STR_LIT("space"), bytes, e);
  if (draft_sample_type(d, STR_LIT("alloc_objects"), count, e)) return -1;
  if (draft_sample_type(d, STR_LIT("alloc_space"), bytes, e)) return -1;
  if (draft_sample_type(d, STR_LIT("inuse_objects"), count, e)) return -1;
  return draft_sample_type(d, STR_LIT("inuse_space"), bytes, e);
}

enum legacy_result heap_read(struct draft *d, struct str bytes, struct err *e) {
  struct text_lines t = {.rest = bytes};
  struct heap heap;
  bool first = text_next(&t);
  if (text_too_long(&t, e)) return LEGACY_BROKEN;
  if (!first || read_header(t.line, &heap, e)) return LEGACY_OTHER;
  if (add_types(d, &heap, e)) return LEGACY_BROKEN;
  d->p->period = heap.rate;
  while (text_next(&t)) {
    if (text_is_comment(t.line)) continue;
    if (text_announces_maps(t.line)) break;
    if (read_row(d, &heap, &t, e)) return LEGACY_BROKEN;
  }
  if (maps_find_and_read(d, &t, e) || draft_finish(d, NULL, e)) return LEGACY_BROKEN;
  return LEGACY_READ;
}
