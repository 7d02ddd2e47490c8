// Reading a file into lines.
#include <stdlib.h>
#include <sys/stat.h>

#include "source/internal.h"

// A folder, a pipe and the like have no lines; nor has what can't be read on.
static void read_all(int fd, struct buf *bytes) {
  struct stat st;
  if (fstat(fd, &st) || !S_ISREG(st.st_mode)) return;
  buf_room(bytes, (size_t)st.st_size + 1);
  (void)fd_read(fd, SIZE_MAX, bytes);
}

static struct str next_line(struct str *rest) {
  const char *end = memchr(rest->p, '\n', rest->n);
  struct str line = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
  size_t taken = line.n + (end != NULL);
  *rest = (struct str){rest->p + taken, rest->n - taken};
  if (line.n && line.p[line.n - 1] == '\r') line.n--;
  return line;
}

static size_t count_lines(struct str bytes) {
  size_t n = 0;
  for (; bytes.n; n++) next_line(&bytes);
  return n;
}

int source__read_lines(int fd, struct arena *arena, struct source_text *text) {
  struct buf bytes = {0};
  read_all(fd, &bytes);
  struct str rest = {arena_copy(arena, bytes.data ? bytes.data : "", bytes.n), bytes.n};
  bool failed = bytes.failed || !rest.p;
  buf_release(&bytes);
  if (failed) return -1;
  size_t n = count_lines(rest);
  struct str *line = arena_alloc(arena, (n + 1) * sizeof *line);
  if (!line) return -1;
  for (size_t i = 0; i < n; i++) line[i] = next_line(&rest);
  *text = (struct source_text){.line = line, .n = n};
  return 0;
}
