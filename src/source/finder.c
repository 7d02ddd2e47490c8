// Finding a file by the name a profile has for it.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "source/internal.h"

enum { MOST_LISTED = 12, MOST_NOTES = 20 };

// ---- the reference's search ---------------------------------------------------------------------

int source__open(struct source_search *s) {
  if (s->path.failed) return -1;
  bool has_nul = memchr(s->path.data, '\0', s->path.n) != NULL;
  int fd = has_nul ? -1 : open(s->path.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0) return fd;
  int error = has_nul ? EINVAL : errno;
  if (s->n_tried++ < MOST_LISTED) buf_addf(&s->tried, "%s%s", s->tried.n ? ", " : "", s->path.data);
  errno = error;
  return -1;
}

// Below the folder and the folders above it.
static int open_upwards(struct source_search *s, struct str folder) {
  struct buf at = {0}, up = {0}, joined = {0};
  int fd = -1;
  buf_str(&at, folder);
  while (fd < 0 && !at.failed && !up.failed && !joined.failed) {
    buf_clear(&joined);
    buf_str(&joined, buf_view(&at));
    if (at.n) buf_addc(&joined, '/');
    buf_str(&joined, s->name);
    buf_clear(&s->path);
    path_clean(&s->path, buf_view(&joined));
    fd = source__open(s);
    buf_clear(&up);
    path_parent(&up, buf_view(&at));
    if (str_eq(buf_view(&up), buf_view(&at))) break;
    buf_clear(&at);
    buf_str(&at, buf_view(&up));
  }
  s->path.failed |= at.failed || up.failed || joined.failed;
  buf_release(&at);
  buf_release(&up);
  buf_release(&joined);
  return fd;
}

// The reference's words for an errno are the C library's with a small first letter.
static void explain_absolute(struct source_search *s, int error, struct buf *why) {
  buf_addf(why, "open %s: ", s->path.data);
  size_t at = why->n;
  buf_adds(why, strerror(error));
  if (!why->failed && why->data[at] >= 'A' && why->data[at] <= 'Z') why->data[at] = (char)(why->data[at] | 0x20);
}

static int open_absolute(struct source_search *s, struct buf *why) {
  buf_clear(&s->path);
  buf_str(&s->path, s->name);
  int fd = source__open(s);
  if (fd < 0 && !s->path.failed) explain_absolute(s, errno, why);
  return fd;
}

static int open_relative(struct source_search *s, struct buf *why) {
  struct str search_path = buf_view(&s->f->search_path), list = path_list(search_path), folder;
  int fd = -1;
  while (fd < 0 && path_list_next(&list, &folder)) fd = open_upwards(s, folder);
  if (fd < 0) buf_addf(why, "could not find file %.*s on path %.*s", STR_ARG(s->name), STR_ARG(search_path));
  return fd;
}

// ---- files --------------------------------------------------------------------------------------

// Names may hold anything; a note is one line of text.
static void note_text(struct buf *notes, struct str text) {
  enum { LONGEST = 1024 };
  size_t n = text.n < LONGEST ? text.n : LONGEST;
  for (size_t i = 0; i < n; i++) {
    unsigned char c = (unsigned char)text.p[i];
    buf_addc(notes, c < 0x20 || c == 0x7f ? '?' : (char)c);
  }
  if (n < text.n) buf_adds(notes, "…");
}

static void note_missing(const struct source_search *s) {
  if (s->f->n_missing++ >= MOST_NOTES) return;
  note_text(s->f->notes, s->name);
  buf_adds(s->f->notes, ": no source file; tried ");
  note_text(s->f->notes, s->tried.n ? buf_view(&s->tried) : STR_LIT("nothing"));
  if (s->n_tried > MOST_LISTED) buf_addf(s->f->notes, " and %zu more", s->n_tried - MOST_LISTED);
  buf_adds(s->f->notes, "\n");
}

