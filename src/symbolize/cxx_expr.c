// Reads expressions, which stand in template arguments, array bounds, decltype and constraints.
#include "symbolize/cxx.h"

struct op {
  char code[3];
  const char *text;
  int operands;
};

// A space at the end of a text sets it off from its operand.
static const struct op operators[] = {
    {"aN", "&=", 2},
    {"aS", "=", 2},
    {"aa", "&&", 2},
    {"ad", "&", 1},
    {"an", "&", 2},
    {"at", "alignof ", 1},
    {"aw", "co_await ", 1},
    {"az", "alignof ", 1},
    {"cc", "const_cast", 2},
    {"cl", "()", 2},
    {"cm", ",", 2},
    {"co", "~", 1},
    {"cp", "()", 2},
    {"dV", "/=", 2},
    {"dX", "[...]=", 3},
    {"da", "delete[] ", 1},
    {"dc", "dynamic_cast", 2},
    {"de", "*", 1},
    {"di", "=", 2},
    {"dl", "delete ", 1},
    {"ds", ".*", 2},
    {"dt", ".", 2},
    {"dv", "/", 2},
    {"dx", "]=", 2},
    {"eO", "^=", 2},
    {"eo", "^", 2},
    {"eq", "==", 2},
    {"fL", "...", 3},
    {"fR", "...", 3},
    {"fl", "...", 2},
    {"fr", "...", 2},
    {"ge", ">=", 2},
    {"gs", "::", 1},
    {"gt", ">", 2},
    {"ix", "[]", 2},
    {"lS", "<<=", 2},
    {"le", "<=", 2},
    {"li", "operator\"\" ", 1},
    {"ls", "<<", 2},
    {"lt", "<", 2},
    {"mI", "-=", 2},
    {"mL", "*=", 2},
    {"mi", "-", 2},
    {"ml", "*", 2},
    {"mm", "--", 1},
    {"na", "new[]", 3},
    {"ne", "!=", 2},
    {"ng", "-", 1},
    {"nt", "!", 1},
    {"nw", "new", 3},
    {"nx", "noexcept", 1},
    {"oR", "|=", 2},
    {"oo", "||", 2},
    {"or", "|", 2},
    {"pL", "+=", 2},
    {"pl", "+", 2},
    {"pm", "->*", 2},
    {"pp", "++", 1},
    {"ps", "+", 1},
    {"pt", "->", 2},
    {"qu", "?", 3},
    {"rM", "%=", 2},
    {"rS", ">>=", 2},
    {"rc", "reinterpret_cast", 2},
    {"rm", "%", 2},
    {"rs", ">>", 2},
    {"sP", "sizeof...", 1},
    {"sZ", "sizeof...", 1},
    {"sc", "static_cast", 2},
    {"ss", "<=>", 2},
    {"st", "sizeof ", 1},
    {"sz", "sizeof ", 1},
    {"te", "typeid ", 1},
    {"ti", "typeid ", 1},
    {"tr", "throw", 0},
    {"tw", "throw ", 1},
};

static const struct op *find_operator(struct str code) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    if (memcmp(operators[i].code, code.p, 2) == 0) return &operators[i];
  }
  return NULL;
}

// The type of a conversion operator. Outside of expressions its template parameters are those of arguments that are
// still to come, which the NULL says.
static struct cx_node *cast_operator(struct cx *cx, bool in_expression) {
  if (!in_expression) cx_push(cx, &cx->templates, NULL);
  struct cx_node *type = cx_type(cx, !in_expression);
  if (!in_expression) cx->templates.n--;
  return cx_node(cx, CX_CAST, type, NULL);
}

struct cx_node *cx_operator_name(struct cx *cx, bool in_expression, int *operands) {
  struct str code = cx_take(cx, 2);
  if (code.p[0] == 'v' && cx_digit(code.p[1])) {
    *operands = code.p[1] - '0';
    return cx_node_text(cx, CX_OPERATOR, cx_source_name(cx)->text, NULL);
  }
  if (code.p[0] == 'c' && code.p[1] == 'v') {
    *operands = 1;
    return cast_operator(cx, in_expression);
  }
  const struct op *op = find_operator(code);
  if (!op) cx_fail(cx);
  *operands = op->operands;
  return cx_operator(cx, op->text);
}

// ---- lists --------------------------------------------------------------------------------------

static struct cx_node *expr_list(struct cx *cx, char stop) {
  struct cx_node *n = cx_node(cx, CX_EXPR_LIST, NULL, NULL);
  while (!cx_accept(cx, stop)) cx_append(cx, n, cx_expression(cx));
  return n;
}

static void arg_list(struct cx *cx, struct cx_node *into) {
  while (!cx_accept(cx, 'E')) cx_append(cx, into, cx_template_arg(cx, NULL));
}

