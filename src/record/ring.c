// One CPU's ring. The kernel writes at data_head, which is read before the data; data_tail tells it what is free again and is
// written after the data were copied.
#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record/internal.h"

// A sample has some 33 KB. What may be locked in memory decides how large a ring can be; the smallest needs no privilege.
enum { LARGEST = 8 << 20, SMALLEST = 128 << 10 };

int ring_map(struct ring *r, struct err *e) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t size = LARGEST; size >= SMALLEST; size /= 2) {
    void *p = mmap(NULL, page + size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
    if (p == MAP_FAILED && (errno == EPERM || errno == ENOMEM)) continue;
    if (p == MAP_FAILED) break;
    r->page = p;
    r->size = size;
    return 0;
  }
  return err_set(e, "a ring for samples: %s", strerror(errno));
}

static int take_one(const unsigned char *data, size_t size, uint64_t tail, uint64_t head, struct queue *q, size_t *n) {
  struct perf_event_header header;
  size_t at = tail & (size - 1);
  // Records begin at multiples of 8 bytes, so a header never goes over the end.
  memcpy(&header, data + at, sizeof header);
  *n = header.size;
  if (*n < sizeof header || *n > head - tail) return -1;
  size_t first = *n < size - at ? *n : size - at;
  return queue_add(q, (struct str){(const char *)data + at, first}, (struct str){(const char *)data, *n - first});
}

int ring_take(struct ring *r, struct queue *q, struct err *e) {
  if (r->fd < 0) return 0;
  struct perf_event_mmap_page *page = r->page;
  const unsigned char *data = (const unsigned char *)r->page + sysconf(_SC_PAGESIZE);
  uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), tail = page->data_tail;
  while (tail < head) {
    size_t n = 0;
    if (take_one(data, r->size, tail, head, q, &n)) return err_nomem(e);
    tail += n;
    __atomic_store_n(&page->data_tail, tail, __ATOMIC_RELEASE);
  }
  return 0;
}
