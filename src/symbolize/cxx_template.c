// Reads template parameters and arguments, and lambdas, which have template parameters of their own.
#include "symbolize/cxx.h"

// T_, T0_, TL0__: a parameter of the outermost template that is being read, or of one a number of levels further in.
struct cx_node *cx_template_param(struct cx *cx) {
  struct str start = cx->rest;
  cx_expect(cx, 'T');
  size_t level = cx_accept(cx, 'L') ? (size_t)cx_compact_number(cx) : 0;
  long number = cx_compact_number(cx);
  if (cx->in_constraint) {  // constraints are not resolved
    size_t n = (size_t)(cx->rest.p - start.p) - 1;
    return cx_node_text(cx, CX_NAME, (struct str){start.p, n}, NULL);
  }
  struct cx_node *template = level < cx->templates.n ? cx->templates.at[level] : NULL;
  bool exists = level < cx->templates.n && (!template || (size_t)number < template->n);
  if (!exists) {  // a lambda's `auto` is mangled like a template parameter
    if (cx->lambda_level == 0 || level != cx->lambda_level - 1) cx_fail(cx);
    return cx_node_number(cx, CX_AUTO, number, NULL);
  }
  struct cx_node *n = cx_node_number(cx, CX_TPARAM, number, NULL);
  n->ref = template;
  return n;
}

struct cx_node *cx_template_of(struct cx *cx, struct cx_node *name) {
  struct cx_node *n = cx_node(cx, CX_TEMPLATE, name, NULL);
  cx_template_args(cx, n);
  return n;
}

// Appends the arguments to `into`. A constraint may follow the last; it is not printed.
void cx_template_args(struct cx *cx, struct cx_node *into) {
  cx_enter(cx);
  cx_take(cx, 1);
  while (!cx_accept(cx, 'E')) {
    cx_append(cx, into, cx_template_arg(cx, into));
    if (cx_peek(cx, 0) == 'Q') {
      cx_constraint(cx);
      if (cx_peek(cx, 0) != 'E') cx_fail(cx);
    }
  }
  cx_leave(cx);
}

// An argument with the declaration of its parameter, which may refer to the arguments before it.
static struct cx_node *declared_arg(struct cx *cx, const struct cx_node *before) {
  struct cx_node *scope = cx_node(cx, CX_TEMPLATE, NULL, NULL), *value;
  if (before) {
    scope->list = before->list;
    scope->n = scope->cap = before->n;
  }
  cx_push(cx, &cx->templates, scope);
  struct cx_node *declaration = cx_tparam_decl(cx, &value);
  cx->templates.n--;
  if (!declaration) cx_fail(cx);
  return cx_node(cx, CX_TARG_DECL, declaration, cx_template_arg(cx, NULL));
}

struct cx_node *cx_template_arg(struct cx *cx, const struct cx_node *before) {
  struct cx_node *n;
  cx_enter(cx);
  int c = cx_peek(cx, 0), next = cx_peek(cx, 1);
  if (cx_accept(cx, 'X')) {
    n = cx_expression(cx);
    cx_expect(cx, 'E');
  } else if (c == 'L') {
    n = cx_expr_primary(cx);
  } else if (c == 'I' || c == 'J') {
    n = cx_node(cx, CX_PACK, NULL, NULL);
    cx_template_args(cx, n);
  } else if (c == 'T' && (next == 'y' || next == 'n' || next == 't' || next == 'p' || next == 'k')) {
    n = declared_arg(cx, before);
  } else {
    n = cx_type(cx, false);
  }
  cx_leave(cx);
  return n;
}

struct cx_node *cx_constraint(struct cx *cx) {
  bool outer = cx->in_constraint;
  cx_expect(cx, 'Q');
  cx->in_constraint = true;
  struct cx_node *n = cx_expression(cx);
  cx->in_constraint = outer;
  return n;
}

// ---- declarations of template parameters --------------------------------------------------------

enum { TYPES, VALUES, TEMPLATES };

// Parameters have no names in the symbol: they are called $T, $T0, $T1 and so on.
static struct cx_node *new_name(struct cx *cx, int sort) {
  static const char *const prefix[] = {"$T", "$N", "$TT"};
  struct cx_node *n = cx_node_text(cx, CX_TPARAM_NAME, str_of(prefix[sort]), NULL);
  n->number = cx->tparams[sort]++;
  return n;
}

