// Reads types.
#include "symbolize/cxx.h"

static struct cx_node *builtin(struct cx *cx, const char *name) {
  return cx_node_text(cx, CX_BUILTIN, str_of(name), NULL);
}

static const char *builtin_name(int c) {
  switch (c) {
    case 'a': return "signed char";
    case 'b': return "bool";
    case 'c': return "char";
    case 'd': return "double";
    case 'e': return "long double";
    case 'f': return "float";
    case 'g': return "__float128";
    case 'h': return "unsigned char";
    case 'i': return "int";
    case 'j': return "unsigned int";
    case 'l': return "long";
    case 'm': return "unsigned long";
    case 'n': return "__int128";
    case 'o': return "unsigned __int128";
    case 's': return "short";
    case 't': return "unsigned short";
    case 'v': return "void";
    case 'w': return "wchar_t";
    case 'x': return "long long";
    case 'y': return "unsigned long long";
    case 'z': return "...";
    default: return NULL;
  }
}

// ---- qualifiers ---------------------------------------------------------------------------------

static struct cx_node *qualifier(struct cx *cx, const char *name) {
  return cx_node_text(cx, CX_QUALIFIER, str_of(name), NULL);
}

// One qualifier, or NULL when there is none.
static struct cx_node *one_qualifier(struct cx *cx) {
  if (cx_accept(cx, 'r')) return qualifier(cx, "restrict");
  if (cx_accept(cx, 'V')) return qualifier(cx, "volatile");
  if (cx_accept(cx, 'K')) return qualifier(cx, "const");
  if (cx_accept2(cx, "Dx")) return qualifier(cx, "transaction_safe");
  if (cx_accept2(cx, "Do")) return qualifier(cx, "noexcept");
  struct cx_node *n;
  if (cx_accept2(cx, "DO")) {
    n = qualifier(cx, "noexcept");
    cx_append(cx, n, cx_expression(cx));
  } else if (cx_accept2(cx, "Dw")) {
    n = qualifier(cx, "throw");
    cx_parameters(cx, n, false);
  } else {
    return NULL;
  }
  cx_expect(cx, 'E');
  return n;
}

// All that stand there, last first, which is how they are printed. NULL when there are none.
struct cx_node *cx_qualifiers(struct cx *cx) {
  struct cx_node *first = one_qualifier(cx);
  if (!first) return NULL;
  struct cx_node *n = cx_node(cx, CX_QUALIFIERS, NULL, NULL);
  for (struct cx_node *q = first; q; q = one_qualifier(cx)) cx_append(cx, n, q);
  for (uint32_t i = 0; i < n->n / 2; i++) {
    struct cx_node *swap = n->list[i];
    n->list[i] = n->list[n->n - 1 - i];
    n->list[n->n - 1 - i] = swap;
  }
  return n;
}

struct str cx_ref_qualifier(struct cx *cx) {
  if (cx_accept(cx, 'R')) return STR_LIT("&");
  if (cx_accept(cx, 'O')) return STR_LIT("&&");
  return (struct str){"", 0};
}

static bool has_plain_qualifier(const struct cx_node *list, struct str name) {
  for (uint32_t i = 0; i < list->n; i++) {
    if (list->list[i]->n == 0 && str_eq(list->list[i]->text, name)) return true;
  }
  return false;
}

// Adds to `first` those of `second` that it lacks.
struct cx_node *cx_merge_qualifiers(struct cx *cx, struct cx_node *first, struct cx_node *second) {
  if (!first || !second) return first ? first : second;
  uint32_t n = second->n;  // the two may be the same
  for (uint32_t i = 0; i < n; i++) {
    struct cx_node *q = second->list[i];
    cx_step(cx, (long)first->n);
    if (q->n || !has_plain_qualifier(first, q->text)) cx_append(cx, first, q);
  }
  return first;
}

// `n` with qualifiers that stood before it.
static struct cx_node *qualified(struct cx *cx, struct cx_node *n, struct cx_node *qualifiers) {
  if (n->kind == CX_FUNCTION) return cx_node(cx, CX_METHOD_QUAL, n, qualifiers);
  if (n->kind == CX_METHOD_QUAL) {  // a function with a ref-qualifier behind it
    n->b = cx_merge_qualifiers(cx, qualifiers, n->b);
    return n;
  }
  if (n->kind == CX_TYPE_QUAL) {  // an array whose elements are qualified
    qualifiers = cx_merge_qualifiers(cx, qualifiers, n->b);
    n = n->a;
  }
  return cx_node(cx, CX_TYPE_QUAL, n, qualifiers);
}

