// Reading and writing all there is, whatever signals come in between.
#include <errno.h>
#include <unistd.h>

#include "base/base.h"

int fd_read(int fd, size_t most, struct buf *out) {
  enum { PORTION = 1 << 16 };
  size_t end = most < SIZE_MAX - out->n ? out->n + most : SIZE_MAX;
  while (out->n < end) {
    size_t free = out->cap - out->n, wanted = free > PORTION ? free - 1 : PORTION;
    if (wanted > end - out->n) wanted = end - out->n;
    char *room = buf_room(out, wanted);
    ssize_t n = room ? read(fd, room, wanted) : 0;
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) out->n += (size_t)n;
    if (!out->failed) out->data[out->n] = '\0';
    if (n <= 0) return (int)n;
  }
  return 0;
}

int fd_write(int fd, struct str bytes) {
  while (bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    bytes.p += n;
    bytes.n -= (size_t)n;
  }
  return 0;
}
