// One paragraph a mapping, for those that samples pass through: the binary, its debug information, how much of the
// samples it explains, what would explain more.
#include "driver/doctor.h"

#include <stdlib.h>

// Of one mapping. A sample counts as named when all its frames there are.
struct share {
  uint32_t samples, named, with_lines, with_inlines;
  uint32_t stamp;                       // the last sample counted, plus 1
  bool unnamed, without_line, inlined;  // in that sample
};

// ---- counting -----------------------------------------------------------------------------------

static void look_at(const struct places *c, const struct location *l, struct share *share, uint32_t stamp) {
  const struct line *line = l->n_lines ? &c->line[l->first_line] : NULL;
  if (share->stamp != stamp) share->unnamed = share->without_line = share->inlined = false;
  share->stamp = stamp;
  share->unnamed |= !line || c->function[line->function].name == 0;
  share->without_line |= !line || line->line == 0;
  share->inlined |= l->n_lines > 1;
}

static void tally(struct share *share) {
  share->samples++;
  share->named += !share->unnamed;
  share->with_lines += !share->without_line;
  share->with_inlines += share->inlined;
}

// Two rounds over a sample: what its frames are, then each mapping once.
static void count(const struct profile *p, struct share *share) {
  const struct places *c = &p->places;
  for (uint32_t s = 0; s < p->n_samples; s++) {
    for (uint32_t f = p->stack[s]; f < p->stack[s + 1]; f++) {
      const struct location *l = &c->location[p->frame[f]];
      if (l->mapping != NONE) look_at(c, l, &share[l->mapping], s + 1);
    }
    for (uint32_t f = p->stack[s]; f < p->stack[s + 1]; f++) {
      uint32_t m = c->location[p->frame[f]].mapping;
      if (m == NONE || share[m].stamp != s + 1) continue;
      tally(&share[m]);
      share[m].stamp = 0;
    }
  }
}

// ---- saying -------------------------------------------------------------------------------------

static void row(struct buf *out, const char *title) {
  buf_adds(out, "  ");
  buf_left(out, str_of(title), 18);
  buf_addc(out, ' ');
}

static void say_binary(const struct symbol_source *s, struct buf *out) {
  static const char *const absent[] = {
      [SYMBOLS_NOT_NEEDED] = "no address of it is used",
      [SYMBOLS_IN_PROFILE] = "not looked for: names are in the profile (-symbolize=force looks all the same)",
      [SYMBOLS_NOT_ASKED] = "not looked for: -symbolize says so",
      [SYMBOLS_FROM_SERVER] = "not looked for: a server gave the names",
      [SYMBOLS_AT_SERVER] = "none: the profile has the URL of a server for it",
      [SYMBOLS_NO_FILE] = "none: this is code that no file holds",
  };
  row(out, "binary");
  if (s->binary) buf_adds(out, s->binary);
  else if (s->outcome <= SYMBOLS_NO_FILE) buf_adds(out, absent[s->outcome]);
  else if (s->outcome == SYMBOLS_OTHER_BUILD) buf_adds(out, "refused");
  else buf_adds(out, "not found");
  if (s->binary && s->build_id_known) buf_adds(out, s->build_id_equal ? ", the same build" : ", another build");
  else if (s->binary) buf_adds(out, ", of a build that can't be checked");
  if (!s->binary && s->outcome >= SYMBOLS_NO_BINARY && s->reason) buf_addf(out, ": %s", s->reason);
  buf_addc(out, '\n');
}

// What kept a server from giving names.
static void say_server(const struct symbol_source *s, struct buf *out) {
  if (!s->reason || s->outcome > SYMBOLS_NO_FILE) return;
  row(out, "server");
  buf_addf(out, "%s\n", s->reason);
}

static void say_debug(const struct symbol_source *s, struct buf *out) {
  if (s->outcome < SYMBOLS_NONE) return;
  row(out, "debug information");
  if (s->debug) buf_adds(out, s->binary && strcmp(s->debug, s->binary) == 0 ? "in the binary" : s->debug);
  if (s->debug && s->alt) buf_addf(out, ", with %s", s->alt);
  if (s->reason) buf_addf(out, "%s%s", s->debug ? "; " : "", s->reason);
  else if (!s->debug) buf_adds(out, "not looked for");
  if (s->outcome == SYMBOLS_FROM_GO) buf_adds(out, " (Go's own table is used)");
  if (s->outcome == SYMBOLS_FROM_TABLE) buf_adds(out, " (the symbol table is used)");
  buf_addc(out, '\n');
}

