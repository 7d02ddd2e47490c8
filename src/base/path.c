// Paths as text, by Go's rules.
#include "base/base.h"

struct str path_base(struct str path) {
  if (path.n == 0) return STR_LIT(".");
  while (path.n > 1 && path.p[path.n - 1] == '/') path.n--;
  if (path.n == 1 && path.p[0] == '/') return STR_LIT("/");
  size_t start = path.n;
  while (start && path.p[start - 1] != '/') start--;
  return (struct str){path.p + start, path.n - start};
}

// Takes the last element off what was written since `start`; elements before `floor` are "..", which stay.
static void drop_element(struct buf *out, size_t floor) {
  while (out->n > floor && out->data[out->n - 1] != '/') out->n--;
  if (out->n > floor) out->n--;
}

void path_clean(struct buf *out, struct str path) {
  size_t start = out->n;
  bool rooted = path.n && path.p[0] == '/';
  if (rooted) buf_addc(out, '/');
  size_t root = out->n, floor = root;
  for (size_t at = 0; at < path.n && !out->failed;) {
    size_t end = at;
    while (end < path.n && path.p[end] != '/') end++;
    struct str element = {path.p + at, end - at};
    at = end + 1;
    if (element.n == 0 || str_eq(element, STR_LIT("."))) continue;
    bool up = str_eq(element, STR_LIT(".."));
    if (up && out->n > floor) {
      drop_element(out, floor);
      continue;
    }
    if (up && rooted) continue;
    if (out->n > root) buf_addc(out, '/');
    buf_str(out, element);
    if (up) floor = out->n;
  }
  if (out->n == start) buf_addc(out, '.');
}

void path_parent(struct buf *out, struct str path) {
  while (path.n && path.p[path.n - 1] != '/') path.n--;
  path_clean(out, path);
}
