// Writing reports.
#include "driver/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/temp_file.h"

// A reader that went away (head, less) is no error of ours.
int output_standard(struct str bytes, struct err *e) {
  if (fd_write(STDOUT_FILENO, bytes) == 0 || errno == EPIPE) return 0;
  return err_system(e, "standard output");
}

static int write_directly(const char *path, struct str bytes, struct err *e) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return err_system(e, path);
  int result = fd_write(fd, bytes) ? err_system(e, path) : 0;
  if (close(fd) && !result) result = err_system(e, path);
  return result;
}

// The mode a plain open would have given.
mode_t output_plain_mode(void) {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

static int write_and_rename(const char *path, mode_t mode, struct str bytes, struct err *e) {
  struct temp_file t;
  int result = temp_file_write(&t, false, path, mode, bytes, e);
  if (!result && temp_file_name(&t, path)) result = err_system(e, path);
  temp_file_release(&t);
  return result;
}

enum { OWNER_ONLY = 0600, AS_IT_IS = -1 };

// A link that leads to nothing: its target is made.
static int make_target(const char *link, mode_t mode, struct str bytes, struct err *e) {
  char target[PATH_MAX];
  struct buf path = {0};
  ssize_t n = readlink(link, target, sizeof target - 1);
  if (n < 0) return err_system(e, link);
  target[n] = '\0';
  if (*target != '/') {
    path_parent(&path, str_of(link));
    buf_addc(&path, '/');
  }
  buf_adds(&path, target);
  int result = path.failed ? err_nomem(e) : write_and_rename(path.data, mode, bytes, e);
  buf_release(&path);
  return result;
}

static int replace(const char *path, int mode, struct str bytes, struct err *e) {
  struct stat st;
  if (stat(path, &st)) {
    mode_t own = mode == AS_IT_IS ? output_plain_mode() : (mode_t)mode;
    bool is_link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
    return is_link ? make_target(path, own, bytes, e) : write_and_rename(path, own, bytes, e);
  }
  if (!S_ISREG(st.st_mode)) return write_directly(path, bytes, e);
  // A link stays a link: its target is what is replaced.
  char *target = realpath(path, NULL);
  int result = target ? write_and_rename(target, mode == AS_IT_IS ? st.st_mode & 07777 : (mode_t)mode, bytes, e)
                      : err_system(e, path);
  free(target);
  return result;
}

int output_file(const char *path, struct str bytes, struct err *e) { return replace(path, AS_IT_IS, bytes, e); }
int output_private(const char *path, struct str bytes, struct err *e) { return replace(path, OWNER_ONLY, bytes, e); }
