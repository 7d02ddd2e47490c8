// Reads what stands at the leaves of expressions: literals, names that depend on template parameters, and requires
// expressions.
#include "symbolize/cxx.h"

// ---- literals -----------------------------------------------------------------------------------

static bool is_array(const struct cx_node *type) {
  return (type->kind == CX_TYPE_QUAL ? type->a : type)->kind == CX_ARRAY;
}

static bool is_nullptr(const struct cx_node *type) {
  return type->kind == CX_BUILTIN && str_eq(type->text, STR_LIT("decltype(nullptr)"));
}

static struct cx_node *literal(struct cx *cx) {
  struct cx_node *type = cx_type(cx, false);
  bool negative = cx_accept(cx, 'n');
  if (cx_peek(cx, 0) == 'E' && !is_nullptr(type)) {
    if (type->kind == CX_CLOSURE) return cx_node(cx, CX_LAMBDA_EXPR, type, NULL);
    if (is_array(type)) return cx_node(cx, CX_STRING_LITERAL, type, NULL);
    cx_fail(cx);
  }
  const char *end = memchr(cx->rest.p, 'E', cx->rest.n);
  if (!end) cx_fail(cx);
  struct cx_node *n = cx_node_text(cx, CX_LITERAL, cx_take(cx, (size_t)(end - cx->rest.p)), type);
  if (negative) n->flags = CX_NEGATIVE;
  return n;
}

struct cx_node *cx_expr_primary(struct cx *cx) {
  struct cx_node *n;
  cx_expect(cx, 'L');
  int c = cx_peek(cx, 0);
  if (c == '_' || c == 'Z') {  // old versions of g++ left out the underscore
    cx_accept(cx, '_');
    cx_expect(cx, 'Z');
    n = cx_encoding(cx, true, false);
  } else {
    n = literal(cx);
  }
  cx_expect(cx, 'E');
  return n;
}

// ---- unresolved names ---------------------------------------------------------------------------

static struct cx_node *base_name(struct cx *cx) {
  struct cx_node *n;
  int ignored;
  bool is_operator = cx_accept2(cx, "on");
  if (!is_operator && cx_accept2(cx, "dn")) {
    n = cx_digit(cx_peek(cx, 0)) ? cx_source_name(cx) : cx_type(cx, false);
    n = cx_node(cx, CX_DESTRUCTOR, n, NULL);
  } else if (!is_operator && cx_digit(cx_peek(cx, 0))) {
    n = cx_source_name(cx);
  } else {  // g++ may leave out the "on"
    n = cx_operator_name(cx, true, &ignored);
  }
  return cx_peek(cx, 0) == 'I' ? cx_template_of(cx, n) : n;
}

// A member of a type that is a template parameter, a decltype or a substitution.
static struct cx_node *member_of_type(struct cx *cx) {
  struct cx_node *type = cx_type(cx, false);
  struct cx_node *n = cx_node(cx, CX_QUALIFIED, type, base_name(cx));
  if (cx_peek(cx, 0) != 'I') return n;
  n = cx_template_of(cx, n);
  cx_sub(cx, n);
  return n;
}

static struct cx_node *qualifier_level(struct cx *cx) {
  struct cx_node *n = cx_source_name(cx);
  if (cx_peek(cx, 0) != 'I') return n;
  cx_sub(cx, n);
  return cx_template_of(cx, n);
}

// What g++ writes in place of several levels: a type and a name, with no E behind them.
static struct cx_node *unfinished_levels(struct cx *cx, struct cx_node *levels) {
  struct cx_node *scope = levels->a;
  if (scope->kind == CX_TEMPLATE) cx_sub(cx, scope->a);
  cx_sub(cx, scope);
  return levels;
}

static struct cx_node *member_of_levels(struct cx *cx) {
  struct cx_node *levels = cx_accept(cx, 'N') ? cx_type(cx, false) : NULL;
  while (!cx_accept(cx, 'E')) {
    int c = cx_peek(cx, 0);
    if (levels && c >= 0 && !cx_digit(c) && levels->kind == CX_QUALIFIED) return unfinished_levels(cx, levels);
    struct cx_node *level = qualifier_level(cx);
    levels = levels ? cx_node(cx, CX_QUALIFIED, levels, level) : level;
  }
  if (!levels) cx_fail(cx);
  return cx_node(cx, CX_QUALIFIED, levels, base_name(cx));
}

struct cx_node *cx_unresolved_name(struct cx *cx) {
  struct cx_node *n;
  cx_enter(cx);
  if (cx_accept2(cx, "gs")) {
    struct cx_node *op = cx_operator(cx, "::");
    n = cx_node(cx, CX_UNARY, op, cx_unresolved_name(cx));
  } else if (cx_accept2(cx, "sr")) {
    int c = cx_peek(cx, 0);
    n = c == 'T' || c == 'D' || c == 'S' ? member_of_type(cx) : member_of_levels(cx);
  } else {
    n = base_name(cx);
  }
  cx_leave(cx);
  return n;
}

// ---- requires -----------------------------------------------------------------------------------

static struct cx_node *expr_requirement(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_EXPR_REQ, cx_expression(cx), NULL);
  if (cx_accept(cx, 'N')) n->flags = CX_NOEXCEPT;
  if (cx_accept(cx, 'R')) n->b = cx_name(cx, NULL);
  return n;
}

static struct cx_node *requirement(struct cx *cx) {
  switch (cx_take(cx, 1).p[0]) {
    case 'X': return expr_requirement(cx);
    case 'T': return cx_node(cx, CX_TYPE_REQ, cx_type(cx, false), NULL);
    case 'Q': return cx_node(cx, CX_NESTED_REQ, cx_expression(cx), NULL);
    default: cx_fail(cx);
  }
}

struct cx_node *cx_requires(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_REQUIRES, cx_node(cx, CX_LIST, NULL, NULL), NULL);
  bool has_params = cx_take(cx, 2).p[1] == 'Q';
  if (has_params) {
    while (!cx_accept(cx, '_')) cx_append(cx, n->a, cx_type(cx, false));
  }
  while (!cx_accept(cx, 'E')) cx_append(cx, n, requirement(cx));
  return n;
}
