// Files are told apart by name and build id. The vdso is in no file, but in the memory of this process as in any other.
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "record/internal.h"

bool object_is_vdso(const struct object *o) { return strcmp(o->name, "[vdso]") == 0; }

// To be freed; "" when there is none, NULL when memory ran out.
static char *text_of(struct str build_id) {
  struct buf text = {0};
  buf_adds(&text, "");
  elf_build_id_text(build_id, &text);
  if (text.failed) buf_release(&text);
  return text.data;
}

uint32_t objects_add(struct objects *o, struct str name, struct str build_id) {
  size_t at;
  char *id = text_of(build_id);
  if (!id) return NONE;
  uint64_t hash = hash_bytes(name.p, name.n, hash_bytes(id, strlen(id), 0));
  for (uint32_t i = index_first(&o->index, hash, &at); i != MAP_NONE; i = index_next(&o->index, hash, &at)) {
    if (!str_eq(str_of(o->at[i].name), name) || strcmp(o->at[i].build_id, id)) continue;
    free(id);
    return i;
  }
  char *copy = strndup(name.p, name.n);
  if (copy && o->n < NONE && ARRAY_RESERVE(o->at, o->cap, o->n + 1) == 0 &&
      index_add(&o->index, hash, (uint32_t)o->n) == 0) {
    o->at[o->n] = (struct object){.name = copy, .build_id = id};
    return (uint32_t)o->n++;
  }
  free(copy);
  free(id);
  return NONE;
}

static struct elf *open_vdso(const struct region *r) {
  const char *here = (const char *)getauxval(AT_SYSINFO_EHDR);  // NOLINT: the kernel's word for an address
  return here ? elf_open_memory((struct str){here, r->limit - r->start}, NULL) : NULL;
}

// What the process calls so may be another file here (a container), or none: then the name as it is.
static struct elf *open_file(const char *name, const char *build_id, pid_t pid) {
  struct buf path = {0};
  struct elf *elf = NULL;
  buf_addf(&path, "/proc/%d/root%s", pid, name);
  for (int i = 0; i < 2 && !elf; i++) {
    const char *p = i ? name : path.data;
    elf = !path.failed && access(p, R_OK) == 0 ? elf_open(p, NULL) : NULL;
    if (!elf || !*build_id || elf_build_id_is(elf_build_id(elf), str_of(build_id))) continue;
    elf_close(elf);
    elf = NULL;
  }
  buf_release(&path);
  return elf;
}

struct object *objects_open(struct objects *o, const struct region *r, pid_t pid) {
  struct object *object = &o->at[r->object];
  if (object->opened) return object;
  object->opened = true;
  if (object_is_vdso(object)) object->elf = open_vdso(r);
  else if (object->name[0] == '/' && object->name[1] != '/')
    object->elf = open_file(object->name, object->build_id, pid);
  if (!object->elf) return object;
  object->table = unwind_table_new(object->elf, NULL);
  object->own_id = text_of(elf_build_id(object->elf));
  return object;
}

const char *object_build_id(const struct object *o) { return *o->build_id || !o->own_id ? o->build_id : o->own_id; }

void objects_release(struct objects *o) {
  for (size_t i = 0; i < o->n; i++) {
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
