// flame: an interactive flame graph in one HTML file of at most a million bytes.
//
// The page is made of the files in assets/ when cprof is built. What is written here is its title and its data: JSON in
// a script element that no browser runs.
#include "measure/measure.h"
#include "report/flame.h"

enum { MOST_BYTES = 1000000, MOST_LINES = 32, LONGEST_LINE = 1024, LONGEST_WORD = 200 };

struct page {
  const struct report *r;
  struct flame_tree *tree;
  struct buf *out;
};

// What the page is about: the program and the sample type.
static void subject(const struct report *r, struct buf *text) {
  const struct view *v = r->view;
  if (v->places->n_mappings && v->places->mapping[0].file)
    buf_str(text, path_base(view_str(v, v->places->mapping[0].file)));
  if (text->n && r->o.sample_type.n) buf_adds(text, " · ");
  buf_str(text, r->o.sample_type);
  if (text->n == 0) buf_adds(text, "Profile");
}

static void member(struct page *p, const char *name, struct str text, size_t most) {
  buf_addf(p->out, ",\n\"%s\":", name);
  page_json(p->out, text, most);
}

// ---- lines above the graph ----------------------------------------------------------------------

static void write_lines(struct page *p, struct str text) {
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

static void write_header(struct page *p) {
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
static const char *remark(const struct page *p) {
  const struct flame_tree *t = p->tree;
  const struct profile *profile = p->r->view->profile;
  if (t->frame[0].value[FLAME_BEFORE] || t->frame[0].value[FLAME_AFTER])
    return p->r->o.mean ? "Widths and values are sums: means do not add up from frame to frame." : "";
  if (profile->n_samples == 0) return "The profile has no samples.";
  return t->stacks.n_samples == 0 ? "The filters leave no samples." : "All samples have the value 0.";
}

// ---- units --------------------------------------------------------------------------------------

static void unit(struct page *p, struct str name, bool *any) {
  struct str shown;
  double factor = measure_scale(1, p->r->o.sample_unit, name, &shown);
  buf_adds(p->out, *any ? ",[" : "[");
  page_json(p->out, shown, LONGEST_WORD);
  buf_addf(p->out, ",%.17g]", factor);
  *any = true;
}

// The units values are shown in, each with what one of the profile's unit is in it: the one asked for, or all of the
// family.
static void write_units(struct page *p) {
  static const char *const names[] = {"ns",  "us",      "ms",      "s",       "hrs",     "B",        "kB",
                                      "MB",  "GB",      "TB",      "PB",      "nanogcu", "microgcu", "milligcu",
                                      "gcu", "kilogcu", "megagcu", "gigagcu", "teragcu", "petagcu"};
  struct str wanted = p->r->o.output_unit;
  bool any = false, all = str_eq(wanted, STR_LIT("minimum")) || str_eq(wanted, STR_LIT("auto"));
  buf_addf(p->out, ",\n\"ratio\":%.17g,\n\"units\":[", p->r->o.ratio > 0 ? p->r->o.ratio : 1);
  for (size_t i = 0; all && i < sizeof names / sizeof *names; i++)
    if (measure_same_family(str_of(names[i]), p->r->o.sample_unit)) unit(p, str_of(names[i]), &any);
  if (!any) unit(p, wanted, &any);
  buf_addc(p->out, ']');
}

// ---- the page -----------------------------------------------------------------------------------

// Of one profile they are what other reports take them of, unless that is a mean.
static int64_t total(const struct page *p, enum flame_side side) {
  bool own = p->tree->stacks.compared || p->r->o.mean || side == FLAME_BEFORE;
  return own ? p->tree->stacks.total[side] : p->r->total;
}

static void write_profile(struct page *p) {
  struct buf title = {0};
  subject(p->r, &title);
  buf_add(p->out, flame_page_head, flame_page_head_size);
  page_html(p->out, buf_view(&title), LONGEST_WORD);
  buf_add(p->out, flame_page_body, flame_page_body_size);
  buf_adds(p->out, "{\"version\":1");
  member(p, "title", buf_view(&title), LONGEST_WORD);
  member(p, "remark", str_of(remark(p)), LONGEST_LINE);
  write_header(p);
  write_units(p);
  buf_adds(p->out, ",\n\"total\":{\"before\":");
  buf_i64(p->out, total(p, FLAME_BEFORE));
  buf_adds(p->out, ",\"after\":");
  buf_i64(p->out, total(p, FLAME_AFTER));
  buf_addc(p->out, '}');
  p->out->failed |= title.failed;
  buf_release(&title);
}

static int write_page(struct page *p, struct graph *g, struct err *e) {
  struct flame_rows rows = {0};
  size_t start = p->out->n;
  write_profile(p);
  int result = p->out->failed ? err_nomem(e) : 0;
  size_t room = MOST_BYTES - (p->out->n - start) - flame_page_tail_size - sizeof "}\n";
  if (!result) result = flame_rows_init(&rows, p->tree, p->r, g, room, e);
  if (!result) {
    flame_rows_write(&rows, p->tree, p->out);
    buf_adds(p->out, "}\n");
    buf_add(p->out, flame_page_tail, flame_page_tail_size);
    if (p->out->failed) result = err_nomem(e);
  }
  flame_rows_release(&rows);
  return result;
}

int report_flame(const struct report *r, struct buf *out, struct err *e) {
  struct graph g = {0};
  struct flame_tree tree = {0};
  struct page p = {r, &tree, out};
  int result = graph_init(&g, r->view, report_shape(&r->o), &r->o.paths, e);
  if (!result) result = flame_tree_init(&tree, r, &g, e);
  if (!result) result = write_page(&p, &g, e);
  flame_tree_release(&tree);
  graph_release(&g);
  return result;
}
