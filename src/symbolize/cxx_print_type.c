// Prints types the way the GNU demangler spells them: inside out, see cxx_print.h.
#include "symbolize/cxx_print.h"

// ---- modifiers ----------------------------------------------------------------------------------

static void method_qualifiers(struct cx_printer *p, struct cx_node *n) {
  if (n->b) {
    cxp_char(p, ' ');
    cxp_node(p, n->b);
  }
  if (n->text.n) {
    cxp_char(p, ' ');
    cxp_str(p, n->text);
  }
}

static void array_dimension(struct cx_printer *p, struct cx_node *n);
static void function_parameters(struct cx_printer *p, struct cx_node *n);

static void after_space(struct cx_printer *p, struct cx_node *n) {
  cxp_char(p, ' ');
  cxp_node(p, n);
}

static void member_pointer(struct cx_printer *p, struct cx_node *n) {
  if (p->last != '(') cxp_char(p, ' ');
  cxp_node(p, n->a);
  cxp_text(p, "::*");
}

static void vector(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, " __vector(");
  cxp_node(p, n->a);
  cxp_char(p, ')');
}

static void tparam_pack(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "...");
  if (n->a->kind == CX_VALUE_TPARAM) cxp_node(p, n->a->a);
}

static void modifier(struct cx_printer *p, struct cx_node *n) {
  switch (n->kind) {
    case CX_TYPED:
    case CX_VALUE_TPARAM:
    case CX_CONCEPT_TPARAM: cxp_node(p, n->a); break;
    case CX_TYPE_QUAL: after_space(p, n->b); break;
    case CX_METHOD_QUAL: method_qualifiers(p, n); break;
    case CX_POINTER: cxp_char(p, '*'); break;
    case CX_REFERENCE: cxp_char(p, '&'); break;
    case CX_RVALUE: cxp_text(p, "&&"); break;
    case CX_COMPLEX: cxp_text(p, " _Complex"); break;
    case CX_IMAGINARY: cxp_text(p, " _Imaginary"); break;
    case CX_SUFFIX_TYPE:
      cxp_char(p, ' ');
      cxp_str(p, n->text);
      break;
    case CX_VENDOR_QUAL: after_space(p, n->a); break;
    case CX_ARRAY: array_dimension(p, n); break;
    case CX_FUNCTION: function_parameters(p, n); break;
    case CX_MEMBER_POINTER: member_pointer(p, n); break;
    case CX_VECTOR: vector(p, n); break;
    case CX_TPARAM_PACK: tparam_pack(p, n); break;
    default: cxp_node(p, n); break;
  }
}

static void one_modifier(struct cx_printer *p) { modifier(p, cxp_pop(p)); }

static void modifiers(struct cx_printer *p) {
  while (cxp_pending(p)) one_modifier(p);
}

// Those before the parameters of a function. Qualifiers of the method come behind them and are kept in `later`.
static void modifiers_before(struct cx_printer *p, struct cx_node *later) {
  while (cxp_pending(p)) {
    struct cx_node *n = cxp_pop(p);
    if (n->kind == CX_METHOD_QUAL) {
      cx_append(p->cx, later, n);
    } else {
      modifier(p, n);
    }
  }
}

// A type with one modifier, which is printed here when the type itself did not.
static void modified(struct cx_printer *p, struct cx_node *n, struct cx_node *type) {
  cxp_push(p, n);
  cxp_node(p, type);
  if (cxp_pending(p)) one_modifier(p);
}

// The same where the modifier is printed before it is taken off the list, so that it does not see itself gone.
static void modified_in_place(struct cx_printer *p, struct cx_node *n, struct cx_node *type) {
  cxp_push(p, n);
  cxp_node(p, type);
  if (!cxp_pending(p)) return;
  modifier(p, n);
  if (cxp_pending(p)) cxp_pop(p);
}

// ---- functions and arrays -----------------------------------------------------------------------

// Whether the modifiers around a function need parentheses: 1, or 2 when a space belongs before them.
static int parentheses(const struct cx_printer *p) {
  for (size_t i = p->inner->n; i > p->base; i--) {
    switch (p->inner->at[i - 1]->kind) {
      case CX_POINTER:
      case CX_REFERENCE:
      case CX_RVALUE: return 1;
      case CX_TYPE_QUAL:
      case CX_COMPLEX:
      case CX_IMAGINARY:
      case CX_MEMBER_POINTER: return 2;
      default: break;
    }
  }
  return 0;
}

static void function_parameters(struct cx_printer *p, struct cx_node *n) {
  int parens = parentheses(p);
  if (parens) {
    bool space = parens == 2 || (p->last != '(' && p->last != '*');
    if (space && p->last != ' ') cxp_char(p, ' ');
    cxp_char(p, '(');
  }
  struct cx_node *later = cx_node(p->cx, CX_LIST, NULL, NULL);
  modifiers_before(p, later);
  if (parens) cxp_char(p, ')');
  cxp_char(p, '(');
  if (!(n->flags & CX_LOCAL) || p->options->enclosing) cxp_list(p, n, true);
  cxp_char(p, ')');
  for (uint32_t i = 0; i < later->n; i++) cxp_push(p, later->list[i]);
  modifiers(p);
}

static void function_type(struct cx_printer *p, struct cx_node *n) {
  if (n->a && !(n->flags & CX_LOCAL)) {
    cxp_push(p, n);
    cxp_node(p, n->a);
    if (!cxp_pending(p)) return;
    cxp_pop(p);
    cxp_char(p, ' ');
  }
  function_parameters(p, n);
}

