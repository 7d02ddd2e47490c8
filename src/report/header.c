// The lines above a report.
#include <inttypes.h>

#include "measure/measure.h"
#include "report/internal.h"

static void line(struct buf *out, const char *label, struct str text) {
  buf_adds(out, label);
  buf_str(out, text);
  buf_addc(out, '\n');
}

static void duration_line(const struct report *r, struct str unit, struct buf *out) {
  const struct profile *p = r->view->profile;
  struct str total_unit, nanoseconds = STR_LIT("nanoseconds");
  double total = measure_scale(r->total, r->o.sample_unit, nanoseconds, &total_unit);
  buf_adds(out, "Duration: ");
  measure_label(out, p->duration_nanos, nanoseconds, STR_LIT("auto"));
  buf_adds(out, ", Total samples = ");
  report_value(r, unit, out, r->total);
  buf_addc(out, ' ');
  if (str_eq(total_unit, STR_LIT("ns")) && total != 0) {
    buf_addc(out, '(');
    measure_percentage(out, int64_from_double(total), p->duration_nanos);
    buf_addc(out, ')');
  }
  buf_addc(out, '\n');
}

void report_profile_header(const struct report *r, struct str unit, struct buf *out) {
  const struct view *v = r->view;
  const struct profile *p = v->profile;
  if (v->places->n_mappings) {
    const struct mapping *main = &v->places->mapping[0];
    if (main->file) line(out, "File: ", path_base(view_str(v, main->file)));
    if (main->build_id) line(out, "Build ID: ", view_str(v, main->build_id));
  }
  for (uint32_t i = 0; i < p->n_comments; i++) {
    struct str comment = profile_str(p, p->comment[i]);
    if (!str_starts(comment, STR_LIT("#"))) line(out, "", comment);
  }
  if (r->o.sample_type.n) line(out, r->o.mean ? "Type: mean_" : "Type: ", r->o.sample_type);
  else if (r->o.mean) line(out, "Type: mean_", STR_LIT(""));
  if (p->doc_url) line(out, "Doc: ", profile_str(p, p->doc_url));
  if (p->time_nanos) {
    buf_adds(out, "Time: ");
    go_time_of_day(out, p->time_nanos);
    buf_addc(out, '\n');
  }
  if (p->duration_nanos) duration_line(r, unit, out);
}

size_t report_first_entry(const struct report *r, struct buf *out) {
  struct buf all = {0};
  const struct profile *p = r->view->profile;
  const struct mapping *main = r->view->places->n_mappings ? r->view->places->mapping : NULL;
  size_t n = 0;
  if (main && main->file) return strlen("File: ") + path_base(view_str(r->view, main->file)).n;
  if (main && main->build_id) return strlen("Build ID: ") + view_str(r->view, main->build_id).n;
  for (uint32_t i = 0; i < p->n_comments; i++) {
    struct str comment = profile_str(p, p->comment[i]);
    if (!str_starts(comment, STR_LIT("#"))) return comment.n;
  }
  report_profile_header(r, r->o.output_unit, &all);
  while (n < all.n && all.data[n] != '\n') n++;
  out->failed |= all.failed;
  buf_release(&all);
  return n;
}

enum { LONGEST_FILTER = 80 };

static void active_filters(const struct report_options *o, struct buf *out) {
  if (o->n_active_filters) buf_adds(out, "Active filters:\n");
  for (size_t i = 0; i < o->n_active_filters; i++) {
    struct str filter = o->active_filters[i];
    bool cut = filter.n > LONGEST_FILTER;
    if (cut) filter.n = LONGEST_FILTER;
    buf_adds(out, "   ");
    buf_str(out, filter);
    buf_adds(out, cut ? "…\n" : "\n");
  }
}

static void dropped_line(const struct report *r, struct str unit, uint32_t n, const char *what, const char *measure,
                         double fraction, struct buf *out) {
  if (n == 0) return;
  buf_addf(out, "Dropped %" PRIu32 " %s%s (%s <= ", n, what, n > 1 ? "s" : "", measure);
  report_value(r, unit, out, graph_cutoff(r->total, fraction));
  buf_adds(out, ")\n");
}

static int64_t shown_total(const struct report_nodes *n) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < n->shown.n; i++) sum = wrap_add(sum, node_flat(&n->graph.node[n->shown.node[i]]));
  return sum;
}

void report_header(const struct report *r, const struct report_nodes *n, uint32_t dropped_edges, struct buf *out) {
  struct buf share = {0};
  int64_t shown = shown_total(n);
  if (!r->o.compact_labels) report_profile_header(r, n->unit, out);
  active_filters(&r->o, out);
  buf_adds(out, "Showing nodes accounting for ");
  report_value(r, n->unit, out, shown);
  report_share(r, &share, shown);
  buf_adds(out, ", ");
  buf_str(out, str_trim_space(buf_view(&share)));
  buf_adds(out, " of ");
  report_value(r, n->unit, out, r->total);
  buf_adds(out, " total\n");
  if (r->total != 0) {
    dropped_line(r, n->unit, n->shown.n_dropped, "node", "cum", r->o.node_fraction, out);
    dropped_line(r, n->unit, dropped_edges, "edge", "freq", r->o.edge_fraction, out);
    if (n->shown.n && n->shown.n < n->shown.n_significant)
      buf_addf(out, "Showing top %" PRIu32 " nodes out of %" PRIu32 "\n", n->shown.n, n->shown.n_significant);
  }
  out->failed |= share.failed;
  buf_release(&share);
}
