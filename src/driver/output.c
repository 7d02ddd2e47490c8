// Writing reports.
#include "driver/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int output_write(int fd, struct str bytes) {
  while (bytes.n) {
    ssize_t n = write(fd, bytes.p, bytes.n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    bytes.p += n;
    bytes.n -= (size_t)n;
  }
  return 0;
}

static int failed(const char *path, struct err *e) { return err_set(e, "%s: %s", path, strerror(errno)); }

// A reader that went away (head, less) is no error of ours.
int output_standard(struct str bytes, struct err *e) {
  if (output_write(STDOUT_FILENO, bytes) == 0 || errno == EPIPE) return 0;
  return failed("standard output", e);
}

static int write_directly(const char *path, struct str bytes, struct err *e) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return failed(path, e);
  int result = output_write(fd, bytes) ? failed(path, e) : 0;
  if (close(fd) && !result) result = failed(path, e);
  return result;
}

// The mode a plain open would have given.
static mode_t plain_mode(void) {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

static int write_and_rename(const char *path, mode_t mode, struct str bytes, struct err *e) {
  struct buf temporary = {0};
  int result = -1, fd = -1;
  buf_addf(&temporary, "%s.XXXXXX", path);
  if (temporary.failed) {
    err_nomem(e);
    goto done;
  }
  fd = mkostemp(temporary.data, O_CLOEXEC);
  if (fd < 0) {
    failed(path, e);
    goto done;
  }
  if (output_write(fd, bytes) || fchmod(fd, mode) || close(fd)) {
    failed(path, e);
    unlink(temporary.data);
  } else if (rename(temporary.data, path)) {
    failed(path, e);
    unlink(temporary.data);
  } else {
    result = 0;
  }
done:
  buf_release(&temporary);
  return result;
}

enum { OWNER_ONLY = 0600, AS_IT_IS = -1 };

static int replace(const char *path, int mode, struct str bytes, struct err *e) {
  struct stat st;
  if (stat(path, &st)) return write_and_rename(path, mode == AS_IT_IS ? plain_mode() : (mode_t)mode, bytes, e);
  if (!S_ISREG(st.st_mode)) return write_directly(path, bytes, e);
  // A link stays a link: its target is what is replaced.
  char *target = realpath(path, NULL);
  int result = target ? write_and_rename(target, mode == AS_IT_IS ? st.st_mode & 07777 : (mode_t)mode, bytes, e)
                      : failed(path, e);
  free(target);
  return result;
}

int output_file(const char *path, struct str bytes, struct err *e) { return replace(path, AS_IT_IS, bytes, e); }
int output_private(const char *path, struct str bytes, struct err *e) { return replace(path, OWNER_ONLY, bytes, e); }

enum { MOST_FILES = 10000 };

int output_new_file(const char *prefix, const char *extension, struct str bytes, struct buf *name, struct err *e) {
  for (unsigned i = 1; i < MOST_FILES; i++) {
    buf_clear(name);
    buf_addf(name, "%s%03u.%s", prefix, i, extension);
    if (name->failed) return err_nomem(e);
    int fd = open(name->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) continue;
    if (fd < 0) return failed(name->data, e);
    int result = output_write(fd, bytes) ? failed(name->data, e) : 0;
    if (close(fd) && !result) result = failed(name->data, e);
    if (result) unlink(name->data);
    return result;
  }
  return err_set(e, "%s001.%s to %s%u.%s are all there", prefix, extension, prefix, MOST_FILES - 1, extension);
}
