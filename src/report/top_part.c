// Some rows of top as JSON, for a page that shows a long table a part at a time.
//
//   {"total": T, "ratio": …, "units": […], "nodes": all there are, "count": those whose names match, "offset": of the
//    first row here, "before": flat values of the rows before it, "name": […], "flat": […], "cum": […], "inline": […]}
//
// Where rows are lines, addresses or files of functions there is "function": […], the names alone.
#include <inttypes.h>
#include <stdlib.h>

#include "report/page.h"
#include "report/rows.h"

enum { MOST_ROWS = 4000, MOST_BYTES = 800 << 10, LONGEST_NAME = 1024 };

static int keep_matching(struct top_rows *t, const struct rx *rx, struct err *e) {
  struct selection *s = &t->nodes.shown;
  uint32_t n = 0;
  if (!rx || rx_pattern(rx).n == 0) return 0;
  for (uint32_t i = 0; i < s->n; i++) {
    struct str name = graph_name(&t->nodes.graph, s->node[i]);
    if (!name.p) return err_nomem(e);
    int matches = rx_match(rx, name, e);
    if (matches < 0) return -1;
    if (matches) s->node[n++] = s->node[i];
  }
  s->n = n;
  return 0;
}

// Nodes of one name stay in the order they were in, so that it is a total one.
struct named {
  struct str name;
  uint32_t node, at;
};

static int by_name(const void *x, const void *y) {
  const struct named *a = x, *b = y;
  int order = str_cmp(a->name, b->name);
  return order ? order : (a->at > b->at) - (a->at < b->at);
}

static int sort_by_name(struct top_rows *t, struct err *e) {
  struct selection *s = &t->nodes.shown;
  struct named *named = malloc(((size_t)s->n + 1) * sizeof *named);
  bool failed = !named;
  for (uint32_t i = 0; i < s->n && !failed; i++) {
    named[i] = (struct named){graph_name(&t->nodes.graph, s->node[i]), s->node[i], i};
    failed = !named[i].name.p;
  }
  if (!failed) qsort(named, s->n, sizeof *named, by_name);
  for (uint32_t i = 0; i < s->n && !failed; i++) s->node[i] = named[i].node;
  free(named);
  return failed ? err_nomem(e) : 0;
}

static void turn_around(struct selection *s) {
  for (uint32_t i = 0; i < s->n / 2; i++) {
    uint32_t other = s->node[s->n - 1 - i];
    s->node[s->n - 1 - i] = s->node[i];
    s->node[i] = other;
  }
}

static int put_in_order(struct top_rows *t, const struct report *r, struct err *e) {
  const struct report_part *part = r->o.part;
  bool names = strcmp(part->order, "name") == 0;
  if (keep_matching(t, r->o.symbol, e)) return -1;
  if (names && sort_by_name(t, e)) return -1;
  // Values are the largest first unless asked otherwise, names the other way round.
  if (part->ascending) turn_around(&t->nodes.shown);
  return 0;
}

// A row in each of the columns.
struct columns {
  struct buf name, flat, cum, inlined, function;
  bool placed;  // names hold more than the function's
};

static void add_row(struct columns *c, struct top_rows *t, uint32_t node, bool first) {
  const struct node *at = &t->nodes.graph.node[node];
  struct str name = graph_name(&t->nodes.graph, node);
  if (!first) {
    buf_adds(&c->name, ",\n");
    buf_addc(&c->flat, ',');
    buf_addc(&c->cum, ',');
    buf_addc(&c->inlined, ',');
    if (c->placed) buf_adds(&c->function, ",\n");
  }
  c->name.failed |= !name.p;
  page_json(&c->name, name.p ? name : STR_LIT(""), LONGEST_NAME);
  buf_i64(&c->flat, node_flat(at));
  buf_i64(&c->cum, node_cum(at));
  buf_i64(&c->inlined, t->inlining[node]);
  if (!c->placed) return;
  struct str function = strings_at(&t->nodes.graph.strings, at->info.name);
  page_json(&c->function, function.n ? function : name, LONGEST_NAME);
}

