// Who is asked: DWARF; where there is none, Go's own table; then the symbols. The function that really is at an address
// goes by the name of its symbol, which tells the clones of a function apart where DWARF has one name for all.
#include "symbolize/object.h"

#include <stdlib.h>

// ---- opening ------------------------------------------------------------------------------------

static struct object *object_new(struct err *e) {
  struct object *o = calloc(1, sizeof *o);
  if (o) pthread_mutex_init(&o->mutex, NULL);
  else err_nomem(e);
  return o;
}

struct object *object_open(struct str path, struct str build_id, const struct search_paths *where, struct err *e) {
  struct object *o = object_new(e);
  if (!o) return NULL;
  buf_str(&o->path, path);
  if (!o->path.failed) o->elf = elf_open(o->path.data ? o->path.data : "", e);
  if (!o->elf) {
    buf_clear(&o->path);
    o->elf = debug_file_by_build_id(build_id, where, &o->path);
    o->only_debug = o->elf != NULL;
  }
  if (o->elf) return o;
  object_free(o);
  return NULL;
}

void object_free(struct object *o) {
  if (!o) return;
  go_table_free(o->go);
  debug_files_release(&o->debug);
  elf_close(o->elf);
  buf_release(&o->path);
  pthread_mutex_destroy(&o->mutex);
  free(o);
}

static void prepare(struct object *o, const struct search_paths *where) {
  pthread_mutex_lock(&o->mutex);
  if (!o->prepared) {
    debug_files_find(&o->debug, o->elf, o->path.data, where);
    if (!o->debug.debug) o->go = go_table_open(o->elf, NULL);
  }
  o->prepared = true;
  pthread_mutex_unlock(&o->mutex);
}

// ---- looking up ---------------------------------------------------------------------------------

void object_reader_init(struct object_reader *r, struct object *o, bool fast, const struct search_paths *where) {
  *r = (struct object_reader){.object = o, .fast = fast, .outcome = SYMBOLS_NONE};
  if (fast) return;
  prepare(o, where);
  r->reason = o->debug.reason;
  if (!o->debug.debug) return;
  struct err why = {""};
  r->dwarf = dwarf_open(o->debug.debug, o->debug.alt, o->debug.debug_path.data, &why);
  if (!r->dwarf) r->reason = why;
}

void object_reader_release(struct object_reader *r) {
  dwarf_close(r->dwarf);
  r->dwarf = NULL;
}

// The debug file has the table that was stripped from the binary, which keeps the procedure linkage table.
static const struct elf_symbol *find_symbol(const struct object *o, uint64_t address) {
  const struct elf_symbol *s = NULL;
  if (o->debug.debug && !o->debug.own) s = elf_symbol_at(o->debug.debug, address);
  return s ? s : elf_symbol_at(o->elf, address);
}

// Frames that DWARF found, held back by one: the last gets its symbol's name.
struct renaming {
  dwarf_emit *emit;
  void *arg;
  struct dwarf_frame last;
  bool any, named;
};

static void hold_back(void *arg, const struct dwarf_frame *frame) {
  struct renaming *r = arg;
  if (r->any) r->emit(r->arg, &r->last);
  r->last = *frame;
  r->any = true;
}

static int lookup_dwarf(struct object_reader *r, uint64_t address, dwarf_emit *emit, void *arg) {
  struct renaming held = {.emit = emit, .arg = arg};
  struct err why = {""};
  int found = r->dwarf ? dwarf_lookup(r->dwarf, address, hold_back, &held, &why) : 0;
  if (found < 0 && !r->reason.text[0]) r->reason = why;
  if (found <= 0 || !held.any) return 0;
  // Of the binary's own symbols, as the reference has it, not of those in a debug file.
  const struct elf_symbol *s = elf_symbol_at(r->object->elf, address);
  if (s) held.last.name = s->name;
  emit(arg, &held.last);
  r->outcome = SYMBOLS_FROM_DWARF;
  return 1;
}

// A variable's place and size stand in for a file, as in the reference.
static void emit_data(const struct elf_symbol *s, dwarf_emit *emit, void *arg) {
  struct buf place = {0};
  buf_addf(&place, "0x%llx %llu", (unsigned long long)s->address, (unsigned long long)s->size);
  emit(arg, &(struct dwarf_frame){.name = s->name, .file = place.failed ? (struct str){"", 0} : buf_view(&place)});
  buf_release(&place);
}

static int lookup_symbol(struct object_reader *r, uint64_t address, dwarf_emit *emit, void *arg) {
  const struct elf_symbol *s = find_symbol(r->object, address);
  if (!s) return 0;
  struct dwarf_frame frame = {.name = s->name, .file = {"", 0}};
  if (!r->fast) frame.file = s->file;
  if (elf_is_code(r->object->elf, address)) emit(arg, &frame);
  else emit_data(s, emit, arg);
  if (r->outcome == SYMBOLS_NONE) r->outcome = SYMBOLS_FROM_TABLE;
  return 1;
}

int object_lookup(struct object_reader *r, uint64_t address, dwarf_emit *emit, void *arg) {
  if (lookup_dwarf(r, address, emit, arg)) return 1;
  if (!r->fast && r->object->go && go_table_lookup(r->object->go, address, emit, arg) > 0) {
    r->outcome = SYMBOLS_FROM_GO;
    return 1;
  }
  return lookup_symbol(r, address, emit, arg);
}
