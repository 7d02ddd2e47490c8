// The profile of what was counted: numbers become those of the profile, the program's file is its first mapping.
#include <inttypes.h>
#include <stdlib.h>

#include "record/internal.h"

struct writer {
  struct tracker *t;
  struct profile *p;
  uint32_t *mapping;   // a region
  uint32_t *location;  // a place
};

static uint32_t string(struct writer *w, const char *text) { return profile_add_string(w->p, str_of(text)); }

static int add_mapping(struct writer *w, const struct region *r, uint32_t *number) {
  const struct object *o = &w->t->objects.at[r->object];
  struct mapping m = {
      .id = (uint64_t)w->p->places.n_mappings + 1, .start = r->start, .limit = r->limit, .offset = r->offset};
  m.file = string(w, o->name);
  m.build_id = string(w, object_build_id(o));
  m.has_functions = object_is_vdso(o) && o->elf;
  *number = profile_add_mapping(w->p, &m);
  return *number == NONE || m.file == NONE || m.build_id == NONE ? -1 : 0;
}

static int add_mappings(struct writer *w) {
  const struct stacks *s = &w->t->stacks;
  uint32_t main = NONE;
  if (w->t->main.limit) {
    objects_open(&w->t->objects, &w->t->main, w->t->pid);
    main = stacks_region(&w->t->stacks, &w->t->main);
    if (main == NONE) return -1;
  }
  w->mapping = malloc((s->n_regions + 1) * sizeof *w->mapping);
  if (!w->mapping || (main != NONE && add_mapping(w, &s->region[main], &w->mapping[main]))) return -1;
  for (uint32_t i = 0; i < s->n_regions; i++)
    if (i != main && add_mapping(w, &s->region[i], &w->mapping[i])) return -1;
  return 0;
}

// The vdso's name for an address. It is in no file that could be asked later. 1 found, 0 none, -1 out of memory.
static int vdso_function(struct writer *w, const struct region *r, uint64_t address, struct line *line) {
  struct object *o = &w->t->objects.at[r->object];
  struct elf_mapping m = {.start = r->start, .limit = r->limit, .offset = r->offset};
  uint64_t at;
  if (!object_is_vdso(o) || !o->elf || elf_object_address(o->elf, &m, address, &at, NULL)) return 0;
  const struct elf_symbol *symbol = elf_symbol_at(o->elf, at);
  if (!symbol) return 0;
  uint32_t name = profile_add_string(w->p, symbol->name);
  for (line->function = 0; line->function < w->p->places.n_functions; line->function++)
    if (w->p->places.function[line->function].name == name) return 1;
  struct function f = {.id = (uint64_t)w->p->places.n_functions + 1, .name = name, .system_name = name};
  line->function = name == NONE ? NONE : profile_add_function(w->p, &f);
  return line->function == NONE ? -1 : 1;
}

static int add_locations(struct writer *w) {
  const struct stacks *s = &w->t->stacks;
  w->location = malloc((s->n_places + 1) * sizeof *w->location);
  if (!w->location) return -1;
  for (uint32_t i = 0; i < s->n_places; i++) {
    const struct place *place = &s->place[i];
    struct location l = {.id = (uint64_t)i + 1, .address = place->address, .mapping = NONE};
    struct line line = {0};
    int named = 0;
    if (place->region != NONE) {
      l.mapping = w->mapping[place->region];
      named = vdso_function(w, &s->region[place->region], place->address, &line);
    }
    l.n_lines = named > 0;
    if (named < 0 || (w->location[i] = profile_add_location(w->p, &l, &line)) == NONE) return -1;
  }
  return 0;
}

static struct label text_label(struct writer *w, const char *key, const char *text) {
  return (struct label){.key = string(w, key), .text = string(w, text), .unit = NONE};
}

static struct label number_label(struct writer *w, const char *key, int64_t number) {
  return (struct label){.key = string(w, key), .number = number, .unit = NONE, .numeric = true};
}

static int add_labels(struct writer *w, const struct stack *k, uint32_t *set) {
  struct label label[4];
  uint32_t n = 0;
  *set = NONE;
  if (k->thread != NONE) {
    const struct thread *t = &w->t->thread[k->thread];
    label[n++] = text_label(w, "thread", t->name);
    label[n++] = number_label(w, "tid", t->tid);
    label[n++] = number_label(w, "pid", t->pid);
  }
  if (k->state) label[n++] = text_label(w, "state", k->state == STATE_WAITING ? "waiting" : "running");
  if (n == 0) return 0;
  *set = profile_add_label_set(w->p, label, n);
  return *set == NONE ? -1 : 0;
}

static int add_samples(struct writer *w) {
  const struct stacks *s = &w->t->stacks;
  uint32_t frames[STACK_FRAMES], labels;
  for (size_t i = 0; i < s->n_stacks; i++) {
    const struct stack *k = &s->stack[i];
    int64_t values[] = {(int64_t)k->count, (int64_t)k->weight};
    for (uint32_t f = 0; f < k->n; f++) frames[f] = w->location[s->frame[k->first + f]];
    if (add_labels(w, k, &labels) || profile_add_sample(w->p, frames, k->n, values, labels)) return -1;
  }
  return 0;
}

static int add_comments(struct writer *w, const struct recording *r) {
  struct buf text = {0};
  const struct tracker *t = w->t;
  buf_addf(&text, "cprof record: %" PRIu64 " samples, %" PRIu64 " lost, %" PRIu64 " with a stack that is cut",
           t->samples, t->lost, t->cut);
  if (r->used > 0)
    buf_addf(&text, "; %.1f%% of %.2f s of CPU time%s seen", 100 * (double)t->seen / 1e9 / r->used, r->used,
             r->kernel_time ? "" : " outside the kernel");
  if (r->note) buf_addf(&text, "; %s", r->note);
  int result = text.failed || profile_add_comment(w->p, buf_view(&text)) == NONE ? -1 : 0;
  buf_release(&text);
  return result;
}

const char *sample_type(const struct record_options *o) { return o->wall ? "wall" : "cpu"; }

static int add_header(struct writer *w, const struct span *span) {
  const char *type = sample_type(w->t->options);
  w->p->time_nanos = span->began;
  w->p->duration_nanos = span->lasted;
  w->p->period = span->period;
  w->p->period_type = (struct value_type){string(w, type), string(w, "nanoseconds")};
  if (w->p->period_type.type == NONE || w->p->period_type.unit == NONE) return -1;
  if (profile_add_sample_type(w->p, STR_LIT("samples"), STR_LIT("count")) == NONE) return -1;
  return profile_add_sample_type(w->p, str_of(type), STR_LIT("nanoseconds")) == NONE ? -1 : 0;
}

struct profile *write_profile(struct tracker *t, const struct span *span, const struct recording *r, struct err *e) {
  struct writer w = {.t = t, .p = profile_new(e)};
  int result = -1;
  if (!w.p) return NULL;
  if (add_header(&w, span) || add_mappings(&w) || add_locations(&w) || add_samples(&w) || add_comments(&w, r))
    err_nomem(e);
  else result = profile_check(w.p, e);
  free(w.mapping);
  free(w.location);
  if (result == 0) return w.p;
  profile_free(w.p);
  return NULL;
}
