// One binary for reports.
#include "symbolize/lookup.h"

#include <stdlib.h>

#include "symbolize/object.h"

struct lookup {
  struct object *object;
  struct object_reader reader;
};

struct lookup *lookup_open(struct str path, const struct search_paths *where, struct err *e) {
  struct lookup *l = calloc(1, sizeof *l);
  if (!l) {
    err_nomem(e);
    return NULL;
  }
  l->object = object_open(path, (struct str){"", 0}, where, e);
  if (l->object) {
    object_reader_init(&l->reader, l->object, false, where);
    return l;
  }
  lookup_close(l);
  return NULL;
}

void lookup_close(struct lookup *l) {
  if (!l) return;
  object_reader_release(&l->reader);
  object_free(l->object);
  free(l);
}

struct elf *lookup_elf(const struct lookup *l) {
  return l->object->elf;
}

struct elf *lookup_symbol_file(const struct lookup *l) {
  const struct debug_files *debug = &l->object->debug;
  return debug->debug && !debug->own ? debug->debug : l->object->elf;
}

struct emitting {
  lookup_emit *emit;
  void *arg;
};

static void pass_on(void *arg, const struct dwarf_frame *frame) {
  const struct emitting *to = arg;
  struct lookup_frame f = {frame->name, frame->file, frame->line};
  to->emit(to->arg, &f);
}

int lookup_frames(struct lookup *l, uint64_t address, lookup_emit *emit, void *arg) {
  struct emitting to = {emit, arg};
  return object_lookup(&l->reader, address, pass_on, &to);
}