static void note_found(const struct source_search *s) {
  note_text(s->f->notes, s->name);
  buf_adds(s->f->notes, ": shown is ");
  note_text(s->f->notes, buf_view(&s->path));
  buf_adds(s->f->notes, "\n");
}

static int read_source(struct source_search *s, struct buf *why, struct source_text *text) {
  bool absolute = s->name.n && s->name.p[0] == '/';
  int fd = absolute ? open_absolute(s, why) : open_relative(s, why), result = 0;
  if (fd < 0 && !s->path.failed) {
    fd = source__open_elsewhere(s);
    if (fd >= 0) note_found(s);
    else note_missing(s);
  }
  if (s->path.failed || s->tried.failed || why->failed) result = -1;
  else if (fd >= 0) result = source__read_lines(fd, &s->f->arena, text);
  else text->why = (struct str){arena_copy(&s->f->arena, why->data, why->n), why->n};
  if (fd >= 0) close(fd);
  return result || (text->why.n && !text->why.p) ? -1 : 0;
}

static struct source_text *new_text(struct source_finder *f, struct str name) {
  struct source_search s = {.f = f};
  struct buf why = {0};
  struct source_text *text = arena_zalloc(&f->arena, sizeof *text);
  s.name = path_trim(name, buf_view(&f->trim_path), buf_view(&f->search_path));
  int result = text ? read_source(&s, &why, text) : -1;
  buf_release(&s.path);
  buf_release(&s.tried);
  buf_release(&why);
  return result ? NULL : text;
}

const struct source_text *source_find(struct source_finder *f, struct str name, struct err *e) {
  uint32_t known = strings_find(&f->names, name), number = known;
  if (known == STRINGS_NONE) number = strings_add(&f->names, name);
  if (number == STRINGS_NONE || ARRAY_RESERVE(f->text, f->text_cap, (size_t)number + 1)) goto no_memory;
  if (known == STRINGS_NONE || number == 0) f->text[number] = new_text(f, name);
  if (f->text[number]) return f->text[number];
no_memory:
  err_nomem(e);
  return NULL;
}

// ---- the finder ---------------------------------------------------------------------------------

static int current_folder(struct buf *out, struct err *e) {
  char *folder = getcwd(NULL, 0);
  if (!folder) return err_system(e, "the current folder");
  buf_adds(out, folder);
  free(folder);
  return 0;
}

static void find_module_cache(struct buf *out) {
  const char *cache = getenv("GOMODCACHE"), *path = getenv("GOPATH"), *home = getenv("HOME");
  if (cache && *cache) buf_adds(out, cache);
  else if (path && *path) buf_addf(out, "%.*s/pkg/mod", (int)strcspn(path, ":"), path);
  else if (home && *home) buf_addf(out, "%s/go/pkg/mod", home);
}

struct source_finder *source_finder_new(struct str search_path, struct str trim_path, struct buf *notes,
                                        struct err *e) {
  struct source_finder *f = calloc(1, sizeof *f);
  if (!f) goto no_memory;
  f->notes = notes;
  if (search_path.n) buf_str(&f->search_path, search_path);
  else if (current_folder(&f->search_path, e)) goto failed;
  buf_str(&f->trim_path, trim_path);
  find_module_cache(&f->module_cache);
  if (!strings_init(&f->names, NULL) && !f->search_path.failed && !f->trim_path.failed && !f->module_cache.failed)
    return f;
no_memory:
  err_nomem(e);
failed:
  source_finder_free(f);
  return NULL;
}

void source_finder_free(struct source_finder *f) {
  if (!f) return;
  if (f->n_missing > MOST_NOTES)
    buf_addf(f->notes, "%zu more source files were not found\n", f->n_missing - MOST_NOTES);
  buf_release(&f->search_path);
  buf_release(&f->trim_path);
  buf_release(&f->module_cache);
  strings_release(&f->names);
  arena_release(&f->arena);
  free(f->text);
  free(f);
}
