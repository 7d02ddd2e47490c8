// What the filters of a view share.
#ifndef CPROF_VIEW_INTERNAL_H
#define CPROF_VIEW_INTERNAL_H

#include "profile/view.h"

// The view's own copy of what a filter is about to change, made on first use. NULL or -1 when memory ran out.
struct places *view_own_places(struct view *v, struct err *e);
struct strings *view_own_strings(struct view *v, struct err *e);
int view_own_samples(struct view *v, struct err *e);  // left_out
int view_own_bounds(struct view *v, struct err *e);   // bottom, top
int view_need_stack(struct view *v, struct err *e);   // stack

// The stack before bottom, top and hidden locations are looked at; `room` holds view_depth(v).
uint32_t view_whole_stack(const struct view *v, uint32_t sample, uint32_t *room);

// Does an expression match a string? Remembered by string number, since names are shared by many frames.
struct verdicts {
  const struct rx *rx;
  const struct view *v;
  uint8_t *known;  // 0 not asked yet, 1 no, 2 yes
};
int verdicts_init(struct verdicts *t, const struct view *v, const struct rx *rx, struct err *e);
void verdicts_release(struct verdicts *t);
int verdicts_ask(struct verdicts *t, uint32_t string, struct err *e);        // 1, 0, -1
int verdicts_line(struct verdicts *t, const struct line *l, struct err *e);  // its function's name or file
int verdicts_mapping(struct verdicts *t, const struct location *l, struct err *e);

// The part of a function name that drop_frames, keep_frames and prune_from are matched with.
struct str frame_name_core(struct str name);

#endif
