// Rust's v0 symbols (_R...), printed while they are read: paths, types and references back.
#include "symbolize/rust.h"

#include <stdlib.h>

enum { STEPS = 1 << 20 };

// Reads an earlier part again with `part`.
static void back_reference(struct rust *r, void (*part)(struct rust *r, bool flag), bool flag) {
  size_t here = r->at;
  rust_expect(r, 'B');
  int64_t target = rust_base62(r);
  if (r->quiet) return;
  if (target < 0 || (uint64_t)target >= here) rust_fail(r);
  size_t at = r->at, end = r->end;
  r->at = (size_t)target;
  r->end = here;
  part(r, flag);
  r->at = at;
  r->end = end;
}

static void constant(struct rust *r, bool ignored) {
  (void)ignored;
  if (rust_peek(r) == 'B') {
    back_reference(r, constant, false);
  } else if (rust_accept(r, 'p')) {
    rust_char(r, '_');
  } else {
    rust_integer_or_character(r);
  }
}

// ---- paths and types ----------------------------------------------------------------------------

static void path(struct rust *r, bool turbofish);
static void type(struct rust *r, bool ignored);

static void generic_arg(struct rust *r) {
  if (rust_accept(r, 'L')) {
    rust_put_lifetime(r, rust_base62(r));
  } else if (rust_accept(r, 'K')) {
    constant(r, false);
  } else {
    type(r, false);
  }
}

// Up to an E, which stays.
static void generic_args(struct rust *r) {
  bool quiet = r->quiet;
  if (r->no_args) r->quiet = true;
  for (bool first = true; rust_peek(r) >= 0 && rust_peek(r) != 'E'; first = false) {
    if (!first) rust_text(r, ", ");
    generic_arg(r);
  }
  r->quiet = quiet;
}

// The module an impl stands in, which is not printed.
static void impl_path(struct rust *r) {
  bool quiet = r->quiet;
  r->quiet = true;
  rust_disambiguator(r);
  path(r, false);
  r->quiet = quiet;
}

// <type as trait>, or <type>
static void qualified_path(struct rust *r, bool trait) {
  rust_char(r, '<');
  type(r, false);
  if (trait) {
    rust_text(r, " as ");
    path(r, false);
  }
  rust_char(r, '>');
}

static void special_namespace(struct rust *r, int namespace, int64_t number, struct rust_identifier id) {
  rust_text(r, "::{");
  if (namespace == 'C') {
    rust_text(r, "closure");
  } else if (namespace == 'S') {
    rust_text(r, "shim");
  } else {
    rust_char(r, (char)namespace);
  }
  if (id.punycode ? id.runes : id.ascii.n) {
    rust_char(r, ':');
    rust_put_identifier(r, id);
  }
  rust_char(r, '#');
  rust_i64(r, number);
  rust_char(r, '}');
}

static void nested_path(struct rust *r, bool turbofish) {
  int namespace = rust_next(r);
  if (!cx_lower(namespace) && !cx_upper(namespace)) rust_fail(r);
  path(r, turbofish);
  int64_t number = rust_disambiguator(r);
  struct rust_identifier id = rust_identifier(r);
  if (cx_upper(namespace)) {
    special_namespace(r, namespace, number, id);
  } else {
    rust_text(r, "::");
    rust_put_identifier(r, id);
  }
}

// With `turbofish`, arguments of generics follow a "::"; they do not within types.
static void path(struct rust *r, bool turbofish) {
  rust_enter(r);
  switch (rust_peek(r)) {
    case 'C':
      r->at++;
      rust_disambiguator(r);
      rust_put_identifier(r, rust_identifier(r));
      break;
    case 'M':
    case 'X': {
      bool trait = rust_next(r) == 'X';
      impl_path(r);
      qualified_path(r, trait);
      break;
    }
    case 'Y':
      r->at++;
      qualified_path(r, true);
      break;
    case 'N':
      r->at++;
      nested_path(r, turbofish);
      break;
    case 'I':
      r->at++;
      path(r, turbofish);
      rust_text(r, turbofish ? "::<" : "<");
      generic_args(r);
      rust_char(r, '>');
      rust_expect(r, 'E');
      break;
    case 'B': back_reference(r, path, turbofish); break;
    default: rust_fail(r);
  }
  r->depth--;
}

static void tuple(struct rust *r) {
  int n = 0;
  rust_char(r, '(');
  for (; rust_peek(r) >= 0 && rust_peek(r) != 'E'; n = n < 2 ? n + 1 : n) {
    if (n) rust_text(r, ", ");
    type(r, false);
  }
  rust_text(r, n == 1 ? ",)" : ")");
  rust_expect(r, 'E');
}

static void reference(struct rust *r, bool mutable) {
  rust_char(r, '&');
  if (rust_accept(r, 'L')) {
    int64_t lifetime = rust_base62(r);
    if (lifetime > 0) {
      rust_put_lifetime(r, lifetime);
      rust_char(r, ' ');
    }
  }
  if (mutable) rust_text(r, "mut ");
  type(r, false);
}

static void abi(struct rust *r) {
  if (rust_accept(r, 'C')) {
    rust_text(r, "extern \"C\" ");
    return;
  }
  rust_text(r, "extern \"");
  struct rust_identifier id = rust_identifier(r);
  if (id.punycode) rust_fail(r);
  for (size_t i = 0; i < id.ascii.n; i++) rust_char(r, id.ascii.p[i] == '_' ? '-' : id.ascii.p[i]);
  rust_text(r, "\" ");
}

