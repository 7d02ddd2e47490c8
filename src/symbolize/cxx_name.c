// Reads names: encodings (a name with its parameters), nested and local names and their parts.
#include "symbolize/cxx.h"

// ---- encodings ----------------------------------------------------------------------------------

// The template whose arguments the parameter types of a function refer to, or NULL.
static struct cx_node *template_of_function(struct cx_node *n) {
  while (n) {
    switch (n->kind) {
      case CX_TEMPLATE: return n;
      case CX_QUALIFIED:
        if (!(n->flags & CX_LOCAL) && n->b->kind != CX_CONSTRUCTOR) return NULL;
        n = n->b;
        break;
      case CX_METHOD_QUAL: n = n->a; break;
      case CX_CONSTRUCTOR: n = n->b; break;
      default: return NULL;
    }
  }
  return NULL;
}

static bool names_no_result(const struct cx_node *n) {
  while (n->kind == CX_QUALIFIED) n = n->b;
  return n->kind == CX_CONSTRUCTOR || n->kind == CX_DESTRUCTOR || n->kind == CX_CAST;
}

// Only template functions have their result type in the mangled name.
static bool has_result(const struct cx_node *n) {
  for (;;) {
    switch (n->kind) {
      case CX_QUALIFIED:
        if (!(n->flags & CX_LOCAL)) return false;
        n = n->b;
        break;
      case CX_TEMPLATE: return !names_no_result(n->a);
      case CX_TYPE_QUAL:
      case CX_METHOD_QUAL: n = n->a; break;
      default: return false;
    }
  }
}

// Takes the qualifiers of `this` off a name; they are printed behind the parameters or not at all. NULL when there are
// none. In a local name they stand at its inner part.
static struct cx_node *detach_qualifiers(struct cx_node **name) {
  struct cx_node *n = *name;
  if (n->kind == CX_METHOD_QUAL) {
    *name = n->a;
    return n;
  }
  if (n->kind != CX_QUALIFIED || !(n->flags & CX_LOCAL)) return NULL;
  struct cx_node **inner = &n->b;
  if ((*inner)->kind == CX_DEFAULT_ARG) inner = &(*inner)->a;
  if ((*inner)->kind != CX_METHOD_QUAL) return NULL;
  struct cx_node *qualified = *inner;
  *inner = qualified->a;
  return qualified;
}

// The arguments of clang's enable_if attribute, or NULL.
static struct cx_node *enable_if(struct cx *cx) {
  static const struct str prefix = {"Ua9enable_ifI", 13};
  if (!str_starts(cx->rest, prefix)) return NULL;
  cx_take(cx, prefix.n - 1);
  struct cx_node *n = cx_node(cx, CX_ENABLE_IF, NULL, NULL);
  cx_template_args(cx, n);
  return n;
}

// The name as a function with the parameters that follow.
static struct cx_node *function(struct cx *cx, struct cx_node *name, bool explicit_object, bool local) {
  struct cx_node *template = template_of_function(name);
  size_t lambda_level = cx->lambda_level;
  if (template) {
    cx_push(cx, &cx->templates, template);
    cx->lambda_level = 0;
  }
  struct cx_node *condition = enable_if(cx);
  struct cx_node *type = cx_bare_function(cx, has_result(name), explicit_object);
  struct cx_node *constraint = cx_peek(cx, 0) == 'Q' ? cx_constraint(cx) : NULL;
  if (template) {
    cx->templates.n--;
    cx->lambda_level = lambda_level;
  }
  type = cx_simplify(cx, type);
  if (local && type->kind == CX_FUNCTION) type->flags |= CX_LOCAL;

  struct cx_node *outer = name->kind == CX_METHOD_QUAL ? detach_qualifiers(&name) : NULL;
  if (outer) {
    outer->a = type;
    type = outer;
  }
  struct cx_node *inner = name->kind == CX_QUALIFIED ? detach_qualifiers(&name) : NULL;
  if (inner) {
    inner->a = type;
    type = inner;
  }
  struct cx_node *result = cx_node(cx, CX_TYPED, name, type);
  if (condition && condition->n) {
    condition->a = result;
    result = condition;
  }
  return constraint ? cx_node(cx, CX_CONSTRAINED, result, constraint) : result;
}

