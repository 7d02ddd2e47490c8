// cxx_print: what the files of the C++ printer share.
#ifndef CPROF_SYMBOLIZE_CXX_PRINT_H
#define CPROF_SYMBOLIZE_CXX_PRINT_H

#include "symbolize/cxx.h"

// C++ declarations are written inside out: "int (*)[3]" is a pointer (inner) to an array (outer). Modifiers are
// therefore pushed here on the way to the type they modify, which prints them where they belong. The part from `base`
// on is what the type being printed sees; a name or a template argument starts afresh.
struct cx_printer {
  struct cx *cx;
  struct buf *out;
  const struct cx_print_options *options;
  char last;  // byte written; numbers that the reference writes past its own bookkeeping leave it alone
  struct cx_vector *inner;
  size_t base;
};

void cxp_node(struct cx_printer *p, struct cx_node *n);
void cxp_body(struct cx_printer *p, struct cx_node *n);  // without the guard against cycles
void cxp_expr(struct cx_printer *p, struct cx_node *n);  // the kinds that stand in expressions
void cxp_str(struct cx_printer *p, struct str s);
void cxp_text(struct cx_printer *p, const char *s);
void cxp_char(struct cx_printer *p, char c);
void cxp_list(struct cx_printer *p, const struct cx_node *n, bool skip_empty);
void cxp_parenthesized(struct cx_printer *p, struct cx_node *n);
void cxp_closure_types(struct cx_printer *p, struct cx_node *n);
void cxp_type(struct cx_printer *p, struct cx_node *n);  // the kinds that are types
void cxp_enclosed(struct cx_printer *p, const char *before, struct cx_node *n, const char *after);
void cxp_number(struct cx_printer *p, long n);
// Leaves p->last alone.
void cxp_raw_number(struct cx_printer *p, const char *before, long number, const char *after);

// ---- modifiers ----

static inline size_t cxp_pending(const struct cx_printer *p) { return p->inner->n - p->base; }
static inline void cxp_push(struct cx_printer *p, struct cx_node *n) { cx_push(p->cx, p->inner, n); }
static inline struct cx_node *cxp_pop(struct cx_printer *p) { return p->inner->at[--p->inner->n]; }
// Starts afresh; returns what the matching restore needs.
static inline size_t cxp_hold(struct cx_printer *p) {
  size_t base = p->base;
  p->base = p->inner->n;
  return base;
}
static inline void cxp_restore(struct cx_printer *p, size_t base) {
  p->inner->n = p->base;
  p->base = base;
}

#endif