static struct cx_node *initializer(struct cx *cx, struct cx_node *type) {
  return cx_node(cx, CX_INITIALIZER, type, expr_list(cx, 'E'));
}

static struct cx_node *call(struct cx *cx, struct cx_node *function, struct cx_node *args) {
  struct cx_node *n = cx_node(cx, CX_BINARY, cx_operator(cx, "()"), function);
  n->c = args;
  return n;
}

// A vendor's own expression, printed as a call. clang's __uuidof says before its operand what that is.
static struct cx_node *vendor_expr(struct cx *cx) {
  struct cx_node *name = cx_source_name(cx);
  struct cx_node *args = cx_node(cx, CX_EXPR_LIST, NULL, NULL);
  if (str_eq(name->text, STR_LIT("__uuidof"))) {
    int c = cx_peek(cx, 0);
    if (cx->rest.n < 2) cx_fail(cx);
    if (c == 't' || c == 'z') {
      cx_take(cx, 1);
      cx_append(cx, args, c == 't' ? cx_type(cx, false) : cx_expression(cx));
      return call(cx, name, args);
    }
  }
  arg_list(cx, args);
  return call(cx, name, args);
}

// ---- operands -----------------------------------------------------------------------------------

static struct cx_node *function_param(struct cx *cx) {
  cx_qualifiers(cx);
  return cx_node_number(cx, CX_FUNCTION_PARAM, cx_compact_number(cx) + 1, NULL);
}

static struct cx_node *outer_function_param(struct cx *cx) {
  cx_take(cx, 2);
  cx_number(cx);
  cx_expect(cx, 'p');
  return function_param(cx);
}

static long optional_number(struct cx *cx) {
  int c = cx_peek(cx, 0);
  return c == 'n' || cx_digit(c) ? cx_number(cx) : 0;
}

static struct cx_node *member_cast(struct cx *cx) {
  struct cx_node *type = cx_type(cx, false);
  struct cx_node *n = cx_node(cx, CX_MEMBER_CAST, type, cx_expression(cx));
  optional_number(cx);
  cx_expect(cx, 'E');
  return n;
}

static struct cx_node *subobject(struct cx *cx) {
  struct cx_node *type = cx_type(cx, false);
  struct cx_node *n = cx_node(cx, CX_SUBOBJECT, type, cx_expression(cx));
  n->number = optional_number(cx);
  while (cx_accept(cx, '_')) optional_number(cx);
  cx_accept(cx, 'p');
  cx_expect(cx, 'E');
  return n;
}

static struct cx_node *function_id(struct cx *cx) {
  bool ignored;
  cx_accept2(cx, "on");
  struct cx_node *n = cx_unqualified(cx, NULL, &ignored);
  return cx_peek(cx, 0) == 'I' ? cx_template_of(cx, n) : n;
}

static struct cx_node *sizeof_pack(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_SIZEOF_PACK, NULL, NULL);
  n->ref = cx_find_pack(cx, cx_expression(cx));
  if (!n->ref) cx_fail(cx);
  return n;
}

static struct cx_node *pack_expansion(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_PACK_EXPANSION, cx_expression(cx), NULL);
  n->ref = cx_find_pack(cx, n->a);
  return n;
}

static struct cx_node *sizeof_args(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_SIZEOF_ARGS, NULL, NULL);
  arg_list(cx, n);
  return n;
}

static struct cx_node *sizeof_type(struct cx *cx) {
  struct cx_node *op = cx_operator(cx, "sizeof ");
  struct cx_node *n = cx_node(cx, CX_UNARY, op, cx_type(cx, false));
  n->flags = CX_SIZEOF_TYPE;
  return n;
}

// ---- operators ----------------------------------------------------------------------------------

static struct cx_node *unary(struct cx *cx, struct cx_node *op, struct str code) {
  bool step = code.p[0] == code.p[1] && (code.p[0] == 'p' || code.p[0] == 'm');
  bool suffix = step && !cx_accept(cx, '_');
  bool list = op->kind == CX_CAST && cx_accept(cx, '_');
  struct cx_node *n = cx_node(cx, CX_UNARY, op, list ? expr_list(cx, 'E') : cx_expression(cx));
  if (suffix) n->flags = CX_SUFFIX;
  return n;
}

static struct cx_node *member_name(struct cx *cx) {
  if (cx_peek(cx, 0) == 'L') return cx_expr_primary(cx);
  struct cx_node *n = cx_unresolved_name(cx);
  return cx_peek(cx, 0) == 'I' ? cx_template_of(cx, n) : n;
}

