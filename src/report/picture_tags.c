// Labels of samples in a picture, collected a node: texts joined to one tag, the numbers of `bytes` beside it.
#include <stdlib.h>

#include "measure/measure.h"
#include "report/picture.h"

// What a label set adds to the nodes of a stack.
struct set_tags {
  uint32_t text;      // NONE: no text labels
  uint32_t first, n;  // in collector.number
};

struct number_tag {
  uint32_t name;
  int64_t number;
};

struct collector {
  const struct report *r;
  const struct picture *p;
  struct node_tags *t;
  struct set_tags *set;  // a label set
  struct number_tag *number;
  size_t n_numbers, number_cap;
  struct index index;
  struct map64 children;  // of call trees: parent << 32 | node of the base, to node
  uint32_t *seen;         // a node: the last sample, plus one
  struct buf text;
};

static int compare_texts(const void *a, const void *b) {
  return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

// "key:value" of all text labels, sorted and joined by what breaks a line in dot.
static int join_texts(struct collector *c, const struct label *l, uint32_t n, uint32_t *number) {
  const struct view *v = c->r->view;
  struct arena scratch = {0};
  struct str *part = arena_alloc(&scratch, (n + 1) * sizeof *part);
  size_t parts = 0;
  int result = part ? 0 : -1;
  for (uint32_t i = 0; i < n && !result; i++) {
    struct str key = view_str(v, l[i].key), value = view_str(v, l[i].text);
    if (l[i].numeric || !view_shows(v, &l[i]) || str_eq(key, STR_LIT("pprof::base"))) continue;
    buf_clear(&c->text);
    buf_str(&c->text, key);
    buf_addc(&c->text, ':');
    buf_str(&c->text, value);
    part[parts] = (struct str){arena_copy(&scratch, c->text.data, c->text.n), c->text.n};
    if (!part[parts++].p) result = -1;
  }
  if (!result && parts) qsort(part, parts, sizeof *part, compare_texts);
  buf_clear(&c->text);
  for (size_t i = 0; i < parts && !result; i++) {
    if (i) buf_adds(&c->text, "\\n");
    dot_plain(c->r, &c->text, part[i]);
  }
  arena_release(&scratch);
  *number = NONE;
  if (!result && parts) {
    *number = strings_add(&c->t->strings, buf_view(&c->text));
    if (*number == STRINGS_NONE) result = -1;
  }
  return c->text.failed ? -1 : result;
}

static int add_numbers(struct collector *c, const struct label *l, uint32_t n) {
  const struct view *v = c->r->view;
  for (uint32_t i = 0; i < n; i++) {
    if (!l[i].numeric || !view_shows(v, &l[i]) || !str_eq(view_str(v, l[i].key), STR_LIT("bytes"))) continue;
    buf_clear(&c->text);
    measure_label(&c->text, l[i].number, c->t->unit, c->r->o.output_unit);
    uint32_t name = strings_add(&c->t->strings, buf_view(&c->text));
    if (name == STRINGS_NONE || ARRAY_RESERVE(c->number, c->number_cap, c->n_numbers + 1)) return -1;
    c->number[c->n_numbers++] = (struct number_tag){name, l[i].number};
  }
  return 0;
}

static int describe_sets(struct collector *c) {
  const struct profile *p = c->r->view->profile;
  c->set = calloc((size_t)p->n_label_sets + 1, sizeof *c->set);
  if (!c->set) return -1;
  for (uint32_t i = 0; i < p->n_label_sets; i++) {
    uint32_t n;
    const struct label *l = profile_labels(p, i, &n);
    c->set[i].first = (uint32_t)c->n_numbers;
    if (join_texts(c, l, n, &c->set[i].text) || add_numbers(c, l, n)) return -1;
    c->set[i].n = (uint32_t)c->n_numbers - c->set[i].first;
  }
  return 0;
}

static bool same_tag(const struct node_tag *a, const struct node_tag *b) {
  return a->node == b->node && a->text == b->text && a->name == b->name && a->numeric == b->numeric;
}

static struct node_tag *find_tag(struct collector *c, const struct node_tag *wanted) {
  struct node_tags *t = c->t;
  uint64_t key[2] = {(uint64_t)wanted->node << 32 | wanted->text, (uint64_t)wanted->name << 1 | wanted->numeric};
  uint64_t hash = hash_bytes(key, sizeof key, 0);
  size_t at = 0;
  for (uint32_t i = index_first(&c->index, hash, &at); i != MAP_NONE; i = index_next(&c->index, hash, &at))
    if (same_tag(&t->tag[i], wanted)) return &t->tag[i];
  if (t->n >= NONE || ARRAY_RESERVE(t->tag, t->cap, t->n + 1) || index_add(&c->index, hash, (uint32_t)t->n))
    return NULL;
  t->tag[t->n] = *wanted;
  return &t->tag[t->n++];
}

static int add_tag(struct collector *c, struct node_tag wanted, const int64_t *values, bool flat) {
  struct node_tag *t = find_tag(c, &wanted);
  int64_t value = values[c->r->o.column], div = c->r->o.mean ? values[0] : 0;
  if (!t) return -1;
  if (flat) t->flat = wrap_add(t->flat, value), t->flat_div = wrap_add(t->flat_div, div);
  else t->cum = wrap_add(t->cum, value), t->cum_div = wrap_add(t->cum_div, div);
  return 0;
}

static int add_tags(struct collector *c, uint32_t node, const struct set_tags *set, const int64_t *values, bool flat) {
  uint32_t text = set->text == NONE ? 0 : set->text;
  if (set->text != NONE && add_tag(c, (struct node_tag){.node = node, .text = text, .name = text}, values, flat))
    return -1;
  for (uint32_t i = set->first; i < set->first + set->n; i++) {
    struct node_tag tag = {
        .node = node, .text = text, .name = c->number[i].name, .numeric = true, .number = c->number[i].number};
    if (add_tag(c, tag, values, flat)) return -1;
  }
  return 0;
}

// The node a frame belongs to: in a tree the child of the frame above.
static uint32_t node_of(const struct collector *c, uint32_t slot, uint32_t above) {
  return c->p->is_tree ? map64_get(&c->children, (uint64_t)above << 32 | slot) : slot;
}

static int collect_sample(struct collector *c, uint32_t sample, const struct set_tags *set, uint32_t *room) {
  const struct graph *g = c->p->is_tree ? &c->p->base : &c->p->nodes.graph;
  const uint8_t *chosen = c->p->nodes.shown.chosen;
  const int64_t *values = profile_values(c->r->view->profile, sample);
  uint32_t n, node = NONE;
  if (values[c->r->o.column] == 0 && (!c->r->o.mean || values[0] == 0)) return 0;
  const uint32_t *stack = view_stack_into(c->r->view, sample, room, &n);
  for (uint32_t i = n; i-- > 0;) {
    for (uint32_t k = g->first_slot[stack[i] + 1]; k-- > g->first_slot[stack[i]];) {
      node = node_of(c, g->slot[k], node);
      if (!chosen[node] || c->seen[node] == sample + 1) continue;
      c->seen[node] = sample + 1;
      if (add_tags(c, node, set, values, false)) return -1;
    }
  }
  return node != NONE && chosen[node] ? add_tags(c, node, set, values, true) : 0;
}

static int collect(struct collector *c) {
  const struct profile *p = c->r->view->profile;
  uint32_t *room = malloc((view_depth(c->r->view) + 1) * sizeof *room);
  int result = room ? 0 : -1;
  for (uint32_t s = 0; s < p->n_samples && !result; s++) {
    uint32_t set = profile_label_set(p, s);
    if (set == NONE || !view_has(c->r->view, s) || (c->set[set].text == NONE && c->set[set].n == 0)) continue;
    result = collect_sample(c, s, &c->set[set], room);
  }
  free(room);
  return result;
}

static int find_children(struct collector *c) {
  const struct graph *t = &c->p->nodes.graph, *g = &c->p->base;
  struct index by_info = {0};
  int result = 0;
  for (uint32_t i = 0; i < g->n_nodes && !result; i++)
    result = index_add(&by_info, hash_bytes(&g->node[i].info, sizeof g->node[i].info, 0), i);
  for (uint32_t i = 0; i < t->n_nodes && !result; i++) {
    size_t at = 0;
    uint32_t k = index_first(&by_info, hash_bytes(&t->node[i].info, sizeof t->node[i].info, 0), &at);
    while (k != MAP_NONE && memcmp(&g->node[k].info, &t->node[i].info, sizeof t->node[i].info) != 0)
      k = index_next(&by_info, hash_bytes(&t->node[i].info, sizeof t->node[i].info, 0), &at);
    result = map64_put(&c->children, (uint64_t)t->parent[i] << 32 | k, i);
  }
  index_release(&by_info);
  return result;
}

static int by_node(const void *pa, const void *pb) {
  const struct node_tag *a = pa, *b = pb;
  if (a->node != b->node) return a->node < b->node ? -1 : 1;
  if (a->numeric != b->numeric) return a->numeric ? 1 : -1;
  if (a->text != b->text) return a->text < b->text ? -1 : 1;
  return (a->name > b->name) - (a->name < b->name);
}

static void find_firsts(struct node_tags *t, const struct graph *g) {
  size_t at = 0;
  for (uint32_t node = 0; node <= g->n_nodes; node++) {
    while (at < t->n && t->tag[at].node < node) at++;
    t->first[node] = at;
  }
}

static struct str bytes_unit(const struct report *r) {
  uint32_t key = strings_find(&r->view->profile->strings, STR_LIT("bytes"));
  return key == STRINGS_NONE ? STR_LIT("bytes") : label_unit(r->units, key);
}

int node_tags_init(struct node_tags *t, const struct report *r, const struct picture *p, struct err *e) {
  const struct graph *g = &p->nodes.graph;
  struct collector c = {.r = r, .p = p, .t = t};
  *t = (struct node_tags){.unit = bytes_unit(r), .first = calloc((size_t)g->n_nodes + 2, sizeof *t->first)};
  c.seen = calloc((size_t)g->n_nodes + 1, sizeof *c.seen);
  int result = strings_init(&t->strings, NULL);
  if (!t->first || !c.seen) result = -1;
  if (!result && r->view->profile->n_label_sets) {
    if (p->is_tree) result = find_children(&c);
    if (!result) result = describe_sets(&c);
    if (!result) result = collect(&c);
  }
  if (!result && t->n) qsort(t->tag, t->n, sizeof *t->tag, by_node);
  if (!result) find_firsts(t, g);
  free(c.set);
  free(c.number);
  free(c.seen);
  index_release(&c.index);
  map64_release(&c.children);
  buf_release(&c.text);
  return result ? err_nomem(e) : 0;
}

void node_tags_trim(struct node_tags *t, const struct graph *g, int64_t cutoff) {
  size_t kept = 0;
  for (size_t i = 0; i < t->n; i++)
    if (wrap_abs(t->tag[i].flat) >= cutoff || wrap_abs(t->tag[i].cum) >= cutoff) t->tag[kept++] = t->tag[i];
  t->n = kept;
  find_firsts(t, g);
}

uint32_t node_tags_count(const struct node_tags *t, uint32_t node) {
  uint32_t n = 0;
  for (size_t i = t->first[node]; i < t->first[node + 1]; i++) n += t->tag[i].flat != 0;
  return n;
}

void node_tags_release(struct node_tags *t) {
  strings_release(&t->strings);
  free(t->tag);
  free(t->first);
  *t = (struct node_tags){0};
}
