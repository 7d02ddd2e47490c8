// tagfocus, tagignore, tagshow, taghide, tagroot, tagleaf: filters on labels. Each is decided once a label set.
#include <stdlib.h>

#include "measure/measure.h"
#include "profile/internal.h"
#include "profile/view_internal.h"

// The labels of a set that earlier filters left. The result is in `room`.
static uint32_t shown_labels(const struct view *v, uint32_t set, struct label *room) {
  uint32_t n, kept = 0;
  const struct label *l = profile_labels(v->profile, set, &n);
  for (uint32_t i = 0; i < n; i++)
    if (view_shows(v, &l[i])) room[kept++] = l[i];
  return kept;
}

static uint32_t largest_set(const struct profile *p) {
  uint32_t largest = 0;
  for (uint32_t i = 0; i < p->n_label_sets; i++)
    if (p->label_set[i].n > largest) largest = p->label_set[i].n;
  return largest;
}

// The label set of a sample as an index from 0 to n_label_sets, the last for none.
static uint32_t set_index(const struct profile *p, uint32_t sample) {
  uint32_t set = profile_label_set(p, sample);
  return set == NONE ? p->n_label_sets : set;
}

static int judge_sets(const struct view *v, const struct label_filter *f, uint8_t *verdict, struct label *room,
                      struct err *e) {
  const struct profile *p = v->profile;
  for (uint32_t set = 0; set <= p->n_label_sets; set++) {
    uint32_t n = set < p->n_label_sets ? shown_labels(v, set, room) : 0;
    int match = f->test(f->arg, v, room, n, e);
    if (match < 0) return -1;
    verdict[set] = (uint8_t)match;
  }
  return 0;
}

int view_filter_labels(struct view *v, const struct label_filter *focus, const struct label_filter *ignore,
                       bool *focused, bool *ignored, struct err *e) {
  const struct profile *p = v->profile;
  int result = -1;
  *focused = *ignored = false;
  if (!focus->test && !ignore->test) return 0;
  uint8_t *in = malloc((size_t)p->n_label_sets + 1), *out = calloc((size_t)p->n_label_sets + 1, 1);
  struct label *room = malloc(((size_t)largest_set(p) + 1) * sizeof *room);
  if (!in || !out || !room || view_own_samples(v, e)) {
    err_nomem(e);
    goto done;
  }
  memset(in, 1, (size_t)p->n_label_sets + 1);
  if (focus->test && judge_sets(v, focus, in, room, e)) goto done;
  if (ignore->test && judge_sets(v, ignore, out, room, e)) goto done;
  for (uint32_t s = 0; s < p->n_samples; s++) {
    if (v->left_out[s]) continue;
    uint32_t set = set_index(p, s);
    *focused |= in[set];
    *ignored |= out[set];
    v->left_out[s] = !in[set] || out[set];
  }
  result = 0;
done:
  free(in);
  free(out);
  free(room);
  return result;
}

int view_filter_keys(struct view *v, const struct rx *show, const struct rx *hide, bool *shown, bool *hidden,
                     struct err *e) {
  *shown = *hidden = false;
  if (!show && !hide) return 0;
  if (!v->hidden_key) v->hidden_key = calloc(v->strings->n, 1);
  if (!v->hidden_key) return err_nomem(e);
  for (uint32_t i = 0; i < v->profile->n_labels; i++) {
    uint32_t key = v->profile->label[i].key;
    if (v->hidden_key[key]) continue;
    int match_show = show ? rx_match(show, view_str(v, key), e) : 1;
    int match_hide = hide ? rx_match(hide, view_str(v, key), e) : 0;
    if (match_show < 0 || match_hide < 0) return -1;
    *shown |= match_show;
    *hidden |= match_hide;
    v->hidden_key[key] = !match_show || match_hide;
  }
  return 0;
}

// ---- frames from labels ---------------------------------------------------------------------------

struct label_frames {
  struct view *v;
  struct places *places;
  struct strings *strings;
  struct str unit;
  uint64_t next_location, next_function;
  struct map64 known;  // (name << 32 | file) to location
  struct buf name;
};

static uint64_t free_id(uint64_t largest, uint64_t id) { return id > largest ? id : largest; }

