// Filters from options.
#include "driver/filters.h"

// ---- tagroot, tagleaf ---------------------------------------------------------------------------

enum { MAX_KEYS = 64 };

static size_t split_keys(const char *list, struct str *keys) {
  size_t n = 0;
  for (struct str rest = str_of(list); rest.n && n < MAX_KEYS;) {
    size_t comma = str_find(rest, STR_LIT(","));
    size_t length = comma == SIZE_MAX ? rest.n : comma;
    if (length) keys[n++] = (struct str){rest.p, length};
    length += comma != SIZE_MAX;
    rest = (struct str){rest.p + length, rest.n - length};
  }
  return n;
}

static void note_unmatched(bool asked, bool matched, const char *what, struct buf *notes) {
  if (asked && !matched) buf_addf(notes, "%s matched no samples\n", what);
}

int filters_add_label_frames(struct view *v, const struct options *o, struct buf *notes, struct err *e) {
  struct str roots[MAX_KEYS], leaves[MAX_KEYS];
  size_t n_roots = split_keys(o->tagroot, roots), n_leaves = split_keys(o->tagleaf, leaves);
  bool root, leaf;
  if (view_add_label_frames(v, roots, n_roots, leaves, n_leaves, str_of(o->unit), &root, &leaf, e)) return -1;
  note_unmatched(n_roots, root, "tagroot", notes);
  note_unmatched(n_leaves, leaf, "tagleaf", notes);
  return 0;
}

// ---- the others ---------------------------------------------------------------------------------

enum { FOCUS, IGNORE, HIDE, SHOW, SHOW_FROM, PRUNE_FROM, TAGSHOW, TAGHIDE, EXPRESSIONS };

struct filters {
  const struct options *o;
  struct buf *notes;
  struct err *e;
  struct rx *rx[EXPRESSIONS];
  const struct label_units *units;
  struct tag_filter *tagfocus, *tagignore;
};

static int compile(struct filters *f) {
  const struct options *o = f->o;
  const struct {
    const char *name, *text;
  } wanted[EXPRESSIONS] = {
      [FOCUS] = {"focus", o->focus},
      [IGNORE] = {"ignore", o->ignore},
      [HIDE] = {"hide", o->hide},
      [SHOW] = {"show", o->show},
      [SHOW_FROM] = {"show_from", o->show_from},
      [PRUNE_FROM] = {"prune_from", o->prune_from},
      [TAGSHOW] = {"tagshow", o->tagshow},
      [TAGHIDE] = {"taghide", o->taghide},
  };
  for (size_t i = 0; i < EXPRESSIONS; i++) {
    if (!*wanted[i].text) continue;
    f->rx[i] = rx_new(str_of(wanted[i].text), f->e);
    if (!f->rx[i]) return err_wrap(f->e, "%s", wanted[i].name);
  }
  return 0;
}

static int compile_tags(struct filters *f, const char *name, const char *text, struct tag_filter **out) {
  if (!*text) return 0;
  *out = tag_filter_new(str_of(text), f->units, f->e);
  if (!*out) return err_wrap(f->e, "%s", name);
  if (tag_filter_is_range(*out)) buf_addf(f->notes, "%s: \"%s\" is taken as a range of numbers\n", name, text);
  return 0;
}

static int apply_names(struct filters *f, struct view *v) {
  struct name_filter names = {f->rx[FOCUS], f->rx[IGNORE], f->rx[HIDE], f->rx[SHOW]};
  struct name_matches m;
  bool from;
  if (view_filter_names(v, &names, &m, f->e)) return -1;
  note_unmatched(names.focus, m.focus, "focus", f->notes);
  note_unmatched(names.ignore, m.ignore, "ignore", f->notes);
  note_unmatched(names.hide, m.hide, "hide", f->notes);
  note_unmatched(names.show, m.show, "show", f->notes);
  if (view_show_from(v, f->rx[SHOW_FROM], &from, f->e)) return -1;
  note_unmatched(f->rx[SHOW_FROM], from, "show_from", f->notes);
  return 0;
}

static int apply_labels(struct filters *f, struct view *v) {
  struct label_filter focus = {f->tagfocus ? tag_filter_test : NULL, f->tagfocus};
  struct label_filter ignore = {f->tagignore ? tag_filter_test : NULL, f->tagignore};
  bool focused, ignored, shown, hidden;
  if (view_filter_labels(v, &focus, &ignore, &focused, &ignored, f->e)) return -1;
  note_unmatched(f->tagfocus, focused, "tagfocus", f->notes);
  note_unmatched(f->tagignore, ignored, "tagignore", f->notes);
  if (view_filter_keys(v, f->rx[TAGSHOW], f->rx[TAGHIDE], &shown, &hidden, f->e)) return -1;
  note_unmatched(f->rx[TAGSHOW], shown, "tagshow", f->notes);
  note_unmatched(f->rx[TAGHIDE], hidden, "taghide", f->notes);
  return 0;
}

int filters_apply(struct view *v, const struct options *o, const struct label_units *units, struct buf *notes,
                  struct err *e) {
  struct filters f = {.o = o, .units = units, .notes = notes, .e = e};
  int result = compile(&f);
  if (!result) result = compile_tags(&f, "tagfocus", o->tagfocus, &f.tagfocus);
  if (!result) result = compile_tags(&f, "tagignore", o->tagignore, &f.tagignore);
  if (!result) result = apply_names(&f, v);
  if (!result) result = apply_labels(&f, v);
  if (!result) result = view_prune_from(v, f.rx[PRUNE_FROM], e);
  for (size_t i = 0; i < EXPRESSIONS; i++) rx_free(f.rx[i]);
  tag_filter_free(f.tagfocus);
  tag_filter_free(f.tagignore);
  return result;
}
