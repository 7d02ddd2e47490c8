// The data of a flame graph: one JSON object, for the page of flame.c and for the web interface, which asks for more of it.
#include <inttypes.h>

#include "report/flame.h"

enum {
  MOST_LINES = 32,
  LONGEST_LINE = 1024,
  LONGEST_WORD = 200,
  LONGEST_NAME = FLAME_LONGEST_NAME,
  PART_MOST = 400000
};

struct writer {
  const struct report *r;
  struct flame_tree *tree;
  struct buf *out;
};

// What the page is about: the program and the sample type.
void flame_subject(const struct report *r, struct buf *text) {
  const struct view *v = r->view;
  if (v->places->n_mappings && v->places->mapping[0].file)
    buf_str(text, path_base(view_str(v, v->places->mapping[0].file)));
  if (text->n && r->o.sample_type.n) buf_adds(text, " · ");
  buf_str(text, r->o.sample_type);
  if (text->n == 0) buf_adds(text, "Profile");
}

static void member(struct writer *p, const char *name, struct str text, size_t most) {
  buf_addf(p->out, ",\n\"%s\":", name);
  page_json(p->out, text, most);
}

// ---- lines above the graph ----------------------------------------------------------------------

static void write_lines(struct writer *p, struct str text) {
  uint32_t n = 0;
  buf_adds(p->out, ",\n\"header\":[");
  while (text.n && n < MOST_LINES) {
    size_t end = str_find(text, STR_LIT("\n"));
    if (end == SIZE_MAX) end = text.n;
    if (n++) buf_addc(p->out, ',');
    page_json(p->out, (struct str){text.p, end}, LONGEST_LINE);
    end += end < text.n;
    text = (struct str){text.p + end, text.n - end};
  }
  if (text.n) buf_adds(p->out, ",\"…\"");
  buf_addc(p->out, ']');
}

static void write_header(struct writer *p) {
  struct buf text = {0};
  if (!p->r->o.compact_labels) report_profile_header(p->r, p->r->o.output_unit, &text);
  write_lines(p, buf_view(&text));
  buf_adds(p->out, ",\n\"filters\":[");
  for (size_t i = 0; i < p->r->o.n_active_filters; i++) {
    if (i) buf_addc(p->out, ',');
    page_json(p->out, p->r->o.active_filters[i], LONGEST_WORD);
  }
  buf_addc(p->out, ']');
  p->out->failed |= text.failed;
  buf_release(&text);
}

// Why there is nothing to see, or what should be known of what there is.
static const char *remark(const struct writer *p) {
  const struct flame_tree *t = p->tree;
  const struct profile *profile = p->r->view->profile;
  if (t->frame[0].value[FLAME_BEFORE] || t->frame[0].value[FLAME_AFTER])
    return p->r->o.mean ? "Widths and values are sums: means do not add up from frame to frame." : "";
  if (profile->n_samples == 0) return "The profile has no samples.";
  return t->bunches.stacks->n_samples == 0 ? "The filters leave no samples." : "All samples have the value 0.";
}

// ---- the object ---------------------------------------------------------------------------------

// Of one profile they are what other reports take them of, unless that is a mean.
static int64_t total(const struct writer *p, enum flame_side side) {
  bool own = p->tree->bunches.stacks->compared || p->r->o.mean || side == FLAME_BEFORE;
  return own ? p->tree->bunches.stacks->total[side] : p->r->total;
}

// Which functions it is the callers or the callees of: how many, and the name where it is one.
static void write_pivot(struct writer *p, struct graph *g) {
  const struct flame_stacks *s = p->tree->bunches.stacks;
  if (s->n_pivots == 0) return;
  buf_addf(p->out, ",\n\"pivots\":%" PRIu32, s->n_pivots);
  if (s->n_pivots == 1) member(p, "pivot", graph_name(g, s->pivot), LONGEST_NAME);
}

static void write_profile(struct writer *p) {
  struct buf title = {0};
  flame_subject(p->r, &title);
  buf_adds(p->out, "{\"version\":1");
  member(p, "title", buf_view(&title), LONGEST_WORD);
  member(p, "remark", str_of(remark(p)), LONGEST_LINE);
  write_header(p);
  page_units(p->out, p->r);
  buf_adds(p->out, ",\n\"total\":{\"before\":");
  buf_i64(p->out, total(p, FLAME_BEFORE));
  buf_adds(p->out, ",\"after\":");
  buf_i64(p->out, total(p, FLAME_AFTER));
  buf_addc(p->out, '}');
  p->out->failed |= title.failed;
  buf_release(&title);
}

static int write_object(struct writer *p, struct graph *g, size_t room, bool ids, struct err *e) {
  struct flame_rows rows = {0};
  size_t start = p->out->n;
  write_profile(p);
  write_pivot(p, g);
  size_t used = p->out->n - start + sizeof "}\n";
  int result = p->out->failed ? err_nomem(e) : 0;
  if (!result) result = flame_rows_init(&rows, p->tree, p->r, g, room > used ? room - used : 0, ids, e);
  if (!result) {
    flame_rows_write(&rows, p->tree, p->out);
    buf_adds(p->out, "}\n");
    if (p->out->failed) result = err_nomem(e);
  }
  flame_rows_release(&rows);
  return result;
}

static int no_pivot(const struct report *r, struct err *e) {
  struct str pattern = rx_pattern(r->o.symbol);
  return err_set(e, "no sample has a frame that matches %.*s", (int)(pattern.n < 200 ? pattern.n : 200), pattern.p);
}

int flame_data(const struct report *r, size_t room, bool ids, struct buf *out, struct err *e) {
  struct graph g = {0};
  struct flame_stacks stacks = {0};
  struct flame_tree tree = {0};
  struct writer p = {r, &tree, out};
  int result = graph_init(&g, r->view, report_shape(&r->o), &r->o.paths, e);
  if (!result) result = flame_stacks_init(&stacks, r, &g, e);
  if (!result && r->o.part && r->o.part->pivot && stacks.n_pivots == 0) result = no_pivot(r, e);
  if (!result && flame_tree_init(&tree, &stacks, graph_parts(r->view->profile))) result = err_nomem(e);
  if (!result) result = write_object(&p, &g, room, ids, e);
  flame_tree_release(&tree);
  flame_stacks_release(&stacks);
  graph_release(&g);
  return result;
}

int report_flame_part(const struct report *r, struct buf *out, struct err *e) {
  return flame_data(r, PART_MOST, true, out, e);
}

// What the stacks of r->o.part weigh.
int report_flame_share(const struct report *r, struct buf *out, struct err *e) {
  struct graph g = {0};
  struct flame_stacks stacks = {0};
  int result = graph_init(&g, r->view, report_shape(&r->o), &r->o.paths, e);
  if (!result) result = flame_stacks_init(&stacks, r, &g, e);
  buf_addf(out, "{\"before\":%" PRId64 ",\"after\":%" PRId64 "}\n", stacks.weight[FLAME_BEFORE],
           stacks.weight[FLAME_AFTER]);
  flame_stacks_release(&stacks);
  graph_release(&g);
  return !result && out->failed ? err_nomem(e) : result;
}
