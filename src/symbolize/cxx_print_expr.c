// Prints expressions the way the GNU demangler spells them: with parentheses around nearly every operand.
#include "symbolize/cxx_print.h"

static bool is_text(const struct cx_node *n, const char *text) { return str_eq(n->text, str_of(text)); }

static bool is_operator(const struct cx_node *n, const char *text) {
  return n->kind == CX_OPERATOR && is_text(n, text);
}

static void parenthesize(struct cx_printer *p, struct cx_node *n) {
  cxp_char(p, '(');
  cxp_node(p, n);
  cxp_char(p, ')');
}

void cxp_parenthesized(struct cx_printer *p, struct cx_node *n) {
  bool bare = n->kind == CX_NAME || n->kind == CX_INITIALIZER || n->kind == CX_FUNCTION_PARAM ||
              (n->kind == CX_QUALIFIED && !(n->flags & CX_LOCAL));
  if (bare) {
    cxp_node(p, n);
  } else {
    parenthesize(p, n);
  }
}

// An operator where it is used, without the word "operator".
static void operator_sign(struct cx_printer *p, struct cx_node *n) {
  if (n->kind == CX_OPERATOR) {
    cxp_str(p, n->text);
  } else {
    cxp_node(p, n);
  }
}

// ---- unary --------------------------------------------------------------------------------------

static void unary(struct cx_printer *p, struct cx_node *n) {
  struct cx_node *op = n->a, *operand = n->b;
  // The address of a function needs no parameter types.
  if (is_operator(op, "&") && operand->kind == CX_TYPED && operand->b->kind == CX_FUNCTION) operand = operand->a;
  if (n->flags & CX_SUFFIX) {
    cxp_parenthesized(p, operand);
    operator_sign(p, op);
    return;
  }
  if (op->kind == CX_CAST) {
    parenthesize(p, op->a);
  } else {
    operator_sign(p, op);
  }
  if (is_operator(op, "::")) {
    cxp_node(p, operand);
  } else if ((n->flags & CX_SIZEOF_TYPE) || is_operator(op, "__alignof__")) {
    parenthesize(p, operand);
  } else {
    cxp_parenthesized(p, operand);
  }
}

// ---- binary -------------------------------------------------------------------------------------

// .member=value, [index]=value and [from ... to]=value in an initialiser.
static bool is_designated(const struct cx_node *n) {
  if (n->kind == CX_TRINARY) return is_operator(n->a, "[...]=");
  if (n->kind != CX_BINARY) return false;
  return is_operator(n->a, "]=") || (is_operator(n->a, "=") && n->b->kind != CX_LITERAL);
}

static void designated_value(struct cx_printer *p, struct cx_node *value) {
  if (is_designated(value)) {
    cxp_node(p, value);
    return;
  }
  cxp_char(p, '=');
  cxp_parenthesized(p, value);
}

static void designated(struct cx_printer *p, struct cx_node *n) {
  bool member = is_operator(n->a, "=");
  cxp_char(p, member ? '.' : '[');
  cxp_node(p, n->b);
  if (!member) cxp_char(p, ']');
  designated_value(p, n->c);
}

static bool is_cast(const struct cx_node *op) {
  return op->kind == CX_OPERATOR && str_find(op->text, STR_LIT("cast")) != SIZE_MAX;
}

static void cast(struct cx_printer *p, struct cx_node *n) {
  cxp_str(p, n->a->text);
  cxp_char(p, '<');
  cxp_node(p, n->b);
  cxp_char(p, '>');
  parenthesize(p, n->c);
}

// What is called: without its parameter types, unless it comes with a result type as well.
static void callee(struct cx_printer *p, struct cx_node *n) {
  if (n->kind == CX_TYPED) {
    if (n->b->kind == CX_FUNCTION && n->b->a) {
      cxp_node(p, n);
      return;
    }
    n = n->a;
  }
  cxp_parenthesized(p, n);
}

