// Labels of a node, drawn as boxes that hang on it: the heaviest few, numbers that are near each other as one range.
#include <stdio.h>
#include <stdlib.h>

#include "measure/measure.h"
#include "report/picture.h"

struct drawing {
  const struct report *r;
  const struct picture *p;
  bool flat;  // the node calls others: only its own values count
  uint32_t id;
  struct buf *out;
  struct buf weight;
};

// A tag as it is drawn: one, or several whose numbers are near each other.
struct shown_tag {
  struct buf name;
  int64_t flat, cum;
};

static int by_weight(const void *pa, const void *pb, void *arg) {
  const struct node_tag *a = pa, *b = pb;
  const struct drawing *d = arg;
  int order = d->flat ? 0 : compare_magnitudes(a->cum, b->cum);
  if (!order) order = compare_magnitudes(a->flat, b->flat);
  return order ? order : str_cmp(strings_at(&d->p->tags.strings, a->name), strings_at(&d->p->tags.strings, b->name));
}

static int by_shown_weight(const void *pa, const void *pb, void *arg) {
  const struct shown_tag *a = pa, *b = pb;
  const struct drawing *d = arg;
  int order = d->flat ? 0 : compare_magnitudes(a->cum, b->cum);
  if (!order) order = compare_magnitudes(a->flat, b->flat);
  return order ? order : str_cmp(buf_view(&a->name), buf_view(&b->name));
}

// A copy of tags, the heaviest first. NULL when memory ran out.
static struct node_tag *sorted_copy(const struct drawing *d, const struct node_tag *tags, size_t n) {
  struct node_tag *copy = malloc((n + 1) * sizeof *copy);
  if (!copy) return NULL;
  if (n) memcpy(copy, tags, n * sizeof *copy);
  qsort_r(copy, n, sizeof *copy, by_weight, (void *)(uintptr_t)d);
  return copy;
}

// A box and the arrow to it. `source` is what it hangs on: "N3" or "N3_0".
static void box(struct drawing *d, const char *source, size_t i, struct str name, int64_t weight, bool dotted) {
  bool numeric_box = source[0] == 'n';  // names of boxes on nodes start "N3_", of boxes on boxes "NN3_0_"
  struct str w;
  buf_clear(&d->weight);
  report_value(d->r, d->p->nodes.unit, &d->weight, weight);
  w = buf_view(&d->weight);
  const char *at = source + numeric_box, *prefix = numeric_box ? "N" : "";
  buf_addf(d->out, "%s%s_%zu [label = \"", prefix, at, i);
  if (numeric_box) dot_plain(d->r, d->out, name);
  else buf_str(d->out, name);  // the parts of texts are escaped, what joins them breaks the line
  buf_addf(d->out, "\" id=\"%s%s_%zu\" fontsize=8 shape=box3d tooltip=\"%.*s\"]\n", prefix, at, i, STR_ARG(w));
  buf_addf(d->out, "%s -> %s%s_%zu [label=\" %.*s\" weight=100 tooltip=\"%.*s\" labeltooltip=\"%.*s\"%s]\n", at, prefix,
           at, i, STR_ARG(w), STR_ARG(w), STR_ARG(w), dotted ? " style=\"dotted\"" : "");
}

static double distance(const struct node_tag *a, const struct node_tag *b) {
  double x = (double)a->number, y = (double)b->number;
  return y < x ? x - y : y - x;
}

// Which of the first MAX_NODELETS tags each is nearest to.
static size_t nearest_group(const struct node_tag *tags, const struct node_tag *t) {
  size_t best = 0;
  for (size_t k = 1; k < MAX_NODELETS; k++)
    if (distance(t, &tags[k]) < distance(t, &tags[best])) best = k;
  return best;
}

static void describe_group(const struct drawing *d, const struct node_tag *tags, size_t n, size_t group,
                           struct shown_tag *s) {
  const struct str unit = d->p->tags.unit, automatic = STR_LIT("auto");
  struct node_tag sum = tags[group];
  int64_t low = sum.number, high = sum.number;
  size_t members = 1;
  for (size_t i = MAX_NODELETS; i < n; i++) {
    if (nearest_group(tags, &tags[i]) != group) continue;
    if (tags[i].number < low) low = tags[i].number;
    if (tags[i].number > high) high = tags[i].number;
    sum.flat = wrap_add(sum.flat, tags[i].flat);
    sum.cum = wrap_add(sum.cum, tags[i].cum);
    sum.flat_div = wrap_add(sum.flat_div, tags[i].flat_div);
    sum.cum_div = wrap_add(sum.cum_div, tags[i].cum_div);
    members++;
  }
  measure_label(&s->name, low, unit, automatic);
  if (members > 1) {
    buf_adds(&s->name, "..");
    measure_label(&s->name, high, unit, automatic);
  }
  s->flat = tag_flat(&sum);
  s->cum = tag_cum(&sum);
}

