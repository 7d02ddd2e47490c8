// A list of short texts.
#include "report/texts.h"

#include <stdlib.h>

void texts_end(struct texts *t) {
  if (ARRAY_RESERVE(t->end, t->end_cap, t->n + 1)) {
    t->bytes.failed = true;
    return;
  }
  t->end[t->n++] = t->bytes.n;
}

static int compare(const void *a, const void *b) { return str_cmp(*(const struct str *)a, *(const struct str *)b); }

void texts_sort(struct texts *t) {
  if (t->bytes.failed || ARRAY_RESERVE(t->at, t->at_cap, t->n + 1)) {
    t->bytes.failed = true;
    t->n = 0;
    return;
  }
  for (size_t i = 0, from = 0; i < t->n; from = t->end[i++])
    t->at[i] = (struct str){t->bytes.data ? t->bytes.data + from : "", t->end[i] - from};
  qsort(t->at, t->n, sizeof *t->at, compare);
}

void texts_clear(struct texts *t) {
  buf_clear(&t->bytes);
  t->n = 0;
}

void texts_release(struct texts *t) {
  buf_release(&t->bytes);
  free(t->end);
  free(t->at);
  *t = (struct texts){0};
}
