// Names for pictures, where space is short. What is recognised follows the reference: a Go name with an import path, a
// Java class and method, a C++ class and method.
#include "graph/graph.h"

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; }
static bool starts_word(char c) { return is_lower(c) || is_upper(c) || c == '_'; }

static char at(struct str s, size_t i) { return i < s.n ? s.p[i] : '\0'; }
static struct str from(struct str s, size_t i) { return (struct str){s.p + i, s.n - i}; }
static struct str until(struct str s, size_t i) { return (struct str){s.p, i}; }

static size_t words(struct str s, size_t i) {
  while (i < s.n && is_word(s.p[i])) i++;
  return i;
}

static size_t line_end(struct str s, size_t i) {
  while (i < s.n && s.p[i] != '\n') i++;
  return i;
}

// The digits of a major version of 2 or more.
static bool is_version(struct str digits) {
  if (digits.n == 1) return digits.p[0] >= '2';
  return digits.n > 1 && digits.p[0] != '0';
}

// Copies the name without the first "/v2" between path elements.
static void without_version(struct buf *out, struct str s) {
  bool one_line = line_end(s, 0) == s.n;
  for (size_t i = 0; one_line && i + 2 < s.n; i++) {
    if (s.p[i] != '/' || s.p[i + 1] != 'v') continue;
    size_t end = i + 2;
    while (end < s.n && is_digit(s.p[end])) end++;
    if (!is_version((struct str){s.p + i + 2, end - i - 2}) || (at(s, end) != '.' && at(s, end) != '/')) continue;
    buf_str(out, until(s, i));
    buf_str(out, from(s, end));
    return;
  }
  buf_str(out, s);
}

// "package.Func" behind the last path element that leaves such a thing.
static bool go_name(struct str s, struct str *found) {
  size_t end = 0;
  while (end < s.n && (is_word(s.p[end]) || s.p[end] == '-' || s.p[end] == '.' || s.p[end] == '/')) {
    if (s.p[end] == '/' && (end == 0 || s.p[end - 1] == '/')) break;
    end++;
  }
  for (size_t i = end; i > 1; i--) {
    if (s.p[i - 1] != '/') continue;
    struct str rest = from(s, i);
    size_t dot = str_find(rest, STR_LIT("."));
    if (dot == SIZE_MAX || dot == 0 || dot + 1 >= rest.n || rest.p[dot + 1] == '\n') continue;
    *found = until(rest, line_end(rest, dot + 1));
    return true;
  }
  return false;
}

static size_t java_words(struct str s, size_t i) {
  while (i < s.n && (is_word(s.p[i]) || s.p[i] == '$')) i++;
  return i;
}

// "Class.method" of "package.Class.method(…)".
static bool java_name(struct str s, struct str *found) {
  size_t i = 0;
  while (is_lower(at(s, i)) && at(s, words(s, i)) == '.') i = words(s, i) + 1;
  struct str class = from(s, i), init = STR_LIT("<init>");
  if (!is_upper(at(class, 0))) return false;
  size_t method = java_words(class, 0);
  if (at(class, method++) != '.') return false;
  size_t end = str_starts(from(class, method < class.n ? method : class.n), init) ? method + init.n
               : is_lower(at(class, method))                                      ? java_words(class, method)
                                                                                  : 0;
  if (end == 0 || (end < class.n && class.p[end] != '(')) return false;
  *found = until(class, end);
  return true;
}

// "Class::method" or "Class::~Class", with template arguments behind it, at the start.
static bool cpp_class(struct str s, struct str *found) {
  size_t i = 0;
  while (at(s, i) == '_') i++;
  if (!is_upper(at(s, i))) return false;
  i = words(s, i);
  if (at(s, i) != ':' || at(s, i + 1) != ':') return false;
  i += 2;
  if (at(s, i) == '~') i++;
  if (!starts_word(at(s, i))) return false;
  i = words(s, i);
  if (at(s, i) == '<') {
    size_t close = line_end(s, i);
    while (close > i && s.p[close - 1] != '>') close--;
    if (close > i) i = close;
  }
  *found = until(s, i);
  return true;
}

// The same behind as many namespaces as can be.
static bool cpp_name(struct str s, struct str *found) {
  bool any = false;
  for (size_t i = 0; starts_word(at(s, i));) {
    i = words(s, i);
    if (at(s, i) != ':' || at(s, i + 1) != ':') break;
    i += 2;
    any |= cpp_class(from(s, i), found);
  }
  return any;
}

void graph_short_name(struct buf *out, struct str name) {
  struct str anonymous = STR_LIT("(anonymous namespace)::"), found;
  struct buf plain = {0};
  if (str_starts(name, anonymous)) name = from(name, anonymous.n);
  without_version(&plain, name);
  struct str s = buf_view(&plain);
  bool shorter = go_name(s, &found) || java_name(s, &found) || cpp_name(s, &found);
  buf_str(out, shorter ? found : s);
  out->failed |= plain.failed;
  buf_release(&plain);
}
