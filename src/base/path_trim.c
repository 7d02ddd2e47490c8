// Cutting the paths of source files down to what is the same on another machine.
#include "base/base.h"

struct str path_list(struct str text) {
  return text.n ? text : (struct str){NULL, 0};
}

bool path_list_next(struct str *list, struct str *element) {
  if (!list->p) return false;
  const char *end = memchr(list->p, ':', list->n);
  size_t n = end ? (size_t)(end - list->p) : list->n;
  *element = (struct str){list->p, n};
  *list = end ? (struct str){end + 1, list->n - n - 1} : (struct str){NULL, 0};
  return true;
}

static bool cut_prefix(struct str *path, struct str prefix) {
  bool slash = str_ends(prefix, STR_LIT("/"));
  size_t n = prefix.n + !slash;
  if (!str_starts(*path, prefix) || path->n < n || path->p[n - 1] != '/') return false;
  *path = (struct str){path->p + n, path->n - n};
  return true;
}

// Everything up to the last name of a source folder, where the path goes through a folder of that name.
static bool cut_at_folder(struct str *path, struct str folder) {
  struct str base = path_base(folder);
  for (size_t i = 0; i + base.n + 2 <= path->n; i++) {
    struct str here = {path->p + i + 1, base.n};
    if (path->p[i] != '/' || path->p[i + 1 + base.n] != '/' || !str_eq(here, base)) continue;
    size_t n = i + base.n + 2;
    *path = (struct str){path->p + n, path->n - n};
    return true;
  }
  return false;
}

struct str path_trim(struct str path, struct str trim_path, struct str source_path) {
  struct str list = path_list(source_path), element;
  while (trim_path.n == 0 && path_list_next(&list, &element))
    if (cut_at_folder(&path, element)) return path;
  list = path_list(trim_path);
  while (path_list_next(&list, &element))
    if (cut_prefix(&path, element)) return path;
  // Build systems that compile in a sandbox leave these.
  if (!cut_prefix(&path, STR_LIT("/proc/self/cwd/./"))) cut_prefix(&path, STR_LIT("/proc/self/cwd/"));
  return path;
}
