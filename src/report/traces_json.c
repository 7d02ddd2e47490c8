// traces as JSON.
#include "report/rows.h"

// Labels of one key, n of them.
static void write_label(struct json *j, const struct report *r, const struct label *l, uint32_t n) {
  json_open_object(j, NULL);
  json_str(j, "key", view_str(r->view, l->key));
  if (l->numeric) json_str(j, "unit", label_unit(r->units, l->key));
  json_open_array(j, l->numeric ? "numbers" : "texts");
  for (uint32_t i = 0; i < n; i++) {
    if (l[i].numeric) json_i64(j, NULL, l[i].number);
    else json_str(j, NULL, view_str(r->view, l[i].text));
  }
  json_close(j);
  json_close(j);
}

static void write_labels(struct json *j, const struct report *r, uint32_t sample) {
  const struct profile *p = r->view->profile;
  uint32_t n;
  const struct label *l = profile_labels(p, profile_label_set(p, sample), &n);
  json_open_array(j, "labels");
  for (uint32_t i = 0, end; i < n; i = end) {
    end = report_key_end(l, n, i);
    if (view_shows(r->view, &l[i])) write_label(j, r, &l[i], end - i);
  }
  json_close(j);
}

static void write_frames(struct json *j, struct graph *g, const uint32_t *stack, uint32_t depth) {
  json_open_array(j, "frames");
  for (uint32_t i = 0; i < depth; i++) {
    uint32_t end = g->first_slot[stack[i] + 1];
    for (uint32_t k = g->first_slot[stack[i]]; k < end; k++) {
      struct str name = graph_name(g, g->slot[k]);
      j->out->failed |= !name.p;
      json_open_object(j, NULL);
      json_str(j, "name", name);
      json_bool(j, "inline", k + 1 < end);
      report_json_place(j, g, g->slot[k]);
      json_close(j);
    }
  }
  json_close(j);
}

static void write_sample(struct json *j, const struct report *r, struct graph *g, uint32_t sample) {
  const int64_t *values = profile_values(r->view->profile, sample);
  int64_t value = values[r->o.column], div = r->o.mean ? values[0] : 0;
  uint32_t depth;
  const uint32_t *stack = view_stack(r->view, sample, &depth);
  if (depth == 0) return;  // as in the text
  json_open_object(j, NULL);
  report_json_value(j, r, "value", div ? wrap_div(value, div) : value);
  write_labels(j, r, sample);
  write_frames(j, g, stack, depth);
  json_close(j);
}

int report_traces_json(const struct report *r, struct buf *out, struct err *e) {
  struct json j = {.out = out};
  struct graph g;
  int result = graph_init(&g, r->view, report_shape(&r->o), NULL, e);
  if (!result) {
    report_json_header(&j, r, "cprof.traces/1");
    json_open_array(&j, "rows");
    for (uint32_t s = 0; s < r->view->profile->n_samples; s++)
      if (view_has(r->view, s)) write_sample(&j, r, &g, s);
    json_close(&j);
    json_close(&j);
    if (out->failed) result = err_nomem(e);
  }
  graph_release(&g);
  return result;
}
