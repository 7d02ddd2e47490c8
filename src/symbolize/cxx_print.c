// Prints names and what is around them the way the GNU demangler spells them.
#include "symbolize/cxx_print.h"

// ---- output -------------------------------------------------------------------------------------

void cxp_str(struct cx_printer *p, struct str s) {
  if (!s.n) return;
  buf_str(p->out, s);
  if (p->out->failed) cx_nomem(p->cx);
  if (p->out->n > p->options->limit) cx_give_up(p->cx);
  p->last = s.p[s.n - 1];
}

void cxp_text(struct cx_printer *p, const char *s) { cxp_str(p, str_of(s)); }

void cxp_char(struct cx_printer *p, char c) { cxp_str(p, (struct str){&c, 1}); }

void cxp_raw_number(struct cx_printer *p, const char *before, long number, const char *after) {
  char last = p->last;
  cxp_text(p, before);
  cxp_str(p, cx_decimal(p->cx, number));
  cxp_text(p, after);
  p->last = last;
}

void cxp_number(struct cx_printer *p, long n) { cxp_str(p, cx_decimal(p->cx, n)); }

void cxp_enclosed(struct cx_printer *p, const char *before, struct cx_node *n, const char *after) {
  cxp_text(p, before);
  cxp_node(p, n);
  cxp_text(p, after);
}

// ---- lists --------------------------------------------------------------------------------------

// Packs without elements leave no comma behind.
static bool is_empty(struct cx_printer *p, const struct cx_node *n) {
  bool empty = false;
  cx_enter(p->cx);
  if (n->kind == CX_PACK) {
    empty = true;
    for (uint32_t i = 0; i < n->n && empty; i++) empty = is_empty(p, n->list[i]);
  } else if (n->kind == CX_EXPR_LIST) {
    empty = n->n == 0;
  } else if (n->kind == CX_PACK_EXPANSION) {
    empty = n->ref && is_empty(p, n->a);
  }
  cx_leave(p->cx);
  return empty;
}

void cxp_list(struct cx_printer *p, const struct cx_node *n, bool skip_empty) {
  bool first = true;
  for (uint32_t i = 0; i < n->n; i++) {
    if (skip_empty && is_empty(p, n->list[i])) continue;
    if (!first) cxp_text(p, ", ");
    cxp_node(p, n->list[i]);
    first = false;
  }
}

// ---- names --------------------------------------------------------------------------------------

static void typed(struct cx_printer *p, struct cx_node *n) {
  size_t base = cxp_hold(p);
  cxp_push(p, n);
  cxp_node(p, n->b);
  if (cxp_pending(p)) {
    cxp_char(p, ' ');
    cxp_node(p, n->a);
  }
  cxp_restore(p, base);
}

static void template(struct cx_printer *p, struct cx_node *n) {
  size_t base = cxp_hold(p);
  if (n->a) cxp_node(p, n->a);
  if (p->options->templates) {
    if (p->last == '<') cxp_char(p, ' ');
    cxp_char(p, '<');
    cxp_list(p, n, true);
    if (p->last == '>') cxp_char(p, ' ');
    cxp_char(p, '>');
  }
  cxp_restore(p, base);
}

static void qualifier(struct cx_printer *p, struct cx_node *n) {
  cxp_str(p, n->text);
  if (!n->n) return;
  cxp_char(p, '(');
  bool first = true;
  for (uint32_t i = 0; i < n->n; i++) {
    if (n->list[i]->kind == CX_EXPR_LIST && !n->list[i]->n) continue;
    if (!first) cxp_text(p, ", ");
    cxp_node(p, n->list[i]);
    first = false;
  }
  cxp_char(p, ')');
}

static void qualifiers(struct cx_printer *p, struct cx_node *n) {
  for (uint32_t i = 0; i < n->n; i++) {
    if (i) cxp_char(p, ' ');
    cxp_body(p, n->list[i]);
  }
}

static void operator_name(struct cx_printer *p, struct cx_node *n) {
  struct str text = n->text;
  cxp_text(p, "operator");
  if (cx_lower(text.p[0])) cxp_char(p, ' ');
  if (text.p[text.n - 1] == ' ') text.n--;
  cxp_str(p, text);
}

static void module_name(struct cx_printer *p, struct cx_node *n) {
  if (n->a) cxp_node(p, n->a);
  if (n->flags & CX_PARTITION) {
    cxp_char(p, ':');
  } else if (n->a) {
    cxp_char(p, '.');
  }
  cxp_node(p, n->b);
}

