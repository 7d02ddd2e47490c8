// Changes the tree after it is read. The one walk here copies the nodes on the way to whatever changes and leaves the
// rest shared; it serves three purposes:
//   substitution   a part of the name that is used again refers to the arguments of the template it is now in
//   simplify       template parameters become their arguments, qualifiers and references merge, packs unfold
//   unfold         in the pattern of a pack expansion, the pack becomes one of its elements
//
// A node that is shared is changed where the walk meets it first and stays as it was elsewhere. That is what the
// reference does; it shows in the output where a name repeats an argument within one type.
#include "symbolize/cxx.h"

enum purpose { SUBSTITUTE, SIMPLIFY, UNFOLD };

struct walk {
  struct cx *cx;
  enum purpose purpose;
  size_t seen;
  struct cx_node *whole;           // SUBSTITUTE: what is substituted
  struct cx_node *pack, *element;  // UNFOLD
};

// ---- sets of nodes ------------------------------------------------------------------------------

// A set for the nodes there are now; nodes made during a walk are not walked over by it. Sets close in reverse order.
size_t cx_seen_open(struct cx *cx) {
  size_t words = cx->nodes / 64 + 1, set = cx->seen_n;
  cx_step(cx, (long)(words / 8 + 1));
  if (ARRAY_RESERVE(cx->seen, cx->seen_cap, set + words)) cx_nomem(cx);
  memset(cx->seen + set, 0, words * sizeof *cx->seen);
  cx->seen_n += words;
  return set;
}

void cx_seen_close(struct cx *cx, size_t set) { cx->seen_n = set; }

bool cx_seen(struct cx *cx, size_t set, const struct cx_node *n) {
  uint64_t *word = cx->seen + set + n->id / 64, bit = UINT64_C(1) << (n->id % 64);
  bool seen = (*word & bit) != 0;
  *word |= bit;
  return seen;
}

// ---- what becomes of a node ---------------------------------------------------------------------

static struct cx_node *walk(struct walk *w, struct cx_node *n);

static struct cx_node *run(struct walk *w, struct cx_node *n) {
  w->seen = cx_seen_open(w->cx);
  struct cx_node *changed = walk(w, n);
  cx_seen_close(w->cx, w->seen);
  return changed ? changed : n;
}

// A parameter in a substituted part means that of the template it is in now.
static struct cx_node *substituted_param(struct walk *w, struct cx_node *n) {
  struct cx *cx = w->cx;
  if (cx->in_constraint) {
    struct str digits = cx_decimal(cx, n->number);
    char *text = arena_alloc(cx->arena, digits.n + 1);
    if (!text) cx_nomem(cx);
    text[0] = 'T';
    memcpy(text + 1, digits.p, digits.n);
    return cx_node_text(cx, CX_NAME, (struct str){text, digits.n + 1}, NULL);
  }
  if (cx->lambda_level > 0) {
    return n->kind == CX_AUTO ? NULL : cx_node_number(cx, CX_AUTO, n->number, NULL);
  }
  struct cx_node *template = w->whole;
  if (cx->templates.n) {
    template = cx->templates.at[cx->templates.n - 1];
  } else if (template->kind != CX_TEMPLATE) {
    cx_fail(cx);
  }
  if (template && (size_t)n->number >= template->n) cx_fail(cx);
  struct cx_node *param = cx_node_number(cx, CX_TPARAM, n->number, NULL);
  param->ref = template;  // NULL within a conversion operator
  return param;
}

static struct cx_node *simplified_method(struct cx *cx, struct cx_node *n) {
  struct cx_node *inner = n->a;
  if (inner->kind != CX_METHOD_QUAL && inner->kind != CX_TYPE_QUAL) return NULL;
  struct str ref = n->text;
  if (inner->kind == CX_METHOD_QUAL && inner->text.n && (!ref.n || inner->text.n < ref.n)) ref = inner->text;
  struct cx_node *result = cx_node(cx, CX_METHOD_QUAL, inner->a, cx_merge_qualifiers(cx, n->b, inner->b));
  result->text = ref;
  return result;
}

