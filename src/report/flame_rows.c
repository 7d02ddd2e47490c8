// What of a tree is shown: the heaviest frames first, as long as there is room.
//
// Frames wait in a heap from the moment their caller is taken. A frame never weighs more than its caller, so what is
// taken is a tree, and each list of children is in order without sorting: what is shown of them are the first ones, so that a
// page asks for those behind them by how many it has. The bytes of a row are counted before it is
// taken, with room for the row of those that are left out below it.
#include <inttypes.h>
#include <stdlib.h>

#include "report/flame.h"

struct waiting {
  double weight;
  uint32_t frame, node, parent;  // `parent`: a row
};

struct picker {
  struct flame_rows *s;
  struct flame_tree *t;
  const struct report *r;
  struct graph *g;
  size_t room, used;
  uint32_t *name;  // a node of the graph: its number in the page; NONE: it has none yet
  uint32_t n_names;
  struct waiting *heap;
  size_t n, cap;
  struct buf text;
};

// ---- the heap -----------------------------------------------------------------------------------

// The larger share of the two shapes, so that neither has holes where the other is thin.
static double weight(const struct flame_tree *t, uint32_t frame) {
  double most = 0;
  for (int side = 0; side < FLAME_SIDES; side++) {
    double all = (double)t->frame[0].value[side], share = all > 0 ? (double)t->frame[frame].value[side] / all : 0;
    if (share > most) most = share;
  }
  return most;
}

static bool goes_before(const struct waiting *a, const struct waiting *b) {
  if (a->weight > b->weight || a->weight < b->weight) return a->weight > b->weight;
  return a->parent != b->parent ? a->parent < b->parent : a->node < b->node;
}

static int push(struct picker *p, struct waiting w) {
  if (ARRAY_RESERVE(p->heap, p->cap, p->n + 1)) return -1;
  size_t at = p->n++;
  for (; at && goes_before(&w, &p->heap[(at - 1) / 2]); at = (at - 1) / 2) p->heap[at] = p->heap[(at - 1) / 2];
  p->heap[at] = w;
  return 0;
}

static struct waiting pop(struct picker *p) {
  struct waiting top = p->heap[0], w = p->heap[--p->n];
  size_t at = 0, child;
  while ((child = 2 * at + 1) < p->n) {
    if (child + 1 < p->n && goes_before(&p->heap[child + 1], &p->heap[child])) child++;
    if (!goes_before(&p->heap[child], &w)) break;
    p->heap[at] = p->heap[child];
    at = child;
  }
  p->heap[at] = w;
  return top;
}

// ---- names --------------------------------------------------------------------------------------

static bool is_plain(struct str s) {
  for (size_t i = 0; i < s.n; i++)
    if ((unsigned char)s.p[i] - 0x20u >= 0x5f) return false;
  return true;
}

// Where the short name lies in the name: two positions, both 0 when there is none.
static void add_short(struct picker *p, struct str name) {
  enum granularity by = p->r->o.granularity;
  size_t from = 0, n = 0;
  buf_clear(&p->text);
  if (name.n <= FLAME_LONGEST_NAME && (by == BY_DEFAULT || by == BY_FUNCTIONS) && is_plain(name)) {
    graph_short_name(&p->text, name);
    from = str_find(name, buf_view(&p->text));
    n = p->text.n;
  }
  bool found = n && n < name.n && from != SIZE_MAX;
  buf_addf(&p->s->shorts, "%s%zu,%zu", p->n_names ? "," : "", found ? from : 0, found ? from + n : 0);
}

struct sizes {
  size_t names, shorts, ids;
};
static struct sizes sizes_of(const struct flame_rows *s) { return (struct sizes){s->names.n, s->shorts.n, s->ids.n}; }

static int name_node(struct picker *p, uint32_t node) {
  if (p->name[node] != NONE) return 0;
  struct sizes before = sizes_of(p->s);
  struct str name = graph_name(p->g, node);
  if (!name.p) return -1;
  buf_adds(&p->s->names, p->n_names ? ",\n" : "\n");
  page_json(&p->s->names, name, FLAME_LONGEST_NAME);
  add_short(p, name);
  if (p->s->with_ids) buf_addf(&p->s->ids, "%s%" PRIu32, p->n_names ? "," : "", node);
  struct sizes after = sizes_of(p->s);
  p->used += after.names - before.names + after.shorts - before.shorts + after.ids - before.ids;
  p->name[node] = p->n_names++;
  return p->s->names.failed || p->s->shorts.failed || p->s->ids.failed || p->text.failed ? -1 : 0;
}

