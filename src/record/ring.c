// One CPU's ring. The kernel writes at data_head, which is read before the data; data_tail tells it what is free again and is
// written after the data were copied.
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record/internal.h"

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

int ring_map(struct ring *r, size_t size, struct err *e) {
  void *p = mmap(NULL, page_size() + size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
  if (p == MAP_FAILED) {
    int error = errno;
    err_set(e, "a ring for samples: %s", strerror(error));
    return error == EPERM || error == ENOMEM ? RING_REFUSED : -1;
  }
  r->page = p;
  r->size = size;
  r->head = 0;
  return 0;
}

void ring_unmap(struct ring *r) {
  if (r->page) munmap(r->page, r->size + page_size());
  r->page = NULL;
}

void ring_look(struct ring *r) {
  if (r->fd < 0) return;
  struct perf_event_mmap_page *page = r->page;
  r->head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
}

static int take_one(const struct ring *r, uint64_t tail, const struct ring_filter *filter, struct queue *q, size_t *n) {
  struct perf_event_header header;
  const char *data = (const char *)r->page + page_size();
  size_t at = tail & (r->size - 1);
  // Records begin at multiples of 8 bytes, so a header never goes over the end.
  memcpy(&header, data + at, sizeof header);
  *n = header.size;
  if (*n < sizeof header || *n > r->head - tail) return -1;
  size_t first = *n < r->size - at ? *n : r->size - at;
  struct record_bytes bytes = {{data + at, first}, {data, *n - first}};
  return filter && !filter->wants(filter->arg, &bytes) ? 0 : queue_add(q, &bytes);
}

int ring_take(struct ring *r, const struct ring_filter *filter, struct queue *q, struct err *e) {
  if (r->fd < 0) return 0;
  struct perf_event_mmap_page *page = r->page;
  uint64_t tail = page->data_tail;
  while (tail < r->head) {
    size_t n = 0;
    if (take_one(r, tail, filter, q, &n)) return err_nomem(e);
    tail += n;
    __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
  }
  return 0;
}
