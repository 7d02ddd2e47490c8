// callgrind: the graph of calls for KCachegrind. Names are written once and referred to by number; addresses relative
// to the node before where that is shorter.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure/measure.h"
#include "report/internal.h"

// Numbers of the names of one kind, in the order of their first use.
struct name_numbers {
  struct strings known;
};

struct callgrind {
  const struct report *r;
  struct report_nodes n;
  struct graph base;  // of call trees
  struct adjacency calls;
  struct name_numbers objects, files, functions;
  uint32_t *group;       // a node: which of the functions of its name and file it belongs to, from 1
  uint32_t *group_size;  // a node: how many there are
  const struct node_info *before;
  struct buf *out;
};

// "(3) name" the first time, then "(3)". String 0 of the pool is the empty one, so numbers start at 1.
static void write_name(struct buf *out, struct name_numbers *t, struct str name) {
  if (name.n == 0) return;
  uint32_t had = t->known.n, number = strings_add(&t->known, name);
  if (number == STRINGS_NONE) out->failed = true;
  buf_addf(out, "(%" PRIu32 ")", number);
  if (number == had) {
    buf_addc(out, ' ');
    buf_str(out, name);
  }
}

static void write_address(const struct callgrind *c, uint64_t address) {
  char absolute[24], relative[24];
  int n = snprintf(absolute, sizeof absolute, "0x%" PRIx64, address);
  if (c->before && c->before->address == address) {
    buf_addc(c->out, '*');
    return;
  }
  bool shorter = false;
  if (c->before)
    shorter = snprintf(relative, sizeof relative, "%+" PRId64, (int64_t)(address - c->before->address)) < n;
  buf_adds(c->out, shorter ? relative : absolute);
}

static struct str text(const struct callgrind *c, uint32_t number) { return strings_at(&c->n.graph.strings, number); }

static int64_t scaled(const struct callgrind *c, int64_t v) {
  struct str unit;
  return int64_from_double(measure_scale(v, c->r->o.sample_unit, c->n.unit, &unit));
}

// ---- functions of the same name -----------------------------------------------------------------

struct family {
  uint32_t name, file;  // what callgrind tells functions by
  uint32_t members;
};

struct member {
  uint32_t family, number;
  uint32_t object, parent;
  int64_t start_line, column;
};

struct grouping {
  struct family *family;
  struct member *member;
  size_t n_families, n_members, family_cap, member_cap;
  struct index families, members;
};

static uint32_t find_family(struct grouping *g, const struct node_info *info) {
  uint64_t hash = hash_u64((uint64_t)info->name << 32 | info->file);
  size_t at = 0;
  for (uint32_t i = index_first(&g->families, hash, &at); i != MAP_NONE; i = index_next(&g->families, hash, &at))
    if (g->family[i].name == info->name && g->family[i].file == info->file) return i;
  uint32_t i = (uint32_t)g->n_families;
  if (ARRAY_RESERVE(g->family, g->family_cap, g->n_families + 1) || index_add(&g->families, hash, i)) return NONE;
  g->family[g->n_families++] = (struct family){info->name, info->file, 0};
  return i;
}

// Nodes are of one function when they share name, file, binary, first line and, in a tree, the caller.
static uint32_t find_member(struct grouping *g, const struct node_info *info, uint32_t parent) {
  uint32_t family = find_family(g, info);
  if (family == NONE) return NONE;
  // As in the reference, a frame that has neither address nor line is a function of its own in each column.
  bool is_placeless = info->address == 0 && info->line == 0;
  struct member m = {family, 0, info->object, parent, info->start_line, is_placeless ? info->column : 0};
  uint64_t key[4] = {(uint64_t)family << 32 | m.object, m.parent, (uint64_t)m.start_line, (uint64_t)m.column};
  uint64_t hash = hash_bytes(key, sizeof key, 0);
  size_t at = 0;
  for (uint32_t i = index_first(&g->members, hash, &at); i != MAP_NONE; i = index_next(&g->members, hash, &at)) {
    const struct member *have = &g->member[i];
    if (have->family == family && have->object == m.object && have->parent == parent &&
        have->start_line == m.start_line && have->column == m.column)
      return i;
  }
  uint32_t i = (uint32_t)g->n_members;
  if (ARRAY_RESERVE(g->member, g->member_cap, g->n_members + 1) || index_add(&g->members, hash, i)) return NONE;
  m.number = ++g->family[family].members;
  g->member[g->n_members++] = m;
  return i;
}

static int group_functions(struct callgrind *c) {
  const struct graph *graph = &c->n.graph;
  const struct selection *s = &c->n.shown;
  struct grouping g = {0};
  int result = 0;
  c->group = calloc((size_t)graph->n_nodes + 1, sizeof *c->group);
  c->group_size = calloc((size_t)graph->n_nodes + 1, sizeof *c->group_size);
  if (!c->group || !c->group_size) result = -1;
  for (uint32_t i = 0; i < s->n && !result; i++) {
    uint32_t node = s->node[i], parent = graph->parent ? graph->parent[node] : NONE;
    uint32_t member = find_member(&g, &graph->node[node].info, parent);
    if (member == NONE) result = -1;
    else c->group[node] = member;
  }
  for (uint32_t i = 0; i < s->n && !result; i++) {
    const struct member *m = &g.member[c->group[s->node[i]]];
    c->group[s->node[i]] = m->number;
    c->group_size[s->node[i]] = g.family[m->family].members;
  }
  free(g.family);
  free(g.member);
  index_release(&g.families);
  index_release(&g.members);
  return result;
}

