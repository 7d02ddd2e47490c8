// Names that nobody could find later: of the vdso and the kernel, which are in no file, of code that was made at run time, and
// of files that are gone or are not to be seen from here (deleted, in memory, in another mount namespace).
#include <stdlib.h>

#include "record/internal.h"

static int by_object(const void *a, const void *b) {
  const struct naming *x = a, *y = b;
  if (x->object != y->object) return x->object < y->object ? -1 : 1;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

static uint32_t object_of(const struct stacks *s, const struct place *p) {
  return p->region == KERNEL_REGION ? KERNEL_REGION : s->region[p->region].object;
}

// The places whose names are to be kept, those of an object together.
static size_t collect(struct tracker *t, struct naming *at) {
  const struct stacks *s = &t->stacks;
  size_t n = 0;
  for (uint32_t i = 0; i < s->n_places; i++) {
    const struct place *p = &s->place[i];
    if (p->region == NONE) continue;
    uint32_t object = object_of(s, p);
    if (object == KERNEL_REGION || t->objects.at[object].keeps_names)
      at[n++] = (struct naming){.address = p->address, .place = i, .object = object};
  }
  qsort(at, n, sizeof *at, by_object);
  return n;
}

static void name_by_symbols(const struct tracker *t, struct object *o, struct naming *at, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const struct region *r = &t->stacks.region[t->stacks.place[at[i].place].region];
    struct elf_mapping m = {.start = r->start, .limit = r->limit, .offset = r->offset};
    uint64_t address;
    if (elf_object_address(o->elf, &m, at[i].address, &address, NULL)) continue;
    const struct elf_symbol *symbol = elf_symbol_at(o->elf, address);
    if (symbol) at[i].name = symbol->name;
  }
}

static int name_object(struct names *names, struct tracker *t, struct naming *at, size_t n) {
  if (at->object == KERNEL_REGION) return kernel_name(t, at, n);
  struct object *o = &t->objects.at[at->object];
  if (o->elf) name_by_symbols(t, o, at, n);
  if (o->elf || !o->owner) return 0;
  if (ARRAY_RESERVE(names->text, names->text_cap, names->n_texts + 1)) return -1;
  struct buf *text = &names->text[names->n_texts++];
  *text = (struct buf){0};
  perf_map_read(&o->perf_map, o->owner, text);
  naming_from_perf_map(at, n, buf_view(text));
  return text->failed ? -1 : 0;
}

static void keep(struct names *names, struct tracker *t, const struct naming *found) {
  names->of[found->place] = found->name;
  if (found->name.n) t->objects.at[t->stacks.region[t->stacks.place[found->place].region].object].has_names = true;
}

int names_find(struct names *names, struct tracker *t) {
  *names = (struct names){0};
  names->of = calloc(t->stacks.n_places + 1, sizeof *names->of);
  struct naming *at = malloc((t->stacks.n_places + 1) * sizeof *at);
  int result = names->of && at ? 0 : -1;
  objects_judge(&t->objects);
  size_t n = result ? 0 : collect(t, at);
  for (size_t i = 0, end; i < n && !result; i = end) {
    for (end = i; end < n && at[end].object == at[i].object;) end++;
    result = name_object(names, t, at + i, end - i);
  }
  for (size_t i = 0; i < n && !result; i++) keep(names, t, &at[i]);
  free(at);
  return result;
}

void names_release(struct names *names) {
  for (size_t i = 0; i < names->n_texts; i++) buf_release(&names->text[i]);
  free(names->text);
  free(names->of);
  *names = (struct names){0};
}
