// What the JSON reports have in common.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "report/rows.h"

static const char *granularity_name(enum granularity g) {
  switch (g) {
    case BY_FILEFUNCTIONS: return "filefunctions";
    case BY_FILES: return "files";
    case BY_LINES: return "lines";
    case BY_ADDRESSES: return "addresses";
    default: return "functions";
  }
}

static void write_profile(struct json *j, const struct report *r) {
  const struct view *v = r->view;
  const struct profile *p = v->profile;
  const struct mapping *main = v->places->n_mappings ? v->places->mapping : NULL;
  json_open_object(j, "profile");
  json_str(j, "file", main && main->file ? path_base(view_str(v, main->file)) : STR_LIT(""));
  json_str(j, "build_id", main ? view_str(v, main->build_id) : STR_LIT(""));
  json_open_array(j, "comments");
  for (uint32_t i = 0; i < p->n_comments; i++) {
    struct str comment = profile_str(p, p->comment[i]);
    if (!str_starts(comment, STR_LIT("#"))) json_str(j, NULL, comment);
  }
  json_close(j);
  json_str(j, "type", r->o.sample_type);
  json_str(j, "unit", r->o.sample_unit);
  json_bool(j, "mean", r->o.mean);
  json_str(j, "doc_url", profile_str(p, p->doc_url));
  json_i64(j, "time_nanos", p->time_nanos);
  json_i64(j, "duration_nanos", p->duration_nanos);
  json_close(j);
}

void report_json_header(struct json *j, const struct report *r, const char *schema) {
  json_open_object(j, NULL);
  json_str(j, "schema", str_of(schema));
  write_profile(j, r);
  json_str(j, "granularity", str_of(granularity_name(r->o.granularity)));
  json_open_array(j, "filters");
  for (size_t i = 0; i < r->o.n_active_filters; i++) json_str(j, NULL, r->o.active_filters[i]);
  json_close(j);
  report_json_value(j, r, "total", r->total);
}

void report_json_shown(struct json *j, const struct report *r, const struct report_nodes *n) {
  int64_t sum = 0;
  for (uint32_t i = 0; i < n->shown.n; i++) sum = wrap_add(sum, node_flat(&n->graph.node[n->shown.node[i]]));
  json_open_object(j, "shown");
  report_json_share(j, r, "value", "value_percent", sum);
  json_i64(j, "nodes", n->shown.n);
  json_i64(j, "significant_nodes", n->shown.n_significant);
  json_i64(j, "dropped_nodes", n->shown.n_dropped);
  report_json_value(j, r, "dropped_below", graph_cutoff(r->total, r->o.node_fraction));
  json_close(j);
}

void report_json_value(struct json *j, const struct report *r, const char *key, int64_t value) {
  json_i64(j, key, report_number(r, value));
}

void report_json_percent(struct json *j, const char *key, int64_t value, int64_t total) {
  json_double(j, key, total ? fabs((double)value / (double)total) * 100 : 0);
}

void report_json_share(struct json *j, const struct report *r, const char *key, const char *percent_key,
                       int64_t value) {
  report_json_value(j, r, key, value);
  report_json_percent(j, percent_key, value, r->total);
}

void report_json_place(struct json *j, const struct graph *g, uint32_t node) {
  const struct node_info *info = &g->node[node].info;
  char address[24];
  if (!info->file && !info->line && !info->address) return;
  int n = snprintf(address, sizeof address, "0x%" PRIx64, info->address);
  if (info->name) json_str(j, "function", strings_at(&g->strings, info->name));
  if (info->file) json_str(j, "file", strings_at(&g->strings, info->file));
  if (info->line) json_i64(j, "line", info->line);
  if (info->column) json_i64(j, "column", info->column);
  if (info->address) json_str(j, "address", (struct str){address, (size_t)n});
}
