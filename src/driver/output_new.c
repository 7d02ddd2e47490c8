// New files. A name is taken when the file is complete, and never one that is there.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/output.h"

// A file on its way. Where the file system can, it has no name: if the program is ended, nothing is left.
struct draft {
  int fd;
  struct buf name;  // its own; empty: none
};

static int draft_open(struct draft *d, const char *prefix, mode_t mode, struct err *e) {
  struct buf folder = {0};
  *d = (struct draft){.fd = -1};
  path_parent(&folder, str_of(prefix));
  // What has no name gets one by the way over /proc.
  if (!folder.failed && access("/proc/self/fd", X_OK) == 0)
    d->fd = open(folder.data, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  buf_release(&folder);
  if (d->fd >= 0) return 0;
  buf_addf(&d->name, "%s.XXXXXX", prefix);
  if (d->name.failed) return err_nomem(e);
  d->fd = mkostemp(d->name.data, O_CLOEXEC);
  if (d->fd >= 0) return fchmod(d->fd, mode) ? err_system(e, prefix) : 0;
  buf_clear(&d->name);
  return err_system(e, prefix);
}

// Not every file system can rename without replacing.
static int rename_to_new(const char *from, const char *to) {
  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL || link(from, to)) return -1;
  return unlink(from);
}

static int draft_name(struct draft *d, const char *name) {
  char descriptor[32];
  if (d->name.n) return rename_to_new(d->name.data, name);
  snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", d->fd);
  return linkat(AT_FDCWD, descriptor, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

static void make_name(const struct output_new *o, unsigned number, struct buf *name) {
  buf_clear(name);
  if (o->all_numbered) buf_addf(name, "%s%03u.%s", o->prefix, number, o->extension);
  else if (number == 1) buf_addf(name, "%s.%s", o->prefix, o->extension);
  else buf_addf(name, "%s.%u.%s", o->prefix, number, o->extension);
}

static int name_it(struct draft *d, const struct output_new *o, struct buf *name, struct err *e) {
  enum { MOST_FILES = 10000 };
  for (unsigned i = 1; i < MOST_FILES; i++) {
    make_name(o, i, name);
    if (name->failed) return err_nomem(e);
    if (draft_name(d, name->data) == 0) return 0;
    if (errno != EEXIST) return err_system(e, name->data);
  }
  return err_set(e, "%s: there are %d such files", o->prefix, MOST_FILES - 1);
}

int output_new(const struct output_new *o, struct str bytes, struct buf *name, struct err *e) {
  struct draft d;
  int result = draft_open(&d, o->prefix, o->is_private ? 0600 : output_plain_mode(), e);
  if (!result && fd_write(d.fd, bytes)) result = err_system(e, o->prefix);
  if (!result && d.name.n) {
    if (close(d.fd)) result = err_system(e, o->prefix);
    d.fd = -1;
  }
  if (!result) result = name_it(&d, o, name, e);
  if (result && d.name.n && !d.name.failed) unlink(d.name.data);
  if (d.fd >= 0) close(d.fd);
  buf_release(&d.name);
  return result;
}