// ---- functions ----------------------------------------------------------------------------------

static bool parameters_end(const struct cx *cx) {
  int c = cx_peek(cx, 0);
  if (c < 0 || c == 'E' || c == '.' || c == 'Q') return true;
  return (c == 'R' || c == 'O') && cx_peek(cx, 1) == 'E';  // a ref-qualifier of the function
}

// Appends parameter types to `into`; at least one must be there, and a single void is none.
void cx_parameters(struct cx *cx, struct cx_node *into, bool explicit_object) {
  uint32_t before = into->n;
  while (!parameters_end(cx)) {
    struct cx_node *type = cx_type(cx, false);
    if (explicit_object && into->n == before) type = cx_node(cx, CX_EXPLICIT_OBJECT, type, NULL);
    cx_append(cx, into, type);
  }
  if (into->n == before) cx_fail(cx);
  const struct cx_node *only = into->list[before];
  if (into->n == before + 1 && only->kind == CX_BUILTIN && str_eq(only->text, STR_LIT("void"))) into->n = before;
}

struct cx_node *cx_bare_function(struct cx *cx, bool has_result, bool explicit_object) {
  if (cx_accept(cx, 'J')) has_result = true;
  struct cx_node *n = cx_node(cx, CX_FUNCTION, has_result ? cx_type(cx, false) : NULL, NULL);
  cx_parameters(cx, n, explicit_object);
  return n;
}

static struct cx_node *function_type(struct cx *cx) {
  cx_expect(cx, 'F');
  cx_accept(cx, 'Y');  // C linkage
  struct cx_node *n = cx_bare_function(cx, true, false);
  struct str ref = cx_ref_qualifier(cx);
  if (ref.n) n = cx_node_text(cx, CX_METHOD_QUAL, ref, n);
  cx_expect(cx, 'E');
  return n;
}

// ---- compound types -----------------------------------------------------------------------------

static struct cx_node *array_type(struct cx *cx, bool is_cast) {
  struct cx_node *dimension;
  cx_expect(cx, 'A');
  int c = cx_peek(cx, 0);
  if (c == '_' || cx_digit(c)) {
    size_t digits = 0;
    while (cx_digit(cx_peek(cx, digits))) digits++;
    dimension = cx_node_text(cx, CX_NAME, cx_take(cx, digits), NULL);
  } else {
    dimension = cx_expression(cx);
  }
  cx_expect(cx, '_');
  struct cx_node *element = cx_type(cx, is_cast);
  if (element->kind != CX_TYPE_QUAL) return cx_node(cx, CX_ARRAY, dimension, element);
  // An array of const is a const array.
  return cx_node(cx, CX_TYPE_QUAL, cx_node(cx, CX_ARRAY, dimension, element->a), element->b);
}

static struct cx_node *decimal_name(struct cx *cx, long number) {
  return cx_node_text(cx, CX_NAME, cx_decimal(cx, number), NULL);
}

static struct cx_node *vector_type(struct cx *cx, bool is_cast) {
  struct cx_node *dimension = cx_accept(cx, '_') ? cx_expression(cx) : decimal_name(cx, cx_number(cx));
  cx_expect(cx, '_');
  return cx_node(cx, CX_VECTOR, dimension, cx_type(cx, is_cast));
}

static struct cx_node *member_pointer(struct cx *cx, bool is_cast) {
  cx_expect(cx, 'M');
  struct cx_node *class_type = cx_type(cx, false);
  return cx_node(cx, CX_MEMBER_POINTER, class_type, cx_type(cx, is_cast));
}

// Fixed-point types (DFsi and the like) and _FloatN (DF16_).
static struct cx_node *fixed_or_float(struct cx *cx, bool is_cast) {
  bool has_bits = cx_digit(cx_peek(cx, 0));
  long bits = has_bits ? cx_number(cx) : 0;
  if (cx_peek(cx, 0) == '_') {
    if (bits == 0) cx_fail(cx);
    cx_take(cx, 1);
    return cx_node_number(cx, CX_FLOAT_BITS, bits, NULL);
  }
  struct cx_node *n = cx_node(cx, CX_FIXED, cx_type(cx, is_cast), NULL);
  if (has_bits) n->flags |= CX_ACCUM;
  if (cx_digit(cx_peek(cx, 0))) cx_number(cx);
  if (cx_peek(cx, 0) == 's') n->flags |= CX_SATURATED;
  if (cx->rest.n) cx_take(cx, 1);
  return n;
}

