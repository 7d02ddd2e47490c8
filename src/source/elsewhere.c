// Looking for a file where the reference does not: by the end of its path, below folders that hold sources.
//
// An end of one element (main.c) would find anything; two are the least.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/internal.h"

// The path without its first element; false when less than two elements are left.
static bool shorten(struct str *path) {
  const char *slash = memchr(path->p, '/', path->n);
  if (!slash) return false;
  size_t cut = (size_t)(slash - path->p) + 1;
  *path = (struct str){path->p + cut, path->n - cut};
  return memchr(path->p, '/', path->n) != NULL;
}

static int open_below(struct source_search *s, struct str root, struct str end) {
  struct buf joined = {0};
  buf_str(&joined, root);
  buf_addc(&joined, '/');
  buf_str(&joined, end);
  buf_clear(&s->path);
  path_clean(&s->path, buf_view(&joined));
  s->path.failed |= joined.failed;
  buf_release(&joined);
  return source__open(s);
}

// A folder of that name is no source.
static int only_file(int fd) {
  struct stat st;
  if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))) return fd;
  close(fd);
  return -1;
}

static int open_ends(struct source_search *s, struct str root) {
  struct str end = s->name;
  int fd = -1;
  if (root.n == 0) return -1;
  while (end.n && end.p[0] == '/') end = (struct str){end.p + 1, end.n - 1};
  bool more = memchr(end.p, '/', end.n) != NULL;
  for (; fd < 0 && more && !s->path.failed; more = shorten(&end)) fd = only_file(open_below(s, root, end));
  return fd;
}

// In the cache of modules a capital letter of module and version is written "!c".
static void escape_module(struct buf *out, struct str path) {
  bool version = false, module = true;
  for (size_t i = 0; i < path.n; i++) {
    char c = path.p[i];
    version |= c == '@';
    if (version && c == '/') module = false;
    if (module && c >= 'A' && c <= 'Z') buf_addf(out, "!%c", c | 0x20);
    else buf_addc(out, c);
  }
}

// The end that begins with the module: every longer one has folders before it that are not the module's.
static int open_module(struct source_search *s) {
  struct str end = s->name;
  struct buf escaped = {0};
  int fd = -1;
  const char *at = memchr(end.p, '@', end.n);
  while (at && fd < 0 && !s->path.failed) {
    fd = only_file(open_below(s, buf_view(&s->f->module_cache), end));
    buf_clear(&escaped);
    escape_module(&escaped, end);
    s->path.failed |= escaped.failed;
    if (fd < 0 && !str_eq(buf_view(&escaped), end))
      fd = only_file(open_below(s, buf_view(&s->f->module_cache), buf_view(&escaped)));
    if (fd < 0 && (!shorten(&end) || end.p > at)) break;
  }
  buf_release(&escaped);
  return fd;
}

static int open_in_goroot(struct source_search *s) {
  const char *root = getenv("GOROOT");
  struct buf src = {0};
  int fd = -1;
  if (root && *root) {
    buf_addf(&src, "%s/src", root);
    s->path.failed |= src.failed;
    fd = open_ends(s, buf_view(&src));
  }
  buf_release(&src);
  return fd;
}

int source__open_elsewhere(struct source_search *s) {
  struct str list = path_list(buf_view(&s->f->search_path)), folder;
  int fd = -1;
  if (s->name.n == 0 || memchr(s->name.p, '\0', s->name.n)) return -1;
  while (fd < 0 && path_list_next(&list, &folder)) fd = open_ends(s, folder);
  if (fd < 0 && s->f->module_cache.n) fd = open_module(s);
  if (fd < 0) fd = open_in_goroot(s);
  return fd < 0 ? open_ends(s, STR_LIT("/usr/src")) : fd;
}