// ---- writing ------------------------------------------------------------------------------------

static void write_callee_name(struct callgrind *c, uint32_t node) {
  struct buf name = {0};
  // Nodes that are linked but not shown have no name in the reference either.
  if (c->group_size[node]) buf_str(&name, text(c, c->n.graph.node[node].info.name));
  if (c->group_size[node] > 1) buf_addf(&name, " [%" PRIu32 "/%" PRIu32 "]", c->group[node], c->group_size[node]);
  write_name(c->out, &c->functions, buf_view(&name));
  c->out->failed |= name.failed;
  buf_release(&name);
}

static void write_call(struct callgrind *c, const struct edge *e) {
  const struct node_info *to = &c->n.graph.node[e->to].info;
  buf_adds(c->out, "cfl=");
  write_name(c->out, &c->files, text(c, to->file));
  buf_adds(c->out, "\ncfn=");
  write_callee_name(c, e->to);
  buf_adds(c->out, "\ncalls=0 ");
  write_address(c, to->address);
  buf_addf(c->out, " %" PRId64 "\n* * %" PRId64 "\n", to->line, scaled(c, e->weight));
}

static void write_node(struct callgrind *c, uint32_t node) {
  const struct node *n = &c->n.graph.node[node];
  const struct node_info *at = &n->info, *before = c->before;
  if (!before || before->object != at->object || before->file != at->file || before->name != at->name) {
    buf_adds(c->out, "\nob=");
    write_name(c->out, &c->objects, text(c, at->object));
    buf_adds(c->out, "\nfl=");
    write_name(c->out, &c->files, text(c, at->file));
    buf_adds(c->out, "\nfn=");
    write_name(c->out, &c->functions, text(c, at->name));
    buf_addc(c->out, '\n');
  }
  write_address(c, at->address);
  buf_addf(c->out, " %" PRId64 " %" PRId64 "\n", at->line, scaled(c, node_flat(n)));
  for (uint32_t i = c->calls.first_out[node]; i < c->calls.first_out[node + 1]; i++)
    write_call(c, &c->n.graph.edge[c->calls.out[i]]);
  c->before = at;
}

static int make_graph(struct callgrind *c, const struct report *r, struct err *e) {
  struct graph_shape shape = report_shape(&r->o);
  struct selection_options o = {.drop_negative = r->o.drop_negative, .by_cum = r->o.by_cum};
  struct graph *g = &c->n.graph;
  shape.object = true;
  if (graph_init(r->o.call_tree ? &c->base : g, r->view, shape, &r->o.paths, e)) return -1;
  if (r->o.call_tree ? graph_unfold(g, &c->base, r->o.column, r->o.mean, e)
                     : graph_weigh(g, r->o.column, r->o.mean, r->weights, e))
    return -1;
  if (graph_select(g, &o, &c->n.shown, e)) return -1;
  struct calls_wanted wanted = {.linked = c->n.shown.linked};
  if (!r->o.call_tree && graph_connect(g, r->o.column, r->o.mean, &wanted, e)) return -1;
  // Of no weight at all but the smallest int64, whose magnitude stays negative in the reference.
  graph_trim_edges(g, c->n.shown.chosen, 0);
  c->n.unit = r->o.output_unit;
  report_choose_exact_unit(&c->n, r);
  return adjacency_init(&c->calls, g, e);
}

static int init_names(struct callgrind *c) {
  return strings_init(&c->objects.known, NULL) || strings_init(&c->files.known, NULL) ||
                 strings_init(&c->functions.known, NULL)
             ? -1
             : 0;
}

int report_callgrind(const struct report *r, struct buf *out, struct err *e) {
  struct callgrind c = {.r = r, .out = out};
  int result = make_graph(&c, r, e);
  if (!result && (init_names(&c) || group_functions(&c))) result = err_nomem(e);
  if (!result) {
    buf_addf(out, "positions: instr line\nevents: %s%.*s(%.*s)\n", r->o.mean ? "mean_" : "", STR_ARG(r->o.sample_type),
             STR_ARG(c.n.unit));
    for (uint32_t i = 0; i < c.n.shown.n; i++) write_node(&c, c.n.shown.node[i]);
    if (out->failed) result = err_nomem(e);
  }
  strings_release(&c.objects.known);
  strings_release(&c.files.known);
  strings_release(&c.functions.known);
  free(c.group);
  free(c.group_size);
  adjacency_release(&c.calls);
  report_nodes_release(&c.n);
  graph_release(&c.base);
  return result;
}
