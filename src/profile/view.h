// view: a profile as the filters of one command leave it.
//
// The profile stays as it is. What filters do to stacks is kept beside it: which samples are left out, where each stack
// begins and ends, frames that labels add, labels not to be shown. What they do to locations (lines hidden, inlined
// calls folded) is done to a copy of the small tables, made when first needed. A view belongs to one thread; any number
// of views may stand on one profile.
//
// Filters act in the order they are called, each on what the one before left.
#ifndef CPROF_VIEW_H
#define CPROF_VIEW_H

#include <stdatomic.h>

#include "base/rx.h"
#include "profile/profile.h"

struct view {
  const struct profile *profile;
  const struct places *places;    // the profile's or own_places
  const struct strings *strings;  // the profile's or own_strings

  uint8_t *left_out;  // a sample; NULL: all are in
  // A stack with the frames of labels is: the leaf frames of its label set, its own frames, the root frames. Of these
  // bottom[s] .. top[s]-1 are shown, less hidden locations. NULL: all.
  uint32_t *bottom, *top;
  uint32_t n_leaf_frames, n_root_frames;
  uint32_t *label_frame;  // (label set or n_label_sets for none) * (n_leaf + n_root): leaf frames, then root frames
  uint8_t *hidden_key;    // labels with this key (a string number) are not shown; NULL: all are
  bool any_hidden;        // some location is hidden

  // Once this is set the view has no samples any more: whoever walks them comes to an end soon, and what was made of
  // them is to be thrown away. NULL: nobody sets it.
  const atomic_bool *stop;

  uint32_t *stack;  // room for the longest stack
  struct places own_places;
  struct strings own_strings;
};

int view_init(struct view *v, const struct profile *p, struct err *e);
void view_release(struct view *v);

static inline struct str view_str(const struct view *v, uint32_t number) { return strings_at(v->strings, number); }
static inline bool view_is_stopped(const struct view *v) {
  return v->stop && atomic_load_explicit(v->stop, memory_order_relaxed);
}
static inline bool view_has(const struct view *v, uint32_t sample) {
  return !view_is_stopped(v) && (!v->left_out || !v->left_out[sample]);
}
// Are all stacks the profile's own? Then profile->frame may be read directly.
static inline bool view_stacks_are_plain(const struct view *v) {
  return !v->bottom && !v->label_frame && !v->any_hidden;
}
// Has no filter changed anything that a report of functions can see?
static inline bool view_is_whole(const struct view *v) {
  return !v->left_out && view_stacks_are_plain(v) && v->places == &v->profile->places;
}
// The stack of a sample, leaf first: indices into v->places->location. Valid until the next call on this view.
const uint32_t *view_stack(const struct view *v, uint32_t sample, uint32_t *n);
// As view_stack with the caller's room for view_depth(v) frames, for several threads on one view.
const uint32_t *view_stack_into(const struct view *v, uint32_t sample, uint32_t *room, uint32_t *n);
size_t view_depth(const struct view *v);
// Is the label shown?
static inline bool view_shows(const struct view *v, const struct label *l) {
  return !v->hidden_key || !v->hidden_key[l->key];
}

// ---- filters ------------------------------------------------------------------------------------
// Each takes NULL for "not asked for". *matched (may be NULL) says whether anything matched, for the caller's warning.
// 0, or -1 when memory ran out or an expression hit its limit.

struct name_filter {
  const struct rx *focus, *ignore, *hide, *show;
};
struct name_matches {
  bool focus, ignore, hide, show;
};
// Keeps samples with a frame that `focus` matches and none that `ignore` does; takes frames that `hide` matches, and
// those that `show` doesn't, out of stacks. Function names, file names and mapping files are matched.
int view_filter_names(struct view *v, const struct name_filter *f, struct name_matches *m, struct err *e);
// Cuts what is above the frame nearest the root that matches; samples without one are left out.
int view_show_from(struct view *v, const struct rx *rx, bool *matched, struct err *e);
// Cuts what is below the frame nearest the leaf that matches.
int view_prune_from(struct view *v, const struct rx *rx, struct err *e);
// Folds inlined calls into the function that holds them; `columns` false also forgets columns, as reports do.
int view_fold_inlines(struct view *v, bool columns, struct err *e);

// Answers for one label set (n may be 0): 1 it matches, 0 not, -1 error.
typedef int label_test(void *arg, const struct view *v, const struct label *labels, uint32_t n, struct err *e);
struct label_filter {
  label_test *test;  // NULL: not asked for
  void *arg;
};
// Keeps samples whose labels `focus` matches and `ignore` doesn't.
int view_filter_labels(struct view *v, const struct label_filter *focus, const struct label_filter *ignore,
                       bool *focused, bool *ignored, struct err *e);
// Shows only labels whose key `show` matches and `hide` doesn't.
int view_filter_keys(struct view *v, const struct rx *show, const struct rx *hide, bool *shown, bool *hidden,
                     struct err *e);

// Adds a frame for each key at the root (the first key outermost) and at the leaf (the last key innermost); its
// function is named after the label's values in `unit`, its file after the key. *matched says whether any sample has
// such a label. Comes before all other filters and once.
int view_add_label_frames(struct view *v, const struct str *root_keys, size_t n_roots, const struct str *leaf_keys,
                          size_t n_leaves, struct str unit, bool *root_matched, bool *leaf_matched, struct err *e);

#endif