static struct cx_node *concept_param(struct cx *cx, struct cx_node **value) {
  bool outer = cx->in_constraint;
  cx->in_constraint = true;
  struct cx_node *constraint = cx_name(cx, NULL);
  *value = new_name(cx, TYPES);
  cx->in_constraint = outer;
  return cx_node(cx, CX_CONCEPT_TPARAM, *value, constraint);
}

static struct cx_node *template_param(struct cx *cx, struct cx_node **value) {
  *value = new_name(cx, TEMPLATES);
  struct cx_node *n = cx_node(cx, CX_TEMPLATE_TPARAM, *value, cx_node(cx, CX_LIST, NULL, NULL));
  struct cx_node *scope = NULL;
  while (!cx_accept(cx, 'E')) {
    struct cx_node *inner;
    struct cx_node *param = cx_tparam_decl(cx, &inner);
    if (!param) cx_fail(cx);
    cx_append(cx, n->b, param);
    if (!scope) {
      scope = cx_node(cx, CX_TEMPLATE, NULL, NULL);
      cx_push(cx, &cx->templates, scope);
    }
    cx_append(cx, scope, inner);
    if (cx_peek(cx, 0) == 'Q') {
      n->c = cx_constraint(cx);
      if (cx_peek(cx, 0) != 'E') cx_fail(cx);
    }
  }
  if (scope) cx->templates.n--;
  return n;
}

// *value is what stands for the parameter where it is used.
struct cx_node *cx_tparam_decl(struct cx *cx, struct cx_node **value) {
  struct cx_node *n = NULL;
  cx_enter(cx);
  if (cx_accept2(cx, "Ty")) {
    *value = new_name(cx, TYPES);
    n = cx_node(cx, CX_TYPE_TPARAM, *value, NULL);
  } else if (cx_accept2(cx, "Tk")) {
    n = concept_param(cx, value);
  } else if (cx_accept2(cx, "Tn")) {
    *value = new_name(cx, VALUES);
    n = cx_node(cx, CX_VALUE_TPARAM, *value, cx_type(cx, false));
  } else if (cx_accept2(cx, "Tt")) {
    n = template_param(cx, value);
  } else if (cx_accept2(cx, "Tp")) {
    struct cx_node *param = cx_tparam_decl(cx, value);
    if (!param) cx_fail(cx);
    n = cx_node(cx, CX_TPARAM_PACK, param, NULL);
  }
  cx_leave(cx);
  return n;
}

// ---- lambdas ------------------------------------------------------------------------------------

// Appends the declared template parameters; returns whether there were any, and with that an open scope.
static bool lambda_params(struct cx *cx, struct cx_node *params) {
  struct cx_node *scope = NULL, *value;
  while (cx_peek(cx, 0) == 'T' && cx->rest.n > 1) {
    struct cx_node *param = cx_tparam_decl(cx, &value);
    if (!param) break;
    cx_append(cx, params, param);
    if (!scope) {
      scope = cx_node(cx, CX_TEMPLATE, NULL, NULL);
      cx_push(cx, &cx->templates, scope);
    }
    cx_append(cx, scope, value);
  }
  return scope != NULL;
}

struct cx_node *cx_closure(struct cx *cx) {
  size_t lambda_level = cx->lambda_level;
  cx_take(cx, 2);
  cx->lambda_level = cx->templates.n + 1;
  struct cx_node *n = cx_node(cx, CX_CLOSURE, cx_node(cx, CX_LIST, NULL, NULL), NULL);
  bool scope = lambda_params(cx, n->a);
  if (cx_peek(cx, 0) == 'Q') n->b = cx_constraint(cx);
  n->c = cx_node(cx, CX_LIST, NULL, NULL);
  cx_parameters(cx, n->c, false);
  cx->lambda_level = lambda_level;
  if (scope) cx->templates.n--;
  if (cx_peek(cx, 0) == 'Q') cx_append(cx, n, cx_constraint(cx));
  cx_expect(cx, 'E');
  n->number = cx_compact_number(cx);
  return n;
}