static struct cx_node *fold(struct cx *cx, bool left, bool two) {
  int ignored;
  struct cx_node *op = cx_operator_name(cx, true, &ignored);
  struct cx_node *n = cx_node(cx, CX_FOLD, op, cx_expression(cx));
  if (two) n->c = cx_expression(cx);
  if (left) n->flags = CX_LEFT;
  return n;
}

static bool is_code(struct str code, const char *any_of) {
  for (; *any_of; any_of += 2) {
    if (memcmp(code.p, any_of, 2) == 0) return true;
  }
  return false;
}

static struct cx_node *binary(struct cx *cx, struct cx_node *op, struct str code) {
  if (code.p[0] == 'f') return fold(cx, code.p[1] == 'l', false);
  struct cx_node *n = cx_node(cx, CX_BINARY, op, NULL);
  bool ignored;
  if (is_code(code, "scdcccrc")) {
    n->b = cx_type(cx, false);
  } else if (is_code(code, "di")) {
    n->b = cx_unqualified(cx, NULL, &ignored);
  } else {
    n->b = cx_expression(cx);
  }
  if (is_code(code, "clcp")) {
    n->c = expr_list(cx, 'E');
  } else if (is_code(code, "dtpt")) {
    n->c = member_name(cx);
  } else {
    n->c = cx_expression(cx);
  }
  return n;
}

static struct cx_node *new_expr(struct cx *cx, struct cx_node *op) {
  struct cx_node *place = expr_list(cx, '_');
  struct cx_node *n = cx_node(cx, CX_NEW, op, place->n ? place : NULL);
  n->c = cx_type(cx, false);
  if (cx_accept(cx, 'E')) return n;
  if (cx_accept2(cx, "pi")) {
    cx_append(cx, n, expr_list(cx, 'E'));
  } else if (cx_peek(cx, 0) == 'i' && cx_peek(cx, 1) == 'l') {
    cx_append(cx, n, cx_expression(cx));
  } else {
    cx_fail(cx);
  }
  return n;
}

static struct cx_node *trinary(struct cx *cx, struct cx_node *op, struct str code) {
  if (code.p[0] == 'n') return new_expr(cx, op);
  if (code.p[0] == 'f') return fold(cx, code.p[1] == 'L', true);
  struct cx_node *n = cx_node(cx, CX_TRINARY, op, cx_expression(cx));
  n->c = cx_expression(cx);
  cx_append(cx, n, cx_expression(cx));
  return n;
}

static struct cx_node *operation(struct cx *cx) {
  struct str code = cx->rest;
  int operands;
  struct cx_node *op = cx_operator_name(cx, true, &operands);
  switch (operands) {
    case 0: return cx_node(cx, CX_NULLARY, op, NULL);
    case 1: return unary(cx, op, code);
    case 2: return binary(cx, op, code);
    case 3: return trinary(cx, op, code);
    default: cx_fail(cx);
  }
}

static struct cx_node *s_expression(struct cx *cx) {
  if (cx_accept2(cx, "so")) return subobject(cx);
  if (cx_accept2(cx, "sp")) return pack_expansion(cx);
  if (cx_accept2(cx, "sZ")) return sizeof_pack(cx);
  if (cx_accept2(cx, "sP")) return sizeof_args(cx);
  if (cx_accept2(cx, "st")) return sizeof_type(cx);
  return cx_peek(cx, 1) == 'r' ? cx_unresolved_name(cx) : operation(cx);
}

static struct cx_node *any_expression(struct cx *cx) {
  int c = cx_peek(cx, 0), next = cx_peek(cx, 1);
  if (c == 'L') return cx_expr_primary(cx);
  if (c == 'T') return cx_template_param(cx);
  if (c == 's') return s_expression(cx);
  if (cx_accept2(cx, "fp")) {
    return cx_accept(cx, 'T') ? cx_node_number(cx, CX_FUNCTION_PARAM, 0, NULL) : function_param(cx);
  }
  if (c == 'f' && next == 'L' && cx_digit(cx_peek(cx, 2))) return outer_function_param(cx);
  if (cx_accept2(cx, "mc")) return member_cast(cx);
  if (cx_digit(c) || (c == 'o' && next == 'n')) return function_id(cx);
  if (cx_accept2(cx, "il")) return initializer(cx, NULL);
  if (cx_accept2(cx, "tl")) return initializer(cx, cx_type(cx, false));
  if (cx_accept(cx, 'u')) return vendor_expr(cx);
  if (c == 'r' && (next == 'q' || next == 'Q')) return cx_requires(cx);
  return operation(cx);
}

struct cx_node *cx_expression(struct cx *cx) {
  cx_enter(cx);
  struct cx_node *n = any_expression(cx);
  cx_leave(cx);
  return n;
}