static int label_frames_init(struct label_frames *f, struct view *v, struct str unit, struct err *e) {
  *f = (struct label_frames){.v = v, .unit = unit, .places = view_own_places(v, e), .strings = view_own_strings(v, e)};
  if (!f->places || !f->strings) return -1;
  for (uint32_t i = 0; i < f->places->n_locations; i++)
    f->next_location = free_id(f->next_location, f->places->location[i].id);
  for (uint32_t i = 0; i < f->places->n_functions; i++)
    f->next_function = free_id(f->next_function, f->places->function[i].id);
  f->next_location++;
  f->next_function++;
  return 0;
}

// The values of a key in a set, joined by commas: the texts, then the numbers with their units.
static bool join_values(struct label_frames *f, uint32_t set, struct str key) {
  uint32_t n;
  bool some = false;
  const struct label *l = profile_labels(f->v->profile, set, &n);
  buf_clear(&f->name);
  for (uint32_t i = 0; i < n; i++) {
    if (!str_eq(view_str(f->v, l[i].key), key)) continue;
    if (some) buf_addc(&f->name, ',');
    some = true;
    if (!l[i].numeric) buf_str(&f->name, view_str(f->v, l[i].text));
    else if (l[i].unit == NONE) measure_label(&f->name, l[i].number, STR_LIT(""), STR_LIT(""));
    else measure_label(&f->name, l[i].number, view_str(f->v, l[i].unit), f->unit);
  }
  return some;
}

// The location that stands for this name and file, a new one if there is none yet.
static uint32_t frame_location(struct label_frames *f, struct str key) {
  uint32_t name = strings_add(f->strings, buf_view(&f->name)), file = strings_add(f->strings, key);
  if (f->name.failed || name == STRINGS_NONE || file == STRINGS_NONE) return NONE;
  uint64_t both = (uint64_t)name << 32 | file;
  uint32_t known = map64_get(&f->known, both);
  if (known != MAP_NONE) return known;
  struct function function = {.id = f->next_function++, .name = name, .filename = file};
  struct line line = {.function = places_add_function(f->places, &function)};
  struct location location = {.id = f->next_location++, .mapping = NONE, .n_lines = 1};
  if (line.function == NONE) return NONE;
  known = places_add_location(f->places, &location, &line);
  if (known == NONE || map64_put(&f->known, both, known)) return NONE;
  return known;
}

// The frames of one set: for each key, the last first.
static int add_set_frames(struct label_frames *f, uint32_t set, const struct str *keys, size_t n, uint32_t *to,
                          bool *matched) {
  for (size_t i = 0; i < n; i++) {
    struct str key = keys[n - 1 - i];
    *matched |= join_values(f, set, key);
    to[i] = frame_location(f, key);
    if (to[i] == NONE) return -1;
  }
  return 0;
}

int view_add_label_frames(struct view *v, const struct str *root_keys, size_t n_roots, const struct str *leaf_keys,
                          size_t n_leaves, struct str unit, bool *root_matched, bool *leaf_matched, struct err *e) {
  const struct profile *p = v->profile;
  struct label_frames f = {0};
  size_t each = n_roots + n_leaves;
  int result = -1;
  uint8_t *done_set = NULL;
  *root_matched = *leaf_matched = false;
  if (each == 0) return 0;
  if (label_frames_init(&f, v, unit, e)) goto done;
  done_set = calloc((size_t)p->n_label_sets + 1, 1);
  v->label_frame = calloc((size_t)p->n_label_sets + 1, each * sizeof *v->label_frame);
  if (!done_set || !v->label_frame) goto done;
  // In the order of samples, so that new ids come in that order.
  for (uint32_t s = 0; s < p->n_samples; s++) {
    uint32_t at = set_index(p, s), set = profile_label_set(p, s);
    if (done_set[at]) continue;
    done_set[at] = 1;
    uint32_t *frames = v->label_frame + at * each;
    if (add_set_frames(&f, set, root_keys, n_roots, frames + n_leaves, root_matched)) goto done;
    if (add_set_frames(&f, set, leaf_keys, n_leaves, frames, leaf_matched)) goto done;
  }
  v->n_leaf_frames = (uint32_t)n_leaves;
  v->n_root_frames = (uint32_t)n_roots;
  result = view_need_stack(v, e);
done:
  if (result) err_nomem(e);
  map64_release(&f.known);
  buf_release(&f.name);
  free(done_set);
  return result;
}