static void write_column(struct buf *out, const char *name, struct buf *cells) {
  buf_addf(out, ",\n\"%s\":[", name);
  buf_str(out, buf_view(cells));
  buf_addc(out, ']');
  out->failed |= cells->failed;
  buf_release(cells);
}

static void write_rows(struct top_rows *t, const struct report *r, uint32_t from, struct buf *out) {
  struct selection *s = &t->nodes.shown;
  const struct graph_shape *shape = &t->nodes.graph.shape;
  struct columns c = {.placed = shape->function && (shape->file || shape->line || shape->address)};
  uint32_t most = r->o.part->limit < MOST_ROWS ? r->o.part->limit : MOST_ROWS;
  for (uint32_t i = from; i < s->n && i - from < most && c.name.n + c.function.n < MOST_BYTES; i++)
    add_row(&c, t, s->node[i], i == from);
  write_column(out, "name", &c.name);
  write_column(out, "flat", &c.flat);
  write_column(out, "cum", &c.cum);
  write_column(out, "inline", &c.inlined);
  if (c.placed) write_column(out, "function", &c.function);
}

static void write_part(struct top_rows *t, const struct report *r, uint32_t nodes, struct buf *out) {
  struct selection *s = &t->nodes.shown;
  uint32_t from = r->o.part->offset < s->n ? r->o.part->offset : s->n;
  int64_t before = 0;
  for (uint32_t i = 0; i < from; i++) before = wrap_add(before, node_flat(&t->nodes.graph.node[s->node[i]]));
  buf_adds(out, "{\"total\":");
  buf_i64(out, r->total);
  page_units(out, r);
  buf_addf(out, ",\n\"nodes\":%" PRIu32 ",\"count\":%" PRIu32 ",\"offset\":%" PRIu32 ",\"before\":", nodes, s->n, from);
  buf_i64(out, before);
  write_rows(t, r, from, out);
  buf_adds(out, "}\n");
}

// By the places alone, which is enough for a table and takes no walk over the samples.
static void judge_places(struct top_rows *t) {
  enum { INLINED = 1, CALLED = 2 };
  static const enum inlining of[] = {
      [0] = INLINED_NEVER, [INLINED] = INLINED_ALWAYS, [CALLED] = INLINED_NEVER, [INLINED | CALLED] = INLINED_PARTLY};
  const struct graph *g = &t->nodes.graph;
  for (uint32_t l = 0; l < g->view->places->n_locations; l++)
    for (uint32_t i = g->first_slot[l]; i < g->first_slot[l + 1]; i++)
      t->inlining[g->slot[i]] |= i + 1 < g->first_slot[l + 1] ? INLINED : CALLED;
  for (uint32_t i = 0; i < g->n_nodes; i++) t->inlining[i] = of[t->inlining[i]];
}

static int init(struct top_rows *t, const struct report *r, struct err *e) {
  *t = (struct top_rows){.next = 0};
  if (report_nodes_init(&t->nodes, r, e)) return -1;
  t->inlining = calloc((size_t)t->nodes.graph.n_nodes + 1, sizeof *t->inlining);
  if (!t->inlining) return err_nomem(e);
  judge_places(t);
  return 0;
}

int report_top_part(const struct report *r, struct buf *out, struct err *e) {
  struct report by = *r;
  struct top_rows rows;
  by.o.by_cum = strcmp(r->o.part->order, "cum") == 0;
  int result = init(&rows, &by, e);
  uint32_t nodes = result ? 0 : rows.nodes.shown.n;
  if (!result) result = put_in_order(&rows, &by, e);
  if (!result) {
    write_part(&rows, &by, nodes, out);
    if (out->failed) result = err_nomem(e);
  }
  top_rows_release(&rows);
  return result;
}
