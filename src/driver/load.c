// Loading.
#include "driver/load.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "driver/limits.h"
#include "driver/progress.h"
#include "driver/saved_copy.h"
#include "driver/sources.h"
#include "driver/symbols.h"

struct loader {
  const struct load_request *q;
  const struct options *o;
  struct source *source;  // the base is the last one, behind the n sources
  size_t n;
  struct fetches *fetches;
  struct servers servers;
  struct source_options reading;
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

static const char *base_of(const struct options *o) { return *o->base ? o->base : o->diff_base; }

static struct profile *read_all(const struct loader *l) {
  struct profile *p = sources_read(&l->reading, l->source, l->n, "source", l->notes, l->e);
  if (!p || !*base_of(l->o)) return p;
  struct profile *base = sources_read(&l->reading, &l->source[l->n], 1, "base", l->notes, l->e);
  if (!base) {
    profile_free(p);
    return NULL;
  }
  return subtract_base(l, p, base);
}

// ---- all of it ----------------------------------------------------------------------------------

static int finish(const struct loader *l, struct profile *p) {
  struct err prune_error = {""};
  if (l->o->all_frames) p->drop_frames = p->keep_frames = 0;
  if (symbols_add(p, l->o, &l->places, l->report, l->notes, l->e)) return -1;
  if (profile_prune(p, &prune_error)) buf_addf(l->notes, "frames are not dropped: %s\n", prune_error.text);
  servers_forget(p);
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

// The sources by name; what is on servers begins to be fetched.
static int find_sources(struct loader *l) {
  char **names = l->q->sources;
  l->n = l->q->n;
  if (l->n > 1 && is_elf(names[0])) {
    l->reading.binary = *names++;
    l->n--;
  }
  l->source = calloc(l->n + 1, sizeof *l->source);
  l->fetches = l->source ? fetches_new(l->o, l->q->stop, l->e) : NULL;
  if (!l->fetches) return err_nomem(l->e);
  for (size_t i = 0; i <= l->n; i++) {
    struct source *s = &l->source[i];
    s->name = i < l->n ? names[i] : base_of(l->o);
    if (*s->name && fetches_add(l->fetches, s->name, &s->fetch, l->e)) return -1;
  }
  return fetches_start(l->fetches, l->q->errors, l->e);
}

static struct profile *read_and_finish(struct loader *l) {
  struct profile *p = read_all(l);
  l->places.paths.server = l->servers.at;
  l->places.paths.n_servers = l->servers.n;
  l->places.paths.http = fetches_client(l->fetches);
  if (p && finish(l, p)) {
    profile_free(p);
    p = NULL;
  }
  if (p && l->servers.n) saved_copy_write(p, l->notes);
  return p;
}

static const char *what_takes_long(const struct loader *l) {
  if (fetches_count(l->fetches))
    return fetches_count(l->fetches) == 1 ? "Fetching the profile" : "Fetching the profiles";
  return l->n == 1 ? "Reading the profile" : "Reading the profiles";
}

static struct profile *load(struct loader *l) {
  struct progress progress;
  l->reading = (struct source_options){.build_id = l->o->buildid, .where = &l->places.paths, .servers = &l->servers};
  if (limit_of_input(l->o, &l->reading.limit, l->e) || symbol_places_init(&l->places, l->o, l->e) || find_sources(l))
    return NULL;
  progress_begin(&progress, what_takes_long(l));
  struct profile *p = read_and_finish(l);
  progress_end(&progress);
  return p;
}

struct profile *load_profiles(const struct load_request *q, struct symbol_report *report, struct buf *notes,
                              struct err *e) {
  struct loader l = {.q = q, .o = q->options, .report = report, .notes = notes, .e = e};
  struct profile *p = load(&l);
  fetches_free(l.fetches);
  servers_release(&l.servers);
  symbol_places_release(&l.places);
  free(l.source);
  return p;
}
