// traces: every sample with its stack.
#include <stdlib.h>

#include "measure/measure.h"
#include "report/internal.h"
#include "report/texts.h"

static const char separator[] = "-----------+-------------------------------------------------------\n";

struct traces {
  const struct report *r;
  struct graph graph;
  struct texts labels;
  struct buf cell;
  struct buf *out;
};

static void label_text(struct traces *t, const struct label *l, uint32_t n) {
  struct buf *out = &t->labels.bytes;
  buf_right(out, view_str(t->r->view, l->key), 10);
  buf_adds(out, ":  ");
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_addc(out, ' ');
    if (l[i].numeric) measure_label(out, l[i].number, label_unit(t->r->units, l->key), STR_LIT("auto"));
    else buf_str(out, view_str(t->r->view, l[i].text));
  }
  buf_addc(out, '\n');
  texts_end(&t->labels);
}

static void label_lines(struct traces *t, const struct label *l, uint32_t n, bool numeric) {
  texts_clear(&t->labels);
  for (uint32_t i = 0, end; i < n; i = end) {
    end = report_key_end(l, n, i);
    if (l[i].numeric == numeric && view_shows(t->r->view, &l[i])) label_text(t, &l[i], end - i);
  }
  texts_sort(&t->labels);
  for (size_t i = 0; i < t->labels.n; i++) buf_str(t->out, t->labels.at[i]);
}

static void value_cell(struct traces *t, uint32_t sample) {
  const int64_t *values = profile_values(t->r->view->profile, sample);
  int64_t value = values[t->r->o.column], div = t->r->o.mean ? values[0] : 0;
  buf_clear(&t->cell);
  report_value(t->r, t->r->o.output_unit, &t->cell, div ? wrap_div(value, div) : value);
}

static void stack_rows(struct traces *t, const uint32_t *stack, uint32_t depth) {
  const struct graph *g = &t->graph;
  for (uint32_t i = 0; i < depth; i++) {
    uint32_t end = g->first_slot[stack[i] + 1];
    for (uint32_t k = g->first_slot[stack[i]]; k < end; k++) {
      buf_right(t->out, buf_view(&t->cell), 10);
      buf_clear(&t->cell);  // only the first row has the value
      buf_adds(t->out, "   ");
      struct str name = graph_name(&t->graph, g->slot[k]);
      t->out->failed |= !name.p;
      buf_str(t->out, name);
      buf_adds(t->out, k + 1 < end ? " (inline)\n" : "\n");
    }
  }
}

static void trace(struct traces *t, uint32_t sample) {
  const struct profile *p = t->r->view->profile;
  uint32_t depth, n;
  const uint32_t *stack = view_stack(t->r->view, sample, &depth);
  if (depth == 0) return;
  const struct label *l = profile_labels(p, profile_label_set(p, sample), &n);
  buf_adds(t->out, separator);
  if (n) label_lines(t, l, n, false);
  if (n) label_lines(t, l, n, true);
  value_cell(t, sample);
  stack_rows(t, stack, depth);
}

int report_traces(const struct report *r, struct buf *out, struct err *e) {
  struct traces t = {.r = r, .out = out};
  int result = graph_init(&t.graph, r->view, report_shape(&r->o), NULL, e);
  if (!result) {
    report_profile_header(r, r->o.output_unit, out);
    if (out->n == 0) buf_addc(out, '\n');  // an empty header is a line too
    for (uint32_t s = 0; s < r->view->profile->n_samples; s++)
      if (view_has(r->view, s)) trace(&t, s);
    buf_adds(out, separator);
    if (out->failed || t.cell.failed || t.labels.bytes.failed) result = err_nomem(e);
  }
  graph_release(&t.graph);
  texts_release(&t.labels);
  buf_release(&t.cell);
  return result;
}
