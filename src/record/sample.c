// What becomes of a sample: its stack is unwound by the rules of what is mapped at that time, its addresses become places, and
// equal stacks are counted. Stacks of one thread after the other share most of their frames, so what an address was found
// to be is kept a while.
#include <linux/perf_event.h>

#include "record/internal.h"

struct walk {
  struct tracker *tracker;
  struct process *process;
  struct region *region;  // of the last address
  bool in_place;          // the process's memory may be read
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

// Memory that is not in the copy of the stack.
static bool read_memory(void *arg, uint64_t address, void *bytes, size_t n) {
  const struct walk *w = arg;
  return w->in_place && process_memory((pid_t)w->process->pid, address, bytes, n) == n;
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

// How far a stack was followed.
struct followed {
  size_t n;  // places
  bool cut, guessed, unmapped;
};

static int add_user(struct tracker *t, struct process *p, const struct record *r, struct followed *f) {
  struct walk walk = {.tracker = t, .process = p, .in_place = r->in_place};
  struct unwind_source source = {.table = table_at, .read = read_memory, .arg = &walk};
  struct unwind_result result = {UNWIND_NO_TABLE, 1};
  size_t found = r->kernel.n ? 0 : 1;  // the address is the kernel's, or the program's
  t->pc[0] = r->address;
  if (r->has_registers) found = unwind(&source, &r->registers, &r->stack, t->pc, STACK_FRAMES, &result);
  for (size_t i = 0; i < found; i++) {
    uint32_t place = t->place[f->n++] = place_of(&walk, t->pc[i]);
    if (place == NONE) return -1;
    f->unmapped |= t->stacks.place[place].region == NONE;
  }
  // A thread that has no registers any more is not cut: there is nothing more.
  f->cut = result.end != UNWIND_COMPLETE && (r->has_registers || !r->kernel.n);
  f->guessed = result.sure < found;
  return 0;
}

static void add_up(struct tracker *t, const struct record *r, const struct stack *k) {
  t->samples++;
  t->cut += k->cut;
  t->guessed += k->guessed;
  t->seen += r->weight;
  if (r->state == STATE_WAITING) t->waited += r->weight;
}

int tracker_sample(struct tracker *t, const struct record *r) {
  struct followed f = {0};
  struct answer own = {0}, *answer = r->answer ? r->answer : &own;
  struct process *p = tracker_process(t, r->pid);
  uint32_t thread = tracker_thread(t, r->pid, r->tid);
  if (!p || thread == NONE) return -1;
  if (add_kernel(t, r->kernel, STACK_FRAMES, &f.n) || add_user(t, p, r, &f)) return -1;
  *answer = (struct answer){.stack = NONE, .complete = !f.cut, .unmapped = f.unmapped};
  if (r->if_complete && f.cut) return 0;
  struct stack stack = {.n = (uint32_t)f.n,
                        .thread = t->options->per_thread ? thread : NONE,
                        .state = r->state,
                        .cut = f.cut,
                        .guessed = f.guessed,
                        .count = 1,
                        .weight = r->weight};
  add_up(t, r, &stack);
  t->thread[thread].seen = true;
  answer->stack = stacks_count(&t->stacks, t->place, &stack);
  return answer->stack == NONE ? -1 : 0;
}

// A stack that was counted before, of a thread that has not moved.
int tracker_again(struct tracker *t, const struct record *r) {
  struct stack *stack = &t->stacks.stack[r->again];
  stack->count++;
  stack->weight += r->weight;
  add_up(t, r, stack);
  return 0;
}
