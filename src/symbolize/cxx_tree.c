// Nodes, the input cursor and the three limits (steps, depth, memory) of the C++ demangler. Every node and every visit
// costs steps, so that a short name that unfolds without end is given up early.
#include <stdio.h>

#include "symbolize/cxx.h"

enum { NODE_COST = 4 };

_Noreturn void cx_fail(struct cx *cx) { longjmp(cx->catch->env, 1); }

_Noreturn void cx_give_up(struct cx *cx) {
  cx->fatal = true;
  cx_fail(cx);
}

_Noreturn void cx_nomem(struct cx *cx) {
  cx->nomem = true;
  cx_give_up(cx);
}

void cx_step(struct cx *cx, long cost) {
  cx->steps -= cost;
  if (cx->steps < 0) cx_give_up(cx);
}

void cx_enter(struct cx *cx) {
  cx_step(cx, 1);
  if (++cx->depth > DEMANGLE_DEPTH) cx_give_up(cx);
}

struct cx_node *cx_node(struct cx *cx, enum cx_kind kind, struct cx_node *a, struct cx_node *b) {
  cx_step(cx, NODE_COST);
  struct cx_node *n = arena_zalloc(cx->arena, sizeof *n);
  if (!n) cx_nomem(cx);
  n->kind = kind;
  n->id = cx->nodes++;
  n->text = (struct str){"", 0};
  n->a = a;
  n->b = b;
  return n;
}

struct cx_node *cx_node_text(struct cx *cx, enum cx_kind kind, struct str text, struct cx_node *a) {
  struct cx_node *n = cx_node(cx, kind, a, NULL);
  n->text = text;
  return n;
}

struct cx_node *cx_node_number(struct cx *cx, enum cx_kind kind, long number, struct cx_node *a) {
  struct cx_node *n = cx_node(cx, kind, a, NULL);
  n->number = number;
  return n;
}

struct cx_node *cx_operator(struct cx *cx, const char *text) {
  return cx_node_text(cx, CX_OPERATOR, str_of(text), NULL);
}

void cx_append(struct cx *cx, struct cx_node *n, struct cx_node *child) {
  if (n->n == n->cap) {
    uint32_t cap = n->cap ? n->cap * 2 : 4;
    cx_step(cx, (long)cap);
    struct cx_node **list = arena_alloc(cx->arena, cap * sizeof(struct cx_node *));
    if (!list) cx_nomem(cx);
    if (n->n) memcpy(list, n->list, n->n * sizeof(struct cx_node *));
    n->list = list;
    n->cap = cap;
  }
  n->list[n->n++] = child;
}

void cx_push(struct cx *cx, struct cx_vector *v, struct cx_node *n) {
  if (ARRAY_RESERVE(v->at, v->cap, v->n + 1)) cx_nomem(cx);
  v->at[v->n++] = n;
}

void cx_sub(struct cx *cx, struct cx_node *n) { cx_push(cx, &cx->subs, n); }

struct str cx_decimal(struct cx *cx, long number) {
  char digits[32];
  int n = snprintf(digits, sizeof digits, "%ld", number);
  char *copy = arena_copy(cx->arena, digits, (size_t)n);
  if (!copy) cx_nomem(cx);
  return (struct str){copy, (size_t)n};
}

// ---- input --------------------------------------------------------------------------------------

struct str cx_take(struct cx *cx, size_t n) {
  if (n > cx->rest.n) cx_fail(cx);
  struct str taken = {cx->rest.p, n};
  cx->rest.p += n;
  cx->rest.n -= n;
  return taken;
}

bool cx_accept(struct cx *cx, char c) {
  if (cx_peek(cx, 0) != c) return false;
  cx_take(cx, 1);
  return true;
}

bool cx_accept2(struct cx *cx, const char *code) {
  if (cx_peek(cx, 0) != code[0] || cx_peek(cx, 1) != code[1]) return false;
  cx_take(cx, 2);
  return true;
}

void cx_expect(struct cx *cx, char c) {
  if (!cx_accept(cx, c)) cx_fail(cx);
}

// A decimal number, negative after an 'n'. Numbers that come near 2^31 are bogus.
long cx_number(struct cx *cx) {
  enum { TOO_LARGE = 214748354 };
  bool negative = cx_accept(cx, 'n');
  if (!cx_digit(cx_peek(cx, 0))) cx_fail(cx);
  long value = 0;
  while (cx_digit(cx_peek(cx, 0))) {
    if (value >= TOO_LARGE) cx_fail(cx);
    value = value * 10 + (cx_take(cx, 1).p[0] - '0');
  }
  return negative ? -value : value;
}

// The number of a substitution, in base 36, with the '_' that ends it: "_" is 0, "0_" is 1.
long cx_seq_id(struct cx *cx, bool end_ok) {
  enum { TOO_LARGE = 59652287 };
  if (cx_accept(cx, '_')) return 0;
  long id = 0;
  for (;;) {
    int c = cx_peek(cx, 0);
    if (c < 0 && end_ok) return id + 1;
    if (id >= TOO_LARGE || (c != '_' && !cx_digit(c) && !cx_upper(c))) cx_fail(cx);
    cx_take(cx, 1);
    if (c == '_') return id + 1;
    id = id * 36 + (cx_digit(c) ? c - '0' : c - 'A' + 10);
  }
}

// A number that is one less than it is meant to be, and left out for 0; an '_' ends it.
long cx_compact_number(struct cx *cx) {
  if (cx_accept(cx, '_')) return 0;
  if (cx_peek(cx, 0) == 'n') cx_fail(cx);
  long n = cx_number(cx);
  cx_expect(cx, '_');
  return n + 1;
}
