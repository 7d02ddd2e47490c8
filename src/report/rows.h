// The rows of reports that are written in several forms: as text, as JSON, as CSV. Computed here, written elsewhere.
#ifndef CPROF_REPORT_ROWS_H
#define CPROF_REPORT_ROWS_H

#include "base/json.h"
#include "report/internal.h"

// ---- top (top_rows.c) -----------------------------------------------------------------------------

// What is known of the calls to a node: none was inlined, all were, some were.
enum inlining { INLINED_NEVER, INLINED_ALWAYS, INLINED_PARTLY };

// The nodes shown, in order. Zero-initialised may be released.
struct top_rows {
  struct report_nodes nodes;
  enum inlining *inlining;  // a node
  int64_t sum;              // of the flat values of the rows so far
  uint32_t next;
};
struct top_row {
  uint32_t node;
  int64_t flat, sum, cum;
  struct str name;  // NULL bytes when memory ran out
  enum inlining inlining;
};
int top_rows_init(struct top_rows *t, const struct report *r, struct err *e);
bool top_rows_next(struct top_rows *t, struct top_row *row);
void top_rows_release(struct top_rows *t);

// ---- tree and peek (tree_rows.c) --------------------------------------------------------------------

// The nodes shown, those the report's `symbol` matches if there is one, with their calls.
struct tree_rows {
  const struct report *r;
  struct report_nodes nodes;
  struct adjacency calls;
  uint8_t *matching;  // a node: does the symbol match it? NULL: all are shown
  int64_t sum;
  uint32_t next, matched;
};
struct tree_row {
  uint32_t node;
  int64_t flat, sum, cum;
};
int tree_rows_init(struct tree_rows *t, const struct report *r, struct err *e);
// 1 with a row, 0 at the end, -1 with a message; it is an error when the symbol matches no node.
int tree_rows_next(struct tree_rows *t, struct tree_row *row, struct err *e);
void tree_rows_release(struct tree_rows *t);

// The calls to or from a node, the heaviest first.
static inline uint32_t tree_n_calls(const struct tree_rows *t, const struct tree_row *row, bool callers) {
  const uint32_t *first = callers ? t->calls.first_in : t->calls.first_out;
  return first[row->node + 1] - first[row->node];
}
static inline const struct edge *tree_call(const struct tree_rows *t, const struct tree_row *row, bool callers,
                                           uint32_t i) {
  const struct adjacency *a = &t->calls;
  return &t->nodes.graph.edge[callers ? a->in[a->first_in[row->node] + i] : a->out[a->first_out[row->node] + i]];
}

// ---- tags (tag_rows.c) ----------------------------------------------------------------------------

struct tag_row {
  uint32_t key, name;  // numbers in tag_rows.strings
  int64_t sum;
  bool numeric;
};
// Sorted by key, then by sum. Values whose names print alike are one.
struct tag_rows {
  const struct report *r;
  struct strings strings;
  struct tag_row *row;
  size_t n, cap;
  struct index index;
  struct buf text;
};
int tag_rows_init(struct tag_rows *t, const struct report *r, struct err *e);
void tag_rows_release(struct tag_rows *t);
static inline struct str tag_str(const struct tag_rows *t, uint32_t number) { return strings_at(&t->strings, number); }
// The rows from this one to the result, which is not among them, have one key, and `total` is their sum.
size_t tag_rows_end(const struct tag_rows *t, size_t from, int64_t *total);

// ---- JSON (json_parts.c); docs/json.md tells what is in it --------------------------------------------

// Opens the outermost object and writes what all reports have in common: the profile, filters, total.
void report_json_header(struct json *j, const struct report *r, const char *schema);
// How many nodes are shown and what they add up to.
void report_json_shown(struct json *j, const struct report *r, const struct report_nodes *n);
// A value after divide_by; what percentage of `total` it is.
void report_json_value(struct json *j, const struct report *r, const char *key, int64_t value);
void report_json_percent(struct json *j, const char *key, int64_t value, int64_t total);
// Both: KEY and KEY_percent, of the report's total.
void report_json_share(struct json *j, const struct report *r, const char *key, const char *percent_key, int64_t value);
// What the name is made of, where it is more than a function: function, file, line, column, address.
void report_json_place(struct json *j, const struct graph *g, uint32_t node);

// "none", "all", "partial".
const char *inlining_name(enum inlining i);

#endif
