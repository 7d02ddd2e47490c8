// Writes a large profile.proto, gzip-compressed, the same for the same arguments:
//
//     genprofile [--samples N] [--functions N] [--depth N] [--heap] [--seed N] FILE
//
// The program it pretends to have watched is a call graph with a fixed, skewed set of callees a function. Stacks are
// taken in the order a depth-first walk would meet them: the next one shares most of the one before, as those of a real
// program do, so that the file compresses nearly three times. The top-level messages stand in the
// order of the format's writers: types, samples, mapping, locations, functions, strings.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

// ---- bytes ----------------------------------------------------------------------------------------

struct bytes {
  uint8_t *p;
  size_t n, cap;
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void put_byte(struct bytes *b, uint8_t byte) {
  if (b->n == b->cap) {
    b->cap = b->cap ? b->cap * 2 : 1024;
    b->p = realloc(b->p, b->cap);
    if (!b->p) fail("memory");
  }
  b->p[b->n++] = byte;
}

static void put_varint(struct bytes *b, uint64_t v) {
  for (; v > 0x7f; v >>= 7) put_byte(b, (uint8_t)(v & 0x7f) | 0x80);
  put_byte(b, (uint8_t)v);
}

static void put_number(struct bytes *b, unsigned field, uint64_t v) {
  put_varint(b, field << 3);
  put_varint(b, v);
}

static void put_text(struct bytes *b, unsigned field, const void *text, size_t n) {
  put_varint(b, field << 3 | 2);
  put_varint(b, n);
  for (size_t i = 0; i < n; i++) put_byte(b, ((const uint8_t *)text)[i]);
}

static void put_message(struct bytes *b, unsigned field, struct bytes *message) {
  put_text(b, field, message->p, message->n);
  message->n = 0;
}

// ---- chance ---------------------------------------------------------------------------------------

static uint64_t next(uint64_t *state) {  // splitmix64
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t limit) { return next(state) % limit; }

// 0 half of the time, 1 a quarter, and so on; at most `most`.
static unsigned skewed(uint64_t *state, unsigned most) {
  unsigned n = 0;
  for (uint64_t bits = next(state); n < most && (bits & 1); bits >>= 1) n++;
  return n;
}

// ---- the program ----------------------------------------------------------------------------------

enum { CALLEES = 12, SITES = 3, DEEPEST = 1024 };

struct program {
  uint64_t samples, functions, depth, seed;
  bool heap;
  uint32_t (*callee)[CALLEES];
};

struct frame {
  uint64_t function, location;
};

// Strings have fixed numbers: these, then name and file of each function.
enum {
  S_NONE,
  S_COUNT,
  S_BYTES,
  S_NANOSECONDS,
  S_SAMPLES,
  S_CPU,
  S_SPACE,
  S_TYPES,
  S_OBJECT = S_TYPES + 4,
  S_BUILD,
  S_FIRST_NAME
};
static const char *const fixed[] = {"",
                                    "count",
                                    "bytes",
                                    "nanoseconds",
                                    "samples",
                                    "cpu",
                                    "space",
                                    "alloc_objects",
                                    "alloc_space",
                                    "inuse_objects",
                                    "inuse_space",
                                    "/opt/warehouse/bin/warehoused",
                                    "5d1c0ffee5d1c0ffee5d1c0ffee5d1c0ffee5d1c"};

static uint64_t location_of(uint64_t function, uint64_t site) { return function * SITES + site + 1; }

// Cuts the stack somewhere near its leaf and grows it again to a new depth.
static size_t next_stack(const struct program *g, uint64_t *state, struct frame *stack, size_t n) {
  size_t depth = 2 + below(state, g->depth) / 4 + below(state, g->depth + 1);
  size_t cut = 1 + skewed(state, 20) * 3;
  n = n > cut ? n - cut : 0;
  if (n >= depth) n = depth - 1;
  while (n < depth) {
    uint64_t f = n ? g->callee[stack[n - 1].function][skewed(state, CALLEES - 1)] : 0;
    if (n && below(state, 40) == 0) f = stack[n - 1].function;  // recursion
    stack[n++] = (struct frame){f, location_of(f, below(state, SITES))};
  }
  return n;
}

static void put_values(const struct program *g, uint64_t *state, struct bytes *message, struct bytes *part,
                       uint64_t *size) {
  uint64_t count = 1 + below(state, 12) * below(state, 12) / 8;
  if (g->heap) {
    uint64_t left = count / 2;
    *size = (uint64_t)48 << skewed(state, 12);
    put_varint(part, count);
    put_varint(part, count * *size);
    put_varint(part, left);
    put_varint(part, left * *size);
  } else {
    put_varint(part, count);
    put_varint(part, count * 10000000);
  }
  put_message(message, 2, part);
}

static void put_sample(const struct program *g, uint64_t *state, const struct frame *stack, size_t n,
                       struct bytes *out) {
  static struct bytes message, part;
  for (size_t i = n; i-- > 0;) put_varint(&part, stack[i].location);
  put_message(&message, 1, &part);
  uint64_t size = 0;
  put_values(g, state, &message, &part, &size);
  if (g->heap) {
    put_number(&part, 1, S_BYTES);
    put_number(&part, 3, size);
    put_message(&message, 3, &part);
  }
  put_message(out, 2, &message);
}

static void put_type(struct bytes *out, unsigned field, uint64_t type, uint64_t unit) {
  struct bytes message = {0};
  put_number(&message, 1, type);
  put_number(&message, 2, unit);
  put_message(out, field, &message);
  free(message.p);
}

static void put_types(const struct program *g, struct bytes *out) {
  if (g->heap) {
    for (unsigned i = 0; i < 4; i++) put_type(out, 1, S_TYPES + i, i % 2 ? S_BYTES : S_COUNT);
  } else {
    put_type(out, 1, S_SAMPLES, S_COUNT);
    put_type(out, 1, S_CPU, S_NANOSECONDS);
  }
}

static void put_mapping(const struct program *g, struct bytes *out) {
  struct bytes message = {0};
  put_number(&message, 1, 1);
  put_number(&message, 2, 0x400000);
  put_number(&message, 3, 0x400000 + g->functions * 1024);
  put_number(&message, 5, S_OBJECT);
  put_number(&message, 6, S_BUILD);
  for (unsigned has = 7; has <= 10; has++) put_number(&message, has, 1);
  put_message(out, 3, &message);
  free(message.p);
}

static void put_location(const struct program *g, uint64_t f, uint64_t site, struct bytes *out) {
  static struct bytes message, part;
  put_number(&message, 1, location_of(f, site));
  put_number(&message, 2, 1);
  put_number(&message, 3, 0x400000 + f * 1024 + 100 + site * 200);
  bool inlined = location_of(f, site) % 6 == 0;
  for (int line = inlined ? 0 : 1; line < 2; line++) {
    uint64_t function = line ? f : g->callee[f][CALLEES - 1];
    put_number(&part, 1, function + 1);
    put_number(&part, 2, 12 + function % 800 + site * 7);
    put_message(&message, 4, &part);
  }
  put_message(out, 4, &message);
}

static void put_function(uint64_t f, struct bytes *out) {
  static struct bytes message;
  put_number(&message, 1, f + 1);
  put_number(&message, 2, S_FIRST_NAME + 2 * f);
  put_number(&message, 3, S_FIRST_NAME + 2 * f);
  put_number(&message, 4, S_FIRST_NAME + 2 * f + 1);
  put_number(&message, 5, 10 + f % 800);
  put_message(out, 5, &message);
}

static void put_names(uint64_t f, struct bytes *out) {
  static const char *const part[] = {"stock", "order", "route", "parcel", "ledger", "depot", "label", "scan", "truck"};
  static const char *const verb[] = {"Find", "store", "Pack", "weigh", "Ship", "count", "Merge"};
  char text[200];
  const char *package = part[f % 9];
  int n = snprintf(text, sizeof text, "example.org/warehouse/%s/%s%d.(*%c%s%d).%s%d", package, part[f / 9 % 9],
                   (int)(f % 97), (char)('A' + f % 26), package, (int)(f % 499), verb[f % 7], (int)f);
  put_text(out, 6, text, (size_t)n);
  n = snprintf(text, sizeof text, "/build/src/example.org/warehouse/%s/%s%d/file%d.go", package, part[f / 9 % 9],
               (int)(f % 97), (int)(f % 31));
  put_text(out, 6, text, (size_t)n);
}

// ---- the file -------------------------------------------------------------------------------------

static uint64_t written;

static void flush(gzFile file, struct bytes *out, size_t keep_below) {
  if (out->n <= keep_below) return;
  if (gzwrite(file, out->p, (unsigned)out->n) != (int)out->n) fail("writing");
  written += out->n;
  out->n = 0;
}

static void write_profile(const struct program *g, gzFile file) {
  enum { BLOCK = 1 << 20 };
  static struct frame stack[DEEPEST];
  struct bytes out = {0};
  uint64_t state = g->seed;
  put_types(g, &out);
  for (uint64_t s = 0, n = 0; s < g->samples; s++, flush(file, &out, BLOCK)) {
    n = next_stack(g, &state, stack, n);
    put_sample(g, &state, stack, n, &out);
  }
  put_mapping(g, &out);
  for (uint64_t f = 0; f < g->functions; f++, flush(file, &out, BLOCK))
    for (uint64_t site = 0; site < SITES; site++) put_location(g, f, site, &out);
  for (uint64_t f = 0; f < g->functions; f++, flush(file, &out, BLOCK)) put_function(f, &out);
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) put_text(&out, 6, fixed[i], strlen(fixed[i]));
  for (uint64_t f = 0; f < g->functions; f++, flush(file, &out, BLOCK)) put_names(f, &out);
  put_number(&out, 9, 1750000000000000000u);
  put_number(&out, 10, 60000000000u);
  if (g->heap) put_type(&out, 11, S_SPACE, S_BYTES);
  else put_type(&out, 11, S_CPU, S_NANOSECONDS);
  put_number(&out, 12, g->heap ? 524288 : 10000000);
  flush(file, &out, 0);
}

