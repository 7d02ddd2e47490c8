// report: one view of a profile in, one text out. A report opens no file, writes to no stream and changes nothing; the
// options say all it needs to know. What it prints is what the reference prints, byte for byte.
#ifndef CPROF_REPORT_H
#define CPROF_REPORT_H

#include "base/rx.h"
#include "graph/graph.h"
#include "profile/tag_filter.h"
#include "profile/view.h"
#include "report/code.h"
#include "source/source.h"

enum granularity {
  BY_DEFAULT,  // functions
  BY_FUNCTIONS,
  BY_FILEFUNCTIONS,
  BY_FILES,
  BY_LINES,
  BY_ADDRESSES,
};

// Of a report that a page shows in parts: which part. NULL: not asked for.
struct report_part {
  // top: `limit` rows from `offset` on, ordered by "flat", "cum" or "name".
  uint32_t offset, limit;
  const char *order;
  bool ascending;
  // Flame graph: what leads from, or with `callers` to, the functions whose names `symbol` matches; what is below this way of
  // calls: numbers of nodes, the outermost first, with points between them; there, without the `offset` heaviest frames
  // directly below, and only stacks that go on to a function whose name this expression matches.
  bool pivot, callers;
  const char *path, *through;
};

struct report_options {
  uint32_t column;  // of the sample values
  bool mean;        // divide by column 0
  struct str sample_type, sample_unit;
  struct str output_unit;  // "minimum": chosen from the smallest value shown
  double ratio;            // what values are multiplied with when shown; 1 / divide_by

  enum granularity granularity;
  bool columns, no_inlines;
  bool color;  // hot rows are coloured for a terminal
  bool by_cum, call_tree, drop_negative, compact_labels;
  bool relative_percentages;  // totals are of what the filters leave
  uint32_t node_count;        // 0: no limit
  double node_fraction, edge_fraction;
  const struct str *active_filters;  // "focus=x" …
  size_t n_active_filters;
  struct graph_paths paths;
  bool strict_dot;          // for Graphviz itself: quotes in names are escaped where the reference forgets it
  const struct rx *symbol;  // the argument of peek and the like
  const struct report_part *part;
};

// The files that a report shows lines of; whoever makes the report finds them. Never NULL but with a message in *e.
typedef const struct source_text *report_find_source(void *arg, struct str file, struct err *e);

// A report being made.
struct report {
  const struct view *view;
  report_find_source *find_source;
  void *find_source_arg;
  const struct report_code *code;  // NULL where the command needs none
  const struct label_units *units;
  struct kept_weights *weights;  // NULL: none are kept
  struct report_options o;
  int64_t total;  // what percentages are of: report_total of the view before or after its filters
};

// The sum of |value| over the samples of the view; of those marked pprof::base only, when their sum is above 0. With
// `mean` divided by the sum of column 0.
int report_total(const struct view *v, uint32_t column, bool mean, int64_t *total, struct err *e);

// One format: appends the report to `out`.
typedef int report_render(const struct report *r, struct buf *out, struct err *e);
report_render report_text, report_tree, report_traces, report_tags, report_raw, report_comments, report_proto,
    report_topproto, report_dot, report_callgrind, report_flame, report_folded, report_list, report_disasm,
    report_weblist;
// For pages that are not made here, bounded by about so many bytes: the content of weblist's page, then a line that says
// that it was cut; labels and their values, with the filter that selects each.
enum { REPORT_PAGE_MOST = 800 << 10 };
report_render report_weblist_parts, report_labels_json;
// What the profile is: the lines that stand above other reports. Also what to do when its values are all 0.
report_render report_summary;
// Parts of reports as JSON, by r->o.part: rows of top, some of those whose names `symbol` matches; a flame graph; the value
// of the samples with a frame that `symbol` matches.
report_render report_top_part, report_flame_part, report_flame_share;
// The same reports in other forms.
report_render report_text_json, report_tree_json, report_traces_json, report_tags_json, report_text_csv;

#endif
