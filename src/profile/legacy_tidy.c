// What is wrong with many memory maps, and how the reference puts it right: a file's mapping may be split, and the main
// binary, which reports expect first, may come later. (massageMappings and the start of remapMappingIDs.)
#include "profile/legacy_parts.h"

static bool differ(uint32_t a, uint32_t b) { return a && b && a != b; }

// Is b the continuation of a? Names and offsets count only where both are known.
static bool continues(const struct mapping *a, const struct mapping *b) {
  if (differ(a->file, b->file) || differ(a->build_id, b->build_id) || a->limit != b->start) return false;
  return !a->offset || !b->offset || a->offset + (a->limit - a->start) == b->offset;
}

static void join_split(struct draft *d) {
  uint32_t last = 0;
  for (uint32_t i = 1; i < d->n_mappings; i++) {
    struct mapping *a = &d->mapping[last], *b = &d->mapping[i];
    if (!continues(a, b)) {
      d->mapping[++last] = *b;
      continue;
    }
    a->limit = b->limit;
    if (b->file) a->file = b->file;
    if (b->build_id) a->build_id = b->build_id;
  }
  if (d->n_mappings) d->n_mappings = last + 1;
}

// Ends in ".so", or has ".so." or ".so_" and a digit somewhere.
static bool is_library(struct str file) {
  if (str_ends(file, STR_LIT(".so"))) return true;
  while (text_seek_behind(&file, ".so"))
    if (file.n >= 2 && (file.p[0] == '.' || file.p[0] == '_') && file.p[1] >= '0' && file.p[1] <= '9') return true;
  return false;
}

// The file's name without the mark of a deleted file. A failed buffer shows in `scratch`.
static struct str without_deleted(struct str file, struct buf *scratch) {
  const struct str mark = STR_LIT("(deleted)");
  size_t at = str_find(file, mark);
  if (at == SIZE_MAX) return str_trim_space(file);
  buf_clear(scratch);
  for (; at != SIZE_MAX; at = str_find(file, mark)) {
    buf_add(scratch, file.p, at);
    file = (struct str){file.p + at + mark.n, file.n - at - mark.n};
  }
  buf_str(scratch, file);
  return str_trim_space(buf_view(scratch));
}

static int main_to_front(struct draft *d, struct err *e) {
  struct buf scratch = {0};
  for (uint32_t i = 0; i < d->n_mappings && !scratch.failed; i++) {
    struct str file = without_deleted(profile_str(d->p, d->mapping[i].file), &scratch);
    if (file.n == 0 || is_library(file) || file.p[0] == '[') continue;
    struct mapping found = d->mapping[i];
    d->mapping[i] = d->mapping[0];
    d->mapping[0] = found;
    break;
  }
  bool failed = scratch.failed;
  buf_release(&scratch);
  return failed ? err_nomem(e) : 0;
}

// Huge pages: the main binary's start may have moved to anonymous memory in front of it.
static void drop_huge_page(struct draft *d) {
  if (d->n_mappings < 2 || d->mapping[0].limit != d->mapping[1].start) return;
  if (!text_starts(profile_str(d->p, d->mapping[0].file), "/anon_hugepage")) return;
  d->n_mappings--;
  memmove(d->mapping, d->mapping + 1, d->n_mappings * sizeof *d->mapping);
}

int maps_tidy(struct draft *d, struct err *e) {
  enum { USUAL_START = 0x400000 };  // of a program that is not position independent
  join_split(d);
  if (main_to_front(d, e)) return -1;
  drop_huge_page(d);
  struct mapping *first = d->mapping;
  if (d->n_mappings && first->start - first->offset == USUAL_START) {
    first->start = USUAL_START;
    first->offset = 0;
  }
  return 0;
}
