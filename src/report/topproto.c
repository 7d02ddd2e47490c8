// topproto: the rows of top as a profile, one sample a row with its cum and flat.
#include "base/gzip.h"
#include "measure/measure.h"
#include "report/internal.h"

struct rows {
  const struct report *r;
  struct report_nodes nodes;
  struct profile *p;
  struct index functions;
};

// The function a node stands for, a new one if there is none yet. NONE when memory ran out.
static uint32_t find_function(struct rows *t, const struct node_info *info) {
  const struct graph *g = &t->nodes.graph;
  struct function f = {.name = profile_add_string(t->p, strings_at(&g->strings, info->name)),
                       .filename = profile_add_string(t->p, strings_at(&g->strings, info->file)),
                       .start_line = info->start_line};
  if (f.name == NONE || f.filename == NONE) return NONE;
  return profile_share_function(t->p, &t->functions, &f);
}

static int64_t in_unit(const struct rows *t, int64_t value) {
  struct str unit;
  return int64_from_double(measure_scale(value, t->r->o.sample_unit, t->nodes.unit, &unit));
}

static int add_row(struct rows *t, uint32_t row) {
  const struct node *n = &t->nodes.graph.node[t->nodes.shown.node[row]];
  struct line line = {n->info.line, n->info.column, find_function(t, &n->info)};
  struct location l = {.id = (uint64_t)row + 1, .address = n->info.address, .mapping = NONE, .n_lines = 1};
  int64_t values[2] = {in_unit(t, node_cum(n)), in_unit(t, node_flat(n))};
  if (line.function == NONE) return -1;
  uint32_t location = profile_add_location(t->p, &l, &line);
  return location == NONE ? -1 : profile_add_sample(t->p, &location, 1, values, NONE);
}

static int add_header(struct rows *t) {
  const struct profile *from = t->r->view->profile;
  struct profile *p = t->p;
  p->time_nanos = from->time_nanos;
  p->duration_nanos = from->duration_nanos;
  p->period = from->period;
  p->period_type.type = profile_add_string(p, profile_str(from, from->period_type.type));
  p->period_type.unit = profile_add_string(p, profile_str(from, from->period_type.unit));
  bool ok = p->period_type.type != NONE && p->period_type.unit != NONE &&
            profile_add_sample_type(p, STR_LIT("cum"), t->nodes.unit) != NONE &&
            profile_add_sample_type(p, STR_LIT("flat"), t->nodes.unit) != NONE;
  return ok ? 0 : -1;
}

static int write_rows(struct rows *t, struct buf *out, struct err *e) {
  struct view whole;
  struct report plain = {.view = &whole, .o.ratio = 1};
  if (view_init(&whole, t->p, e)) return -1;
  int result = report_proto(&plain, out, e);
  view_release(&whole);
  return result;
}

int report_topproto(const struct report *r, struct buf *out, struct err *e) {
  struct rows t = {.r = r};
  int result = report_nodes_init(&t.nodes, r, e);
  if (!result) {
    t.p = profile_new(e);
    result = t.p ? 0 : -1;
  }
  if (!result && add_header(&t)) result = err_nomem(e);
  for (uint32_t i = 0; i < t.nodes.shown.n && !result; i++)
    if (add_row(&t, i)) result = err_nomem(e);
  if (!result) result = write_rows(&t, out, e);
  report_nodes_release(&t.nodes);
  index_release(&t.functions);
  profile_free(t.p);
  return result;
}
