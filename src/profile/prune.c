// drop_frames and keep_frames: expressions a profile carries to have stacks cut where allocator or profiler internals
// begin. Applied once at load, for good.
#include <stdlib.h>

#include "profile/internal.h"
#include "profile/view_internal.h"

// C++ names keep these although they hold a parenthesis; any other one starts the parameters.
struct str frame_name_core(struct str name) {
  static const struct str spared[] = {{"(anonymous namespace)", 21}, {"operator()", 10}};
  if (name.n && name.p[0] == '.') name.p++, name.n--;  // function descriptors of the PPC64 ELF ABI
  for (size_t i = 0; i < name.n;) {
    struct str rest = {name.p + i, name.n - i};
    size_t skip = 1;
    for (size_t k = 0; k < 2; k++)
      if (str_starts(rest, spared[k])) skip = spared[k].n;
    if (skip == 1 && name.p[i] == '(') return (struct str){name.p, i};
    i += skip;
  }
  return name;
}

struct frame_rules {
  struct rx *drop, *keep;
};

// The expression has to match the whole name.
static struct rx *whole_rx(const struct profile *p, uint32_t pattern, struct err *e) {
  struct buf b = {0};
  buf_adds(&b, "^(");
  buf_str(&b, profile_str(p, pattern));
  buf_adds(&b, ")$");
  struct rx *rx = NULL;
  if (b.failed) err_nomem(e);
  else rx = rx_new(buf_view(&b), e);
  buf_release(&b);
  return rx;
}

static int dropped(const struct profile *p, const struct frame_rules *r, const struct line *l, struct err *e) {
  struct str name = profile_str(p, p->places.function[l->function].name);
  if (name.n == 0) return 0;
  name = frame_name_core(name);
  int match = rx_match(r->drop, name, e);
  if (match <= 0 || !r->keep) return match;
  match = rx_match(r->keep, name, e);
  return match < 0 ? -1 : !match;
}

enum cut { KEEP, CUT_BELOW, CUT_WHOLE };

// Cuts the location's lines up to the outermost dropped one and says what stacks have to do.
static int cut_location(struct profile *p, const struct frame_rules *r, struct location *l, uint8_t *cut,
                        struct err *e) {
  *cut = KEEP;
  for (uint32_t i = l->n_lines; i-- > 0;) {
    int match = dropped(p, r, &p->places.line[l->first_line + i], e);
    if (match < 0) return -1;
    if (match == 0) continue;
    if (i + 1 == l->n_lines) {
      *cut = CUT_WHOLE;
      return 0;
    }
    *cut = CUT_BELOW;
    l->first_line += i + 1;
    l->n_lines -= i + 1;
    return 0;
  }
  return 0;
}

// How many frames at the leaf end go: from the root inwards, the first cut location behind the first kept one decides.
static uint32_t frames_to_cut(const uint32_t *frame, uint32_t n, const uint8_t *cut) {
  bool found_user = false;
  for (uint32_t i = n; i-- > 0;) {
    uint8_t c = cut[frame[i]];
    if (c == KEEP) found_user = true;
    else if (found_user) return c == CUT_WHOLE ? i + 1 : i;
  }
  return 0;
}

static void cut_stacks(struct profile *p, const uint8_t *cut) {
  uint32_t to = 0;
  for (uint32_t s = 0; s < p->n_samples; s++) {
    uint32_t from = p->stack[s], n = p->stack[s + 1] - from;
    uint32_t gone = frames_to_cut(p->frame + from, n, cut);
    memmove(p->frame + to, p->frame + from + gone, (n - gone) * sizeof *p->frame);
    p->stack[s] = to;
    to += n - gone;
  }
  p->stack[p->n_samples] = to;
}

int profile_prune(struct profile *p, struct err *e) {
  struct frame_rules rules = {0};
  uint8_t *cut = NULL;
  bool some = false;
  int result = -1;
  if (p->drop_frames == 0) return 0;
  rules.drop = whole_rx(p, p->drop_frames, e);
  if (!rules.drop) goto done;
  if (p->keep_frames && !(rules.keep = whole_rx(p, p->keep_frames, e))) goto done;
  cut = calloc((size_t)p->places.n_locations + 1, 1);
  if (!cut) {
    err_nomem(e);
    goto done;
  }
  for (uint32_t i = 0; i < p->places.n_locations; i++) {
    if (cut_location(p, &rules, &p->places.location[i], &cut[i], e)) goto done;
    some |= cut[i] != KEEP;
  }
  if (some) cut_stacks(p, cut);
  result = 0;
done:
  rx_free(rules.drop);
  rx_free(rules.keep);
  free(cut);
  return result;
}
