// Names.
#include "driver/symbols.h"

#include <stdlib.h>
#include <strings.h>

// ---- -symbolize ---------------------------------------------------------------------------------

static void unknown_mode(const char *text, struct buf *notes) {
  buf_addf(notes,
           "-symbolize=%s is not understood and ignored: none, local, fastlocal, remote, force, "
           "demangle=full|templates|none|default, joined by ':'\n",
           text);
}

// ASCII letters are equal in either case.
static bool is_word(struct str s, const char *word) { return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0; }

static struct str without_prefix(struct str s, const char *prefix) {
  size_t n = strlen(prefix);
  return s.n >= n && strncasecmp(s.p, prefix, n) == 0 ? (struct str){s.p + n, s.n - n} : s;
}

// By default those servers are asked that the user fetched a profile from. Only `remote` itself has others asked, whose
// URLs stand in the profile: one that was made by a stranger must not have us send requests.
//
// The last word about places wins; fastlocal stays fast whatever follows.
static bool take_place(struct symbolize_mode *m, struct str word) {
  bool fast = is_word(word, "fastlocal"), local = fast || is_word(word, "local"), remote = is_word(word, "remote");
  if (!local && !remote) return false;
  m->fast |= fast;
  m->local = local;
  m->remote = m->remote_files = remote;
  return true;
}

// Takes one word in; false when it is unknown.
static bool take_mode(struct symbolize_mode *m, struct str word) {
  struct str mode = without_prefix(word, "demangle=");
  bool full = is_word(mode, "full"), none = is_word(mode, "none"), templates = is_word(mode, "templates");
  if (word.n == 0 || take_place(m, word)) return true;
  if (full || none || templates) {
    m->demangle = full ? DEMANGLE_FULL : none ? DEMANGLE_NONE : DEMANGLE_TEMPLATES;
    m->force = true;
    return true;
  }
  m->force |= is_word(word, "force");
  return is_word(word, "force") || is_word(mode, "default");
}

static struct symbolize_mode parse_mode(const char *text, struct buf *notes) {
  struct symbolize_mode m = {.local = true, .remote = true, .demangle = DEMANGLE_DEFAULT};
  bool known = true;
  for (const char *at = text; *at && !m.none;) {
    struct str word = {at, strcspn(at, ":")};
    at += word.n + (at[word.n] == ':');
    m.none = is_word(word, "none") || is_word(word, "no");
    known &= m.none || take_mode(&m, word);
  }
  if (!known) unknown_mode(text, notes);
  m.local &= !m.none;
  m.remote &= !m.none;
  m.remote_files &= !m.none;
  return m;
}

// ---- the environment ----------------------------------------------------------------------------

static const char *environment(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static void find_binaries(struct symbol_places *s) {
  const char *path = environment("PPROF_BINARY_PATH");
  if (*path) buf_adds(&s->binaries, path);
  else if (*environment("HOME")) buf_addf(&s->binaries, "%s/pprof/binaries", environment("HOME"));
}

// Where debuginfod's own clients keep what they fetched.
static void find_cache(struct symbol_places *s) {
  const char *path = environment("DEBUGINFOD_CACHE_PATH"), *cache = environment("XDG_CACHE_HOME");
  if (*path) buf_adds(&s->debuginfod, path);
  else if (*cache) buf_addf(&s->debuginfod, "%s/debuginfod_client", cache);
  else if (*environment("HOME")) buf_addf(&s->debuginfod, "%s/.cache/debuginfod_client", environment("HOME"));
}

enum { MOST_SECONDS = 100000 };

int symbol_places_init(struct symbol_places *s, const struct options *o, struct err *e) {
  find_binaries(s);
  if (o->debuginfod && *environment("DEBUGINFOD_URLS")) {
    find_cache(s);
    s->fetcher = debuginfod_new(e);
    if (!s->fetcher) return -1;
  }
  s->paths.binaries = s->binaries.data;
  s->paths.debug_root = "/usr/lib/debug";
  s->paths.debuginfod = s->debuginfod.data;
  s->paths.fetcher = s->fetcher;
  s->paths.seconds = o->timeout > 0 && o->timeout < MOST_SECONDS ? o->timeout : 0;
  return s->binaries.failed || s->debuginfod.failed ? err_nomem(e) : 0;
}

void symbol_places_release(struct symbol_places *s) {
  buf_release(&s->binaries);
  buf_release(&s->debuginfod);
  debuginfod_free(s->fetcher);
  s->fetcher = NULL;
}

// ---- all of it ----------------------------------------------------------------------------------

int symbols_add(struct profile *p, const struct options *o, const struct symbol_places *s, struct symbol_report *report,
                struct buf *notes, struct err *e) {
  struct symbolize_mode mode = parse_mode(o->symbolize, notes);
  if (symbolize(p, &mode, &s->paths, report, notes, e)) return -1;
  return mode.none ? 0 : symbolize_demangle(p, &mode, e);
}
