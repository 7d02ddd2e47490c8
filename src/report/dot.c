// dot: the graph of calls in Graphviz's language.
#include <inttypes.h>
#include <stdlib.h>

#include "report/picture.h"

struct dot {
  const struct report *r;
  struct picture p;
  struct str title;   // the name of the main binary, if known
  uint32_t *id;       // a node: its number in the picture, 0 for nodes that are not shown
  uint8_t *has_tags;  // a node
  struct buf *out;
};

static void legend(struct dot *d) {
  struct buf labels = {0};
  struct report full = *d->r;
  full.o.compact_labels = false;
  report_header(&full, &d->p.nodes, d->p.dropped_edges, &labels);
  buf_adds(&labels, "\nSee https://git.io/JfYMW for how to read the graph");
  struct str all = buf_view(&labels), first = {all.p, report_first_entry(&full, &labels)};
  if (first.n == 0)
    while (first.n < all.n && all.p[first.n] != '\n') first.n++;
  if (first.n > all.n) first.n = all.n;  // memory ran out
  buf_adds(d->out, "subgraph cluster_L { \"");
  dot_escape(d->out, first);
  buf_adds(d->out, "\" [shape=box fontsize=16 label=\"");
  dot_escape(d->out, all);
  buf_adds(d->out, "\\l\"");
  if (d->title.n) {
    buf_adds(d->out, " tooltip=\"");
    dot_plain(d->r, d->out, d->title);
    buf_addc(d->out, '"');
  }
  buf_adds(d->out, "] }\n");
  d->out->failed |= labels.failed;
  buf_release(&labels);
}

static void edge_names(struct dot *d, const struct edge *e, struct str weight) {
  struct graph *g = &d->p.nodes.graph;
  buf_addc(d->out, '"');
  dot_escape(d->out, graph_name(g, e->from));
  buf_adds(d->out, e->residual ? " ... " : " -> ");
  dot_escape(d->out, graph_name(g, e->to));
  buf_addf(d->out, " (%.*s)\"", STR_ARG(weight));
}

// 1 + |weight * parts / total|, at most parts + 1.
static int64_t thickness(int64_t weight, int64_t total, int64_t parts) {
  int64_t n = wrap_abs(wrap_div(wrap_mul(weight, parts), total));
  return 1 + (n < parts ? n : parts);
}

static void edge_style(struct dot *d, int64_t weight) {
  int64_t total = d->r->total;
  if (total == 0) return;
  int64_t pull = thickness(weight, total, 100), width = thickness(weight, total, 5);
  if (pull > 1) buf_addf(d->out, " weight=%" PRId64, pull);
  if (width > 1) buf_addf(d->out, " penwidth=%" PRId64, width);
  buf_adds(d->out, " color=\"");
  dot_color(d->out, weight, total, false);
  buf_addc(d->out, '"');
}

static void edge(struct dot *d, const struct edge *e) {
  struct buf weight = {0};
  report_value(d->r, d->p.nodes.unit, &weight, edge_weight(e));
  buf_addf(d->out, "N%u -> N%u [label=\" %.*s%s\"", d->id[e->from], d->id[e->to], STR_ARG(buf_view(&weight)),
           e->inlined ? "\\n (inline)" : "");
  edge_style(d, edge_weight(e));
  buf_adds(d->out, " tooltip=");
  edge_names(d, e, buf_view(&weight));
  buf_adds(d->out, " labeltooltip=");
  edge_names(d, e, buf_view(&weight));
  if (e->residual) buf_adds(d->out, " style=\"dotted\"");
  if (d->has_tags[e->from]) buf_adds(d->out, " minlen=2");
  buf_adds(d->out, "]\n");
  d->out->failed |= weight.failed;
  buf_release(&weight);
}

static void nodes(struct dot *d) {
  const struct selection *s = &d->p.nodes.shown;
  int64_t max_flat = 0;
  for (uint32_t i = 0; i < s->n; i++) {
    int64_t flat = wrap_abs(node_flat(&d->p.nodes.graph.node[s->node[i]]));
    if (flat > max_flat) max_flat = flat;
    d->id[s->node[i]] = i + 1;
  }
  for (uint32_t i = 0; i < s->n; i++) {
    dot_node(d->r, &d->p, s->node[i], i + 1, max_flat, d->out);
    d->has_tags[s->node[i]] = dot_node_tags(d->r, &d->p, s->node[i], i + 1, d->out);
  }
}

static void edges(struct dot *d) {
  const struct graph *g = &d->p.nodes.graph;
  for (uint32_t i = 0; i < d->p.calls.n; i++) {
    const struct edge *e = &g->edge[d->p.calls.order[i]];
    if (d->id[e->from]) edge(d, e);
  }
}

static void draw(struct dot *d) {
  buf_adds(d->out, "digraph \"");
  if (d->title.n) dot_plain(d->r, d->out, d->title);
  else buf_adds(d->out, "unnamed");
  buf_adds(d->out, "\" {\nnode [style=filled fillcolor=\"#f8f8f8\"]\n");
  legend(d);
  nodes(d);
  edges(d);
  buf_adds(d->out, "}\n");
}

int report_dot(const struct report *r, struct buf *out, struct err *e) {
  struct buf text = {0};
  struct dot d = {.r = r, .out = &text, .title = {"", 0}};
  const struct mapping *main = r->view->places->n_mappings ? r->view->places->mapping : NULL;
  if (main && main->file) d.title = path_base(view_str(r->view, main->file));
  int result = picture_init(&d.p, r, e);
  d.id = calloc((size_t)d.p.nodes.graph.n_nodes + 1, sizeof *d.id);
  d.has_tags = calloc((size_t)d.p.nodes.graph.n_nodes + 1, 1);
  if (!result && (!d.id || !d.has_tags)) result = err_nomem(e);
  if (!result) {
    draw(&d);
    dot_make_drawable(out, buf_view(&text));
    if (text.failed || out->failed || d.p.nodes.graph.names_failed) result = err_nomem(e);
  }
  picture_release(&d.p);
  buf_release(&text);
  free(d.id);
  free(d.has_tags);
  return result;
}