struct cx_node *cx_encoding(struct cx *cx, bool params, bool local) {
  int c = cx_peek(cx, 0);
  if (c == 'G' || c == 'T') return cx_special_name(cx);
  cx_enter(cx);
  bool explicit_object = false;
  struct cx_node *name = cx_simplify(cx, cx_name(cx, &explicit_object));
  c = cx_peek(cx, 0);
  if (!params) {
    if (name->kind == CX_METHOD_QUAL) name = name->a;
    detach_qualifiers(&name);
  } else if (c >= 0 && c != 'E') {
    name = function(cx, name, explicit_object, local);
  }
  cx_leave(cx);
  return name;
}

// ---- nested names -------------------------------------------------------------------------------

struct prefix {
  struct cx_node *whole;   // what is read so far
  struct cx_node *last;    // its last part, for constructors and destructors
  struct cx_node *module;  // of the name that comes next
  struct cx_node *cast;    // a conversion operator that waits for template arguments
};

// The class a constructor or destructor is named after.
static struct cx_node *class_name(struct cx *cx, struct cx_node *n) {
  if (!n) cx_fail(cx);
  for (;;) {
    if (n->kind == CX_TEMPLATE || n->kind == CX_TAGGED) {
      n = n->a;
    } else if (n->kind == CX_QUALIFIED) {
      n = n->b;
    } else {
      return n;
    }
  }
}

static struct cx_node *constructor(struct cx *cx, struct cx_node *last) {
  cx_take(cx, 1);
  bool inherits = cx_accept(cx, 'I');
  struct cx_node *name = class_name(cx, last);
  cx_take(cx, 1);
  return cx_tagged(cx, cx_node(cx, CX_CONSTRUCTOR, name, inherits ? cx_type(cx, false) : NULL));
}

static struct cx_node *destructor(struct cx *cx, struct cx_node *last) {
  if (cx_peek(cx, 1) == 'T' || cx_peek(cx, 1) == 't') return cx_type(cx, false);  // decltype
  cx_take(cx, 2);
  return cx_tagged(cx, cx_node(cx, CX_DESTRUCTOR, class_name(cx, last), NULL));
}

// The template arguments of the conversion operator `name` are what parameters in its type refer to.
static void settle_cast(struct cx *cx, struct cx_node *name, struct cx_node *template) {
  cx_set_template(cx, name, template);
  for (uint32_t i = 0; i < template->n; i++) cx_set_template(cx, template->list[i], NULL);
}

static struct cx_node *prefix_template(struct cx *cx, struct prefix *p) {
  if (!p->whole) cx_fail(cx);
  struct cx_node *template = cx_node(cx, CX_TEMPLATE, p->whole, NULL);
  if (cx_peek(cx, 0) == 'J') {  // clang leaves out the I before a pack now and then
    while (!cx_accept(cx, 'E')) cx_append(cx, template, cx_template_arg(cx, NULL));
  } else {
    cx_template_args(cx, template);
  }
  if (p->cast) settle_cast(cx, p->cast, template);
  p->cast = NULL;
  p->whole = NULL;
  return template;
}

static struct cx_node *prefix_unqualified(struct cx *cx, struct prefix *p) {
  bool is_cast = false;
  struct cx_node *n = cx_unqualified(cx, p->module, &is_cast);
  p->module = NULL;
  if (is_cast) {
    struct cx_node *cast = n->kind == CX_TAGGED ? n->a : n;
    if (cast->kind != CX_CAST) cx_fail(cx);
    p->cast = cast;
  }
  return n;
}

// The next part of a nested name, or NULL when what was read is none.
static struct cx_node *prefix_part(struct cx *cx, struct prefix *p) {
  int c = cx_peek(cx, 0);
  if (cx_digit(c) || cx_lower(c) || c == 'U' || c == 'L' || c == 'F' || c == 'W' ||
      (c == 'D' && cx_peek(cx, 1) == 'C')) {
    return prefix_unqualified(cx, p);
  }
  struct cx_node *n;
  switch (c) {
    case 'C': return constructor(cx, p->last);
    case 'D': return destructor(cx, p->last);
    case 'S':
      n = cx_substitution(cx, true);
      if (n->kind != CX_MODULE_NAME) return n;
      p->module = n;
      return NULL;
    case 'I':
    case 'J': return prefix_template(cx, p);
    case 'T': return cx_template_param(cx);
    case 'M':  // the variable a lambda initialises, which then stands there as a scope like any other
      if (!p->whole) cx_fail(cx);
      cx_take(cx, 1);
      return NULL;
    default: cx_fail(cx);
  }
}

