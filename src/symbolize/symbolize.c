// Which mappings need names, which binary each of them is, and what to tell where it can't be had.
#include "symbolize/symbolize.h"

#include <stdlib.h>

#include "http/url.h"
#include "symbolize/fill.h"
#include "symbolize/remote.h"

struct symbolizer {
  struct profile *p;
  const struct symbolize_mode *mode;
  struct buf *notes;
  uint32_t *n_locations;      // a mapping
  uint32_t *object;           // a mapping: its number in resolving.object or NONE
  struct elf_mapping *place;  // a mapping
  struct symbol_report report;
  struct resolving resolving;
  size_t object_cap, query_cap;
  bool missing_binaries;
};

// ---- what is asked ------------------------------------------------------------------------------

// Code that no file holds.
static bool is_system(struct str file) {
  struct str name = path_base(file);
  return str_starts(name, STR_LIT("[")) || str_starts(name, STR_LIT("linux-vdso")) ||
         str_starts(file, STR_LIT("/dev/dri/")) || str_starts(file, STR_LIT("/memfd:")) ||
         str_eq(file, STR_LIT("//anon"));
}

static bool is_http(struct str file) {
  struct url u;
  return url_split(file, &u) && url_kind_of(&u) != URL_OTHER;
}

// Whether the mapping's addresses are to be looked up; if not, why.
static bool is_asked(const struct symbolizer *s, uint32_t number, enum symbol_outcome *outcome) {
  const struct mapping *m = &s->p->places.mapping[number];
  struct str file = profile_str(s->p, m->file);
  bool known = m->has_functions || m->has_filenames || m->has_line_numbers;
  *outcome = s->n_locations[number] == 0         ? SYMBOLS_NOT_NEEDED
             : known && !s->mode->force          ? SYMBOLS_IN_PROFILE
             : m->build_id == 0 && is_http(file) ? SYMBOLS_AT_SERVER
             : !s->mode->local                   ? SYMBOLS_NOT_ASKED
             : file.n && is_system(file)         ? SYMBOLS_NO_FILE
                                                 : SYMBOLS_NO_BINARY;
  return *outcome == SYMBOLS_NO_BINARY;
}

// ---- binaries -----------------------------------------------------------------------------------

static int set_reason(struct symbol_source *source, const char *text) {
  if (source->reason) return 0;
  source->reason = strdup(text);
  return source->reason ? 0 : -1;
}

// What stands before the reason in a note.
static void note(struct symbolizer *s, uint32_t number, const char *reason) {
  const struct mapping *m = &s->p->places.mapping[number];
  struct str id = profile_str(s->p, m->build_id);
  buf_addf(s->notes, "no names for %.*s", STR_ARG(path_base(profile_str(s->p, m->file))));
  if (id.n) buf_addf(s->notes, " (build id %.*s)", STR_ARG(id));
  buf_addf(s->notes, ": %s\n", reason);
}

static int refuse(struct symbolizer *s, uint32_t number, enum symbol_outcome outcome, const char *reason) {
  s->report.mapping[number].outcome = outcome;
  note(s, number, reason);
  return set_reason(&s->report.mapping[number], reason);
}

// The object of the path, opened before for another mapping; NONE when it was not.
static uint32_t find_object(const struct symbolizer *s, struct str path) {
  for (uint32_t i = 0; i < s->resolving.n_objects; i++)
    if (str_eq(buf_view(&s->resolving.object[i]->path), path)) return i;
  return NONE;
}

static int open_object(struct symbolizer *s, uint32_t number, uint32_t *index) {
  const struct mapping *m = &s->p->places.mapping[number];
  struct str file = profile_str(s->p, m->file);
  struct resolving *r = &s->resolving;
  struct err why = {""};
  *index = find_object(s, file);
  if (*index != NONE) return 0;
  if (ARRAY_RESERVE(r->object, s->object_cap, (size_t)r->n_objects + 1)) return -1;
  struct object *o = object_open(file, profile_str(s->p, m->build_id), r->where, &why);
  if (o) r->object[ *index = r->n_objects++] = o;
  else s->missing_binaries = true;
  return o ? 0 : refuse(s, number, SYMBOLS_NO_BINARY, why.text);
}

// A binary of another build would give wrong names, which is worse than none.
static int check_build(struct symbolizer *s, uint32_t number, const struct object *o) {
  struct symbol_source *source = &s->report.mapping[number];
  struct str wanted = profile_str(s->p, s->p->places.mapping[number].build_id), found = elf_build_id(o->elf);
  struct buf text = {0};
  source->build_id_known = wanted.n && found.n;
  source->build_id_equal = source->build_id_known && elf_build_id_is(found, wanted);
  if (source->build_id_equal == source->build_id_known) return 0;
  s->object[number] = NONE;
  elf_build_id_text(found, &text);
  struct err why = {""};
  err_set(&why, "%s is of another build (its build id is %s)", o->path.data, text.failed ? "?" : text.data);
  buf_release(&text);
  return refuse(s, number, SYMBOLS_OTHER_BUILD, why.text);
}

static void place_mapping(struct symbolizer *s, uint32_t number, const struct object *o) {
  const struct mapping *m = &s->p->places.mapping[number];
  s->place[number] = (struct elf_mapping){.start = m->start, .limit = m->limit, .offset = m->offset};
  elf_find_relocation(o->elf, &s->place[number], (struct str){"", 0});
}

