// New files that only their owner may read. A name is taken when the file is complete, and never one that is there.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/output.h"

// A file on its way. Where the file system can, it has no name: if the program is ended, nothing is left.
struct draft {
  int fd;
  struct buf name;  // its own; empty: none
};

static int failed(const char *path, struct err *e) { return err_set(e, "%s: %s", path, strerror(errno)); }

static int draft_open(struct draft *d, const char *prefix, struct err *e) {
  struct buf folder = {0};
  *d = (struct draft){.fd = -1};
  path_parent(&folder, str_of(prefix));
  if (!folder.failed) d->fd = open(folder.data, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  buf_release(&folder);
  if (d->fd >= 0) return 0;
  buf_addf(&d->name, "%s.XXXXXX", prefix);
  if (d->name.failed) return err_nomem(e);
  d->fd = mkostemp(d->name.data, O_CLOEXEC);
  if (d->fd >= 0) return 0;
  buf_clear(&d->name);
  return failed(prefix, e);
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

enum numbering { FROM_THE_SECOND, ALL };  // prefix.extension, prefix.2.extension; prefix001.extension

static int name_it(struct draft *d, const char *prefix, const char *extension, enum numbering numbering,
                   struct buf *name, struct err *e) {
  enum { MOST_FILES = 10000 };
  for (unsigned i = 1; i < MOST_FILES; i++) {
    buf_clear(name);
    if (numbering == ALL) buf_addf(name, "%s%03u.%s", prefix, i, extension);
    else if (i == 1) buf_addf(name, "%s.%s", prefix, extension);
    else buf_addf(name, "%s.%u.%s", prefix, i, extension);
    if (name->failed) return err_nomem(e);
    if (draft_name(d, name->data) == 0) return 0;
    if (errno != EEXIST) return failed(name->data, e);
  }
  return err_set(e, "%s: there are %d such files", prefix, MOST_FILES - 1);
}

static int write_new(const char *prefix, const char *extension, enum numbering numbering, struct str bytes,
                     struct buf *name, struct err *e) {
  struct draft d;
  int result = draft_open(&d, prefix, e);
  if (!result && output_write(d.fd, bytes)) result = failed(prefix, e);
  if (!result && d.name.n) {
    if (close(d.fd)) result = failed(prefix, e);
    d.fd = -1;
  }
  if (!result) result = name_it(&d, prefix, extension, numbering, name, e);
  if (result && d.name.n && !d.name.failed) unlink(d.name.data);
  if (d.fd >= 0) close(d.fd);
  buf_release(&d.name);
  return result;
}

int output_private_new(const char *prefix, const char *extension, struct str bytes, struct buf *name, struct err *e) {
  return write_new(prefix, extension, FROM_THE_SECOND, bytes, name, e);
}

int output_private_numbered(const char *prefix, const char *extension, struct str bytes, struct buf *name,
                            struct err *e) {
  return write_new(prefix, extension, ALL, bytes, name, e);
}