static void pair(struct cx_printer *p, struct cx_node *first, const char *between, struct cx_node *second) {
  cxp_node(p, first);
  cxp_text(p, between);
  cxp_node(p, second);
}

static void special(struct cx_printer *p, struct cx_node *n) {
  cxp_str(p, n->text);
  cxp_node(p, n->a);
  if (n->b) cxp_enclosed(p, "-in-", n->b, "");
}

static void pack_expansion(struct cx_printer *p, struct cx_node *n) {
  if (n->ref) {
    cxp_node(p, n->a);
    return;
  }
  cxp_parenthesized(p, n->a);
  cxp_text(p, "...");
}

static void template_param(struct cx_printer *p, struct cx_node *n) {
  if (!n->ref || (size_t)n->number >= n->ref->n) cx_fail(p->cx);
  cxp_node(p, n->ref->list[n->number]);
}

// ---- all of them --------------------------------------------------------------------------------

void cxp_body(struct cx_printer *p, struct cx_node *n) {
  switch (n->kind) {
    case CX_NAME:
    case CX_BUILTIN: cxp_str(p, n->text); break;
    case CX_LIST:
    case CX_EXPR_LIST:
    case CX_PACK: cxp_list(p, n, false); break;
    case CX_TYPED: typed(p, n); break;
    case CX_QUALIFIED: pair(p, n->a, "::", n->b); break;
    case CX_TEMPLATE: template(p, n); break;
    case CX_TPARAM: template_param(p, n); break;
    case CX_AUTO: cxp_raw_number(p, "auto:", n->number + 1, ""); break;
    case CX_TARG_DECL: cxp_node(p, n->b); break;
    case CX_QUALIFIERS: qualifiers(p, n); break;
    case CX_QUALIFIER: qualifier(p, n); break;
    case CX_OPERATOR: operator_name(p, n); break;
    case CX_CONSTRUCTOR: cxp_node(p, n->a); break;
    case CX_DESTRUCTOR: cxp_enclosed(p, "~", n->a, ""); break;
    case CX_CAST: cxp_enclosed(p, "operator ", n->a, ""); break;
    case CX_GLOBAL:
      cxp_text(p, "global ");
      cxp_str(p, n->text);
      cxp_enclosed(p, " keyed to ", n->a, "");
      break;
    case CX_TAGGED:
      pair(p, n->a, "[abi:", n->b);
      cxp_char(p, ']');
      break;
    case CX_PACK_EXPANSION: pack_expansion(p, n); break;
    case CX_TPARAM_NAME:
      cxp_str(p, n->text);
      if (n->number > 0) cxp_number(p, n->number - 1);
      break;
    case CX_DEFAULT_ARG:
      cxp_raw_number(p, "{default arg#", n->number + 1, "}::");
      cxp_node(p, n->a);
      break;
    case CX_BINDINGS:
      cxp_char(p, '[');
      cxp_list(p, n, false);
      cxp_char(p, ']');
      break;
    case CX_UNNAMED:
      cxp_text(p, "{unnamed type#");
      cxp_number(p, n->number + 1);
      cxp_char(p, '}');
      break;
    case CX_CLONE:
      cxp_enclosed(p, "", n->a, " [clone ");
      cxp_str(p, n->text);
      cxp_char(p, ']');
      break;
    case CX_SPECIAL: special(p, n); break;
    case CX_ENABLE_IF:
      cxp_enclosed(p, "", n->a, " [enable_if:");
      cxp_list(p, n, false);
      cxp_char(p, ']');
      break;
    case CX_MODULE_NAME: module_name(p, n); break;
    case CX_MODULE_ENTITY: pair(p, n->b, "@", n->a); break;
    case CX_FRIEND: cxp_enclosed(p, "friend ", n->a, ""); break;
    case CX_CONSTRAINED: pair(p, n->a, " requires ", n->b); break;
    default: cxp_type(p, n); break;
  }
}

// A node may stand within itself once (its modifiers differ the second time), but no more.
void cxp_node(struct cx_printer *p, struct cx_node *n) {
  if (n->printing > 1) return;
  cx_enter(p->cx);
  n->printing++;
  cxp_body(p, n);
  n->printing--;
  cx_leave(p->cx);
}

void cx_print(struct cx *cx, struct cx_node *n, const struct cx_print_options *options, struct buf *out) {
  struct cx_printer p = {.cx = cx, .out = out, .options = options, .inner = &cx->inner};
  cxp_body(&p, n);
}
