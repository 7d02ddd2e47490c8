// What becomes of a sample: its stack is unwound by the rules of what is mapped at that time, its addresses become places, and
// equal stacks are counted. Stacks of one thread after the other share most of their frames, so what an address was found
// to be is kept a while.
#include <linux/perf_event.h>

#include "record/internal.h"

struct walk {
  struct tracker *tracker;
  struct process *process;
  struct region *region;  // of the last address
};

static struct region *region_at(struct walk *w, uint64_t address) {
  if (w->region && address >= w->region->start && address < w->region->limit) return w->region;
  return w->region = maps_find(&w->process->maps, address);
}

// An executable region is part of one segment, so what is between addresses of the process and of the object is the same for all.
static bool find_bias(struct region *r, const struct object *o, uint64_t address) {
  struct elf_mapping mapping = {.start = r->start, .limit = r->limit, .offset = r->offset};
  uint64_t object_address;
  if (!r->has_bias && !elf_object_address(o->elf, &mapping, address, &object_address, NULL)) {
    r->bias = address - object_address;
    r->has_bias = true;
  }
  return r->has_bias;
}

static struct unwind_table *table_at(void *arg, uint64_t address, uint64_t *bias, bool *code) {
  struct walk *w = arg;
  struct region *r = region_at(w, address);
  if (!r) return NULL;
  *code = true;
  const struct object *o = objects_open(&w->tracker->objects, r, (pid_t)w->process->pid);
  if (!o->table || !find_bias(r, o, address)) return NULL;
  *bias = r->bias;
  return o->table;
}

static uint32_t find_place(struct walk *w, uint64_t address) {
  const struct region *r = region_at(w, address);
  uint32_t region = NONE;
  if (r) {
    // For its build id and its names, while the process can be asked.
    struct object *o = objects_open(&w->tracker->objects, r, (pid_t)w->process->pid);
    if (o->owner && !o->elf) perf_map_look(&o->perf_map, o->owner);
    region = stacks_region(&w->tracker->stacks, r);
    if (region == NONE) return NONE;
  }
  return stacks_place(&w->tracker->stacks, address, region);
}

static uint32_t place_of(struct walk *w, uint64_t address) {
  size_t slots = sizeof w->tracker->known / sizeof *w->tracker->known;
  struct known_place *k = &w->tracker->known[(address ^ w->process->era) % slots];
  if (k->address == address && k->era == w->process->era) return k->place;
  uint32_t place = find_place(w, address);
  *k = (struct known_place){address, w->process->era, place};
  return place;
}

// Frames of the kernel, up to `max` of them. A caller's address is where it goes on, so the call is before; the leaf's is exact.
static int add_kernel(struct tracker *t, struct str chain, size_t max, size_t *n) {
  for (size_t i = 0; i + 8 <= chain.n && *n < max; i += 8) {
    uint64_t address;
    memcpy(&address, chain.p + i, sizeof address);
    if (address >= PERF_CONTEXT_MAX) continue;  // what the following ones are
    t->place[*n] = stacks_place(&t->stacks, address - (*n > 0), KERNEL_REGION);
    if (t->place[(*n)++] == NONE) return -1;
  }
  return 0;
}

static int add_user(struct tracker *t, struct process *p, const struct record *r, size_t *n) {
  struct walk walk = {.tracker = t, .process = p};
  struct unwind_source source = {.table = table_at, .arg = &walk};
  struct unwind_result result = {UNWIND_NO_TABLE, 1};
  size_t found = r->kernel.n ? 0 : 1;  // the address is the kernel's, or the program's
  t->pc[0] = r->address;
  if (r->has_registers) found = unwind(&source, &r->registers, &r->stack, t->pc, STACK_FRAMES, &result);
  for (size_t i = 0; i < found; i++)
    if ((t->place[(*n)++] = place_of(&walk, t->pc[i])) == NONE) return -1;
  // A thread that has no registers any more is not cut: there is nothing more.
  t->cut += result.end != UNWIND_COMPLETE && (r->has_registers || !r->kernel.n);
  t->guessed += result.sure < found;
  return 0;
}

int tracker_sample(struct tracker *t, const struct record *r) {
  size_t n = 0;
  struct process *p = tracker_process(t, r->pid);
  uint32_t thread = tracker_thread(t, r->pid, r->tid);
  if (!p || thread == NONE) return -1;
  if (add_kernel(t, r->kernel, STACK_FRAMES, &n) || add_user(t, p, r, &n)) return -1;
  t->samples++;
  t->seen += r->weight;
  t->thread[thread].seen = true;
  return stacks_count(&t->stacks, t->place, (uint32_t)n, t->options->per_thread ? thread : NONE, r->weight);
}
