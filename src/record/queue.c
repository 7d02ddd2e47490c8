// Rings are emptied one after the other, so what one CPU tells may be older than what another told before. Records wait here
// until nothing older can come, and leave in the order of time. Equal times keep the order they came in.
#include <stdlib.h>

#include "record/internal.h"

// The two parts as one, as far as they are worth keeping.
static struct str joined(const struct record_bytes *r) {
  size_t n = record_useful(r), first = n < r->head.n ? n : r->head.n;
  char *bytes = malloc(n);
  if (!bytes) return (struct str){NULL, 0};
  memcpy(bytes, r->head.p, first);
  if (n > first) memcpy(bytes + first, r->tail.p, n - first);
  return (struct str){bytes, n};
}

int queue_add(struct queue *q, const struct record_bytes *r) {
  if (ARRAY_RESERVE(q->at, q->cap, q->n + 1)) return -1;
  struct str bytes = joined(r);
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

int queue_each(struct queue *q, uint64_t until, int (*take)(void *arg, const struct queued *record), void *arg) {
  size_t n = 0;
  int result = 0;
  if (q->n) qsort(q->at, q->n, sizeof *q->at, by_time);
  for (; n < q->n && q->at[n].time <= until; n++) {
    if (!result) result = take(arg, &q->at[n]);
    drop(&q->at[n]);
  }
  if (n) memmove(q->at, q->at + n, (q->n - n) * sizeof *q->at);
  q->n -= n;
  return result;
}

static int to_sink(void *arg, const struct queued *record) {
  const struct sink *sink = arg;
  struct record r;
  return record_parse(record->bytes, &r) ? sink->take(sink->arg, &r) : 0;
}

int queue_flush(struct queue *q, uint64_t until, const struct sink *sink) {
  return queue_each(q, until, to_sink, &(struct sink){sink->take, sink->arg});
}

void queue_release(struct queue *q) {
  for (size_t i = 0; i < q->n; i++) drop(&q->at[i]);
  free(q->at);
  *q = (struct queue){0};
}
