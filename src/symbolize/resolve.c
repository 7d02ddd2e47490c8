// The queries are cut into parts: one an object, or two where an object has many. Threads take part after part, the
// largest objects' first; each opens the debug information for itself.
#include "symbolize/resolve.h"

#include <stdlib.h>

// From so many addresses on reading the units twice costs less than what a second thread saves.
enum { WORTH_TWO = 2000, MAX_THREADS = 8 };

struct part {
  uint32_t first, n;  // queries
};

struct pool {
  struct resolving *r;
  struct part *part;
  uint32_t next;
  pthread_mutex_t mutex;
};

// ---- one part -----------------------------------------------------------------------------------

static void take_frame(void *arg, const struct dwarf_frame *frame) {
  struct answers *a = arg;
  struct answer_frame f = {frame->line, frame->column, frame->start_line, 0, 0};
  f.name = strings_add(&a->strings, frame->name);
  f.file = strings_add(&a->strings, frame->file);
  a->failed |= f.name == STRINGS_NONE || f.file == STRINGS_NONE;
  if (a->failed || ARRAY_RESERVE(a->frame, a->frame_cap, a->n_frames + 1)) a->failed = true;
  else a->frame[a->n_frames++] = f;
}

static void answer(struct resolving *r, const struct part *part, uint32_t number) {
  struct answers *a = &r->part[number];
  struct object_reader reader;
  if (strings_init(&a->strings, NULL)) {
    a->failed = true;
    return;
  }
  object_reader_init(&reader, r->object[r->query[part->first].object], r->fast, r->where);
  for (uint32_t i = part->first; i < part->first + part->n && !a->failed; i++) {
    struct query *q = &r->query[i];
    q->part = number;
    q->first_frame = (uint32_t)a->n_frames;
    // Equal addresses of several mappings of one file are answered once.
    if (i > part->first && q[-1].address == q->address) {
      q->first_frame = q[-1].first_frame;
      q->n_frames = q[-1].n_frames;
      continue;
    }
    object_lookup(&reader, q->address, take_frame, a);
    q->n_frames = (uint32_t)a->n_frames - q->first_frame;
  }
  a->outcome = reader.outcome;
  a->reason = reader.reason;
  object_reader_release(&reader);
}

// ---- all of them --------------------------------------------------------------------------------

static int compare_queries(const void *a, const void *b) {
  const struct query *x = a, *y = b;
  if (x->object != y->object) return x->object < y->object ? -1 : 1;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return (x->location > y->location) - (x->location < y->location);
}

static int larger_first(const void *a, const void *b) {
  const struct part *x = a, *y = b;
  if (x->n != y->n) return x->n > y->n ? -1 : 1;
  return (x->first > y->first) - (x->first < y->first);
}

// Cuts the sorted queries; returns how many parts there are, at most two an object.
static uint32_t cut(const struct resolving *r, struct part *part) {
  uint32_t n = 0;
  for (uint32_t i = 0, end; i < r->n_queries; i = end) {
    for (end = i; end < r->n_queries && r->query[end].object == r->query[i].object;) end++;
    uint32_t half = end - i >= WORTH_TWO ? (end - i) / 2 : 0;
    if (half) part[n++] = (struct part){i, half};
    part[n++] = (struct part){i + half, end - i - half};
  }
  qsort(part, n, sizeof *part, larger_first);
  return n;
}

static void *work(void *arg) {
  struct pool *pool = arg;
  for (;;) {
    pthread_mutex_lock(&pool->mutex);
    uint32_t i = pool->next < pool->r->n_parts ? pool->next++ : UINT32_MAX;
    pthread_mutex_unlock(&pool->mutex);
    if (i == UINT32_MAX) return NULL;
    answer(pool->r, &pool->part[i], i);
  }
}

static void run(struct pool *pool) {
  pthread_t thread[MAX_THREADS];
  uint32_t wanted = cores_online(MAX_THREADS), started = 0;
  if (wanted > pool->r->n_parts) wanted = pool->r->n_parts;
  while (started + 1 < wanted && pthread_create(&thread[started], NULL, work, pool) == 0) started++;
  work(pool);
  for (uint32_t i = 0; i < started; i++) pthread_join(thread[i], NULL);
}

int resolve(struct resolving *r, struct err *e) {
  struct pool pool = {.r = r, .part = calloc((size_t)r->n_objects * 2 + 1, sizeof *pool.part)};
  r->part = calloc((size_t)r->n_objects * 2 + 1, sizeof *r->part);
  int result = pool.part && r->part ? 0 : -1;
  if (!result && r->n_queries) {
    qsort(r->query, r->n_queries, sizeof *r->query, compare_queries);
    r->n_parts = cut(r, pool.part);
    pthread_mutex_init(&pool.mutex, NULL);
    run(&pool);
    pthread_mutex_destroy(&pool.mutex);
  }
  for (uint32_t i = 0; i < r->n_parts && !result; i++) result = r->part[i].failed ? -1 : 0;
  free(pool.part);
  return result ? err_nomem(e) : 0;
}

void resolving_release(struct resolving *r) {
  for (uint32_t i = 0; i < r->n_parts; i++) {
    strings_release(&r->part[i].strings);
    free(r->part[i].frame);
  }
  free(r->part);
  r->part = NULL;
  r->n_parts = 0;
}