// Takes back the name that was made last.
static void forget_name(struct picker *p, uint32_t node, struct sizes before) {
  p->s->names.n = before.names;
  p->s->shorts.n = before.shorts;
  p->s->ids.n = before.ids;
  p->name[node] = NONE;
  p->n_names--;
}

// ---- rows ---------------------------------------------------------------------------------------

static size_t digits(int64_t v) {
  size_t n = 1;
  while (v /= 10) n++;
  return n;
}

static size_t value_size(const struct picker *p, const struct flame_frame *f) {
  size_t n = digits(f->value[FLAME_AFTER]) + 1;
  return p->t->bunches.stacks->compared ? n + digits(f->value[FLAME_BEFORE]) + 1 : n;
}

// What the row of a frame takes at most: twice the number of its name, its children, its values, and commas.
static size_t row_size(const struct picker *p, uint32_t name, const struct flame_frame *f) {
  return digits(2 * (int64_t)name + 1) + digits((int64_t)f->n_children + 1) + 2 + value_size(p, f);
}

// The same for the row of those that are left out below it.
static size_t left_size(const struct picker *p, const struct flame_frame *f) {
  return f->n_children ? 1 + digits(f->n_children) + 1 + 2 + value_size(p, f) : 0;
}

// It is none of those any more that are left out below.
static void take_off(struct flame_row *row, const struct flame_frame *child) {
  row->n_left--;
  for (int side = 0; side < FLAME_SIDES; side++)
    row->left[side] = row->left[side] > child->value[side] ? row->left[side] - child->value[side] : 0;
}

static void link_row(struct flame_rows *s, uint32_t row, uint32_t parent, const struct flame_frame *f) {
  struct flame_row *above = &s->row[parent];
  if (above->last == NONE) above->first = row;
  else s->row[above->last].next = row;
  above->last = row;
  above->n_children++;
  take_off(above, f);
}

// Makes the row of a frame that is open; what it calls waits from now on.
static int take(struct picker *p, uint32_t frame, uint32_t parent) {
  struct flame_rows *s = p->s;
  const struct flame_frame *f = &p->t->frame[frame], *child = f + ((int64_t)f->first - frame);
  uint32_t at = s->n, name = f->node == NONE ? 0 : p->name[f->node];
  if (ARRAY_RESERVE(s->row, s->cap, (size_t)s->n + 1)) return -1;
  struct flame_row *row = &s->row[s->n++];
  *row = (struct flame_row){.frame = frame, .name = name, .parent = parent, .first = NONE, .last = NONE, .next = NONE};
  row->n_left = f->n_children;
  for (uint32_t i = 0; i < f->n_children; i++) {
    for (int side = 0; side < FLAME_SIDES; side++) row->left[side] = flame_add(row->left[side], child[i].value[side]);
    if (push(p, (struct waiting){weight(p->t, f->first + i), f->first + i, child[i].node, at})) return -1;
  }
  if (parent != NONE) link_row(s, at, parent, f);
  return 0;
}

// Takes the heaviest frame that waits: 1, or 0 when there is no room for it.
static int take_next(struct picker *p) {
  struct waiting w = pop(p);
  if (flame_tree_open(p->t, w.frame)) return -1;
  const struct flame_frame *f = &p->t->frame[w.frame];
  const struct flame_row *above = &p->s->row[w.parent];
  size_t used = p->used;
  struct sizes before = sizes_of(p->s);
  bool is_new = p->name[f->node] == NONE;
  if (name_node(p, f->node)) return -1;
  p->used += row_size(p, p->name[f->node], f) + left_size(p, f);
  if (above->n_left == 1) p->used -= left_size(p, &p->t->frame[above->frame]);
  if (p->used <= p->room) return take(p, w.frame, w.parent) ? -1 : 1;
  p->used = used;
  if (is_new) forget_name(p, f->node, before);
  return 0;
}

