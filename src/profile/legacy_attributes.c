// Attributes of a memory map: behind a line "build=/a/long/path" every "$build" stands for "/a/long/path".
//
// As with Go's strings.Replacer: what is replaced is not looked at again, and where several names fit, the one defined
// first wins. A name may be any text, so it is found by hashing each prefix of what follows the '$'. Two bounds, which
// honest files are far from, keep hostile ones from costing more than their size: on the length of a name, and on the
// bytes that replacing produces (a name in the value of a name in the value of a name ...).
#include <stdlib.h>

#include "profile/legacy_parts.h"

enum { LONGEST_NAME = sizeof((struct attributes *)0)->has_length - 1 };

static uint64_t hash_start(void) { return UINT64_C(0xcbf29ce484222325); }
static uint64_t hash_more(uint64_t h, char c) { return (h ^ (unsigned char)c) * UINT64_C(0x100000001b3); }

static uint32_t find(const struct attributes *a, struct str name, uint64_t hash) {
  size_t at = 0;
  hash = hash_u64(hash);
  for (uint32_t i = index_first(&a->index, hash, &at); i != MAP_NONE; i = index_next(&a->index, hash, &at))
    if (str_eq(a->at[i].name, name)) return i;
  return NONE;
}

static int copy(struct attributes *a, struct str *s, struct err *e) {
  s->p = arena_copy(&a->bytes, s->p, s->n);
  return s->p ? 0 : err_nomem(e);
}

static int add(struct attributes *a, struct attribute new, uint64_t hash, struct err *e) {
  if (copy(a, &new.name, e) || copy(a, &new.value, e)) return -1;
  if (ARRAY_RESERVE(a->at, a->cap, (size_t)a->n + 1) || index_add(&a->index, hash_u64(hash), a->n)) return err_nomem(e);
  a->at[a->n++] = new;
  a->has_length[new.name.n] = true;
  return 0;
}

int attributes_define(struct attributes *a, struct str line, struct err *e) {
  size_t equals = str_find(line, STR_LIT("="));
  if (equals == SIZE_MAX || a->n == NONE - 1) return 0;
  struct attribute new = {str_trim_space((struct str){line.p, equals}),
                          str_trim_space((struct str){line.p + equals + 1, line.n - equals - 1})};
  if (new.name.n > LONGEST_NAME) return 0;
  uint64_t hash = hash_start();
  for (size_t i = 0; i < new.name.n; i++) hash = hash_more(hash, new.name.p[i]);
  return find(a, new.name, hash) == NONE ? add(a, new, hash, e) : 0;
}

// The first defined attribute whose name the text starts with.
static uint32_t match(const struct attributes *a, struct str text) {
  uint32_t best = NONE;
  uint64_t hash = hash_start();
  for (size_t n = 0; n <= text.n && n <= LONGEST_NAME; n++) {
    if (n) hash = hash_more(hash, text.p[n - 1]);
    uint32_t found = a->has_length[n] ? find(a, (struct str){text.p, n}, hash) : NONE;
    if (found < best) best = found;
  }
  return best;
}

static int spend(struct attributes *a, size_t bytes, struct err *e) {
  if (bytes > a->budget) return err_set(e, "the attributes of the memory map blow it up");
  a->budget -= bytes;
  return 0;
}

int attributes_expand(struct attributes *a, struct str *line, struct err *e) {
  if (a->n == 0 || !line->n || !memchr(line->p, '$', line->n)) return 0;
  buf_clear(&a->expanded);
  struct str rest = *line;
  while (rest.n) {
    const char *dollar = memchr(rest.p, '$', rest.n);
    size_t plain = dollar ? (size_t)(dollar - rest.p) : rest.n;
    uint32_t i = dollar ? match(a, (struct str){dollar + 1, rest.n - plain - 1}) : NONE;
    if (dollar && i == NONE) plain++;
    buf_add(&a->expanded, rest.p, plain);
    if (i != NONE) {
      if (spend(a, a->at[i].value.n, e)) return -1;
      buf_str(&a->expanded, a->at[i].value);
      plain += 1 + a->at[i].name.n;
    }
    rest = (struct str){rest.p + plain, rest.n - plain};
  }
  *line = buf_view(&a->expanded);
  return a->expanded.failed ? err_nomem(e) : 0;
}

void attributes_release(struct attributes *a) {
  arena_release(&a->bytes);
  free(a->at);
  index_release(&a->index);
  buf_release(&a->expanded);
  *a = (struct attributes){0};
}