static void function_type(struct rust *r) {
  rust_binder(r);
  if (rust_accept(r, 'U')) rust_text(r, "unsafe ");
  if (rust_accept(r, 'K')) abi(r);
  rust_text(r, "fn(");
  for (bool first = true; rust_peek(r) >= 0 && rust_peek(r) != 'E'; first = false) {
    if (!first) rust_text(r, ", ");
    type(r, false);
  }
  rust_expect(r, 'E');
  rust_char(r, ')');
  if (rust_accept(r, 'u')) return;
  rust_text(r, " -> ");
  type(r, false);
}

// The path of a trait whose generic arguments stay open for associated types. Returns whether there are any.
static bool open_path(struct rust *r) {
  bool open = false;
  rust_enter(r);
  if (rust_accept(r, 'I')) {
    path(r, false);
    rust_char(r, '<');
    generic_args(r);
    rust_expect(r, 'E');
    open = true;
  } else if (rust_peek(r) == 'B') {
    size_t here = r->at++;
    int64_t target = rust_base62(r);
    if (!r->quiet) {
      if (target < 0 || (uint64_t)target >= here) rust_fail(r);
      size_t at = r->at, end = r->end;
      r->at = (size_t)target;
      r->end = here;
      open = open_path(r);
      r->at = at;
      r->end = end;
    }
  } else {
    path(r, false);
  }
  r->depth--;
  return open;
}

static void dyn_trait(struct rust *r) {
  bool open = open_path(r);
  while (rust_accept(r, 'p')) {
    rust_text(r, open ? ", " : "<");
    open = true;
    rust_put_identifier(r, rust_identifier(r));
    rust_text(r, " = ");
    type(r, false);
  }
  if (open) rust_char(r, '>');
}

static void dyn_type(struct rust *r) {
  int64_t lifetimes = r->lifetimes;
  rust_text(r, "dyn ");
  rust_binder(r);
  for (bool first = true; rust_peek(r) >= 0 && rust_peek(r) != 'E'; first = false) {
    if (!first) rust_text(r, " + ");
    dyn_trait(r);
  }
  rust_expect(r, 'E');
  r->lifetimes = lifetimes;
  rust_expect(r, 'L');
  int64_t lifetime = rust_base62(r);
  if (lifetime <= 0) return;
  rust_text(r, r->last == ' ' ? "+ " : " + ");
  rust_put_lifetime(r, lifetime);
}

static const char *basic_type(int c) {
  static const char *const names[26] = {"i8",    "bool", "char", "f64", "str",  "f32",  NULL,  "u8", "isize",
                                        "usize", NULL,   "i32",  "u32", "i128", "u128", "_",   NULL, NULL,
                                        "i16",   "u16",  "()",   "...", NULL,   "i64",  "u64", "!"};
  return cx_lower(c) ? names[c - 'a'] : NULL;
}

static void array_type(struct rust *r, bool sized) {
  rust_char(r, '[');
  type(r, false);
  if (sized) {
    rust_text(r, "; ");
    constant(r, false);
  }
  rust_char(r, ']');
}

static void pointer(struct rust *r, const char *before) {
  rust_text(r, before);
  type(r, false);
}

static void compound_type(struct rust *r) {
  int c = rust_next(r);
  int64_t lifetimes = r->lifetimes;
  switch (c) {
    case 'A':
    case 'S': array_type(r, c == 'A'); break;
    case 'T': tuple(r); break;
    case 'R':
    case 'Q': reference(r, c == 'Q'); break;
    case 'P': pointer(r, "*const "); break;
    case 'O': pointer(r, "*mut "); break;
    case 'F':
      function_type(r);
      r->lifetimes = lifetimes;
      break;
    case 'D': dyn_type(r); break;
    default: rust_fail(r);
  }
}

static void type(struct rust *r, bool ignored) {
  (void)ignored;
  int c = rust_peek(r);
  rust_enter(r);
  if (cx_lower(c)) {
    const char *name = basic_type(rust_next(r));
    if (!name) rust_fail(r);
    rust_text(r, name);
  } else if (c > 0 && strchr("CMXYNI", c)) {
    path(r, false);
  } else if (c == 'B') {
    back_reference(r, type, false);
  } else {
    compound_type(r);
  }
  r->depth--;
}

// ---- the way in --------------------------------------------------------------------------------

static bool symbol(struct rust *r) {
  if (setjmp(r->env)) return false;
  if (cx_digit(rust_peek(r))) rust_fail(r);  // a version still to come
  path(r, true);
  if (r->at < r->end) {  // the crate it was instantiated in
    r->quiet = true;
    path(r, false);
  }
  return r->at == r->end;
}

enum demangled rust_demangle_v0(struct str name, bool templates, struct buf *out) {
  const char *dot = memchr(name.p, '.', name.n);  // what the compiler added
  size_t end = dot ? (size_t)(dot - name.p) : name.n;
  if (end < 2) return NOT_DEMANGLED;
  struct rust r = {.all = {name.p + 2, end - 2}, .end = end - 2, .out = out, .no_args = !templates, .steps = STEPS};
  bool done = symbol(&r);
  free(r.runes);
  if (r.nomem || out->failed) return DEMANGLE_NOMEM;
  return done ? DEMANGLED : NOT_DEMANGLED;
}