// The root was taken; those that the page has of what it calls are not shown again.
static void pass_over(struct picker *p, uint32_t n) {
  for (; n && p->n; n--) take_off(&p->s->row[0], &p->t->frame[pop(p).frame]);
}

int flame_rows_init(struct flame_rows *s, struct flame_tree *t, const struct report *r, struct graph *g, size_t room,
                    bool ids, struct err *e) {
  size_t nodes = (size_t)g->n_nodes + 1;
  struct picker p = {.s = s, .t = t, .r = r, .g = g, .room = room, .name = malloc(nodes * sizeof *p.name)};
  *s = (struct flame_rows){.with_ids = ids};
  int result = p.name && flame_tree_open_heavy(t) == 0 ? flame_tree_open(t, 0) : -1, taken = 1;
  if (!result) {
    memset(p.name, 0xff, nodes * sizeof *p.name);
    p.used = 100 + row_size(&p, 0, &t->frame[0]) + left_size(&p, &t->frame[0]);  // with the names of the columns
    result = take(&p, 0, NONE);
    if (!result && r->o.part) pass_over(&p, r->o.part->offset);
  }
  while (!result && p.n && taken > 0) taken = take_next(&p);
  free(p.name);
  free(p.heap);
  buf_release(&p.text);
  return result || taken < 0 ? err_nomem(e) : 0;
}

void flame_rows_release(struct flame_rows *s) {
  free(s->row);
  buf_release(&s->names);
  buf_release(&s->shorts);
  buf_release(&s->ids);
  *s = (struct flame_rows){0};
}

// ---- writing ------------------------------------------------------------------------------------

enum column { COLUMN_NAME, COLUMN_CHILDREN, COLUMN_AFTER, COLUMN_BEFORE, COLUMNS };
static const char *const column_names[COLUMNS] = {"name", "children", "after", "before"};

static void write_cells(struct buf column[COLUMNS], int64_t name, uint32_t children, const int64_t value[FLAME_SIDES]) {
  const int64_t cell[COLUMNS] = {name, children, value[FLAME_AFTER], value[FLAME_BEFORE]};
  for (int i = 0; i < COLUMNS; i++) {
    if (column[i].n) buf_addc(&column[i], ',');
    buf_i64(&column[i], cell[i]);
  }
}

// The name is twice its number, and one more where the function was inlined.
static void write_row(const struct flame_row *row, const struct flame_tree *t, struct buf column[COLUMNS]) {
  int64_t name = 2 * (int64_t)row->name + t->frame[row->frame].inlined;
  write_cells(column, name, row->n_children + (row->n_left > 0), t->frame[row->frame].value);
}

// In place of a name, how many are left out, negative.
static void write_left(const struct flame_row *row, struct buf column[COLUMNS]) {
  if (row->n_left) write_cells(column, -(int64_t)row->n_left, 0, row->left);
}

void flame_rows_write(const struct flame_rows *s, const struct flame_tree *t, struct buf *out) {
  struct buf column[COLUMNS] = {{0}};
  uint32_t at = 0;
  write_row(&s->row[0], t, column);
  while (at != NONE) {
    uint32_t to = s->row[at].first;
    // With no children left, up to the first that has a neighbour.
    while (to == NONE && at != NONE) {
      write_left(&s->row[at], column);
      to = s->row[at].next;
      at = s->row[at].parent;
    }
    if (to != NONE) write_row(&s->row[to], t, column);
    at = to;
  }
  buf_adds(out, ",\n\"names\":[");
  buf_str(out, buf_view(&s->names));
  buf_adds(out, "\n],\n\"short\":[");
  buf_str(out, buf_view(&s->shorts));
  if (s->with_ids) {
    buf_adds(out, "],\n\"id\":[");
    buf_str(out, buf_view(&s->ids));
  }
  for (int i = 0; i < (t->bunches.stacks->compared ? COLUMNS : COLUMN_BEFORE); i++) {
    buf_addf(out, "],\n\"%s\":[", column_names[i]);
    buf_str(out, buf_view(&column[i]));
    out->failed |= column[i].failed;
  }
  buf_addc(out, ']');
  for (int i = 0; i < COLUMNS; i++) buf_release(&column[i]);
}