static int take_mapping(struct symbolizer *s, uint32_t number) {
  struct symbol_source *source = &s->report.mapping[number];
  if (!is_asked(s, number, &source->outcome)) return 0;
  if (s->p->places.mapping[number].file == 0 && s->p->places.mapping[number].build_id == 0) {
    s->missing_binaries |= number != 0;
    if (number == 0) buf_adds(s->notes, "the profile does not name the main binary\n");
    return set_reason(source, "the profile does not name its binary");
  }
  if (open_object(s, number, &s->object[number])) return -1;
  if (s->object[number] == NONE) return 0;
  const struct object *o = s->resolving.object[s->object[number]];
  if (check_build(s, number, o)) return -1;
  if (s->object[number] == NONE) return 0;
  source->outcome = SYMBOLS_NONE;
  if (!o->only_debug && !(source->binary = strdup(o->path.data))) return -1;
  place_mapping(s, number, o);
  return 0;
}

// ---- addresses ----------------------------------------------------------------------------------

static int add_query(struct symbolizer *s, uint32_t location) {
  const struct location *l = &s->p->places.location[location];
  struct resolving *r = &s->resolving;
  struct query q = {.location = location, .mapping = l->mapping};
  struct err why = {""};
  if (l->mapping == NONE || s->object[l->mapping] == NONE) return 0;
  q.object = s->object[l->mapping];
  if (elf_object_address(r->object[q.object]->elf, &s->place[l->mapping], l->address, &q.address, &why))
    return set_reason(&s->report.mapping[l->mapping], why.text);
  if (ARRAY_RESERVE(r->query, s->query_cap, (size_t)r->n_queries + 1)) return -1;
  r->query[r->n_queries++] = q;
  return 0;
}

// What the parts tell of the objects goes to their mappings.
static int tell_sources(struct symbolizer *s) {
  struct resolving *r = &s->resolving;
  for (uint32_t i = 0; i < r->n_queries; i++) {
    const struct query *q = &r->query[i];
    struct symbol_source *source = &s->report.mapping[q->mapping];
    const struct answers *a = &r->part[q->part];
    if (a->outcome > source->outcome) source->outcome = a->outcome;
    if (a->reason.text[0] && set_reason(source, a->reason.text)) return -1;
    const struct debug_files *d = &r->object[q->object]->debug;
    if (d->debug && !source->debug && !(source->debug = strdup(d->debug_path.data))) return -1;
    if (d->alt && !source->alt && !(source->alt = strdup(d->alt_path.data))) return -1;
  }
  return 0;
}

// ---- all of it ----------------------------------------------------------------------------------

static int allocate(struct symbolizer *s) {
  size_t n = (size_t)s->p->places.n_mappings + 1;
  s->n_locations = calloc(n, sizeof *s->n_locations);
  s->object = malloc(n * sizeof *s->object);
  s->place = calloc(n, sizeof *s->place);
  s->report.mapping = calloc(n, sizeof *s->report.mapping);
  if (!s->n_locations || !s->object || !s->place || !s->report.mapping) return -1;
  s->report.n = s->p->places.n_mappings;
  memset(s->object, 0xff, n * sizeof *s->object);
  for (uint32_t i = 0; i < s->p->places.n_locations; i++)
    if (s->p->places.location[i].mapping != NONE) s->n_locations[s->p->places.location[i].mapping]++;
  return 0;
}

static int run(struct symbolizer *s, struct err *e) {
  if (allocate(s)) return err_nomem(e);
  for (uint32_t i = 0; i < s->p->places.n_mappings; i++)
    if (take_mapping(s, i)) return err_nomem(e);
  for (uint32_t i = 0; i < s->p->places.n_locations; i++)
    if (add_query(s, i)) return err_nomem(e);
  if (s->missing_binaries)
    buf_adds(s->notes, "PPROF_BINARY_PATH may name folders to look for binaries in; cprof doctor tells more\n");
  if (s->resolving.n_queries == 0) return 0;
  if (resolve(&s->resolving, e) || fill(s->p, &s->resolving, s->report.mapping, e)) return -1;
  return tell_sources(s) ? err_nomem(e) : 0;
}

int symbolize(struct profile *p, const struct symbolize_mode *mode, const struct search_paths *where,
              struct symbol_report *report, struct buf *notes, struct err *e) {
  struct symbolizer s = {.p = p, .mode = mode, .notes = notes, .resolving = {.fast = mode->fast, .where = where}};
  int result = run(&s, e);
  if (!result) result = remote_names(p, mode, where, &s.report, notes, e);
  if (where->fetcher) debuginfod_tell(where->fetcher, notes);
  resolving_release(&s.resolving);
  for (uint32_t i = 0; i < s.resolving.n_objects; i++) object_free(s.resolving.object[i]);
  free(s.resolving.object);
  free(s.resolving.query);
  free(s.n_locations);
  free(s.object);
  free(s.place);
  if (report && !result) *report = s.report;
  else symbol_report_release(&s.report);
  return result;
}

void symbol_report_release(struct symbol_report *r) {
  for (uint32_t i = 0; i < r->n; i++) {
    free(r->mapping[i].binary);
    free(r->mapping[i].debug);
    free(r->mapping[i].alt);
    free(r->mapping[i].reason);
  }
  free(r->mapping);
  *r = (struct symbol_report){0};
}