static struct cx_node *prefix(struct cx *cx) {
  struct prefix p = {NULL, NULL, NULL, NULL};
  while (cx_peek(cx, 0) != 'E') {
    bool is_sub = cx_peek(cx, 0) == 'S';
    struct cx_node *part = prefix_part(cx, &p);
    if (!part) continue;
    p.last = part;
    p.whole = p.whole ? cx_node(cx, CX_QUALIFIED, p.whole, part) : part;
    if (!is_sub && cx_peek(cx, 0) != 'E') cx_sub(cx, p.whole);
  }
  if (!p.whole) cx_fail(cx);
  if (p.cast) cx_set_template(cx, p.cast, p.cast->a->kind == CX_TEMPLATE ? p.cast->a : NULL);
  return p.whole;
}

static struct cx_node *nested_name(struct cx *cx, bool *explicit_object) {
  struct cx_node *qualifiers = NULL;
  struct str ref = {"", 0};
  cx_expect(cx, 'N');
  if (cx_accept(cx, 'H')) {
    if (explicit_object) *explicit_object = true;
  } else {
    qualifiers = cx_qualifiers(cx);
    ref = cx_ref_qualifier(cx);
  }
  struct cx_node *n = prefix(cx);
  if (qualifiers || ref.n) {
    n = cx_node(cx, CX_METHOD_QUAL, n, qualifiers);
    n->text = ref;
  }
  cx_expect(cx, 'E');
  return n;
}

// ---- local names --------------------------------------------------------------------------------

// Which of several equal names in one function is meant; not printed. clang may write digits without a '_' at the end.
static void discriminator(struct cx *cx) {
  if (!cx_accept(cx, '_')) {
    for (size_t i = 0; i < cx->rest.n; i++) {
      if (!cx_digit(cx_peek(cx, i))) return;
    }
    cx_take(cx, cx->rest.n);
    return;
  }
  bool two = cx_accept(cx, '_');
  long n = cx_number(cx);
  if (n < 0) cx_fail(cx);
  if (two && n >= 10) cx_expect(cx, '_');
}

static struct cx_node *local_name(struct cx *cx, bool *explicit_object) {
  cx_expect(cx, 'Z');
  struct cx_node *function_name = cx_encoding(cx, true, true);
  struct cx_node *entity;
  cx_expect(cx, 'E');
  if (cx_accept(cx, 's')) {
    entity = cx_node_text(cx, CX_NAME, STR_LIT("string literal"), NULL);
    discriminator(cx);
  } else {
    long number = cx_accept(cx, 'd') ? cx_compact_number(cx) : -1;
    entity = cx_name(cx, explicit_object);
    discriminator(cx);
    if (number >= 0) entity = cx_node_number(cx, CX_DEFAULT_ARG, number, entity);
  }
  struct cx_node *n = cx_node(cx, CX_QUALIFIED, function_name, entity);
  n->flags = CX_LOCAL;
  return n;
}

// ---- names --------------------------------------------------------------------------------------

// The template arguments behind an unscoped name, if there are any.
static struct cx_node *unscoped_template(struct cx *cx, struct cx_node *n, bool is_cast, bool is_sub) {
  if (cx_peek(cx, 0) != 'I') {
    if (is_cast) cx_set_template(cx, n, NULL);
    return n;
  }
  if (!is_sub) cx_sub(cx, n);
  struct cx_node *template = cx_template_of(cx, n);
  if (is_cast) settle_cast(cx, n, template);
  return template;
}

static struct cx_node *unscoped_name(struct cx *cx) {
  bool is_cast = false;
  struct cx_node *module = NULL;
  if (cx_peek(cx, 0) == 'S') {
    if (cx_accept2(cx, "St")) {
      struct cx_node *n = cx_unqualified(cx, NULL, &is_cast);
      n = cx_node(cx, CX_QUALIFIED, cx_node_text(cx, CX_NAME, STR_LIT("std"), NULL), n);
      return unscoped_template(cx, n, is_cast, false);
    }
    module = cx_substitution(cx, false);
    if (module->kind != CX_MODULE_NAME) return unscoped_template(cx, module, false, true);
  }
  struct cx_node *n = cx_unqualified(cx, module, &is_cast);
  return unscoped_template(cx, n, is_cast, false);
}