static struct cx_node *bit_int(struct cx *cx, bool is_signed) {
  struct cx_node *size = cx_digit(cx_peek(cx, 0)) ? decimal_name(cx, cx_number(cx)) : cx_expression(cx);
  cx_expect(cx, '_');
  struct cx_node *n = cx_node(cx, CX_BITINT, size, NULL);
  if (is_signed) n->flags = CX_SIGNED;
  return n;
}

static struct cx_node *constrained_auto(struct cx *cx, const char *suffix) {
  struct cx_node *constraint = cx_name(cx, NULL);
  return cx_node_text(cx, CX_SUFFIX_TYPE, str_of(suffix), constraint);
}

// The types that begin with a D. *is_sub says whether it is a candidate for substitution.
static struct cx_node *d_type(struct cx *cx, bool is_cast, bool *is_sub) {
  cx_expect(cx, 'D');
  struct cx_node *n;
  int c = cx_take(cx, 1).p[0];
  *is_sub = c == 'T' || c == 't' || c == 'p' || c == 'v';
  switch (c) {
    case 'T':
    case 't':
      n = cx_node(cx, CX_DECLTYPE, cx_expression(cx), NULL);
      cx_expect(cx, 'E');
      return n;
    case 'p':
      n = cx_node(cx, CX_PACK_EXPANSION, cx_type(cx, is_cast), NULL);
      n->ref = cx_find_pack(cx, n->a);
      return n;
    case 'a': return cx_node_text(cx, CX_NAME, STR_LIT("auto"), NULL);
    case 'c': return cx_node_text(cx, CX_NAME, STR_LIT("decltype(auto)"), NULL);
    case 'f': return builtin(cx, "decimal32");
    case 'd': return builtin(cx, "decimal64");
    case 'e': return builtin(cx, "decimal128");
    case 'h': return builtin(cx, "half");
    case 'u': return builtin(cx, "char8_t");
    case 's': return builtin(cx, "char16_t");
    case 'i': return builtin(cx, "char32_t");
    case 'n': return builtin(cx, "decltype(nullptr)");
    case 'F': return fixed_or_float(cx, is_cast);
    case 'v': return vector_type(cx, is_cast);
    case 'B':
    case 'U': return bit_int(cx, c == 'B');
    case 'k': return constrained_auto(cx, "auto");
    case 'K': return constrained_auto(cx, "decltype(auto)");
    default: cx_fail(cx);
  }
}

// ---- template arguments behind a type -----------------------------------------------------------

// In the type of a conversion operator, arguments behind a template parameter belong to the operator, unless another
// list of arguments follows. To find out, they are read twice.
static struct cx_node *cast_template(struct cx *cx, struct cx_node *param, bool is_sub) {
  struct cx_catch *outer = cx->catch;
  const struct cx before = *cx;
  struct cx_catch here;
  cx->catch = &here;
  struct cx_node *volatile read = NULL;
  if (!setjmp(here.env)) read = cx_template_of(cx, param);
  cx->catch = outer;
  if (cx->fatal) cx_fail(cx);
  if (read && cx_peek(cx, 0) == 'I') {
    if (is_sub) cx_sub(cx, param);
    return read;
  }
  cx->rest = before.rest;
  cx->subs.n = before.subs.n;
  cx->templates.n = before.templates.n;
  cx->seen_n = before.seen_n;
  cx->lambda_level = before.lambda_level;
  cx->in_constraint = before.in_constraint;
  cx->depth = before.depth;
  memcpy(cx->tparams, before.tparams, sizeof before.tparams);
  return param;
}

static struct cx_node *elaborated(struct cx *cx, const char *kind) {
  cx_take(cx, 2);
  return cx_node_text(cx, CX_ELABORATED, str_of(kind), cx_name(cx, NULL));
}

static struct cx_node *t_type(struct cx *cx, bool is_cast) {
  switch (cx_peek(cx, 1)) {
    case 's': return elaborated(cx, "struct");
    case 'u': return elaborated(cx, "union");
    case 'e': return elaborated(cx, "enum");
    default: break;
  }
  struct cx_node *n = cx_template_param(cx);
  if (cx_peek(cx, 0) != 'I') return n;
  if (is_cast) return cast_template(cx, n, true);
  cx_sub(cx, n);
  return cx_template_of(cx, n);
}