static double percent(uint32_t part, uint32_t whole) { return whole ? 100.0 * part / whole : 0; }

static void say_share(const struct share *c, uint32_t all, struct buf *out) {
  row(out, "samples");
  buf_addf(out, "%u of %u (%.1f%%): %.1f%% with names, %.1f%% with lines, %.1f%% with inlined calls\n", c->samples, all,
           percent(c->samples, all), percent(c->named, c->samples), percent(c->with_lines, c->samples),
           percent(c->with_inlines, c->samples));
}

// ---- advising -----------------------------------------------------------------------------------

static bool is_packaged(struct str file) {
  return (str_starts(file, STR_LIT("/usr/")) && !str_starts(file, STR_LIT("/usr/local/"))) ||
         str_starts(file, STR_LIT("/lib")) || str_starts(file, STR_LIT("/bin/"));
}

static void advise_debug(struct str file, struct str id, struct buf *out) {
  row(out, "to do");
  if (!is_packaged(file)) {
    buf_adds(out, "build it with -g, or keep its debug file beside it\n");
    return;
  }
  buf_addf(out, "install its debug package (find-dbgsym-packages %.*s tells which)\n", STR_ARG(file));
  if (!id.n) return;
  row(out, "");
  buf_adds(out, "or: cprof -debuginfod, with the distribution's server in DEBUGINFOD_URLS\n");
}

static void advise(const struct profile *p, uint32_t number, const struct symbol_source *s, const struct share *c,
                   struct buf *out) {
  const struct mapping *m = &p->places.mapping[number];
  struct str file = profile_str(p, m->file), id = profile_str(p, m->build_id);
  if (s->outcome == SYMBOLS_NO_BINARY || s->outcome == SYMBOLS_OTHER_BUILD) {
    row(out, "to do");
    if (!file.n) buf_adds(out, "name the binary: cprof REPORT BINARY PROFILE\n");
    else if (id.n)
      buf_addf(out, "PPROF_BINARY_PATH=DIR, with the binary in DIR/%.*s/ or as DIR/%.*s\n", STR_ARG(id),
               STR_ARG(path_base(file)));
    else buf_addf(out, "PPROF_BINARY_PATH=DIR, with the binary as DIR/%.*s\n", STR_ARG(path_base(file)));
  } else if (s->outcome >= SYMBOLS_NONE && !s->debug && c->with_lines < c->samples) {
    advise_debug(file, id, out);
  } else if (s->outcome == SYMBOLS_AT_SERVER && !s->reason) {
    row(out, "to do");
    buf_adds(out, "say -symbolize=remote, which asks that server for names\n");
  } else if (s->outcome == SYMBOLS_NOT_ASKED) {
    row(out, "to do");
    buf_adds(out, "leave -symbolize away, or say -symbolize=local\n");
  }
}

// ---- all of it ----------------------------------------------------------------------------------

static void say_mapping(const struct session *s, uint32_t number, const struct share *c, struct buf *out) {
  const struct profile *p = s->profile;
  const struct mapping *m = &p->places.mapping[number];
  struct str file = profile_str(p, m->file), id = profile_str(p, m->build_id);
  if (file.n) buf_str(out, file);
  else buf_adds(out, "(a binary without a name)");
  if (id.n) buf_addf(out, ", build id %.*s", STR_ARG(id));
  buf_addc(out, '\n');
  say_binary(&s->symbols.mapping[number], out);
  say_server(&s->symbols.mapping[number], out);
  say_debug(&s->symbols.mapping[number], out);
  say_share(c, p->n_samples, out);
  advise(p, number, &s->symbols.mapping[number], c, out);
}

int doctor(const struct session *s, struct buf *out, struct err *e) {
  uint32_t n = s->profile->places.n_mappings < s->symbols.n ? s->profile->places.n_mappings : s->symbols.n, said = 0;
  struct share *share = calloc((size_t)s->profile->places.n_mappings + 1, sizeof *share);
  if (!share) return err_nomem(e);
  count(s->profile, share);
  for (uint32_t i = 0; i < n; i++) {
    if (!share[i].samples) continue;
    if (said++) buf_addc(out, '\n');
    say_mapping(s, i, &share[i], out);
  }
  if (!said) buf_adds(out, "No sample has an address in a mapping.\n");
  free(share);
  return out->failed ? err_nomem(e) : 0;
}