struct cx_node *cx_name(struct cx *cx, bool *explicit_object) {
  cx_enter(cx);
  struct cx_node *n;
  bool is_cast = false;
  switch (cx_peek(cx, 0)) {
    case 'N': n = nested_name(cx, explicit_object); break;
    case 'Z': n = local_name(cx, explicit_object); break;
    case 'U':
      n = cx_unqualified(cx, NULL, &is_cast);
      if (is_cast) cx_set_template(cx, n, NULL);
      break;
    default: n = unscoped_name(cx); break;
  }
  cx_leave(cx);
  return n;
}

struct cx_node *cx_tagged(struct cx *cx, struct cx_node *n) {
  while (cx_accept(cx, 'B')) n = cx_node(cx, CX_TAGGED, n, cx_source_name(cx));
  return n;
}

struct cx_node *cx_source_name(struct cx *cx) {
  static const struct str global = {"_GLOBAL_", 8};
  long n = cx_number(cx);
  if (n <= 0) cx_fail(cx);
  struct str id = cx_take(cx, (size_t)n);
  if (id.n > global.n + 2 && str_starts(id, global) && strchr("._$", id.p[global.n]) && id.p[global.n] &&
      id.p[global.n + 1] == 'N') {
    id = STR_LIT("(anonymous namespace)");  // g++ spells it so
  }
  return cx_node_text(cx, CX_NAME, id, NULL);
}

struct cx_node *cx_module_name(struct cx *cx, struct cx_node *parent) {
  while (cx_accept(cx, 'W')) {
    bool partition = cx_accept(cx, 'P');
    parent = cx_node(cx, CX_MODULE_NAME, parent, cx_source_name(cx));
    if (partition) parent->flags = CX_PARTITION;
    cx_sub(cx, parent);
  }
  return parent;
}

static struct cx_node *structured_bindings(struct cx *cx) {
  struct cx_node *n = cx_node(cx, CX_BINDINGS, NULL, NULL);
  do {
    cx_append(cx, n, cx_source_name(cx));
  } while (!cx_accept(cx, 'E'));
  return n;
}

struct cx_node *cx_unnamed(struct cx *cx) {
  cx_take(cx, 2);
  struct cx_node *n = cx_node_number(cx, CX_UNNAMED, cx_compact_number(cx), NULL);
  cx_sub(cx, n);
  return n;
}

// Names of things that have none in the source: blocks, lambdas, types.
static struct cx_node *nameless(struct cx *cx) {
  switch (cx_peek(cx, 1)) {
    case 'b':
      cx_take(cx, 2);
      cx_compact_number(cx);
      return cx_node_text(cx, CX_NAME, STR_LIT("'block-literal'"), NULL);
    case 'l': return cx_closure(cx);
    case 't': return cx_unnamed(cx);
    default: cx_fail(cx);
  }
}

static struct cx_node *operator_function(struct cx *cx, bool *is_cast) {
  int operands;
  struct cx_node *n = cx_operator_name(cx, false, &operands);
  if (n->kind == CX_CAST) *is_cast = true;
  if (n->kind == CX_OPERATOR && str_eq(n->text, STR_LIT("operator\"\" "))) {
    n = cx_node(cx, CX_UNARY, n, cx_source_name(cx));
  }
  return n;
}

struct cx_node *cx_unqualified(struct cx *cx, struct cx_node *module, bool *is_cast) {
  module = cx_module_name(cx, module);
  bool is_friend = cx_accept(cx, 'F');
  int c = cx_peek(cx, 0);
  struct cx_node *n;
  if (cx_digit(c)) {
    n = cx_source_name(cx);
  } else if (cx_lower(c)) {
    n = operator_function(cx, is_cast);
  } else if (cx_accept2(cx, "DC")) {
    n = structured_bindings(cx);
  } else if (cx_accept(cx, 'L')) {
    n = cx_source_name(cx);
    discriminator(cx);
  } else if (c == 'U') {
    n = nameless(cx);
  } else {
    cx_fail(cx);
  }
  if (module) n = cx_node(cx, CX_MODULE_ENTITY, module, n);
  n = cx_tagged(cx, n);
  return is_friend ? cx_node(cx, CX_FRIEND, n, NULL) : n;
}