static struct cx_node *s_type(struct cx *cx, bool is_cast, bool *is_sub) {
  int c = cx_peek(cx, 1);
  if (c != '_' && !cx_digit(c) && !cx_upper(c)) {
    struct cx_node *n = cx_name(cx, NULL);
    *is_sub = !(n->flags & CX_STANDARD);
    return n;
  }
  struct cx_node *n = cx_substitution(cx, false);
  if (n->kind == CX_MODULE_NAME) {
    bool ignored;
    n = cx_unqualified(cx, n, &ignored);
    cx_sub(cx, n);
  }
  *is_sub = cx_peek(cx, 0) == 'I';
  if (!*is_sub) return n;
  if (n->kind != CX_TPARAM || !is_cast) return cx_template_of(cx, n);
  struct cx_node *template = cast_template(cx, n, false);
  *is_sub = template != n;
  return template;
}

static struct cx_node *u_type(struct cx *cx, bool is_cast, bool *is_sub) {
  *is_sub = cx_peek(cx, 1) != 'l' && cx_peek(cx, 1) != 't';
  if (cx_peek(cx, 1) == 'l') return cx_closure(cx);
  if (cx_peek(cx, 1) == 't') return cx_unnamed(cx);
  cx_take(cx, 1);
  struct cx_node *q = cx_source_name(cx);
  if (cx_peek(cx, 0) == 'I') q = cx_template_of(cx, q);
  return cx_node(cx, CX_VENDOR_QUAL, q, cx_type(cx, is_cast));
}

static struct cx_node *vendor_type(struct cx *cx) {
  cx_expect(cx, 'u');
  struct cx_node *n = cx_source_name(cx);
  if (!cx_accept(cx, 'I')) return n;
  n = cx_node_text(cx, CX_TRANSFORMED, n->text, cx_type(cx, false));
  cx_expect(cx, 'E');
  return n;
}

static struct cx_node *modified(struct cx *cx, enum cx_kind kind, bool is_cast) {
  cx_take(cx, 1);
  return cx_node(cx, kind, cx_type(cx, is_cast), NULL);
}

// ---- types --------------------------------------------------------------------------------------

static struct cx_node *unqualified_type(struct cx *cx, bool is_cast, bool *is_sub) {
  int c = cx_peek(cx, 0);
  if (cx_digit(c)) return cx_name(cx, NULL);
  switch (c) {
    case 'u': return vendor_type(cx);
    case 'F': return function_type(cx);
    case 'N':
    case 'W':
    case 'Z': return cx_name(cx, NULL);
    case 'A': return array_type(cx, is_cast);
    case 'M': return member_pointer(cx, is_cast);
    case 'T': return t_type(cx, is_cast);
    case 'S': return s_type(cx, is_cast, is_sub);
    case 'O': return modified(cx, CX_RVALUE, is_cast);
    case 'P': return modified(cx, CX_POINTER, is_cast);
    case 'R': return modified(cx, CX_REFERENCE, is_cast);
    case 'C': return modified(cx, CX_COMPLEX, is_cast);
    case 'G': return modified(cx, CX_IMAGINARY, is_cast);
    case 'U': return u_type(cx, is_cast, is_sub);
    case 'D': return d_type(cx, is_cast, is_sub);
    default: cx_fail(cx);
  }
}

struct cx_node *cx_type(struct cx *cx, bool is_cast) {
  cx_enter(cx);
  struct cx_node *qualifiers = cx_qualifiers(cx);
  const char *name = builtin_name(cx_peek(cx, 0));
  struct cx_node *n;
  if (name) {
    cx_take(cx, 1);
    n = builtin(cx, name);
    if (qualifiers) n = cx_node(cx, CX_TYPE_QUAL, n, qualifiers);
    if (qualifiers) cx_sub(cx, n);
  } else {
    bool is_sub = true;
    // Qualifiers of a function are those of `this`: without them it is no candidate.
    bool is_method = qualifiers && cx_peek(cx, 0) == 'F';
    n = unqualified_type(cx, is_cast, &is_sub);
    if (is_sub && !is_method) cx_sub(cx, n);
    if (qualifiers) n = qualified(cx, n, qualifiers);
    if (qualifiers) cx_sub(cx, n);
  }
  cx_leave(cx);
  return n;
}
