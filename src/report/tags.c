// tags: the values of each label key, with what the samples that have them add up to.
#include <stdlib.h>

#include "measure/measure.h"
#include "report/internal.h"
#include "report/tabs.h"

struct tag {
  uint32_t key, name;  // numbers in tags.strings
  int64_t sum;
};

struct tags {
  const struct report *r;
  struct strings strings;
  struct tag *tag;
  size_t n, cap;
  struct index index;
  struct buf text, table;
};

static struct str string(const struct tags *t, uint32_t number) { return strings_at(&t->strings, number); }

static int add(struct tags *t, uint32_t key, struct str name, int64_t value) {
  uint32_t number = strings_add(&t->strings, name);
  if (number == STRINGS_NONE) return -1;
  uint64_t hash = hash_u64((uint64_t)key << 32 | number);
  size_t at = 0;
  for (uint32_t i = index_first(&t->index, hash, &at); i != MAP_NONE; i = index_next(&t->index, hash, &at)) {
    if (t->tag[i].key != key || t->tag[i].name != number) continue;
    t->tag[i].sum = wrap_add(t->tag[i].sum, value);
    return 0;
  }
  if (t->n >= NONE || ARRAY_RESERVE(t->tag, t->cap, t->n + 1) || index_add(&t->index, hash, (uint32_t)t->n)) return -1;
  t->tag[t->n++] = (struct tag){key, number, value};
  return 0;
}

static int add_set(struct tags *t, uint32_t set, int64_t value) {
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
    if (t->text.failed || add(t, l[i].key, name, value)) return -1;
  }
  return 0;
}

// The value of each label set, then the labels of each once.
static int collect(struct tags *t) {
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
  const struct tags *t = arg;
  const struct tag *a = pa, *b = pb;
  if (a->key != b->key) return str_cmp(string(t, a->key), string(t, b->key));
  int64_t x = wrap_abs(a->sum), y = wrap_abs(b->sum);
  if (x != y) return x < y ? 1 : -1;
  return str_cmp(string(t, a->name), string(t, b->name));
}

static void value(struct tags *t, int64_t v) { report_value(t->r, t->r->o.output_unit, &t->table, v); }

static void share(struct tags *t, int64_t v) {
  if (t->r->total <= 0) return;
  buf_adds(&t->table, " (");
  report_share(t->r, &t->table, v);
  buf_addc(&t->table, ')');
}

// One key and its values, tag[from] .. tag[to-1].
static void write_key(struct tags *t, size_t from, size_t to) {
  int64_t total = 0;
  for (size_t i = from; i < to; i++) total = wrap_add(total, t->tag[i].sum);
  buf_str(&t->table, string(t, t->tag[from].key));
  buf_adds(&t->table, ":\t Total ");
  value(t, total);
  buf_adds(&t->table, " of ");
  value(t, t->r->total);
  share(t, total);
  buf_addc(&t->table, '\n');
  for (size_t i = from; i < to; i++) {
    buf_adds(&t->table, " \t");
    value(t, t->tag[i].sum);
    share(t, t->tag[i].sum);
    buf_adds(&t->table, ":\t ");
    buf_str(&t->table, string(t, t->tag[i].name));
    buf_addc(&t->table, '\n');
  }
  buf_addc(&t->table, '\n');
}

int report_tags(const struct report *r, struct buf *out, struct err *e) {
  struct tags t = {.r = r};
  int result = strings_init(&t.strings, r->view->strings);
  if (!result) result = collect(&t);
  if (!result) qsort_r(t.tag, t.n, sizeof *t.tag, compare, &t);
  for (size_t from = 0, to; from < t.n && !result; from = to) {
    for (to = from; to < t.n && t.tag[to].key == t.tag[from].key;) to++;
    write_key(&t, from, to);
  }
  result = result || t.table.failed ? err_nomem(e) : tabs_align(buf_view(&t.table), out, e);
  strings_release(&t.strings);
  free(t.tag);
  index_release(&t.index);
  buf_release(&t.text);
  buf_release(&t.table);
  return result;
}
