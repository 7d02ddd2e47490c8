// One command on one profile: options bent for the command, a view with its filters, the report.
#include "driver/code.h"
#include "driver/commands.h"
#include "driver/filters.h"
#include "driver/graphviz.h"
#include "driver/symbols.h"

enum { MAX_FILTERS = 9 };

struct rendering {
  const struct options *o;
  const struct command *command;
  struct buf filter_text;
  struct str filter[MAX_FILTERS];
  struct rx *symbol;
  struct label_units units;
  struct view view;
  struct source_finder *sources;  // made when a report first asks for a file
  struct symbol_places places;
  struct code *code;
  struct report_code code_interface;
  struct buf *notes;
  struct report report;
};

static enum granularity granularity_of(const char *name) {
  static const char *const names[] = {[BY_FUNCTIONS] = "functions",
                                      [BY_FILEFUNCTIONS] = "filefunctions",
                                      [BY_FILES] = "files",
                                      [BY_LINES] = "lines",
                                      [BY_ADDRESSES] = "addresses"};
  for (enum granularity g = BY_FUNCTIONS; g <= BY_ADDRESSES; g++)
    if (strcmp(name, names[g]) == 0) return g;
  return BY_DEFAULT;
}

static enum granularity granularity_for(const struct command *c, const struct options *o) {
  if (c->bend >= BEND_CODE) return BY_ADDRESSES;
  return c->bend == BEND_LINES ? BY_LINES : granularity_of(o->granularity);
}

// An address is one row of disasm: inlined calls at it would count twice. weblist unfolds them.
static bool folds_inlines(const struct rendering *r) {
  return r->command->bend == BEND_CODE || (r->o->noinlines && r->command->bend != BEND_CODE_LINES);
}

static uint32_t node_limit(const struct rendering *r) {
  int64_t n = r->o->nodecount;
  if (n == -1) n = r->command->bend == BEND_ALL_NODES ? 0 : 80;
  return n <= 0 ? 0 : n >= NONE ? NONE : (uint32_t)n;
}

static void set_trimming(struct rendering *r) {
  struct report_options *o = &r->report.o;
  if (!r->o->trim || r->command->bend >= BEND_UNTRIMMED) return;
  o->node_count = node_limit(r);
  o->node_fraction = r->o->nodefraction;
  o->edge_fraction = r->o->edgefraction;
}

// "focus=x" for the header. Other filters than these are not shown there, as in the reference.
static void list_filters(struct rendering *r) {
  const struct options *o = r->o;
  const char *const filters[MAX_FILTERS][2] = {
      {"focus", o->focus},         {"ignore", o->ignore},       {"hide", o->hide},
      {"show", o->show},           {"show_from", o->show_from}, {"tagfocus", o->tagfocus},
      {"tagignore", o->tagignore}, {"tagshow", o->tagshow},     {"taghide", o->taghide},
  };
  size_t end[MAX_FILTERS], n = 0, from = 0;
  for (size_t i = 0; i < MAX_FILTERS; i++) {
    if (!*filters[i][1]) continue;
    buf_adds(&r->filter_text, filters[i][0]);
    buf_addc(&r->filter_text, '=');
    buf_adds(&r->filter_text, filters[i][1]);
    end[n++] = r->filter_text.n;
  }
  for (size_t i = 0; i < n && !r->filter_text.failed; from = end[i++])
    r->filter[i] = (struct str){r->filter_text.data + from, end[i] - from};
  r->report.o.active_filters = r->filter;
  r->report.o.n_active_filters = n;
}