static struct cx_node *simplified_qualified(struct cx *cx, struct cx_node *n) {
  struct cx_node *inner = n->a;
  if (inner->kind == CX_FUNCTION) return cx_node(cx, CX_METHOD_QUAL, inner, n->b);
  if (inner->kind != CX_METHOD_QUAL && inner->kind != CX_TYPE_QUAL) return NULL;
  struct cx_node *result = cx_node(cx, inner->kind, inner->a, cx_merge_qualifiers(cx, n->b, inner->b));
  result->text = inner->text;
  return result;
}

// References to references: && to && stays, everything else is &.
static struct cx_node *simplified_reference(struct cx *cx, struct cx_node *n) {
  if (n->a->kind == CX_REFERENCE || (n->kind == CX_RVALUE && n->a->kind == CX_RVALUE)) return n->a;
  return n->a->kind == CX_RVALUE ? cx_node(cx, CX_REFERENCE, n->a->a, NULL) : NULL;
}

static struct cx_node *simplified_array(struct cx *cx, struct cx_node *n) {
  if (n->b->kind != CX_TYPE_QUAL) return NULL;
  return cx_node(cx, CX_TYPE_QUAL, cx_node(cx, CX_ARRAY, n->a, n->b->a), n->b->b);
}

static struct cx_node *unfolded(struct cx *cx, struct cx_node *n) {
  if (!n->ref) return NULL;
  struct cx_node *list = cx_node(cx, CX_EXPR_LIST, NULL, NULL);
  for (uint32_t i = 0; i < n->ref->n; i++) {
    struct walk w = {.cx = cx, .purpose = UNFOLD, .pack = n->ref, .element = n->ref->list[i]};
    cx_append(cx, list, cx_simplify(cx, run(&w, n->a)));
  }
  return list;
}

static struct cx_node *simplified(struct cx *cx, struct cx_node *n) {
  switch (n->kind) {
    case CX_TPARAM: return n->ref && (size_t)n->number < n->ref->n ? n->ref->list[n->number] : NULL;
    case CX_METHOD_QUAL: return simplified_method(cx, n);
    case CX_TYPE_QUAL: return simplified_qualified(cx, n);
    case CX_REFERENCE:
    case CX_RVALUE: return simplified_reference(cx, n);
    case CX_ARRAY: return simplified_array(cx, n);
    case CX_PACK_EXPANSION: return unfolded(cx, n);
    default: return NULL;
  }
}

static struct cx_node *replaced(struct walk *w, struct cx_node *n) {
  if (w->purpose == SIMPLIFY) return simplified(w->cx, n);
  if (w->purpose == UNFOLD) return n == w->pack ? w->element : NULL;
  return n->kind == CX_TPARAM || n->kind == CX_AUTO ? substituted_param(w, n) : NULL;
}

// ---- the walk -----------------------------------------------------------------------------------

static bool skipped(struct walk *w, const struct cx_node *n) {
  if (w->purpose == UNFOLD && n->kind == CX_PACK_EXPANSION) return true;
  if (w->purpose == SUBSTITUTE &&
      (n->kind == CX_TYPED || n->kind == CX_CLOSURE || n->kind == CX_TPARAM || n->kind == CX_AUTO)) {
    return false;
  }
  return cx_seen(w->cx, w->seen, n);
}

// The copy of `n` that changes go to, made at the first.
static struct cx_node *copied(struct cx *cx, const struct cx_node *n, struct cx_node *copy) {
  if (copy) return copy;
  copy = cx_node(cx, n->kind, n->a, n->b);
  copy->c = n->c;
  copy->ref = n->ref;
  copy->number = n->number;
  copy->text = n->text;
  copy->flags = n->flags & ~(unsigned)CX_NOEXCEPT;  // the reference forgets this one
  if (n->n) {
    cx_step(cx, (long)n->n);
    copy->list = arena_copy(cx->arena, n->list, n->n * sizeof(struct cx_node *));
    if (!copy->list) cx_nomem(cx);
    copy->n = copy->cap = n->n;
  }
  return copy;
}

