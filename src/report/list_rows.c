// The nodes of list.
#include "report/list_rows.h"

#include <stdlib.h>

enum { MARGIN = 5 };

static const struct node_info *info_of(const struct list_rows *l, uint32_t i) {
  return &l->graph.node[l->node[i]].info;
}
static struct str text(const struct list_rows *l, uint32_t number) { return strings_at(&l->graph.strings, number); }

// ---- which nodes --------------------------------------------------------------------------------

static int collect(struct list_rows *l, struct err *e) {
  uint32_t last_name = NONE;
  int match = 0;
  l->node = malloc(((size_t)l->graph.n_nodes + 1) * sizeof *l->node);
  if (!l->node) return err_nomem(e);
  for (uint32_t i = 0; i < l->graph.n_nodes; i++) {
    const struct node *n = &l->graph.node[i];
    if (!node_counts(n, l->r->o.drop_negative)) continue;
    if (n->info.name != last_name) match = rx_match(l->r->o.symbol, text(l, n->info.name), e);
    last_name = n->info.name;
    if (match < 0) return -1;
    if (match) l->node[l->n++] = i;
  }
  return l->n ? 0 : err_set(e, "no function matches `%.*s`", STR_ARG(rx_pattern(l->r->o.symbol)));
}

static int by_function_and_line(const void *a, const void *b, void *arg) {
  const struct list_rows *l = arg;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  const struct node_info *p = &l->graph.node[x].info, *q = &l->graph.node[y].info;
  int order = p->name == q->name ? 0 : str_cmp(text(l, p->name), text(l, q->name));
  if (!order && p->file != q->file) order = str_cmp(text(l, p->file), text(l, q->file));
  if (!order) order = (p->line > q->line) - (p->line < q->line);
  return order ? order : (x > y) - (x < y);
}

int list_rows_init(struct list_rows *l, const struct report *r, struct err *e) {
  struct graph_shape shape = report_shape(&r->o);
  *l = (struct list_rows){.r = r};
  shape.object = true;
  if (graph_init(&l->graph, r->view, shape, &r->o.paths, e)) return -1;
  if (graph_weigh(&l->graph, r->o.column, r->o.mean, r->weights, e) || collect(l, e)) return -1;
  qsort_r(l->node, l->n, sizeof *l->node, by_function_and_line, l);
  return 0;
}

void list_rows_release(struct list_rows *l) {
  graph_release(&l->graph);
  free(l->node);
  map64_release(&l->needed);
  *l = (struct list_rows){0};
}

// ---- routines -----------------------------------------------------------------------------------

// From the function's first line, or a few lines before the first that weighs, to a few lines after the last one.
static void widen(struct list_routine *routine, const struct node_info *info, bool first) {
  int64_t start = info->start_line ? info->start_line : wrap_add(info->line, -MARGIN);
  int64_t end = wrap_add(info->line, MARGIN);
  if (first || start < routine->first) routine->first = start;
  if (first || end > routine->last) routine->last = end;
}

static void take_routine(struct list_rows *l, struct list_routine *routine) {
  const struct node_info *first = info_of(l, l->next);
  l->line_node = l->next;
  *routine = (struct list_routine){.name = text(l, first->name), .file = text(l, first->file)};
  for (; l->next < l->n; l->next++) {
    const struct node *n = &l->graph.node[l->node[l->next]];
    if (n->info.name != first->name || n->info.file != first->file) break;
    routine->flat = wrap_add(routine->flat, n->flat);
    routine->cum = wrap_add(routine->cum, n->cum);
    widen(routine, &n->info, &n->info == first);
  }
  if (routine->first < 1) routine->first = 1;
  l->line = routine->first;
  l->last = routine->last;
}

int list_rows_next(struct list_rows *l, struct list_routine *routine, struct err *e) {
  if (l->next == l->n) return 0;
  uint32_t name = info_of(l, l->next)->name;
  take_routine(l, routine);
  // Nodes without a file come first; they are passed over where others of the function have one.
  bool more = l->next < l->n && info_of(l, l->next)->name == name;
  if (routine->file.n == 0 && more) take_routine(l, routine);
  uint32_t file = info_of(l, l->line_node)->file;
  if (routine->first <= routine->last && map64_put(&l->needed, file, 1)) return err_nomem(e);
  routine->file_needed = map64_get(&l->needed, file) != MAP_NONE;
  return 1;
}

bool list_lines_next(struct list_rows *l, const struct source_text *source, struct list_line *line) {
  if (l->line > l->last || l->line < 1 || (uint64_t)l->line > source->n) return false;
  *line = (struct list_line){.number = l->line, .text = source->line[l->line - 1]};
  for (; l->line_node < l->next && info_of(l, l->line_node)->line <= l->line; l->line_node++) {
    const struct node *n = &l->graph.node[l->node[l->line_node]];
    if (n->info.line < l->line) continue;
    line->flat = wrap_add(line->flat, n->flat);
    line->cum = wrap_add(line->cum, n->cum);
  }
  l->line++;
  return true;
}
