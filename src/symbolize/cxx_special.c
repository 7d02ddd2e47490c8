// Reads symbols that are no plain functions or variables (tables, thunks, guards, clones, blocks, file-wide
// constructors), and is the way into the C++ demangler.
#include <stdlib.h>

#include "symbolize/cxx.h"

enum { STEPS = 1 << 20 };

static struct cx_node *special(struct cx *cx, const char *prefix, struct cx_node *of) {
  return cx_node_text(cx, CX_SPECIAL, str_of(prefix), of);
}

// ---- T: tables and thunks -----------------------------------------------------------------------

// How far a thunk moves `this`; not printed.
static void call_offset(struct cx *cx, int c) {
  if (c != 'h' && c != 'v') cx_fail(cx);
  cx_number(cx);
  if (c == 'v') {
    cx_expect(cx, '_');
    cx_number(cx);
  }
  cx_expect(cx, '_');
}

static struct cx_node *thunk(struct cx *cx, int c) {
  const char *prefix = c == 'h' ? "non-virtual thunk to " : "virtual thunk to ";
  if (c == 'c') {
    prefix = "covariant return thunk to ";
    for (int i = 0; i < 2; i++) call_offset(cx, cx_take(cx, 1).p[0]);
  } else {
    call_offset(cx, c);
  }
  return special(cx, prefix, cx_encoding(cx, true, false));
}

static struct cx_node *construction_vtable(struct cx *cx) {
  struct cx_node *derived = cx_type(cx, false);
  if (cx_number(cx) < 0) cx_fail(cx);
  cx_expect(cx, '_');
  struct cx_node *n = special(cx, "construction vtable for ", cx_type(cx, false));
  n->b = derived;
  return n;
}

static struct cx_node *special_t(struct cx *cx) {
  int c = cx_take(cx, 1).p[0];
  switch (c) {
    case 'V': return special(cx, "vtable for ", cx_type(cx, false));
    case 'T': return special(cx, "VTT for ", cx_type(cx, false));
    case 'I': return special(cx, "typeinfo for ", cx_type(cx, false));
    case 'S': return special(cx, "typeinfo name for ", cx_type(cx, false));
    case 'A': return special(cx, "template parameter object for ", cx_template_arg(cx, NULL));
    case 'h':
    case 'v':
    case 'c': return thunk(cx, c);
    case 'C': return construction_vtable(cx);
    case 'F': return special(cx, "typeinfo fn for ", cx_type(cx, false));
    case 'J': return special(cx, "java Class for ", cx_type(cx, false));
    case 'H': return special(cx, "TLS init function for ", cx_name(cx, NULL));
    case 'W': return special(cx, "TLS wrapper function for ", cx_name(cx, NULL));
    default: cx_fail(cx);
  }
}

// ---- G: guards, temporaries and the rest --------------------------------------------------------

static struct cx_node *java_resource(struct cx *cx) {
  long n = cx_number(cx);
  if (n <= 1) cx_fail(cx);
  cx_expect(cx, '_');
  struct str in = cx_take(cx, (size_t)n - 1);
  char *out = arena_alloc(cx->arena, 2 * in.n);
  if (!out) cx_nomem(cx);
  size_t length = 0;
  for (size_t i = 0; i < in.n; i++) {
    char c = in.p[i];
    if (c == '$') {
      if (++i == in.n) cx_fail(cx);
      switch (in.p[i]) {
        case 'S': c = '/'; break;
        case '_': c = '.'; break;
        case '$': break;
        default: cx_fail(cx);
      }
    }
    int byte = (unsigned char)c;  // Latin-1, which comes out as UTF-8
    if (byte >= 0x80) out[length++] = (char)(0xC0 | byte >> 6);
    out[length++] = byte < 0x80 ? c : (char)(0x80 | (byte & 0x3F));
  }
  return special(cx, "java resource ", cx_node_text(cx, CX_NAME, (struct str){out, length}, NULL));
}

static struct cx_node *reference_temporary(struct cx *cx) {
  struct cx_node *n = cx_name(cx, NULL);
  cx_seq_id(cx, true);
  return special(cx, "reference temporary for ", n);
}

static struct cx_node *special_g(struct cx *cx) {
  switch (cx_take(cx, 1).p[0]) {
    case 'V': return special(cx, "guard variable for ", cx_name(cx, NULL));
    case 'R': return reference_temporary(cx);
    case 'A': return special(cx, "hidden alias for ", cx_encoding(cx, true, false));
    case 'T': {
      bool non = cx_take(cx, 1).p[0] == 'n';
      struct cx_node *n = cx_encoding(cx, true, false);
      return special(cx, non ? "non-transaction clone for " : "transaction clone for ", n);
    }
    case 'r': return java_resource(cx);
    case 'I': {
      struct cx_node *module = cx_module_name(cx, NULL);
      if (!module) cx_fail(cx);
      return special(cx, "initializer for module ", module);
    }
    default: cx_fail(cx);
  }
}

