// From a report's options to its nodes.
#include "measure/measure.h"
#include "report/internal.h"

struct graph_shape report_shape(const struct report_options *o) {
  struct graph_shape s = {0};
  enum granularity g = o->granularity;
  s.function = g != BY_FILES;
  s.file = g == BY_FILEFUNCTIONS || g == BY_FILES || g == BY_LINES || g == BY_ADDRESSES;
  s.line = g == BY_LINES || g == BY_ADDRESSES;
  s.address = g == BY_ADDRESSES;
  // At address granularity nothing is taken away, columns included, unless inlined calls are folded.
  s.column = s.line && (o->columns || (g == BY_ADDRESSES && !o->no_inlines));
  return s;
}

// The unit that the smallest value shown asks for, unless that is less than a hundredth of the total in another unit;
// `exact` where values are written as whole numbers.
static struct str minimum_unit(const struct report *r, const struct report_nodes *n, bool exact) {
  const struct report_options *o = &r->o;
  struct str smallest_unit, largest_unit, minimum = STR_LIT("minimum");
  int64_t smallest = 0, largest = r->total;
  for (uint32_t i = 0; i < n->shown.n; i++) {
    const struct node *node = &n->graph.node[n->shown.node[i]];
    int64_t value = wrap_abs(node_flat(node));
    if (value == 0) value = wrap_abs(node_cum(node));
    if (value > 0 && (smallest == 0 || value < smallest)) smallest = value;
  }
  if (smallest == 0) smallest = largest;
  if (o->ratio > 0 && o->ratio != 1) {
    smallest = int64_from_double((double)smallest * o->ratio);
    largest = int64_from_double((double)largest * o->ratio);
  }
  measure_scale(smallest, o->sample_unit, minimum, &smallest_unit);
  measure_scale(largest, o->sample_unit, minimum, &largest_unit);
  if (!exact && !str_eq(smallest_unit, largest_unit) && wrap_mul(smallest, 100) < largest)
    measure_scale(wrap_mul(smallest, 100), o->sample_unit, minimum, &smallest_unit);
  return smallest_unit.n ? smallest_unit : o->sample_unit;
}

static void choose_unit(struct report_nodes *n, const struct report *r, bool exact) {
  if (str_eq(r->o.output_unit, STR_LIT("minimum")) && n->shown.n) n->unit = minimum_unit(r, n, exact);
}

void report_choose_unit(struct report_nodes *n, const struct report *r) { choose_unit(n, r, false); }
void report_choose_exact_unit(struct report_nodes *n, const struct report *r) { choose_unit(n, r, true); }

int report_nodes_init(struct report_nodes *n, const struct report *r, struct err *e) {
  const struct report_options *o = &r->o;
  struct selection_options s = {.drop_negative = o->drop_negative,
                                .by_cum = o->by_cum,
                                .node_fraction = o->node_fraction,
                                .node_count = o->node_count};
  *n = (struct report_nodes){.unit = o->output_unit};
  if (graph_init(&n->graph, r->view, report_shape(o), &o->paths, e)) return -1;
  if (graph_weigh(&n->graph, o->column, o->mean, r->weights, e)) return -1;
  if (graph_select(&n->graph, &s, &n->shown, e)) return -1;
  report_choose_unit(n, r);
  return 0;
}

int report_nodes_connect(struct report_nodes *n, const struct report *r, const uint8_t *callees, const uint8_t *either,
                         uint32_t *dropped, struct err *e) {
  struct calls_wanted wanted = {n->shown.linked, callees, either};
  if (graph_connect(&n->graph, r->o.column, r->o.mean, &wanted, e)) return -1;
  int64_t cutoff = graph_cutoff(n->shown.flat_total, r->o.edge_fraction);
  uint32_t light = graph_trim_edges(&n->graph, n->shown.chosen, cutoff);
  if (dropped) *dropped = light;
  return 0;
}

void report_nodes_release(struct report_nodes *n) {
  graph_release(&n->graph);
  selection_release(&n->shown);
}