static void infix(struct cx_printer *p, struct cx_node *n) {
  bool is_call = is_operator(n->a, "()");
  if (is_call) {
    callee(p, n->b);
  } else {
    cxp_parenthesized(p, n->b);
  }
  if (is_operator(n->a, "[]")) {
    cxp_char(p, '[');
    cxp_node(p, n->c);
    cxp_char(p, ']');
    return;
  }
  if (!is_call) operator_sign(p, n->a);
  cxp_parenthesized(p, n->c);
}

static void binary(struct cx_printer *p, struct cx_node *n) {
  // A '>' must not look like the end of template arguments.
  bool greater = is_operator(n->a, ">") || is_operator(n->a, ">>");
  if (is_cast(n->a)) {
    cast(p, n);
  } else if (is_designated(n)) {
    designated(p, n);
  } else if (greater) {
    cxp_char(p, '(');
    infix(p, n);
    cxp_char(p, ')');
  } else {
    infix(p, n);
  }
}

// ---- more operands ------------------------------------------------------------------------------

static void trinary(struct cx_printer *p, struct cx_node *n) {
  if (is_designated(n)) {
    cxp_char(p, '[');
    cxp_node(p, n->b);
    cxp_text(p, " ... ");
    cxp_node(p, n->c);
    cxp_char(p, ']');
    designated_value(p, n->list[0]);
    return;
  }
  cxp_parenthesized(p, n->b);
  cxp_char(p, '?');
  cxp_parenthesized(p, n->c);
  cxp_text(p, " : ");
  cxp_parenthesized(p, n->list[0]);
}

static void fold(struct cx_printer *p, struct cx_node *n) {
  cxp_char(p, '(');
  if (n->c || !(n->flags & CX_LEFT)) {
    cxp_parenthesized(p, n->b);
    operator_sign(p, n->a);
  }
  cxp_text(p, "...");
  if (n->c || (n->flags & CX_LEFT)) {
    operator_sign(p, n->a);
    cxp_parenthesized(p, n->c ? n->c : n->b);
  }
  cxp_char(p, ')');
}

static void new_expression(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "new ");
  if (n->b) {
    cxp_parenthesized(p, n->b);
    cxp_char(p, ' ');
  }
  cxp_node(p, n->c);
  if (n->n) cxp_parenthesized(p, n->list[0]);
}

static void initializer(struct cx_printer *p, struct cx_node *n) {
  if (n->a) cxp_node(p, n->a);
  cxp_char(p, '{');
  cxp_node(p, n->b);
  cxp_char(p, '}');
}

static void subobject(struct cx_printer *p, struct cx_node *n) {
  cxp_node(p, n->b);
  cxp_text(p, ".<");
  cxp_node(p, n->a);
  cxp_text(p, " at offset ");
  cxp_number(p, n->number);
  cxp_char(p, '>');
}

static void sizeof_args(struct cx_printer *p, struct cx_node *n) {
  long count = 0;
  for (uint32_t i = 0; i < n->n; i++) {
    const struct cx_node *arg = n->list[i];
    count += arg->kind == CX_PACK || arg->kind == CX_EXPR_LIST ? (long)arg->n : 1;
  }
  cxp_number(p, count);
}

// ---- literals -----------------------------------------------------------------------------------

// What is written behind an integer of that type, or NULL when the type is written before it.
static const char *integer_suffix(const struct cx_node *type) {
  static const char *const suffixes[][2] = {{"int", ""},         {"unsigned int", "u"},
                                            {"long", "l"},       {"unsigned long", "ul"},
                                            {"long long", "ll"}, {"unsigned long long", "ull"}};
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
    if (is_text(type, suffixes[i][0])) return suffixes[i][1];
  }
  return NULL;
}

// Prints literals that have a form of their own; returns whether it did.
static bool plain_literal(struct cx_printer *p, struct cx_node *n) {
  if (n->a->kind != CX_BUILTIN) return false;
  const char *suffix = integer_suffix(n->a);
  bool negative = (n->flags & CX_NEGATIVE) != 0;
  if (suffix) {
    if (negative) cxp_char(p, '-');
    cxp_str(p, n->text);
    cxp_text(p, suffix);
    return true;
  }
  if (is_text(n->a, "bool") && !negative && (is_text(n, "0") || is_text(n, "1"))) {
    cxp_text(p, is_text(n, "0") ? "false" : "true");
    return true;
  }
  if (is_text(n->a, "decltype(nullptr)") && (!n->text.n || is_text(n, "0"))) {
    cxp_node(p, n->a);
    return true;
  }
  return false;
}

