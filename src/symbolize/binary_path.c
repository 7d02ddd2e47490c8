// PPROF_BINARY_PATH: which file each mapping's binary is. The forms and their order are those of the reference.
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "symbolize/search.h"

// File names to try for one mapping, kept as they are made.
struct candidates {
  struct arena texts;
  struct str *at;
  size_t n, cap;
  bool failed;
};

// ---- names --------------------------------------------------------------------------------------

// Joins what is not empty by '/' and cleans it, as Go's filepath.Join does.
static void join(struct buf *out, const struct str *part, size_t n) {
  struct buf whole = {0};
  for (size_t i = 0; i < n; i++) {
    if (!part[i].n) continue;
    if (whole.n) buf_addc(&whole, '/');
    buf_str(&whole, part[i]);
  }
  if (whole.n) path_clean(out, buf_view(&whole));
  out->failed |= whole.failed;
  buf_release(&whole);
}

static void add(struct candidates *c, const struct str *part, size_t n) {
  struct buf path = {0};
  join(&path, part, n);
  char *copy = path.failed ? NULL : arena_copy(&c->texts, path.data ? path.data : "", path.n + 1);
  if (!copy || ARRAY_RESERVE(c->at, c->cap, c->n + 1)) c->failed = true;
  else if (path.n) c->at[c->n++] = (struct str){copy, path.n};
  buf_release(&path);
}

#define ADD(...) \
  add(c, (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

// Every file of FOLDER/ID, in the order of their names.
static void add_folder(struct candidates *c, struct str folder, struct str id) {
  struct buf path = {0};
  struct dirent **entry = NULL;
  join(&path, (const struct str[]){folder, id}, 2);
  int n = path.failed || !path.n ? 0 : scandir(path.data, &entry, NULL, by_name);
  for (int i = 0; i < n; i++) {
    if (strcmp(entry[i]->d_name, ".") != 0 && strcmp(entry[i]->d_name, "..") != 0)
      ADD(buf_view(&path), str_of(entry[i]->d_name));
    free(entry[i]);
  }
  free(entry);
  buf_release(&path);
}

static void add_by_id(struct candidates *c, struct str folder, struct str file, struct str id) {
  struct buf rest = {0};
  ADD(folder, id, file.n ? path_base(file) : (struct str){"", 0});
  add_folder(c, folder, id);
  ADD(folder, file, id);
  if (id.n >= 2) {
    buf_str(&rest, (struct str){id.p + 2, id.n - 2});
    buf_adds(&rest, ".debug");
    ADD(folder, (struct str){id.p, 2}, buf_view(&rest));
  }
  c->failed |= rest.failed;
  buf_release(&rest);
}

// By name and by path, and where GDB looks for debug files.
static void add_by_name(struct candidates *c, struct str folder, struct str file) {
  struct buf base = {0}, path = {0};
  struct str name = path_base(file), dir = {file.p, file.n};
  while (dir.n && dir.p[dir.n - 1] != '/') dir.n--;
  buf_str(&base, name);
  buf_adds(&base, ".debug");
  buf_str(&path, file);
  buf_adds(&path, ".debug");
  ADD(folder, name);
  ADD(folder, file);
  ADD(folder, buf_view(&path));
  ADD(folder, dir, STR_LIT(".debug"), buf_view(&base));
  ADD(folder, STR_LIT("usr/lib/debug"), dir, buf_view(&base));
  c->failed |= base.failed || path.failed;
  buf_release(&base);
  buf_release(&path);
}

// ---- trying them --------------------------------------------------------------------------------

struct finder {
  struct profile *p;
  struct mapping *m;
  struct buf *notes;
};

// Takes the file for the mapping when it is one and of the right build.
static bool take(struct finder *f, struct str path, struct err *e) {
  struct str wanted = profile_str(f->p, f->m->build_id);
  struct elf *object = elf_open(path.p, NULL);
  if (!object) return false;
  bool fits = !wanted.n || elf_build_id_is(elf_build_id(object), wanted);
  if (fits) {
    f->m->file = profile_add_string(f->p, path);
    if (f->m->file == NONE) err_nomem(e);
  } else {
    struct buf id = {0};
    elf_build_id_text(elf_build_id(object), &id);
    buf_addf(f->notes, "%s is passed over: its build id is %s, the profile's %.*s\n", path.p,
             id.n ? id.data : "not known", STR_ARG(wanted));
    buf_release(&id);
  }
  elf_close(object);
  return fits;
}

static bool is_folder(const char *path) {
  struct stat st;
  return !*path || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

// true when the mapping has its file.
static bool find_in_folder(struct finder *f, struct str folder, struct err *e) {
  struct candidates c = {0};
  struct str file = profile_str(f->p, f->m->file), id = profile_str(f->p, f->m->build_id);
  bool found = false;
  if (id.n) add_by_id(&c, folder, file, id);
  if (file.n) add_by_name(&c, folder, file);
  for (size_t i = 0; i < c.n && !found && !c.failed; i++) found = take(f, c.at[i], e);
  if (c.failed) err_nomem(e);
  arena_release(&c.texts);
  free(c.at);
  return found;
}

static int find_everywhere(struct finder *f, const char *folders, struct err *e) {
  struct buf folder = {0};
  bool found = false;
  for (const char *at = folders; !found && !e->text[0];) {
    size_t n = strcspn(at, ":");
    buf_clear(&folder);
    buf_add(&folder, at, n);
    if (folder.failed) err_nomem(e);
    else if (is_folder(folder.data)) found = find_in_folder(f, buf_view(&folder), e);
    if (!at[n]) break;
    at += n + 1;
  }
  buf_release(&folder);
  return e->text[0] ? -1 : 0;
}

int symbolize_find_binaries(struct profile *p, const struct search_paths *where, struct buf *notes, struct err *e) {
  struct err local = {""};
  if (!where || !where->binaries || !*where->binaries) return 0;
  for (uint32_t i = 0; i < p->places.n_mappings; i++) {
    struct finder f = {p, &p->places.mapping[i], notes};
    if (find_everywhere(&f, where->binaries, &local)) return err_set(e, "%s", local.text);
  }
  return 0;
}
