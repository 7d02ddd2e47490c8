// What the records tell of processes, and what becomes of a sample: its stack is unwound by the rules of what is mapped at that
// time, and counted.
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/wall.h"

static struct process *process_at(struct tracker *t, uint32_t pid) {
  uint32_t i = map64_get(&t->process_of, pid);
  if (i != MAP_NONE) return &t->process[i];
  if (ARRAY_RESERVE(t->process, t->process_cap, t->n_processes + 1) ||
      map64_put(&t->process_of, pid, (uint32_t)t->n_processes))
    return NULL;
  t->process[t->n_processes] = (struct process){.pid = pid};
  return &t->process[t->n_processes++];
}

// Both give the number of the thread, NONE when memory ran out.
static uint32_t add_thread(struct tracker *t, uint32_t pid, uint32_t tid) {
  if (t->n_threads == NONE || ARRAY_RESERVE(t->thread, t->thread_cap, t->n_threads + 1) ||
      map64_put(&t->thread_of, tid, (uint32_t)t->n_threads))
    return NONE;
  t->thread[t->n_threads] = (struct thread){.pid = pid, .tid = tid};
  return (uint32_t)t->n_threads++;
}

static uint32_t thread_at(struct tracker *t, uint32_t pid, uint32_t tid) {
  uint32_t i = map64_get(&t->thread_of, tid);
  return i != MAP_NONE ? i : add_thread(t, pid, tid);
}

static void rename_thread(struct thread *thread, struct str name) {
  size_t n = name.n < sizeof thread->name ? name.n : sizeof thread->name - 1;
  memset(thread->name, 0, sizeof thread->name);
  memcpy(thread->name, name.p, n);
}

// ---- processes ----------------------------------------------------------------------------------

static int add_region(struct tracker *t, uint32_t pid, struct region r, struct str name, struct str build_id) {
  struct process *p = process_at(t, pid);
  r.object = objects_add(&t->objects, name, build_id);
  if (!p || r.object == NONE || maps_add(&p->maps, r)) return -1;
  // The kernel maps a program before its interpreter, ld.so.
  if (t->main_follows && pid == (uint32_t)t->pid && name.n && name.p[0] == '/') {
    t->main = r;
    t->main_follows = false;
  }
  return 0;
}

static int take_mapped(struct tracker *t, const struct record *r) {
  return add_region(t, r->pid, (struct region){r->start, r->limit, r->offset, 0}, r->name, r->build_id);
}

// A name; one that an exec gives means that nothing of the old program is mapped any more.
static int take_named(struct tracker *t, const struct record *r) {
  uint32_t thread = thread_at(t, r->pid, r->tid);
  struct process *p = process_at(t, r->pid);
  if (thread == NONE || !p) return -1;
  rename_thread(&t->thread[thread], r->name);
  if (!r->exec) return 0;
  p->maps.n = 0;
  if (r->pid == (uint32_t)t->pid) t->main_follows = true;
  return 0;
}

// A process or a thread begins as a copy of the one it comes from. Numbers of those that ended are used again.
static int take_forked(struct tracker *t, const struct record *r) {
  uint32_t from = map64_get(&t->thread_of, r->parent), thread = add_thread(t, r->pid, r->tid);
  if (thread == NONE) return -1;
  if (from != MAP_NONE) memcpy(t->thread[thread].name, t->thread[from].name, sizeof t->thread[thread].name);
  if (r->pid == r->parent) return 0;
  // Adding one process may move the others.
  if (!process_at(t, r->parent) || !process_at(t, r->pid)) return -1;
  return maps_copy(&process_at(t, r->pid)->maps, &process_at(t, r->parent)->maps);
}

static int attach_maps(struct tracker *t, pid_t pid);
static int attach_text(struct tracker *t, pid_t pid, struct str text);

// ---- samples ------------------------------------------------------------------------------------

struct walk {
  struct tracker *tracker;
  const struct process *process;
  bool live;  // its memory may be read
};

static struct unwind_table *table_at(void *arg, uint64_t address, uint64_t *bias, bool *code) {
  struct walk *w = arg;
  uint64_t object_address;
  const struct region *r = maps_find(&w->process->maps, address);
  if (!r) return NULL;
  *code = true;
  struct object *o = objects_open(&w->tracker->objects, r, (pid_t)w->process->pid);
  struct elf_mapping mapping = {.start = r->start, .limit = r->limit, .offset = r->offset};
  if (!o->table || elf_object_address(o->elf, &mapping, address, &object_address, NULL)) return NULL;
  *bias = address - object_address;
  return o->table;
}

static uint32_t place_of(struct tracker *t, const struct process *p, uint64_t address) {
  const struct region *r = maps_find(&p->maps, address);
  uint32_t region = NONE;
  if (r) {
    objects_open(&t->objects, r, (pid_t)p->pid);  // for its build id, while the process can be asked
    region = stacks_region(&t->stacks, r);
    if (region == NONE) return NONE;
  }
  return stacks_place(&t->stacks, address, region);
}

// Memory that is not in the copy of the stack.
static bool read_memory(void *arg, uint64_t address, void *bytes, size_t n) {
  const struct walk *w = arg;
  return w->live && task_memory((pid_t)w->process->pid, address, bytes, n) == n;
}

static void add_up(struct tracker *t, const struct record *r, bool cut) {
  t->samples++;
  t->cut += cut;
  t->seen += r->weight;
  if (r->state == STATE_WAITING) t->waited += r->weight;
}

