// The rows of tags: the values of labels, with what the samples that have them add up to.
#include <stdlib.h>

#include "measure/measure.h"
#include "report/rows.h"

static int add(struct tag_rows *t, uint32_t key, struct str name, bool numeric, int64_t value) {
  uint32_t number = strings_add(&t->strings, name);
  if (number == STRINGS_NONE) return -1;
  uint64_t hash = hash_u64((uint64_t)key << 32 | number);
  size_t at = 0;
  for (uint32_t i = index_first(&t->index, hash, &at); i != MAP_NONE; i = index_next(&t->index, hash, &at)) {
    if (t->row[i].key != key || t->row[i].name != number) continue;
    t->row[i].sum = wrap_add(t->row[i].sum, value);
    return 0;
  }
  if (t->n >= NONE || ARRAY_RESERVE(t->row, t->cap, t->n + 1) || index_add(&t->index, hash, (uint32_t)t->n)) return -1;
  t->row[t->n++] = (struct tag_row){key, number, value, numeric};
  return 0;
}

static int add_set(struct tag_rows *t, uint32_t set, int64_t value) {
  const struct view *v = t->r->view;
  uint32_t n;
  const struct label *l = profile_labels(v->profile, set, &n);
  for (uint32_t i = 0; i < n; i++) {
    if (!view_shows(v, &l[i])) continue;
    struct str name = {NULL, 0};
    if (l[i].numeric) {
      buf_clear(&t->text);
      measure_label(&t->text, l[i].number, label_unit(t->r->units, l[i].key), t->r->o.output_unit);
      name = buf_view(&t->text);
    } else {
      name = view_str(v, l[i].text);
    }
    if (t->text.failed || add(t, l[i].key, name, l[i].numeric, value)) return -1;
  }
  return 0;
}

// The value of each label set, then the labels of each once.
static int collect(struct tag_rows *t) {
  const struct profile *p = t->r->view->profile;
  int64_t *sum = calloc((size_t)p->n_label_sets + 1, sizeof *sum);
  uint8_t *seen = calloc((size_t)p->n_label_sets + 1, 1);
  int result = sum && seen ? 0 : -1;
  for (uint32_t s = 0; s < p->n_samples && !result; s++) {
    uint32_t set = profile_label_set(p, s);
    if (set == NONE || !view_has(t->r->view, s)) continue;
    sum[set] = wrap_add(sum[set], profile_values(p, s)[t->r->o.column]);
    seen[set] = 1;
  }
  for (uint32_t set = 0; set < p->n_label_sets && !result; set++)
    if (seen[set]) result = add_set(t, set, sum[set]);
  free(sum);
  free(seen);
  return result;
}

static int compare(const void *pa, const void *pb, void *arg) {
  const struct tag_rows *t = arg;
  const struct tag_row *a = pa, *b = pb;
  if (a->key != b->key) return str_cmp(tag_str(t, a->key), tag_str(t, b->key));
  int order = compare_magnitudes(a->sum, b->sum);
  return order ? order : str_cmp(tag_str(t, a->name), tag_str(t, b->name));
}

int tag_rows_init(struct tag_rows *t, const struct report *r, struct err *e) {
  *t = (struct tag_rows){.r = r};
  if (strings_init(&t->strings, r->view->strings) || collect(t)) return err_nomem(e);
  if (t->n) qsort_r(t->row, t->n, sizeof *t->row, compare, t);
  return 0;
}

size_t tag_rows_end(const struct tag_rows *t, size_t from, int64_t *total) {
  size_t to = from;
  *total = 0;
  for (; to < t->n && t->row[to].key == t->row[from].key; to++) *total = wrap_add(*total, t->row[to].sum);
  return to;
}

void tag_rows_release(struct tag_rows *t) {
  strings_release(&t->strings);
  free(t->row);
  index_release(&t->index);
  buf_release(&t->text);
}
