// The profile of what was counted: numbers become those of the profile, the program's file is its first mapping.
#include <inttypes.h>
#include <stdlib.h>

#include "record/internal.h"

struct writer {
  struct tracker *t;
  struct profile *p;
  uint32_t *mapping;   // a region
  uint32_t *location;  // a place
  struct names names;
  struct map64 function_of;  // the number of a name
};

static uint32_t string(struct writer *w, const char *text) { return profile_add_string(w->p, str_of(text)); }

static int add_mapping(struct writer *w, const struct region *r, uint32_t *number) {
  const struct object *o = &w->t->objects.at[r->object];
  struct mapping m = {
      .id = (uint64_t)w->p->places.n_mappings + 1, .start = r->start, .limit = r->limit, .offset = r->offset};
  m.file = profile_add_string(w->p, object_name(o));
  m.build_id = string(w, object_build_id(o));
  m.has_functions = o->has_names;
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

// Names are what the program's compiler or anybody else wrote.
static uint32_t clean_string(struct writer *w, struct str name) {
  struct buf clean = {0};
  for (size_t i = 0, n; i < name.n; i += n) {
    struct str left = {name.p + i, name.n - i};
    n = utf8_rune_length(left);
    bool odd = (unsigned char)left.p[0] < ' ' || left.p[0] == 127 || (n == 1 && (unsigned char)left.p[0] > 127);
    buf_add(&clean, odd ? "?" : left.p, n);
  }
  uint32_t number = clean.failed ? NONE : profile_add_string(w->p, buf_view(&clean));
  buf_release(&clean);
  return number;
}

static uint32_t add_function(struct writer *w, struct str text) {
  uint32_t name = clean_string(w, text), number = map64_get(&w->function_of, name);
  if (name == NONE) return NONE;
  if (number != MAP_NONE) return number;
  struct function f = {.id = (uint64_t)w->p->places.n_functions + 1, .name = name, .system_name = name};
  number = profile_add_function(w->p, &f);
  return number == NONE || map64_put(&w->function_of, name, number) ? NONE : number;
}

static int add_locations(struct writer *w) {
  const struct stacks *s = &w->t->stacks;
  w->location = malloc((s->n_places + 1) * sizeof *w->location);
  if (!w->location) return -1;
  for (uint32_t i = 0; i < s->n_places; i++) {
    const struct place *place = &s->place[i];
    struct location l = {.id = (uint64_t)i + 1, .address = place->address, .mapping = NONE};
    struct line line = {0};
    if (place->region != NONE) l.mapping = w->mapping[place->region];
    l.n_lines = w->names.of[i].n > 0;
    if (l.n_lines && (line.function = add_function(w, w->names.of[i])) == NONE) return -1;
    if ((w->location[i] = profile_add_location(w->p, &l, &line)) == NONE) return -1;
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
  uint32_t labels;
  uint32_t *frames = w->t->place;  // nothing is sampled any more
  for (size_t i = 0; i < s->n_stacks; i++) {
    const struct stack *k = &s->stack[i];
    int64_t values[] = {(int64_t)k->count, (int64_t)k->weight};
    for (uint32_t f = 0; f < k->n; f++) frames[f] = w->location[s->frame[k->first + f]];
    if (add_labels(w, k, &labels) || profile_add_sample(w->p, frames, k->n, values, labels)) return -1;
  }
  return 0;
}

static int add_comment(struct writer *w, const struct recording *r) {
  struct buf text = {0};
  buf_addf(&text, "cprof record: %" PRIu64 " samples; ", r->samples);
  recording_notes(r, &text);
  if (r->note) buf_addf(&text, "; %s", r->note);
  int result = text.failed || profile_add_comment(w->p, buf_view(&text)) == NONE ? -1 : 0;
  buf_release(&text);
  return result;
}

// What samples are of.
static const char *type_of(const struct recording *r) { return r->wall ? "wall" : "cpu"; }

static int add_header(struct writer *w, const struct span *span, const struct recording *r) {
  const char *type = type_of(r);
  w->p->time_nanos = span->began;
  w->p->duration_nanos = span->lasted;
  w->p->period = r->period;
  w->p->period_type = (struct value_type){string(w, type), string(w, "nanoseconds")};
  if (w->p->period_type.type == NONE || w->p->period_type.unit == NONE) return -1;
  if (profile_add_sample_type(w->p, STR_LIT("samples"), STR_LIT("count")) == NONE) return -1;
  return profile_add_sample_type(w->p, str_of(type), STR_LIT("nanoseconds")) == NONE ? -1 : 0;
}

static void count(struct recording *r, const struct tracker *t) {
  r->samples = t->samples;
  r->lost = t->lost;
  r->cut = t->cut;
  r->guessed = t->guessed;
  r->processes = t->processes;
  r->threads = t->started;
  r->unseen = t->unseen;
  r->sampled = (double)t->seen / 1e9;
  r->waited = (double)t->waited / 1e9;
  r->kernel_hidden = t->kernel_hidden;
}

struct profile *write_profile(struct tracker *t, const struct span *span, struct recording *r, struct err *e) {
  struct writer w = {.t = t, .p = profile_new(e)};
  int result = -1;
  if (!w.p) return NULL;
  if (names_find(&w.names, t) || add_header(&w, span, r) || add_mappings(&w) || add_locations(&w) || add_samples(&w)) {
    err_nomem(e);
  } else {
    count(r, t);
    result = add_comment(&w, r) ? err_nomem(e) : profile_check(w.p, e);
  }
  free(w.mapping);
  free(w.location);
  map64_release(&w.function_of);
  names_release(&w.names);
  if (result == 0) return w.p;
  profile_free(w.p);
  return NULL;
}