static uint64_t number(const char *text) {
  char *end;
  unsigned long long v = text ? strtoull(text, &end, 10) : 0;
  if (!text || !*text || *end) {
    fputs("genprofile: a number is missing\n", stderr);
    exit(2);
  }
  return v;
}

int main(int argc, char **argv) {
  struct program g = {.samples = 100000, .functions = 5000, .depth = 30, .seed = 1};
  const char *path = NULL;
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "--samples")) g.samples = number(argv[++i]);
    else if (!strcmp(argv[i], "--functions")) g.functions = number(argv[++i]);
    else if (!strcmp(argv[i], "--depth")) g.depth = number(argv[++i]);
    else if (!strcmp(argv[i], "--seed")) g.seed = number(argv[++i]);
    else if (!strcmp(argv[i], "--heap")) g.heap = true;
    else path = argv[i];
  }
  if (!path || g.functions == 0 || g.functions > UINT32_MAX || g.depth == 0 || g.depth > DEEPEST / 2) {
    fputs("usage: genprofile [--samples N] [--functions N] [--depth N] [--heap] [--seed N] FILE\n", stderr);
    return 2;
  }
  g.callee = calloc(g.functions, sizeof *g.callee);
  gzFile file = gzopen(path, "wb6");
  if (!g.callee || !file) fail(path);
  uint64_t state = ~g.seed;
  for (uint64_t f = 0; f < g.functions; f++)
    for (int i = 0; i < CALLEES; i++) g.callee[f][i] = (uint32_t)below(&state, g.functions);
  write_profile(&g, file);
  if (gzclose(file) != Z_OK) fail(path);
  free(g.callee);
  fprintf(stderr, "%s: %llu bytes before compression\n", path, (unsigned long long)written);
  return 0;
}
