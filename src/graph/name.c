// How a node is called in reports.
#include <inttypes.h>
#include <stdlib.h>

#include "graph/graph.h"

static struct str text(const struct graph *g, uint32_t number) { return strings_at(&g->strings, number); }

static void space(struct buf *b) {
  if (b->n) buf_addc(b, ' ');
}

static void write_name(const struct graph *g, const struct node_info *info, struct buf *b) {
  if (info->address) buf_addf(b, "%016" PRIx64, info->address);
  if (info->name) {
    space(b);
    buf_str(b, text(g, info->name));
  }
  if (info->line) {
    space(b);
    buf_str(b, text(g, info->file));
    buf_addf(b, ":%" PRId64, info->line);
    if (info->column) buf_addf(b, ":%" PRId64, info->column);
  } else if (info->file) {
    space(b);
    buf_str(b, text(g, info->file));
  } else if (info->name) {
    return;
  } else if (info->object) {
    space(b);
    buf_addc(b, '[');
    buf_str(b, path_base(text(g, info->object)));
    buf_addc(b, ']');
  } else {
    space(b);
    buf_adds(b, "<unknown>");
  }
}

struct str graph_name(struct graph *g, uint32_t node) {
  struct buf b = {0};
  if (!g->printable) g->printable = calloc((size_t)g->n_nodes + 1, sizeof *g->printable);
  if (!g->printable) {
    g->names_failed = true;
    return (struct str){NULL, 0};
  }
  struct str *name = &g->printable[node];
  if (!name->p) {
    write_name(g, &g->node[node].info, &b);
    name->p = b.failed ? NULL : arena_copy(&g->names, b.data, b.n);
    name->n = name->p ? b.n : 0;
    g->names_failed |= !name->p;
    buf_release(&b);
  }
  return *name;
}
