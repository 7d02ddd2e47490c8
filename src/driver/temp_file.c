#include "driver/temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// -1 where that can't be done. What has no name gets one by the way over /proc.
static int open_nameless(const char *path, mode_t mode) {
  struct buf folder = {0};
  int fd = -1;
  path_parent(&folder, str_of(path));
  if (!folder.failed && access("/proc/self/fd", X_OK) == 0)
    fd = open(folder.data, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  buf_release(&folder);
  return fd;
}

static int open_named(struct temp_file *t, const char *path, mode_t mode, struct err *e) {
  buf_addf(&t->name, "%s.XXXXXX", path);
  if (t->name.failed) return err_nomem(e);
  t->fd = mkostemp(t->name.data, O_CLOEXEC);
  if (t->fd >= 0) return fchmod(t->fd, mode) ? err_system(e, path) : 0;
  err_system(e, path);
  buf_clear(&t->name);
  return -1;
}

int temp_file_write(struct temp_file *t, bool is_new, const char *path, mode_t mode, struct str bytes, struct err *e) {
  *t = (struct temp_file){.fd = is_new ? open_nameless(path, mode) : -1, .is_new = is_new};
  if (t->fd < 0 && open_named(t, path, mode, e)) return -1;
  if (fd_write(t->fd, bytes)) return err_system(e, path);
  if (!t->name.n) return 0;
  int result = close(t->fd) ? err_system(e, path) : 0;
  t->fd = -1;
  return result;
}

// Not every file system can rename without replacing.
static int rename_to_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL || link(from, to)) return -1;
  return unlink(from);
}

static int link_nameless(int fd, const char *name) {
  char descriptor[32];
  snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", fd);
  return linkat(AT_FDCWD, descriptor, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

int temp_file_name(struct temp_file *t, const char *name) {
  if (!t->name.n) return link_nameless(t->fd, name);
  if (t->is_new ? rename_to_new(t->name.data, name) : rename(t->name.data, name)) return -1;
  buf_clear(&t->name);
  return 0;
}

void temp_file_release(struct temp_file *t) {
  if (t->name.n && !t->name.failed) unlink(t->name.data);
  if (t->fd >= 0) close(t->fd);
  buf_release(&t->name);
  t->fd = -1;
}
