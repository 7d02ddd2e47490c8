// Rings are emptied one after the other, so what one CPU tells may be older than what another told before. Records wait here
// until nothing older can come, and leave in the order of time. Equal times keep the order they came in.
#include <stdlib.h>

#include "record/internal.h"

// The two parts as one; what is not worth keeping is given back.
static struct str joined(struct str head, struct str tail) {
  char *bytes = malloc(head.n + tail.n);
  if (!bytes) return (struct str){NULL, 0};
  memcpy(bytes, head.p, head.n);
  memcpy(bytes + head.n, tail.p, tail.n);
  size_t useful = record_useful((struct str){bytes, head.n + tail.n});
  char *shorter = useful < head.n + tail.n ? realloc(bytes, useful) : NULL;
  return (struct str){shorter ? shorter : bytes, useful};
}

int queue_add(struct queue *q, struct str head, struct str tail) {
  if (ARRAY_RESERVE(q->at, q->cap, q->n + 1)) return -1;
  struct str bytes = joined(head, tail);
  if (!bytes.p) return -1;
  q->at[q->n++] = (struct queued){record_time(bytes), q->number++, bytes};
  return 0;
}

static int by_time(const void *a, const void *b) {
  const struct queued *x = a, *y = b;
  if (x->time != y->time) return x->time < y->time ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

static void drop(struct queued *record) { free((void *)(uintptr_t)record->bytes.p); }

int queue_flush(struct queue *q, uint64_t until, const struct sink *sink) {
  size_t n = 0;
  int result = 0;
  if (q->n) qsort(q->at, q->n, sizeof *q->at, by_time);
  for (; n < q->n && q->at[n].time <= until; n++) {
    struct record r;
    if (!result && record_parse(q->at[n].bytes, &r)) result = sink->take(sink->arg, &r);
    drop(&q->at[n]);
  }
  if (n) memmove(q->at, q->at + n, (q->n - n) * sizeof *q->at);
  q->n -= n;
  return result;
}

void queue_release(struct queue *q) {
  for (size_t i = 0; i < q->n; i++) drop(&q->at[i]);
  free(q->at);
  *q = (struct queue){0};
}