static void draw_number(struct drawing *d, const char *source, size_t i, const struct shown_tag *s) {
  bool own = d->flat || s->flat == s->cum;
  int64_t weight = own ? s->flat : s->cum;
  if (weight) box(d, source, i, buf_view(&s->name), weight, !own);
}

// Numbers as they are when they are few, otherwise in MAX_NODELETS groups.
static void draw_numbers(struct drawing *d, const struct node_tag *tags, size_t n, const char *source) {
  struct node_tag *sorted = sorted_copy(d, tags, n);
  struct shown_tag shown[MAX_NODELETS] = {{{0}, 0, 0}};
  size_t count = n < MAX_NODELETS ? n : MAX_NODELETS;
  if (!sorted) {
    d->out->failed = true;
    return;
  }
  for (size_t i = 0; i < count; i++) {
    if (n > MAX_NODELETS) {
      describe_group(d, sorted, n, i, &shown[i]);
      continue;
    }
    buf_str(&shown[i].name, strings_at(&d->p->tags.strings, sorted[i].name));
    shown[i].flat = tag_flat(&sorted[i]);
    shown[i].cum = tag_cum(&sorted[i]);
  }
  if (n > MAX_NODELETS) qsort_r(shown, count, sizeof *shown, by_shown_weight, d);
  for (size_t i = 0; i < count; i++) {
    draw_number(d, source, i, &shown[i]);
    buf_release(&shown[i].name);
  }
  free(sorted);
}

// The numeric tags of one text among a node's.
static void numbers_of(const struct drawing *d, uint32_t node, uint32_t text, const struct node_tag **from, size_t *n) {
  const struct node_tags *t = &d->p->tags;
  size_t at = t->first[node], end = t->first[node + 1];
  while (at < end && !(t->tag[at].numeric && t->tag[at].text == text)) at++;
  *from = at < end ? t->tag + at : NULL;
  for (*n = 0; at + *n < end && t->tag[at + *n].text == text;) ++*n;
}

static void draw_texts(struct drawing *d, uint32_t node) {
  const struct node_tags *t = &d->p->tags;
  size_t from = t->first[node], n = 0, n_numbers;
  const struct node_tag *numbers;
  while (from + n < t->first[node + 1] && !t->tag[from + n].numeric) n++;
  struct node_tag *sorted = sorted_copy(d, n ? t->tag + from : NULL, n);
  d->out->failed |= !sorted;
  for (size_t i = 0; sorted && i < n && i < MAX_NODELETS; i++) {
    char source[32];
    int64_t weight = d->flat ? tag_flat(&sorted[i]) : tag_cum(&sorted[i]);
    if (weight == 0) continue;
    snprintf(source, sizeof source, "N%u", d->id);
    box(d, source, i, strings_at(&t->strings, sorted[i].name), weight, false);
    snprintf(source, sizeof source, "nN%u_%zu", d->id, i);
    numbers_of(d, node, sorted[i].text, &numbers, &n_numbers);
    if (n_numbers) draw_numbers(d, numbers, n_numbers, source);
  }
  free(sorted);
}

bool dot_node_tags(const struct report *r, const struct picture *p, uint32_t node, uint32_t id, struct buf *out) {
  struct drawing d = {.r = r, .p = p, .id = id, .out = out};
  const struct node_tag *numbers;
  size_t before = out->n, n_numbers;
  char source[32];
  d.flat = p->calls.first_out[node] < p->calls.first_out[node + 1];
  draw_texts(&d, node);
  numbers_of(&d, node, 0, &numbers, &n_numbers);
  snprintf(source, sizeof source, "nN%u", id);
  if (n_numbers) draw_numbers(&d, numbers, n_numbers, source);
  out->failed |= d.weight.failed;
  buf_release(&d.weight);
  return out->n > before;
}
