// Files are told apart by name and build id; what is in no file (code made at run time) belongs to one process. The vdso is in
// no file either, but in the memory of this process as in any other.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "record/internal.h"

// A process that has ended can't be asked for its files any more, but another may have the same one mapped.
enum { MOST_TRIES = 8 };

bool object_is_vdso(const struct object *o) { return strcmp(o->name, "[vdso]") == 0; }

bool object_is_own(struct str name) {
  static const char *const memory[] = {"//", "[", "/memfd:", "/dev/zero", "/SYSV", "/anon_hugepage"};
  if (str_eq(name, STR_LIT("[vdso]"))) return false;
  for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
    if (str_starts(name, str_of(memory[i]))) return true;
  return false;
}

// To be freed; "" when there is none, NULL when memory ran out.
static char *text_of(struct str build_id) {
  struct buf text = {0};
  buf_adds(&text, "");
  elf_build_id_text(build_id, &text);
  if (text.failed) buf_release(&text);
  return text.data;
}

uint32_t objects_add(struct objects *o, struct str name, struct str build_id, uint32_t owner) {
  size_t at;
  char *id = text_of(build_id);
  if (!id) return NONE;
  uint64_t hash = hash_bytes(name.p, name.n, hash_bytes(id, strlen(id), owner));
  for (uint32_t i = index_first(&o->index, hash, &at); i != MAP_NONE; i = index_next(&o->index, hash, &at)) {
    if (!str_eq(str_of(o->at[i].name), name) || strcmp(o->at[i].build_id, id) || o->at[i].owner != owner) continue;
    free(id);
    return i;
  }
  char *copy = strndup(name.p, name.n);
  if (copy && o->n < NONE && ARRAY_RESERVE(o->at, o->cap, o->n + 1) == 0 &&
      index_add(&o->index, hash, (uint32_t)o->n) == 0) {
    o->at[o->n] = (struct object){.name = copy, .build_id = id, .owner = owner, .perf_map.fd = -1};
    return (uint32_t)o->n++;
  }
  free(copy);
  free(id);
  return NONE;
}

// ---- opening ------------------------------------------------------------------------------------

static struct elf *open_vdso(const struct region *r) {
  const char *here = (const char *)getauxval(AT_SYSINFO_EHDR);  // NOLINT: the kernel's word for an address
  return here ? elf_open_memory((struct str){here, r->limit - r->start}, NULL) : NULL;
}

static struct elf *open_build(const char *path, const char *build_id) {
  struct elf *elf = access(path, R_OK) == 0 ? elf_open(path, NULL) : NULL;
  if (!elf || !*build_id || elf_build_id_is(elf_build_id(elf), str_of(build_id))) return elf;
  elf_close(elf);
  return NULL;
}

static struct str deleted_mark(void) { return STR_LIT(" (deleted)"); }

static bool is_deleted(const struct object *o) { return str_ends(str_of(o->name), deleted_mark()); }

static bool is_path(const struct object *o) { return o->name[0] == '/' && o->name[1] != '/'; }

// What the process runs, if that is the object.
static struct elf *open_program(const struct object *o, pid_t pid) {
  char path[40], name[4096];
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t n = readlink(path, name, sizeof name);
  if (n < 0) return NULL;
  struct str program = {name, (size_t)n}, wanted = str_of(o->name);
  if (str_ends(program, deleted_mark())) program.n -= deleted_mark().n;
  if (is_deleted(o)) wanted.n -= deleted_mark().n;
  return str_eq(program, wanted) ? open_build(path, o->build_id) : NULL;
}

// What the process calls so may be another file here (a container), or none: then the name as it is. A file that is deleted can
// be had from the process, by privilege or where it is the program itself.
static struct elf *open_file(const struct object *o, const struct region *r, pid_t pid) {
  struct buf root = {0}, mapped = {0};
  struct elf *elf = NULL;
  buf_addf(&root, "/proc/%d/root%s", pid, o->name);
  buf_addf(&mapped, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, r->start, r->limit);
  const char *paths[] = {root.data, o->name, mapped.data};
  size_t first = is_deleted(o) || o->owner ? 2 : 0;
  for (size_t i = first; i < sizeof paths / sizeof *paths && !elf && !root.failed && !mapped.failed; i++)
    elf = open_build(paths[i], o->build_id);
  buf_release(&root);
  buf_release(&mapped);
  return elf ? elf : open_program(o, pid);
}

struct object *objects_open(struct objects *o, const struct region *r, pid_t pid) {
  struct object *object = &o->at[r->object];
  if (object->elf || object->asked == pid || object->tries >= MOST_TRIES) return object;
  object->asked = pid;
  object->tries++;
  if (object_is_vdso(object)) object->elf = open_vdso(r);
  else if (is_path(object)) object->elf = open_file(object, r, pid);
  if (!object->elf) return object;
  object->table = unwind_table_new(object->elf, NULL);
  object->own_id = text_of(elf_build_id(object->elf));
  return object;
}

// ---- at the end ---------------------------------------------------------------------------------

// Will who looks at the profile find the file under its name?
static bool is_there(const struct object *o) {
  struct elf *elf = is_deleted(o) ? NULL : open_build(o->name, *o->build_id || !o->own_id ? o->build_id : o->own_id);
  elf_close(elf);
  return elf != NULL;
}

void objects_judge(struct objects *o) {
  for (size_t i = 0; i < o->n; i++) {
    struct object *object = &o->at[i];
    if (object->owner || object_is_vdso(object) || (object->elf && !is_there(object))) object->keeps_names = true;
  }
}

const char *object_build_id(const struct object *o) { return *o->build_id || !o->own_id ? o->build_id : o->own_id; }

struct str object_name(const struct object *o) {
  struct str name = str_of(o->name);
  if (is_path(o) && is_deleted(o)) name.n -= deleted_mark().n;
  return name;
}

void objects_release(struct objects *o) {
  for (size_t i = 0; i < o->n; i++) {
    perf_map_close(&o->at[i].perf_map);
    unwind_table_free(o->at[i].table);
    elf_close(o->at[i].elf);
    free(o->at[i].name);
    free(o->at[i].build_id);
    free(o->at[i].own_id);
  }
  free(o->at);
  index_release(&o->index);
  *o = (struct objects){0};
}
