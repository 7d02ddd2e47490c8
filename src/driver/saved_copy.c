// Saved copies.
#include "driver/saved_copy.h"

#include <stdlib.h>

#include "driver/folders.h"
#include "driver/output.h"
#include "driver/pack.h"

// ---- the name -----------------------------------------------------------------------------------

// Names come from the server: no folders, nothing that a terminal or a shell would take for more than a name.
static void add_part(struct buf *name, struct str text) {
  for (size_t i = 0; i < text.n; i++) {
    char c = text.p[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-+@", c);
    buf_addc(name, plain && c ? c : '_');
  }
}

// "pprof.server.samples.cpu."
static void make_name(const struct profile *p, struct buf *name) {
  enum { MOST = 200 };  // file systems take 255
  struct str file = p->places.n_mappings ? profile_str(p, p->places.mapping[0].file) : (struct str){NULL, 0};
  buf_adds(name, "pprof.");
  if (file.n) {
    add_part(name, path_base(file));
    buf_addc(name, '.');
  }
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    add_part(name, profile_str(p, p->sample_type[i].type));
    buf_addc(name, '.');
  }
  if (name->n > MOST) {
    name->n = MOST - 1;
    buf_addc(name, '.');
  }
}

// ---- the folder ---------------------------------------------------------------------------------

// The i-th folder to try; false after the last one.
static bool candidate(size_t i, struct buf *folder) {
  const char *chosen = getenv("PPROF_TMPDIR"), *home = getenv("HOME"), *temporary = getenv("TMPDIR");
  buf_clear(folder);
  if (i == 0 && chosen) buf_adds(folder, chosen);
  if (i == 1 && home && *home) buf_addf(folder, "%s/pprof", home);
  if (i == 2) buf_adds(folder, temporary && *temporary ? temporary : "/tmp");
  return i < 3;
}

static int write_into(const struct buf *folder, struct str name, struct str bytes, struct buf *path, struct err *e) {
  struct buf prefix = {0};
  buf_str(&prefix, buf_view(folder));
  if (!str_ends(buf_view(folder), STR_LIT("/"))) buf_addc(&prefix, '/');
  buf_str(&prefix, name);
  int result = prefix.failed ? err_nomem(e) : folders_make(prefix.data, e);
  const struct output_new file = {prefix.data, "pb.gz", .all_numbered = true, .is_private = true};
  if (!result) result = output_new(&file, bytes, path, e);
  buf_release(&prefix);
  return result;
}

void saved_copy_write(const struct profile *p, struct buf *notes) {
  struct buf bytes = {0}, name = {0}, folder = {0}, path = {0};
  struct err e = {""};
  bool saved = false;
  make_name(p, &name);
  int result = name.failed ? err_nomem(&e) : pack_profile(p, &bytes, &e);
  for (size_t i = 0; !result && !saved && candidate(i, &folder); i++) {
    struct err why = {""};
    if (!folder.n) continue;
    saved = write_into(&folder, buf_view(&name), buf_view(&bytes), &path, &why) == 0;
    if (!saved) buf_addf(notes, "No copy of the profile is saved in %s: %s\n", folder.data, why.text);
  }
  if (saved) buf_addf(notes, "Saved profile in %s\n", path.data);
  else if (result) buf_addf(notes, "No copy of the profile is saved: %s\n", e.text);
  buf_release(&bytes);
  buf_release(&name);
  buf_release(&folder);
  buf_release(&path);
}
