// Debug information that is not in the binary: by build id, here, in debuginfod's cache and from its servers, and by
// .gnu_debuglink; and the file that dwz moved shared parts to.
#include <limits.h>
#include <stdlib.h>

#include "symbolize/debuginfod.h"
#include "symbolize/search.h"

// ---- one file -----------------------------------------------------------------------------------

// Names files: nothing but hexadecimal digits may get into a path.
static bool is_build_id(struct str text) {
  for (size_t i = 0; i < text.n; i++)
    if (hex_digit(text.p[i]) < 0) return false;
  return text.n > 2;
}

// Opens the file of `path` when its build id is the one asked for.
static struct elf *open_with_id(const struct buf *path, struct str id_text) {
  struct elf *f = path->failed ? NULL : elf_open(path->data, NULL);
  if (f && !elf_build_id_is(elf_build_id(f), id_text)) {
    elf_close(f);
    f = NULL;
  }
  return f;
}

static void id_path(struct buf *path, const char *root, struct str id) {
  buf_clear(path);
  buf_addf(path, "%s/.build-id/%.2s/%.*s.debug", root, id.p, (int)(id.n - 2), id.p + 2);
}

struct elf *debug_file_by_build_id(struct str id, const struct search_paths *where, struct buf *path) {
  struct elf *f = NULL;
  if (!is_build_id(id)) return NULL;
  id_path(path, where->debug_root, id);
  f = open_with_id(path, id);
  if (!f && where->debuginfod) {
    buf_clear(path);
    buf_addf(path, "%s/%.*s/debuginfo", where->debuginfod, STR_ARG(id));
    f = open_with_id(path, id);
  }
  if (!f && debuginfod_fetch(where->fetcher, id, path)) f = open_with_id(path, id);
  if (!f) buf_clear(path);
  return f;
}

static bool has_debug_info(const struct elf *f) { return elf_has_section(f, ".debug_info"); }

// ---- .gnu_debuglink -----------------------------------------------------------------------------

// The folder of a file without links, so that /lib/x is found below /usr/lib/debug/usr/lib.
static void real_folder(const char *path, struct buf *out) {
  char *real = realpath(path, NULL);
  struct str all = str_of(real ? real : path);
  while (all.n && all.p[all.n - 1] != '/') all.n--;
  if (all.n) buf_add(out, all.p, all.n - 1);
  else buf_addc(out, '.');
  free(real);
}

// 1 taken, 0 not there, -1 there with another checksum (a reason is left).
static int try_link(struct debug_files *d, uint32_t crc) {
  struct elf *f = d->debug_path.failed ? NULL : elf_open(d->debug_path.data, NULL);
  if (!f) return 0;
  if (elf_crc(f) == crc) {
    d->debug = f;
    return 1;
  }
  elf_close(f);
  err_clear(&d->reason);
  err_set(&d->reason, "%s has another checksum than .gnu_debuglink says", d->debug_path.data);
  return -1;
}

static void find_by_link(struct debug_files *d, struct elf *object, const char *path, const char *root) {
  struct buf folder = {0};
  struct str name;
  uint32_t crc;
  if (!elf_debug_link(object, &name, &crc) || memchr(name.p, '/', name.n)) return;
  real_folder(path, &folder);
  const char *const before[] = {"", "", root}, *const between[] = {"/", "/.debug/", "/"};
  for (size_t i = 0; i < 3 && !d->debug && !folder.failed; i++) {
    // In the root, a folder of Debian's merged /usr lies under either name.
    buf_clear(&d->debug_path);
    buf_addf(&d->debug_path, "%s%s%s%.*s", before[i], folder.data, between[i], STR_ARG(name));
    try_link(d, crc);
  }
  if (!d->debug && str_starts(buf_view(&folder), STR_LIT("/usr/"))) {
    buf_clear(&d->debug_path);
    buf_addf(&d->debug_path, "%s%s/%.*s", root, folder.data + strlen("/usr"), STR_ARG(name));
    try_link(d, crc);
  }
  if (!d->debug && !d->reason.text[0]) err_set(&d->reason, "its debug file %.*s is not installed", STR_ARG(name));
  buf_release(&folder);
}

// ---- what dwz moved -----------------------------------------------------------------------------

static struct elf *open_alt(struct debug_files *d, struct str id) {
  struct elf *f = d->alt_path.failed ? NULL : elf_open(d->alt_path.data, NULL);
  if (f && id.n && !str_eq(elf_build_id(f), id)) {
    elf_close(f);
    f = NULL;
  }
  return f;
}

static void find_alt(struct debug_files *d, const char *debug_path, const struct search_paths *where) {
  const char *root = where->debug_root;
  struct buf folder = {0}, id_text = {0};
  struct str name, id;
  if (!elf_debug_alt_link(d->debug, &name, &id)) return;
  if (name.p[0] != '/') {
    real_folder(debug_path, &folder);
    buf_addc(&folder, '/');
  }
  buf_addf(&d->alt_path, "%s%.*s", folder.n ? folder.data : "", STR_ARG(name));
  d->alt = open_alt(d, id);
  elf_build_id_text(id, &id_text);
  if (!d->alt && id_text.n > 2 && !id_text.failed) {
    id_path(&d->alt_path, root, buf_view(&id_text));
    d->alt = open_alt(d, id);
  }
  if (!d->alt && !id_text.failed) {
    buf_clear(&d->alt_path);
    buf_addf(&d->alt_path, "%s/.dwz/%.*s", root, STR_ARG(path_base(name)));
    d->alt = open_alt(d, id);
  }
  if (!d->alt && id_text.n > 2 && !id_text.failed && debuginfod_fetch(where->fetcher, buf_view(&id_text), &d->alt_path))
    d->alt = open_alt(d, id);
  if (!d->alt) err_set(&d->reason, "the file %.*s that dwz moved debug information to is not there", STR_ARG(name));
  buf_release(&folder);
  buf_release(&id_text);
}

// ---- all of it ----------------------------------------------------------------------------------

static void find_debug(struct debug_files *d, struct elf *object, const char *path, const struct search_paths *where) {
  struct buf id = {0};
  if (has_debug_info(object)) {
    d->own = true;
    d->debug = object;
    buf_adds(&d->debug_path, path);
    return;
  }
  elf_build_id_text(elf_build_id(object), &id);
  if (!id.failed) d->debug = debug_file_by_build_id(buf_view(&id), where, &d->debug_path);
  buf_release(&id);
  if (!d->debug) find_by_link(d, object, path, where->debug_root);
  if (!d->debug && !d->reason.text[0]) err_set(&d->reason, "no debug information: it was stripped or never made");
  if (d->debug) err_clear(&d->reason);
}

void debug_files_find(struct debug_files *d, struct elf *object, const char *path, const struct search_paths *where) {
  find_debug(d, object, path, where);
  if (d->debug) find_alt(d, d->debug_path.data ? d->debug_path.data : path, where);
}

void debug_files_release(struct debug_files *d) {
  if (!d->own) elf_close(d->debug);
  elf_close(d->alt);
  buf_release(&d->debug_path);
  buf_release(&d->alt_path);
  *d = (struct debug_files){0};
}