// A copy of `n` with changed children, or NULL when none changed.
static struct cx_node *walk_children(struct walk *w, struct cx_node *n) {
  struct cx_node *copy = n->kind == CX_SIZEOF_PACK ? copied(w->cx, n, NULL) : NULL, *changed;
  if (n->a && (changed = walk(w, n->a))) {
    copy = copied(w->cx, n, copy);
    copy->a = changed;
  }
  if (n->b && (changed = walk(w, n->b))) {
    copy = copied(w->cx, n, copy);
    if (n->kind != CX_VENDOR_QUAL) copy->b = changed;  // the reference keeps the type it had
  }
  if (n->c && (changed = walk(w, n->c))) {
    copy = copied(w->cx, n, copy);
    copy->c = changed;
  }
  for (uint32_t i = 0; i < n->n; i++) {
    if (!(changed = walk(w, n->list[i]))) continue;
    copy = copied(w->cx, n, copy);
    copy->list[i] = changed;
  }
  return copy;
}

// The children of `n` with the scope of template parameters that `n` opens.
static struct cx_node *walk_in_scope(struct walk *w, struct cx_node *n) {
  struct cx *cx = w->cx;
  bool template = w->purpose == SUBSTITUTE && n->kind == CX_TYPED && n->a->kind == CX_TEMPLATE;
  bool closure = w->purpose == SUBSTITUTE && n->kind == CX_CLOSURE;
  if (!template && !closure) return walk_children(w, n);
  size_t lambda_level = cx->lambda_level;
  if (template) cx_push(cx, &cx->templates, n->a);
  cx->lambda_level = template ? 0 : cx->templates.n + 1;
  struct cx_node *copy = walk_children(w, n);
  if (template) cx->templates.n--;
  cx->lambda_level = lambda_level;
  return copy;
}

static struct cx_node *walk(struct walk *w, struct cx_node *n) {
  if (skipped(w, n)) return NULL;
  cx_enter(w->cx);
  struct cx_node *copy = walk_in_scope(w, n);
  struct cx_node *result = replaced(w, copy ? copy : n);
  cx_leave(w->cx);
  return result ? result : copy;
}

struct cx_node *cx_simplify(struct cx *cx, struct cx_node *n) {
  struct walk w = {.cx = cx, .purpose = SIMPLIFY};
  return run(&w, n);
}

// ---- substitutions ------------------------------------------------------------------------------

static struct cx_node *std_name(struct cx *cx, const char *name) {
  struct cx_node *std = cx_node_text(cx, CX_NAME, STR_LIT("std"), NULL);
  return cx_node(cx, CX_QUALIFIED, std, cx_node_text(cx, CX_NAME, str_of(name), NULL));
}

// std::basic_string<char, std::char_traits<char>, std::allocator<char> > and the like.
static struct cx_node *std_template(struct cx *cx, const char *name, bool allocator) {
  struct cx_node *character = cx_node_text(cx, CX_BUILTIN, STR_LIT("char"), NULL);
  struct cx_node *n = cx_node(cx, CX_TEMPLATE, std_name(cx, name), NULL);
  cx_append(cx, n, character);
  for (int i = 0; i < (allocator ? 2 : 1); i++) {
    struct cx_node *arg = cx_node(cx, CX_TEMPLATE, std_name(cx, i ? "allocator" : "char_traits"), NULL);
    cx_append(cx, arg, character);
    cx_append(cx, n, arg);
  }
  return n;
}

