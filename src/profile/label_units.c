// Units of numeric labels. A value need not say its unit; all values of a key are taken to share one.
#include <stdlib.h>

#include "profile/tag_filter.h"

int label_units_init(struct label_units *u, const struct profile *p, struct err *e) {
  *u = (struct label_units){.profile = p, .unit = malloc(p->strings.n * sizeof *u->unit)};
  if (!u->unit) return err_nomem(e);
  memset(u->unit, 0xff, p->strings.n * sizeof *u->unit);
  for (uint32_t i = 0; i < p->n_labels; i++) {
    const struct label *l = &p->label[i];
    if (l->numeric && l->unit != NONE && l->unit != 0 && u->unit[l->key] == NONE) u->unit[l->key] = l->unit;
  }
  return 0;
}

void label_units_release(struct label_units *u) {
  free(u->unit);
  *u = (struct label_units){0};
}

struct str label_unit(const struct label_units *u, uint32_t key) {
  if (u->unit[key] != NONE) return profile_str(u->profile, u->unit[key]);
  struct str name = profile_str(u->profile, key);
  bool bytes = str_eq(name, STR_LIT("alignment")) || str_eq(name, STR_LIT("request"));
  return bytes ? STR_LIT("bytes") : name;
}

static int compare_strings(const void *a, const void *b) {
  return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// The other units of one key, sorted, each once. Keys with conflicts are rare, so a scan a key will do.
static int note_key(const struct label_units *u, uint32_t key, struct buf *notes) {
  const struct profile *p = u->profile;
  struct str *other = NULL;
  size_t n = 0, cap = 0;
  for (uint32_t i = 0; i < p->n_labels; i++) {
    const struct label *l = &p->label[i];
    if (!l->numeric || l->key != key || l->unit == NONE || l->unit == 0 || l->unit == u->unit[key]) continue;
    if (ARRAY_RESERVE(other, cap, n + 1)) goto fail;
    other[n++] = profile_str(p, l->unit);
  }
  qsort(other, n, sizeof *other, compare_strings);
  buf_addf(notes, "For tag %.*s used unit %.*s, also encountered unit(s) ", STR_ARG(profile_str(p, key)),
           STR_ARG(label_unit(u, key)));
  for (size_t i = 0; i < n; i++) {
    if (i && str_eq(other[i], other[i - 1])) continue;
    if (i) buf_adds(notes, ", ");
    buf_str(notes, other[i]);
  }
  buf_addc(notes, '\n');
  free(other);
  return 0;
fail:
  free(other);
  return -1;
}

int label_units_conflicts(const struct label_units *u, struct buf *notes, struct err *e) {
  const struct profile *p = u->profile;
  int result = 0;
  uint8_t *noted = calloc(p->strings.n, 1);
  if (!noted) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_labels && !result; i++) {
    const struct label *l = &p->label[i];
    if (!l->numeric || l->unit == NONE || l->unit == 0 || l->unit == u->unit[l->key] || noted[l->key]) continue;
    noted[l->key] = 1;
    result = note_key(u, l->key, notes);
  }
  free(noted);
  return result ? err_nomem(e) : 0;
}
