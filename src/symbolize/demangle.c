// Tells what kind of symbol a name is and has it demangled; names that are none pass through quickly. Names that were
// demangled by somebody else before lose their parameters and template arguments by counting brackets.
//
// The reference demangles with a library of its own kind, whose spelling differs from that of libiberty in some percent
// of the names. The readers here follow it, and take neither time nor memory without bound from a hostile name.
#include "symbolize/demangle.h"

#include "symbolize/cxx.h"

// ---- symbols ------------------------------------------------------------------------------------

static bool is_symbol(struct str s) {
  if (s.n < 2 || s.p[0] != '_') return false;
  return s.p[1] == 'Z' || s.p[1] == 'R' || str_starts(s, STR_LIT("___Z")) || str_starts(s, STR_LIT("_GLOBAL_"));
}

static enum demangled demangle_symbol(struct str name, enum demangle_mode mode, struct buf *out) {
  bool templates = mode != DEMANGLE_DEFAULT;
  if (name.p[1] == 'R') return rust_demangle_v0(name, templates, out);
  if (str_starts(name, STR_LIT("_ZN"))) {
    enum demangled result = rust_demangle_legacy(name, out);
    if (result != NOT_DEMANGLED) return result;
    buf_clear(out);
  }
  return cxx_demangle(name, mode == DEMANGLE_FULL, templates, out);
}

// Appends the demangled name; returns whether there is one that differs from the symbol.
static bool add_demangled(struct str name, enum demangle_mode mode, struct buf *out) {
  if (!is_symbol(name)) return false;
  struct buf text = {NULL, 0, 0, false};
  enum demangled result = demangle_symbol(name, mode, &text);
  bool done = result == DEMANGLED && !str_eq(buf_view(&text), name);
  if (done) buf_str(out, buf_view(&text));
  if (result == DEMANGLE_NOMEM) out->failed = true;
  buf_release(&text);
  return done || out->failed;
}

// ---- names that were demangled before -----------------------------------------------------------

// Java's "class.<init>" and Go's "foo.(*Bar[...]).Method" are no C++.
static bool looks_like_cxx(struct str s) {
  if (str_find(s, STR_LIT(".<")) != SIZE_MAX || str_find(s, STR_LIT("]).")) != SIZE_MAX) return false;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == '<' || s.p[i] == '>' || s.p[i] == '[' || s.p[i] == ']') return true;
  }
  return str_find(s, STR_LIT("::")) != SIZE_MAX;
}

// Appends `s` without what stands between `open` and `close`. From a closing bracket too many on, everything stays; so
// does what an opening bracket without its partner begins.
static void add_without(struct str s, char open, char close, struct buf *out) {
  size_t depth = 0, kept = 0, first = 0;  // bytes up to `kept` are dealt with
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] == open) {
      if (depth++ == 0) first = i;
    } else if (s.p[i] == close) {
      if (depth == 0) break;
      if (--depth == 0) {
        buf_add(out, s.p + kept, first - kept);
        kept = i + 1;
      }
    }
  }
  buf_add(out, s.p + kept, s.n - kept);
}

static void add_simplified(struct str name, enum demangle_mode mode, struct buf *out) {
  struct buf no_params = {NULL, 0, 0, false};
  if (mode == DEMANGLE_TEMPLATES) {
    add_without(name, '(', ')', out);
    return;
  }
  add_without(name, '(', ')', &no_params);
  if (no_params.failed) out->failed = true;
  add_without(buf_view(&no_params), '<', '>', out);
  buf_release(&no_params);
}

void demangle(struct str system_name, enum demangle_mode mode, struct buf *out) {
  if (mode == DEMANGLE_NONE) {
    buf_str(out, system_name);
    return;
  }
  if (add_demangled(system_name, mode, out)) return;
  if (system_name.n && system_name.p[0] == '_') {  // macOS puts one more underscore before every symbol
    struct str inner = {system_name.p + 1, system_name.n - 1};
    if (add_demangled(inner, mode, out)) return;
  }
  if (mode != DEMANGLE_FULL && looks_like_cxx(system_name)) {
    add_simplified(system_name, mode, out);
  } else {
    buf_str(out, system_name);
  }
}