static int set_options(struct rendering *r, const struct profile *p, struct err *e) {
  const struct options *o = r->o;
  struct report_options *to = &r->report.o;
  if (o->divide_by == 0) return err_set(e, "-divide_by is 0");
  if (profile_sample_index(p, str_of(o->sample_index), &to->column, e)) return -1;
  to->mean = o->mean;
  to->sample_type = profile_str(p, p->sample_type[to->column].type);
  to->sample_unit = profile_str(p, p->sample_type[to->column].unit);
  to->output_unit = str_of(o->unit);
  to->ratio = 1 / o->divide_by;
  to->granularity = granularity_for(r->command, o);
  to->color = strcmp(o->color, "always") == 0;
  to->columns = o->showcolumns;
  to->no_inlines = folds_inlines(r);
  to->by_cum = strcmp(o->sort, "cum") == 0;
  to->call_tree = o->call_tree;
  to->drop_negative = o->drop_negative;
  to->compact_labels = o->compact_labels;
  to->relative_percentages = o->relative_percentages;
  to->paths = (struct graph_paths){str_of(o->trim_path), str_of(o->source_path)};
  to->strict_dot = r->command->layout != NULL;
  set_trimming(r);
  list_filters(r);
  return r->filter_text.failed ? err_nomem(e) : 0;
}

static int compile_argument(struct rendering *r, const char *argument, struct err *e) {
  if (!r->command->argument) return 0;
  r->symbol = rx_new(str_of(argument), e);
  r->report.o.symbol = r->symbol;
  return r->symbol ? 0 : err_wrap(e, "%s", r->command->name);
}

static const struct source_text *find_source(void *arg, struct str file, struct err *e) {
  struct rendering *r = arg;
  const struct report_options *o = &r->report.o;
  if (!r->sources) r->sources = source_finder_new(o->paths.source_path, o->paths.trim_path, r->notes, e);
  return r->sources ? source_find(r->sources, file, e) : NULL;
}

static int prepare_code(struct rendering *r, const struct profile *p, struct err *e) {
  if (r->command->bend != BEND_CODE && r->command->bend != BEND_CODE_LINES) return 0;
  if (symbol_places_init(&r->places, r->o, e)) return -1;
  r->code = code_new(p, &r->places.paths, r->o->intel_syntax, r->notes, e);
  if (!r->code) return -1;
  r->code_interface = code_interface(r->code);
  r->report.code = &r->code_interface;
  return 0;
}

static int prepare(struct rendering *r, const struct session *s, const char *argument, struct buf *notes,
                   struct err *e) {
  const struct profile *p = s->profile;
  const struct options *o = r->o;
  r->report.view = &r->view;
  r->report.units = &r->units;
  r->report.weights = s->weights;
  r->report.find_source = find_source;
  r->report.find_source_arg = r;
  if (set_options(r, p, e) || prepare_code(r, p, e) || compile_argument(r, argument, e) || view_init(&r->view, p, e))
    return -1;
  r->view.stop = s->stop;
  if (label_units_init(&r->units, p, e) || label_units_conflicts(&r->units, notes, e)) return -1;
  if (filters_add_label_frames(&r->view, o, notes, e)) return -1;
  if (o->relative_percentages && filters_apply(&r->view, o, &r->units, notes, e)) return -1;
  if (report_total(&r->view, r->report.o.column, o->mean, &r->report.total, e)) return -1;
  if (!o->relative_percentages && filters_apply(&r->view, o, &r->units, notes, e)) return -1;
  return folds_inlines(r) ? view_fold_inlines(&r->view, o->showcolumns, e) : 0;
}

static int render_picture(struct rendering *r, struct buf *out, struct err *e) {
  struct buf dot = {0};
  int result = r->command->render(&r->report, &dot, e);
  if (!result) result = graphviz_layout(buf_view(&dot), r->command->layout, out, e);
  buf_release(&dot);
  return result;
}

int driver_render(const struct session *s, const struct options *o, const struct command *c, const char *argument,
                  struct buf *out, struct buf *notes, struct err *e) {
  struct rendering r = {.o = o, .command = c, .notes = notes};
  report_render *render = NULL;
  if (command_render(c, o, &render, e)) return -1;
  if (!render) return c->about(s, out, e);
  int result = prepare(&r, s, argument, notes, e);
  if (!result) result = c->layout ? render_picture(&r, out, e) : render(&r.report, out, e);
  if (s->stop && atomic_load(s->stop)) {
    err_clear(e);
    result = err_set(e, "interrupted");
  }
  view_release(&r.view);
  label_units_release(&r.units);
  rx_free(r.symbol);
  source_finder_free(r.sources);
  code_free(r.code);
  symbol_places_release(&r.places);
  buf_release(&r.filter_text);
  return result;
}