struct cx_node *cx_special_name(struct cx *cx) {
  cx_enter(cx);
  struct cx_node *n = cx_take(cx, 1).p[0] == 'T' ? special_t(cx) : special_g(cx);
  cx_leave(cx);
  return n;
}

// ---- clones -------------------------------------------------------------------------------------

static bool clone_char(int c) { return cx_lower(c) || cx_digit(c) || c == '_'; }

// ".part.0", ".constprop.1.2": what the compiler adds to copies of a function.
struct cx_node *cx_clone_suffix(struct cx *cx, struct cx_node *base) {
  while (cx_peek(cx, 0) == '.' && clone_char(cx_peek(cx, 1))) {
    size_t n = 2;
    while (clone_char(cx_peek(cx, n))) n++;
    while (cx_peek(cx, n) == '.' && cx_digit(cx_peek(cx, n + 1))) {
      n += 2;
      while (cx_digit(cx_peek(cx, n))) n++;
    }
    base = cx_node_text(cx, CX_CLONE, cx_take(cx, n), base);
  }
  return base;
}

// ---- the way in ---------------------------------------------------------------------------------

// Constructors or destructors of a file: _GLOBAL__I_ and the first name in the file, mangled or not. Modes that leave
// parameters out elsewhere keep them here and are strict about what follows.
static struct cx_node *global(struct cx *cx, bool params) {
  struct str key = cx->rest;
  if (key.n < 4) cx_fail(cx);
  char separator = cx_take(cx, 1).p[0];
  char kind = cx_take(cx, 1).p[0];
  if ((separator != '.' && separator != '_' && separator != '$') || (kind != 'I' && kind != 'D')) cx_fail(cx);
  cx_expect(cx, '_');
  struct cx_node *n;
  if (cx_accept2(cx, "_Z")) {
    n = cx_encoding(cx, true, false);
    if (!params) n = cx_clone_suffix(cx, n);
    if (!params && cx->rest.n) cx_fail(cx);
  } else {
    n = cx_node_text(cx, CX_NAME, key, NULL);
  }
  struct str text = kind == 'I' ? STR_LIT("constructors") : STR_LIT("destructors");
  return cx_node_text(cx, CX_GLOBAL, text, n);
}

// Objective-C blocks: ___Z...E_block_invoke, a number, perhaps a suffix.
static struct cx_node *block(struct cx *cx, bool params) {
  static const struct str marker = {"_block_invoke", 13};
  struct str all = cx->rest;
  size_t at = all.n;
  do {
    if (at-- == 0) cx_fail(cx);
  } while (all.n - at < marker.n || memcmp(all.p + at, marker.p, marker.n) != 0);
  cx->rest.n = at;
  struct cx_node *n = cx_encoding(cx, params, false);
  cx->rest = (struct str){all.p + at + marker.n, all.n - at - marker.n};
  cx_accept(cx, '_');
  while (cx_digit(cx_peek(cx, 0))) cx_take(cx, 1);
  if (cx->rest.n && cx_peek(cx, 0) != '.') cx_fail(cx);
  return special(cx, "invocation function for block in ", n);
}

static struct cx_node *symbol(struct cx *cx, bool params) {
  if (cx_accept2(cx, "_Z")) return cx_encoding(cx, params, false);
  if (str_starts(cx->rest, STR_LIT("___Z"))) {
    cx_take(cx, 4);
    return block(cx, params);
  }
  if (str_starts(cx->rest, STR_LIT("_GLOBAL_"))) {
    cx_take(cx, 8);
    return global(cx, params);
  }
  cx_fail(cx);
}

static bool demangled(struct cx *cx, bool params, const struct cx_print_options *options, struct buf *out) {
  struct cx_catch here;
  cx->catch = &here;
  if (setjmp(here.env)) return false;
  struct cx_node *n = symbol(cx, params);
  cx->depth = 0;
  cx_print(cx, n, options, out);
  return true;
}

enum demangled cxx_demangle(struct str name, bool params, bool templates, struct buf *out) {
  struct arena arena = {NULL};
  struct cx cx = {.rest = name, .arena = &arena, .steps = STEPS};
  struct cx_print_options options = {.templates = templates, .enclosing = params, .limit = DEMANGLE_LIMIT};
  bool done = demangled(&cx, params, &options, out);
  arena_release(&arena);
  free(cx.subs.at);
  free(cx.templates.at);
  free(cx.inner.at);
  free(cx.seen);
  if (cx.nomem || out->failed) return DEMANGLE_NOMEM;
  return done ? DEMANGLED : NOT_DEMANGLED;
}
