// Loading.
#include "driver/load.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/gzip.h"
#include "driver/sources.h"
#include "driver/symbols.h"
#include "measure/measure.h"

struct loader {
  const struct options *o;
  struct source_options sources;
  struct symbol_places places;
  struct symbol_report *report;
  struct buf *notes;
  struct err *e;
};

// ---- comparing ----------------------------------------------------------------------------------

static int negate(struct profile *p, struct err *e) {
  double *ratios = malloc((p->n_sample_types + 1) * sizeof *ratios);
  if (!ratios) return err_nomem(e);
  for (uint32_t i = 0; i < p->n_sample_types; i++) ratios[i] = -1;
  int result = profile_scale(p, ratios, e);
  free(ratios);
  return result;
}

// Takes both profiles; gives what the base leaves of the first.
static struct profile *subtract_base(const struct loader *l, struct profile *p, struct profile *base) {
  struct profile *both[2] = {p, base};
  bool mark = *l->o->diff_base != '\0';
  if ((mark && profile_set_label(base, STR_LIT("pprof::base"), STR_LIT("true"), l->e)) ||
      (l->o->normalize && profile_normalize(p, base, l->e)) || negate(base, l->e)) {
    profile_free(p);
    profile_free(base);
    return NULL;
  }
  return profile_merge(both, 2, l->e);
}

static struct profile *read_all(const struct loader *l, char **sources, size_t n) {
  struct profile *p = sources_read(&l->sources, sources, n, "source", l->notes, l->e);
  const char *base_name = *l->o->base ? l->o->base : l->o->diff_base;
  if (!p || !*base_name) return p;
  char *names[1] = {(char *)(uintptr_t)base_name};
  struct profile *base = sources_read(&l->sources, names, 1, "base", l->notes, l->e);
  if (!base) {
    profile_free(p);
    return NULL;
  }
  return subtract_base(l, p, base);
}

// ---- what came from servers ---------------------------------------------------------------------

// A mapping whose file is a URL came from a server and has no file.
static bool is_url(struct str file) {
  size_t n = 0;
  while (n < file.n && file.p[n] != ':') {
    char c = file.p[n];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!letter && (n == 0 || !later)) return false;
    n++;
  }
  return n && n < file.n;
}

static void forget_urls(struct profile *p) {
  for (uint32_t i = 0; i < p->places.n_mappings; i++) {
    struct mapping *m = &p->places.mapping[i];
    if (m->build_id == 0 && is_url(profile_str(p, m->file))) m->file = 0;
  }
}

// ---- all of it ----------------------------------------------------------------------------------

static int finish(const struct loader *l, struct profile *p) {
  struct err prune_error = {""};
  if (l->o->all_frames) p->drop_frames = p->keep_frames = 0;
  if (symbols_add(p, l->o, &l->places, l->report, l->notes, l->e)) return -1;
  if (profile_prune(p, &prune_error)) buf_addf(l->notes, "frames are not dropped: %s\n", prune_error.text);
  forget_urls(p);
  if (*l->o->add_comment && profile_add_comment(p, str_of(l->o->add_comment)) == NONE) return err_nomem(l->e);
  return 0;
}

static bool is_elf(const char *path) {
  char magic[4] = {0};
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t n = read(fd, magic, sizeof magic);
  close(fd);
  return n == 4 && memcmp(magic,
                          "\x7f"
                          "ELF",
                          4) == 0;
}

// "8GB", "100000000", "none"; empty for the default.
static int parse_limit(const char *text, uint64_t *limit, struct err *e) {
  struct str unit;
  char *end;
  if (!*text) return 0;
  if (strcmp(text, "none") == 0) {
    *limit = SOURCE_LIMIT_NONE;
    return 0;
  }
  long long n = strtoll(text, &end, 10);
  double bytes = measure_scale(n, *end ? str_of(end) : STR_LIT("B"), STR_LIT("B"), &unit);
  if (end == text || n <= 0 || !str_eq(unit, STR_LIT("B")) || bytes >= 9e18 ||
      (*end && !measure_same_family(str_of(end), STR_LIT("B"))))
    return err_set(e, "-inflate_limit takes a size such as 8GB, or none; not \"%s\"", text);
  *limit = (uint64_t)bytes;
  return 0;
}

static struct profile *load(struct loader *l, char **sources, size_t n) {
  if (parse_limit(l->o->inflate_limit, &l->sources.limit, l->e) || symbol_places_init(&l->places, l->o, l->e))
    return NULL;
  l->sources.where = &l->places.paths;
  if (n > 1 && is_elf(sources[0])) {
    l->sources.binary = sources[0];
    sources++;
    n--;
  }
  struct profile *p = read_all(l, sources, n);
  if (p && finish(l, p)) {
    profile_free(p);
    p = NULL;
  }
  return p;
}

struct profile *load_profiles(const struct options *o, char **sources, size_t n, struct symbol_report *report,
                              struct buf *notes, struct err *e) {
  struct loader l = {.o = o, .report = report, .notes = notes, .e = e};
  l.sources = (struct source_options){.build_id = o->buildid, .limit = SOURCE_LIMIT_AUTO};
  struct profile *p = load(&l, sources, n);
  symbol_places_release(&l.places);
  return p;
}
