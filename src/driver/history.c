// The history file: a line an entry. Sessions append under a lock; the file is replaced when it is cut, so whoever got
// the lock looks whether it still holds the file of that name.
#include "driver/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/folders.h"
#include "driver/output.h"

enum { LONGEST_FILE = 4 << 20 };  // more is not read: it is no history of ours

bool history_path(struct buf *path) { return folders_find(path, "XDG_STATE_HOME", ".local/state", "history"); }

// ---- reading --------------------------------------------------------------------------------------

static int read_file(int fd, struct buf *text) { return fd_read(fd, LONGEST_FILE, text) || text->failed ? -1 : 0; }

static size_t count_lines(struct str text) {
  size_t n = 0;
  for (size_t i = 0; i < text.n; i++) n += text.p[i] == '\n';
  return n;
}

// What is left after all lines but the newest HISTORY_LINES.
static struct str newest(struct str text) {
  for (size_t n = count_lines(text); n > HISTORY_LINES; n--) {
    const char *end = memchr(text.p, '\n', text.n);
    text.n -= (size_t)(end + 1 - text.p);
    text.p = end + 1;
  }
  return text;
}

void history_load(const char *path, void (*take)(void *arg, const char *line), void *arg) {
  struct buf text = {0}, line = {0};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  if (read_file(fd, &text) == 0) {
    struct str rest = newest(buf_view(&text));
    for (const char *end; rest.n && (end = memchr(rest.p, '\n', rest.n));) {
      buf_clear(&line);
      buf_add(&line, rest.p, (size_t)(end - rest.p));
      if (line.n && !line.failed) take(arg, line.data);
      rest.n -= (size_t)(end + 1 - rest.p);
      rest.p = end + 1;
    }
  }
  close(fd);
  buf_release(&text);
  buf_release(&line);
}

// ---- writing --------------------------------------------------------------------------------------

static bool is_the_file(int fd, const char *path) {
  struct stat mine, named;
  return fstat(fd, &mine) == 0 && stat(path, &named) == 0 && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev;
}

// The file, open and locked; -1 with errno.
static int open_locked(const char *path) {
  for (;;) {
    int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return -1;
    if (flock(fd, LOCK_EX) == 0 && is_the_file(fd, path)) return fd;
    close(fd);
  }
}

static void cut(int fd, const char *path) {
  struct buf text = {0};
  struct err ignored = {""};
  if (lseek(fd, 0, SEEK_SET) == 0 && read_file(fd, &text) == 0 && count_lines(buf_view(&text)) > 2 * HISTORY_LINES)
    output_file(path, newest(buf_view(&text)), &ignored);
  buf_release(&text);
}

int history_append(const char *path, struct str line, struct err *e) {
  struct buf entry = {0};
  if (folders_make(path, e)) return -1;
  int fd = open_locked(path), result = 0;
  if (fd < 0) return err_system(e, path);
  buf_str(&entry, line);
  buf_addc(&entry, '\n');
  if (entry.failed) result = err_nomem(e);
  else if (fd_write(fd, buf_view(&entry))) result = err_system(e, path);
  if (!result) cut(fd, path);
  close(fd);
  buf_release(&entry);
  return result;
}