// The fixed abbreviations. Before a constructor or destructor the long form is printed.
static struct cx_node *standard(struct cx *cx, bool for_prefix) {
  int c = cx_take(cx, 1).p[0], next = cx_peek(cx, 0);
  bool full = for_prefix && (next == 'C' || next == 'D');
  struct cx_node *n;
  switch (c) {
    case 't': n = cx_node_text(cx, CX_NAME, STR_LIT("std"), NULL); break;
    case 'a': n = std_name(cx, "allocator"); break;
    case 'b': n = std_name(cx, "basic_string"); break;
    case 's': n = full ? std_template(cx, "basic_string", true) : std_name(cx, "string"); break;
    case 'i': n = full ? std_template(cx, "basic_istream", false) : std_name(cx, "istream"); break;
    case 'o': n = full ? std_template(cx, "basic_ostream", false) : std_name(cx, "ostream"); break;
    case 'd': n = full ? std_template(cx, "basic_iostream", false) : std_name(cx, "iostream"); break;
    default: cx_fail(cx);
  }
  n->flags |= CX_STANDARD;
  if (next != 'B') return n;
  n = cx_tagged(cx, n);
  cx_sub(cx, n);
  return n;
}

struct cx_node *cx_substitution(struct cx *cx, bool for_prefix) {
  cx_expect(cx, 'S');
  int c = cx_peek(cx, 0);
  if (c != '_' && !cx_digit(c) && !cx_upper(c)) return standard(cx, for_prefix);
  size_t id = (size_t)cx_seq_id(cx, false);
  if (id >= cx->subs.n) cx_fail(cx);
  struct walk w = {.cx = cx, .purpose = SUBSTITUTE, .whole = cx->subs.at[id]};
  return run(&w, w.whole);
}

// ---- looking for parameters ---------------------------------------------------------------------

static void set_template(struct cx *cx, size_t seen, struct cx_node *n, struct cx_node *template) {
  if (!n || n->kind == CX_CLOSURE) return;
  if (n->kind == CX_TPARAM) {
    if (n->ref && template) cx_fail(cx);
    if (n->ref) return;
    if (!template || (size_t)n->number >= template->n) cx_fail(cx);
    n->ref = template;
    return;
  }
  if (cx_seen(cx, seen, n)) return;
  cx_enter(cx);
  bool qualifiers = n->kind == CX_TYPE_QUAL || n->kind == CX_METHOD_QUAL;
  set_template(cx, seen, n->a, template);
  if (!qualifiers) set_template(cx, seen, n->b, template);
  set_template(cx, seen, n->c, template);
  for (uint32_t i = 0; i < n->n; i++) set_template(cx, seen, n->list[i], template);
  cx_leave(cx);
}

void cx_set_template(struct cx *cx, struct cx_node *n, struct cx_node *template) {
  size_t seen = cx_seen_open(cx);
  set_template(cx, seen, n, template);
  cx_seen_close(cx, seen);
}

static struct cx_node *find_pack(struct cx *cx, size_t seen, struct cx_node *n) {
  if (!n || n->kind == CX_PACK_EXPANSION || n->kind == CX_CLOSURE) return NULL;
  if (n->kind == CX_TPARAM && n->ref && (size_t)n->number < n->ref->n && n->ref->list[n->number]->kind == CX_PACK) {
    return n->ref->list[n->number];
  }
  if (n->kind == CX_TAGGED || n->kind == CX_FIXED || n->kind == CX_DEFAULT_ARG || cx_seen(cx, seen, n)) return NULL;
  cx_enter(cx);
  bool qualifiers = n->kind == CX_TYPE_QUAL || n->kind == CX_METHOD_QUAL;
  struct cx_node *found = find_pack(cx, seen, n->a);
  if (!found && !qualifiers) found = find_pack(cx, seen, n->b);
  if (!found) found = find_pack(cx, seen, n->c);
  for (uint32_t i = 0; i < n->n && !found; i++) found = find_pack(cx, seen, n->list[i]);
  cx_leave(cx);
  return found;
}

struct cx_node *cx_find_pack(struct cx *cx, struct cx_node *n) {
  size_t seen = cx_seen_open(cx);
  struct cx_node *found = find_pack(cx, seen, n);
  cx_seen_close(cx, seen);
  return found;
}