static void literal(struct cx_printer *p, struct cx_node *n) {
  if (plain_literal(p, n)) return;
  const struct cx_node *type = n->a;
  bool is_float =
      type->kind == CX_BUILTIN && (is_text(type, "double") || is_text(type, "long double") || is_text(type, "float") ||
                                   is_text(type, "__float128") || is_text(type, "half"));
  parenthesize(p, n->a);
  if (is_float) cxp_char(p, '[');  // the bits of it
  if (n->flags & CX_NEGATIVE) cxp_char(p, '-');
  cxp_str(p, n->text);
  if (is_float) cxp_char(p, ']');
}

static void string_literal(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "\"<");
  cxp_body(p, n->a);
  cxp_text(p, ">\"");
}

static void lambda(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "[]");
  if (n->a->kind == CX_CLOSURE) cxp_closure_types(p, n->a);
  cxp_text(p, "{...}");
}

// ---- requires -----------------------------------------------------------------------------------

static void expr_requirement(struct cx_printer *p, struct cx_node *n) {
  bool braces = n->b || (n->flags & CX_NOEXCEPT);
  cxp_text(p, braces ? " {" : " ");
  cxp_node(p, n->a);
  if (braces) cxp_char(p, '}');
  if (n->flags & CX_NOEXCEPT) cxp_text(p, " noexcept");
  if (n->b) {
    cxp_text(p, " -> ");
    cxp_node(p, n->b);
  }
  cxp_char(p, ';');
}

static void requirement(struct cx_printer *p, const char *before, struct cx_node *n) {
  cxp_text(p, before);
  cxp_node(p, n);
  cxp_char(p, ';');
}

static void requires_expression(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "requires ");
  if (n->a->n) {
    cxp_char(p, '(');
    cxp_list(p, n->a, false);
    cxp_text(p, ") ");
  }
  cxp_char(p, '{');
  for (uint32_t i = 0; i < n->n; i++) cxp_node(p, n->list[i]);
  cxp_text(p, " }");
}

// ---- all of them --------------------------------------------------------------------------------

static void function_param(struct cx_printer *p, struct cx_node *n) {
  if (n->number == 0) {
    cxp_text(p, "this");
  } else {
    cxp_raw_number(p, "{parm#", n->number, "}");
  }
}

void cxp_expr(struct cx_printer *p, struct cx_node *n) {
  switch (n->kind) {
    case CX_FUNCTION_PARAM: function_param(p, n); break;
    case CX_SIZEOF_PACK: cxp_number(p, (long)n->ref->n); break;
    case CX_SIZEOF_ARGS: sizeof_args(p, n); break;
    case CX_NULLARY: operator_sign(p, n->a); break;
    case CX_UNARY: unary(p, n); break;
    case CX_BINARY: binary(p, n); break;
    case CX_TRINARY: trinary(p, n); break;
    case CX_FOLD: fold(p, n); break;
    case CX_SUBOBJECT: subobject(p, n); break;
    case CX_MEMBER_CAST:
      parenthesize(p, n->a);
      parenthesize(p, n->b);
      break;
    case CX_NEW: new_expression(p, n); break;
    case CX_LITERAL: literal(p, n); break;
    case CX_STRING_LITERAL: string_literal(p, n); break;
    case CX_LAMBDA_EXPR: lambda(p, n); break;
    case CX_INITIALIZER: initializer(p, n); break;
    case CX_REQUIRES: requires_expression(p, n); break;
    case CX_EXPR_REQ: expr_requirement(p, n); break;
    case CX_TYPE_REQ: requirement(p, " typename ", n->a); break;
    case CX_NESTED_REQ: requirement(p, " requires ", n->a); break;
    default: break;
  }
}