static int take_sample(struct tracker *t, const struct record *r) {
  uint64_t pc[STACK_FRAMES] = {r->address};
  uint32_t place[STACK_FRAMES];
  size_t n = 1;
  struct unwind_result result = {.end = UNWIND_NO_TABLE};
  struct answer own = {0}, *answer = r->answer ? r->answer : &own;
  struct process *p = process_at(t, r->pid);
  uint32_t thread = thread_at(t, r->pid, r->tid);
  if (!p || thread == NONE) return -1;
  struct unwind_source source = {.table = table_at, .read = read_memory, .arg = &(struct walk){t, p, r->in_place}};
  if (r->has_registers) n = unwind(&source, &r->registers, &r->stack, pc, STACK_FRAMES, &result);
  *answer = (struct answer){.stack = NONE, .complete = result.end == UNWIND_COMPLETE};
  for (size_t i = 0; i < n; i++) {
    if ((place[i] = place_of(t, p, pc[i])) == NONE) return -1;
    answer->unmapped |= t->stacks.place[place[i]].region == NONE;
  }
  if (r->if_complete && !answer->complete) return 0;
  struct stack stack = {.n = (uint32_t)n,
                        .thread = t->options->per_thread ? thread : NONE,
                        .state = r->state,
                        .cut = !answer->complete,
                        .count = 1,
                        .weight = r->weight};
  add_up(t, r, stack.cut);
  answer->stack = stacks_count(&t->stacks, place, &stack);
  return answer->stack == NONE ? -1 : 0;
}

// A stack that was counted before, of a thread that has not moved.
static int take_again(struct tracker *t, const struct record *r) {
  struct stack *stack = &t->stacks.stack[r->again];
  stack->count++;
  stack->weight += r->weight;
  add_up(t, r, stack->cut);
  return 0;
}

// All that is mapped comes anew.
static int take_maps(struct tracker *t, const struct record *r) {
  struct process *p = process_at(t, r->pid);
  if (!p) return -1;
  p->maps.n = 0;
  if (r->pid == (uint32_t)t->pid) t->main.limit = 0;
  return r->name.n ? attach_text(t, (pid_t)r->pid, r->name) : attach_maps(t, (pid_t)r->pid);
}

int tracker_take(void *tracker, const struct record *r) {
  struct tracker *t = tracker;
  switch (r->kind) {
    case RECORD_SAMPLE: return take_sample(t, r);
    case RECORD_MMAP: return take_mapped(t, r);
    case RECORD_COMM: return take_named(t, r);
    case RECORD_FORK: return take_forked(t, r);
    case RECORD_AGAIN: return take_again(t, r);
    case RECORD_MAPS: return take_maps(t, r);
    case RECORD_LOST: t->lost += r->lost; return 0;
    default: return 0;
  }
}

// ---- a process that runs already ----------------------------------------------------------------

static int take_map_line(struct tracker *t, pid_t pid, const char *line, const char *program) {
  struct region r = {0};
  char protection[5];
  int name = 0;
  if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %*s %*s %n", &r.start, &r.limit, protection, &r.offset,
             &name) < 4 ||
      !name || protection[2] != 'x')
    return 0;
  struct str text = {line + name, strcspn(line + name, "\n")};
  if (text.n == 0) text = STR_LIT("//anon");
  t->main_follows = t->main.limit == 0 && str_eq(text, str_of(program));
  return add_region(t, (uint32_t)pid, r, text, (struct str){0});
}

static int take_map_lines(struct tracker *t, pid_t pid, FILE *f, const char *program) {
  char *line = NULL;
  size_t cap = 0;
  int result = 0;
  while (f && !result && getline(&line, &cap, f) > 0) result = take_map_line(t, pid, line, program);
  t->main_follows = false;
  free(line);
  if (f) fclose(f);
  return result;
}

static int attach_maps(struct tracker *t, pid_t pid) {
  char path[40], program[PATH_MAX] = "";
  snprintf(path, sizeof path, "/proc/%d/exe", pid);
  ssize_t n = readlink(path, program, sizeof program - 1);
  if (n > 0) program[n] = '\0';
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  return take_map_lines(t, pid, fopen(path, "re"), program);
}

// The same from text, the program's path before.
static int attach_text(struct tracker *t, pid_t pid, struct str text) {
  char program[PATH_MAX] = "";
  size_t n = 0;
  while (n < text.n && text.p[n] != '\n') n++;
  if (n == text.n || n >= sizeof program) return 0;
  memcpy(program, text.p, n);
  if (n + 1 == text.n) return 0;
  return take_map_lines(t, pid, fmemopen((void *)(uintptr_t)(text.p + n + 1), text.n - n - 1, "r"), program);
}

int tracker_attach(struct tracker *t, pid_t pid) {
  char path[40], name[16] = "";
  snprintf(path, sizeof path, "/proc/%d/comm", pid);
  FILE *f = fopen(path, "re");
  if (f && !fgets(name, sizeof name, f)) name[0] = '\0';
  if (f) fclose(f);
  uint32_t thread = thread_at(t, (uint32_t)pid, (uint32_t)pid);
  if (thread == NONE) return -1;
  rename_thread(&t->thread[thread], (struct str){name, strcspn(name, "\n")});
  t->pid = pid;
  return attach_maps(t, pid);
}

void tracker_release(struct tracker *t) {
  for (size_t i = 0; i < t->n_processes; i++) maps_release(&t->process[i].maps);
  free(t->process);
  free(t->thread);
  map64_release(&t->process_of);
  map64_release(&t->thread_of);
  objects_release(&t->objects);
  stacks_release(&t->stacks);
  *t = (struct tracker){0};
}