static void array_dimension(struct cx_printer *p, struct cx_node *n) {
  const char *space = " ";
  while (cxp_pending(p)) {
    const struct cx_node *next = p->inner->at[p->inner->n - 1];
    bool is_qualified = next->kind == CX_TYPE_QUAL;
    if ((is_qualified ? next->a : next)->kind == CX_ARRAY) {
      if (!is_qualified) space = "";
      one_modifier(p);
    } else {
      cxp_text(p, " (");
      modifiers(p);
      cxp_char(p, ')');
    }
  }
  cxp_text(p, space);
  cxp_char(p, '[');
  cxp_node(p, n->a);
  cxp_char(p, ']');
}

static void array_type(struct cx_printer *p, struct cx_node *n) {
  cxp_push(p, n);
  cxp_node(p, n->b);
  if (!cxp_pending(p)) return;
  cxp_pop(p);
  array_dimension(p, n);
}

// ---- lambdas and template parameters ------------------------------------------------------------

void cxp_closure_types(struct cx_printer *p, struct cx_node *n) {
  if (n->a->n) {
    cxp_char(p, '<');
    cxp_list(p, n->a, false);
    cxp_char(p, '>');
  }
  if (n->b) cxp_enclosed(p, " requires ", n->b, " ");
  cxp_char(p, '(');
  cxp_list(p, n->c, false);
  cxp_char(p, ')');
  if (n->n) cxp_enclosed(p, " requires ", n->list[0], "");
}

static void closure(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "{lambda");
  cxp_closure_types(p, n);
  cxp_char(p, '#');
  cxp_number(p, n->number + 1);
  cxp_char(p, '}');
}

static void type_tparam(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "typename ");
  modifiers(p);
  cxp_node(p, n->a);
}

// A parameter whose name is printed by its type when that is written around it.
static void named_tparam(struct cx_printer *p, struct cx_node *n) {
  cxp_push(p, n);
  cxp_node(p, n->b);
  if (!cxp_pending(p)) return;
  after_space(p, n->a);
  if (cxp_pending(p)) cxp_pop(p);
}

static void template_tparam(struct cx_printer *p, struct cx_node *n) {
  cxp_text(p, "template<");
  cxp_list(p, n->b, false);
  cxp_text(p, "> typename ");
  cxp_node(p, n->a);
  if (n->c) cxp_enclosed(p, " requires ", n->c, "");
}

static void tparam_pack_declaration(struct cx_printer *p, struct cx_node *n) {
  size_t base = cxp_hold(p);
  cxp_push(p, n);
  cxp_node(p, n->a->kind == CX_VALUE_TPARAM ? n->a->b : n->a);
  if (cxp_pending(p)) cxp_text(p, "...");
  cxp_restore(p, base);
}

// ---- all of them --------------------------------------------------------------------------------

static void fixed(struct cx_printer *p, struct cx_node *n) {
  if (n->flags & CX_SATURATED) cxp_text(p, "_Sat ");
  if (n->a->kind != CX_BUILTIN || !str_eq(n->a->text, STR_LIT("int"))) {
    cxp_node(p, n->a);
    cxp_char(p, ' ');
  }
  cxp_text(p, n->flags & CX_ACCUM ? "_Accum" : "_Fract");
}

void cxp_type(struct cx_printer *p, struct cx_node *n) {
  switch (n->kind) {
    case CX_TYPE_QUAL:
    case CX_METHOD_QUAL:
    case CX_POINTER:
    case CX_REFERENCE:
    case CX_RVALUE:
    case CX_COMPLEX:
    case CX_IMAGINARY:
    case CX_SUFFIX_TYPE: modified_in_place(p, n, n->a); break;
    case CX_VENDOR_QUAL:
    case CX_MEMBER_POINTER:
    case CX_VECTOR: modified(p, n, n->b); break;
    case CX_ARRAY: array_type(p, n); break;
    case CX_FUNCTION: function_type(p, n); break;
    case CX_TRANSFORMED:
      cxp_str(p, n->text);
      cxp_enclosed(p, "(", n->a, ")");
      break;
    case CX_FIXED: fixed(p, n); break;
    case CX_FLOAT_BITS: cxp_raw_number(p, "_Float", n->number, ""); break;
    case CX_BITINT: cxp_enclosed(p, n->flags & CX_SIGNED ? "_BitInt(" : "unsigned _BitInt(", n->a, ")"); break;
    case CX_ELABORATED:
      cxp_str(p, n->text);
      cxp_char(p, ' ');
      cxp_body(p, n->a);
      break;
    case CX_DECLTYPE: cxp_enclosed(p, "decltype (", n->a, ")"); break;
    case CX_CLOSURE: closure(p, n); break;
    case CX_TYPE_TPARAM: type_tparam(p, n); break;
    case CX_VALUE_TPARAM:
    case CX_CONCEPT_TPARAM: named_tparam(p, n); break;
    case CX_TEMPLATE_TPARAM: template_tparam(p, n); break;
    case CX_TPARAM_PACK: tparam_pack_declaration(p, n); break;
    case CX_EXPLICIT_OBJECT: cxp_enclosed(p, "this ", n->a, ""); break;
    default: cxp_expr(p, n); break;
  }
}
