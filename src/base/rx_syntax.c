// Go's regular expression syntax, rewritten for PCRE2.
//
// One pass over the pattern checks it as strictly as Go's parser does and writes a normal form in which nothing is left
// to PCRE2's own reading of the syntax: literals are escaped code points, classes are code point ranges and properties,
// no group captures, and the flags m, s and U are resolved into the operators they change. Only (?i) is left
// to PCRE2; it is switched in front of the literal or class that needs it, never between an item and its quantifier.
//
// Groups are a stack instead of recursion. The last item that was read (struct atom) stays open until the next one
// begins, because a quantifier may follow it even after something that writes nothing: `a(?i)*`, `a*\Q\E+`.
#include "base/rx_syntax.h"

#include <stdlib.h>

#include "base/rx_names.h"

#define MAX_REPEAT 1000
#define MAX_HEIGHT 1000
#define MAX_RUNE 0x10ffff
#define NO_ATOM SIZE_MAX

enum { FOLD_CASE = 1, MULTI_LINE = 2, DOT_NL = 4, UNGREEDY = 8 };

struct atom {
  size_t at;        // where its text starts in the output, or NO_ATOM
  unsigned height;  // of its syntax tree, which Go limits
  unsigned copies;  // the largest product of nested repeat counts in it, which Go limits too
  bool bare;        // a quantifier may follow it as it is; otherwise it has to be wrapped first
  bool literal, folded;
};

// A group that is being read, or the whole pattern.
struct level {
  unsigned flags;  // as they were before it
  bool folding;
  bool captures;
  size_t at;                           // where its text starts in the output
  unsigned items, branches;            // finished items of the branch, finished branches
  unsigned branch_height, max_height;  // the highest item, the highest branch
  unsigned copies;
};

struct parser {
  struct str in;
  size_t at;
  struct rx_syntax *s;
  unsigned flags;
  bool folding;               // what PCRE2 has been told about (?i)
  bool repeated, was_repeat;  // the item being read, the item before it is a quantifier
  struct atom atom;
  struct level *level;
  size_t depth, cap;
  struct buf ranges, others;  // of the class being read
};

// ---- reading ------------------------------------------------------------------------------------

size_t rx_rune_length(struct str s) {
  const unsigned char *p = (const unsigned char *)s.p;
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc2 || p[0] > 0xf4) return 0;
  size_t length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  if (s.n < length) return 0;
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
  unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
  if (p[1] < low || p[1] > high) return 0;
  for (size_t i = 2; i < length; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  return length;
}

size_t rx_valid_prefix(struct str s) {
  size_t at = 0;
  while (at < s.n) {
    uint64_t eight;
    if (s.n - at >= sizeof eight) {
      memcpy(&eight, s.p + at, sizeof eight);
      if (!(eight & 0x8080808080808080u)) {
        at += sizeof eight;
        continue;
      }
    }
    size_t length = rx_rune_length((struct str){s.p + at, s.n - at});
    if (length == 0) return at;
    at += length;
  }
  return at;
}

static int fault(struct parser *p, const char *what, size_t from, size_t to) {
  p->s->fault = what;
  p->s->where = (struct str){p->in.p + from, to - from};
  return -1;
}

// The byte `ahead` of the next one, -1 behind the end.
static int peek(const struct parser *p, size_t ahead) {
  return ahead < p->in.n - p->at ? (unsigned char)p->in.p[p->at + ahead] : -1;
}

static bool take(struct parser *p, char c) {
  if (peek(p, 0) != (unsigned char)c) return false;
  p->at++;
  return true;
}

// The next code point; the pattern is valid UTF-8 and not at its end.
static uint32_t take_rune(struct parser *p) {
  size_t length = rx_rune_length((struct str){p->in.p + p->at, p->in.n - p->at});
  uint32_t rune = (unsigned char)p->in.p[p->at++];
  if (length > 1) rune &= 0x7fu >> length;
  for (size_t i = 1; i < length; i++) rune = rune << 6 | ((unsigned char)p->in.p[p->at++] & 0x3f);
  return rune;
}

// Index of the text in what is left of the pattern, from `ahead` on; SIZE_MAX when it is not there.
static size_t find_ahead(const struct parser *p, size_t ahead, struct str text) {
  if (ahead > p->in.n - p->at) return SIZE_MAX;
  size_t at = str_find((struct str){p->in.p + p->at + ahead, p->in.n - p->at - ahead}, text);
  return at == SIZE_MAX ? SIZE_MAX : at + ahead;
}

static bool is_alnum(uint32_t c) { return (c - '0') < 10u || ((c | 0x20) - 'a') < 26u; }

static bool is_octal(int c) { return c >= '0' && c <= '7'; }

// ---- items --------------------------------------------------------------------------------------

static struct level *top(struct parser *p) { return &p->level[p->depth]; }

static unsigned larger(unsigned a, unsigned b) { return a > b ? a : b; }

// Ends the last item: from here on no quantifier can reach it.
static void settle(struct parser *p) {
  if (p->atom.at == NO_ATOM) return;
  struct level *level = top(p);
  level->items++;
  level->branch_height = larger(level->branch_height, p->atom.height);
  level->copies = larger(level->copies, p->atom.copies);
  p->atom.at = NO_ATOM;
}

// Begins an item whose text comes next.
static struct atom *begin(struct parser *p, bool bare) {
  settle(p);
  p->atom = (struct atom){.at = p->s->pcre.n, .height = 1, .copies = 1, .bare = bare};
  return &p->atom;
}

static int check_height(struct parser *p, unsigned height) {
  return height > MAX_HEIGHT ? fault(p, "nested too deeply", 0, 0) : 0;
}

static int fixed_item(struct parser *p, const char *text, bool bare) {
  p->s->plain = false;
  begin(p, bare);
  buf_adds(&p->s->pcre, text);
  return 0;
}

// Tells PCRE2 whether case matters, when that has changed.
static void set_folding(struct parser *p, bool on) {
  if (p->folding == on) return;
  settle(p);
  buf_adds(&p->s->pcre, on ? "(?i)" : "(?-i)");
  p->folding = on;
}

static void add_utf8(struct buf *b, uint32_t rune) {
  if (rune < 0x80) {
    buf_addc(b, (char)rune);
    return;
  }
  char bytes[4];
  size_t n = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
  for (size_t i = n; --i > 0; rune >>= 6) bytes[i] = (char)(0x80 | (rune & 0x3f));
  bytes[0] = (char)((0xf00u >> n & 0xff) | rune);
  buf_add(b, bytes, n);
}

static int literal(struct parser *p, uint32_t rune) {
  bool folds = rune >= 0x80 || (is_alnum(rune) && rune > '9'), folded = folds && p->flags & FOLD_CASE;
  // Go keeps a run of literals as one node; this matters only for the height.
  if (p->atom.at != NO_ATOM && p->atom.literal && p->atom.folded == folded) p->atom.at = NO_ATOM;
  if (folds) set_folding(p, folded);
  struct atom *atom = begin(p, true);
  atom->literal = true;
  atom->folded = folded;
  if (is_alnum(rune)) buf_addc(&p->s->pcre, (char)rune);
  else buf_addf(&p->s->pcre, "\\x{%x}", rune);
  // A surrogate matches nothing, and U+FFFD matches invalid bytes too: neither can be found as bytes.
  if (folded || rune == 0xfffd || (rune >= 0xd800 && rune <= 0xdfff)) p->s->plain = false;
  if (p->s->plain) add_utf8(&p->s->literal, rune);
  return 0;
}

// ---- quantifiers --------------------------------------------------------------------------------

// Puts the last item into a group of its own.
static void wrap(struct parser *p) {
  struct buf *out = &p->s->pcre;
  buf_adds(out, "()");
  if (out->failed) return;
  char *at = out->data + p->atom.at;
  memmove(at + 1, at, out->n - 2 - p->atom.at);
  *at = '(';
}

// Replaces the last item by nothing: x{0}. PCRE2 10.42 takes `(\Aa|b){0}c` for anchored, so it gets to see none.
static void drop(struct parser *p) {
  struct buf *out = &p->s->pcre;
  if (!out->failed) out->n = p->atom.at;
  buf_adds(out, "()");
}

// The quantifier that was read from `from` on: min to max times, max -1 for no end.
static int repeat(struct parser *p, size_t from, int min, int max) {
  struct str text = {p->in.p + from, p->at - from};
  bool lazy = take(p, '?') != ((p->flags & UNGREEDY) != 0);
  struct atom *atom = &p->atom;
  p->s->plain = false;
  p->repeated = true;
  if (p->was_repeat) return fault(p, "quantifier after a quantifier", from, p->at);
  if (atom->at == NO_ATOM) return fault(p, "nothing to repeat before", from, p->at);
  int times = max < 0 ? min : max;
  if (max == 0) atom->copies = 1;
  else if (times > 0) atom->copies *= (unsigned)times;
  if ((min >= 2 || max >= 2) && atom->copies > MAX_REPEAT) return fault(p, "repeat count too large", from, p->at);
  if (max == 0) {
    drop(p);
  } else {
    if (!atom->bare) wrap(p);
    buf_str(&p->s->pcre, text);
    if (lazy) buf_addc(&p->s->pcre, '?');
  }
  atom->bare = atom->literal = false;
  atom->height++;
  return check_height(p, atom->height);
}

static int repeat_sign(struct parser *p) {
  size_t from = p->at;
  char c = p->in.p[p->at++];
  return repeat(p, from, c == '+', c == '?' ? 1 : -1);
}

// A number without leading zeros, which stays above MAX_REPEAT once it is.
static bool take_count(struct parser *p, int *count) {
  int c = peek(p, 0), next = peek(p, 1);
  if (c < '0' || c > '9' || (c == '0' && next >= '0' && next <= '9')) return false;
  for (*count = 0; c >= '0' && c <= '9'; p->at++, c = peek(p, 0))
    if (*count <= MAX_REPEAT) *count = *count * 10 + (c - '0');
  return true;
}

// {n}, {n,} or {n,m}; `max` becomes -1 for no end. False when it is none of these: then the brace is a literal.
static bool take_counts(struct parser *p, int *min, int *max) {
  p->at++;
  if (!take_count(p, min)) return false;
  *max = *min;
  if (take(p, ',')) {
    *max = -1;
    if (peek(p, 0) != '}' && !take_count(p, max)) return false;
  }
  return take(p, '}');
}

static int repeat_braces(struct parser *p) {
  size_t from = p->at;
  int min, max;
  if (!take_counts(p, &min, &max)) {
    p->at = from + 1;
    return literal(p, '{');
  }
  if (min > MAX_REPEAT || max > MAX_REPEAT) return fault(p, "repeat count too large", from, p->at);
  if (max >= 0 && min > max) return fault(p, "repeat range out of order", from, p->at);
  return repeat(p, from, min, max);
}

// ---- groups -------------------------------------------------------------------------------------

static int open_group(struct parser *p, bool captures, unsigned flags) {
  settle(p);
  if (p->depth >= MAX_HEIGHT) return fault(p, "nested too deeply", 0, 0);
  if (ARRAY_RESERVE(p->level, p->cap, p->depth + 2)) return -1;
  p->level[++p->depth] =
      (struct level){.flags = p->flags, .folding = p->folding, .captures = captures, .at = p->s->pcre.n, .copies = 1};
  p->flags = flags;
  p->s->plain = false;
  buf_addc(&p->s->pcre, '(');
  return 0;
}

static int end_branch(struct parser *p) {
  settle(p);
  struct level *level = top(p);
  unsigned height = level->items == 0 ? 1 : level->branch_height + (level->items > 1);
  level->max_height = larger(level->max_height, height);
  level->branches++;
  level->items = level->branch_height = 0;
  return check_height(p, level->max_height + (level->branches > 1));
}

static int bar(struct parser *p) {
  p->at++;
  p->s->plain = false;
  if (end_branch(p)) return -1;
  buf_addc(&p->s->pcre, '|');
  return 0;
}

static int close_group(struct parser *p) {
  p->at++;
  if (p->depth == 0) return fault(p, "unexpected )", 0, 0);
  if (end_branch(p)) return -1;
  struct level group = *top(p);
  p->depth--;
  p->flags = group.flags;
  p->folding = group.folding;
  buf_addc(&p->s->pcre, ')');
  p->atom = (struct atom){.at = group.at, .copies = group.copies, .bare = true};
  p->atom.height = group.max_height + (group.branches > 1) + group.captures;
  return check_height(p, p->atom.height);
}

// (?P<name> or (?<name>: the name says nothing here, but it has to be one.
static int named_group(struct parser *p, size_t name_at) {
  size_t from = p->at, end = find_ahead(p, name_at, STR_LIT(">"));
  if (end == SIZE_MAX) return fault(p, "group name without >", from, p->in.n);
  p->at += end + 1;
  if (end == name_at) return fault(p, "empty group name", from, p->at);
  for (size_t i = from + name_at; i < from + end; i++)
    if (!is_alnum((unsigned char)p->in.p[i]) && p->in.p[i] != '_') return fault(p, "bad group name", from, p->at);
  return open_group(p, true, p->flags);
}

static unsigned flag_of(int c) {
  return c == 'i' ? FOLD_CASE : c == 'm' ? MULTI_LINE : c == 's' ? DOT_NL : c == 'U' ? UNGREEDY : 0;
}

// (?flags) or (?flags:
static int flags_group(struct parser *p) {
  size_t from = p->at;
  unsigned flags = p->flags;
  bool minus = false, dangling = false;
  for (p->at += 2; p->at < p->in.n;) {
    uint32_t c = take_rune(p);
    unsigned flag = c < 0x80 ? flag_of((int)c) : 0;
    if (flag) {
      flags = minus ? flags & ~flag : flags | flag;
      dangling = false;
    } else if (c == '-' && !minus) {
      minus = dangling = true;
    } else if (c == ':' && !dangling) {
      return open_group(p, false, flags);
    } else if (c == ')' && !dangling) {
      p->flags = flags;
      return 0;
    } else {
      return fault(p, "unknown or unsupported group", from, p->at);
    }
  }
  return fault(p, "missing closing )", 0, 0);
}

static int group(struct parser *p) {
  if (peek(p, 1) == '?') {
    if (peek(p, 2) == 'P' && peek(p, 3) == '<') return named_group(p, 4);
    if (peek(p, 2) == '<' && peek(p, 3) != '=' && peek(p, 3) != '!') return named_group(p, 3);
    return flags_group(p);
  }
  p->at++;
  return open_group(p, true, p->flags);
}

// ---- escapes ------------------------------------------------------------------------------------

// What follows \x.
static bool take_hex(struct parser *p, uint32_t *rune) {
  bool braces = take(p, '{');
  size_t digits = 0;
  *rune = 0;
  for (int v; (braces || digits < 2) && (v = hex_digit(peek(p, 0))) >= 0; digits++, p->at++) {
    *rune = *rune * 16 + (uint32_t)v;
    if (*rune > MAX_RUNE) return false;
  }
  return braces ? digits > 0 && take(p, '}') : digits == 2;
}

// What follows a digit that was read: up to two more, and at least one unless it was a 0 (\1 would be a reference).
static bool take_octal(struct parser *p, uint32_t *rune) {
  if (*rune != '0' && !is_octal(peek(p, 0))) return false;
  *rune -= '0';
  for (int i = 1; i < 3 && is_octal(peek(p, 0)); i++) *rune = *rune * 8 + (uint32_t)(p->in.p[p->at++] - '0');
  return true;
}

// An escape that stands for one code point, inside or outside a class.
static int take_escape(struct parser *p, uint32_t *rune) {
  static const char letters[] = "afnrtv", meaning[] = "\a\f\n\r\t\v";
  size_t from = p->at++;
  if (p->at == p->in.n) return fault(p, "trailing \\", 0, 0);
  uint32_t c = *rune = take_rune(p);
  if (c < 0x80 && !is_alnum(c)) return 0;
  const char *letter = c < 0x80 ? strchr(letters, (int)c) : NULL;
  bool known = letter != NULL;
  if (letter) *rune = (uint32_t)meaning[letter - letters];
  if (c == 'x') known = take_hex(p, rune);
  if (c < 0x80 && is_octal((int)c)) known = take_octal(p, rune);
  return known ? 0 : fault(p, "unknown escape", from, p->at);
}

// ---- classes ------------------------------------------------------------------------------------

static void add_range(struct parser *p, uint32_t lo, uint32_t hi) {
  buf_addf(&p->ranges, lo == hi ? "\\x{%x}" : "\\x{%x}-\\x{%x}", lo, hi);
}

static void add_group(struct parser *p, const struct rx_group *group) {
  for (size_t i = 0; i < group->n; i++) add_range(p, group->range[i][0], group->range[i][1]);
}

// All code points that are not in the group. With (?i) those that differ only in case from one in it are left out as
// well, among them the two beyond ASCII that do: ſ (s) and the Kelvin sign (k).
static void add_group_negated(struct parser *p, const struct rx_group *group) {
  bool in[128] = {false}, fold = p->flags & FOLD_CASE;
  for (size_t i = 0; i < group->n; i++)
    for (unsigned c = group->range[i][0]; c <= group->range[i][1]; c++) {
      in[c] = true;
      if (fold && is_alnum(c) && c > '9') in[c ^ 0x20] = true;
    }
  uint32_t next = 0;
  for (uint32_t c = 0; c < 128; c++) {
    if (in[c] && next < c) add_range(p, next, c - 1);
    if (in[c]) next = c + 1;
  }
  const uint32_t beyond[2] = {fold && in['s'] ? 0x17f : 0, fold && in['k'] ? 0x212a : 0};
  for (size_t i = 0; i < 2; i++)
    if (beyond[i]) {
      add_range(p, next, beyond[i] - 1);
      next = beyond[i] + 1;
    }
  add_range(p, next, MAX_RUNE);
}

struct property {
  struct str name;
  bool script, negated;
  const char *own, *fold;  // ranges, NULL when there are none
};

// \pN, \p{Greek}, \P{Greek}, \p{^Greek}
static int take_property(struct parser *p, struct property *property) {
  size_t from = p->at;
  property->negated = p->in.p[p->at + 1] == 'P';
  p->at += 2;
  if (peek(p, 0) == '{') {
    size_t end = find_ahead(p, 1, STR_LIT("}"));
    if (end == SIZE_MAX) return fault(p, "missing } after", from, p->at);
    property->name = (struct str){p->in.p + p->at + 1, end - 1};
    p->at += end + 1;
  } else {
    if (p->at < p->in.n) take_rune(p);
    property->name = (struct str){p->in.p + from + 2, p->at - from - 2};
  }
  struct str *name = &property->name;
  if (name->n && name->p[0] == '^') {
    property->negated = !property->negated;
    *name = (struct str){name->p + 1, name->n - 1};
  }
  property->script = rx_is_script(*name);
  property->own = rx_own_ranges(*name);
  property->fold = p->flags & FOLD_CASE ? rx_fold_ranges(*name) : NULL;
  if (!property->script && !rx_is_category(*name)) return fault(p, "unknown Unicode class", from, p->at);
  return 0;
}

// Ranges of the tables above, as a PCRE2 class has them.
static void add_ranges(struct buf *b, const char *ranges) {
  for (char *end; *ranges; ranges = end) {
    unsigned long lo = strtoul(ranges, &end, 16);
    buf_addf(b, "\\x{%lx}", lo);
    if (*end == '-') buf_addf(b, "-\\x{%lx}", strtoul(end + 1, &end, 16));
  }
}

// The property's members, without and with what (?i) adds.
static void add_property(struct buf *b, const struct property *property) {
  if (property->own) add_ranges(b, property->own);
  else if (str_eq(property->name, STR_LIT("C"))) buf_adds(b, "\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}");
  else buf_addf(b, property->script ? "\\p{sc:%.*s}" : "\\p{%.*s}", STR_ARG(property->name));
  if (property->fold) add_ranges(b, property->fold);
}

// As part of a class. What (?i) does to \p{Lu} is not the same in all versions of PCRE2, so a property that case
// matters for stands beside the class with case switched off, and so does a negation.
static void add_property_member(struct parser *p, const struct property *property) {
  if (!property->fold && !property->negated) {
    add_property(&p->ranges, property);
    return;
  }
  buf_addf(&p->others, "|(?-i:[%s", property->negated ? "^" : "");
  add_property(&p->others, property);
  buf_adds(&p->others, "])");
}

// The class from what was collected: one bracket, or a choice of several.
static int finish_class(struct parser *p, bool negated) {
  struct str in = buf_view(&p->ranges), others = buf_view(&p->others);
  struct buf *out = &p->s->pcre;
  if (p->ranges.failed || p->others.failed) out->failed = true;
  if (in.n == 0 && others.n == 0) return fixed_item(p, negated ? "." : "(?!)", negated);
  fixed_item(p, "", true);
  if (others.n) buf_adds(out, negated ? "((?!" : "(");
  if (in.n) {
    buf_adds(out, negated && !others.n ? "[^" : "[");
    buf_str(out, in);
    buf_addc(out, ']');
  }
  if (others.n) {
    size_t bar_first = in.n ? 0 : 1;
    buf_add(out, others.p + bar_first, others.n - bar_first);
    buf_adds(out, negated ? ").)" : ")");
  }
  return 0;
}

static void clear_class(struct parser *p, bool folding) {
  set_folding(p, folding);
  buf_clear(&p->ranges);
  buf_clear(&p->others);
}

// [:alpha:] and [:^alpha:]. 1 when there was one, 0 when there is none here.
static int class_posix(struct parser *p) {
  if (peek(p, 0) != '[' || peek(p, 1) != ':') return 0;
  size_t from = p->at, end = find_ahead(p, 2, STR_LIT(":]"));
  if (end == SIZE_MAX) return 0;
  bool negated = peek(p, 2) == '^';
  struct str name = {p->in.p + from + 2 + negated, end - 2 - negated};
  p->at += end + 2;
  const struct rx_group *named = rx_group_of_name(name);
  if (!named) return fault(p, "unknown class", from, p->at);
  (negated ? add_group_negated : add_group)(p, named);
  return 1;
}

// \d, \pN and the like. 1, 0 or -1 as above.
static int class_escape(struct parser *p) {
  int c = peek(p, 1);
  if (peek(p, 0) != '\\' || c < 0) return 0;
  if (c == 'p' || c == 'P') {
    struct property property;
    if (take_property(p, &property)) return -1;
    add_property_member(p, &property);
    return 1;
  }
  const struct rx_group *named = rx_group_of_escape(c);
  if (!named) return 0;
  p->at += 2;
  (c & 0x20 ? add_group : add_group_negated)(p, named);
  return 1;
}

static int class_rune(struct parser *p, size_t open, uint32_t *rune) {
  if (p->at == p->in.n) return fault(p, "missing closing ] after", open, open + 1);
  if (peek(p, 0) == '\\') return take_escape(p, rune);
  *rune = take_rune(p);
  return 0;
}

static int class_range(struct parser *p, size_t open) {
  size_t from = p->at;
  uint32_t lo, hi;
  if (class_rune(p, open, &lo)) return -1;
  hi = lo;
  // A - before the closing ] or at the end is itself.
  if (peek(p, 0) == '-' && peek(p, 1) >= 0 && peek(p, 1) != ']') {
    p->at++;
    if (class_rune(p, open, &hi)) return -1;
  }
  if (hi < lo) return fault(p, "class range out of order", from, p->at);
  add_range(p, lo, hi);
  return 0;
}

static int class_in_brackets(struct parser *p) {
  size_t open = p->at++;
  clear_class(p, p->flags & FOLD_CASE);
  bool negated = take(p, '^');
  for (bool first = true; first || peek(p, 0) != ']'; first = false) {
    int found = class_posix(p);
    if (found == 0) found = class_escape(p);
    if (found < 0 || (found == 0 && class_range(p, open))) return -1;
  }
  p->at++;
  return finish_class(p, negated);
}

// ---- the pattern --------------------------------------------------------------------------------

static int quoted(struct parser *p) {
  p->at += 2;
  size_t end = find_ahead(p, 0, STR_LIT("\\E"));
  size_t stop = end == SIZE_MAX ? p->in.n : p->at + end;
  while (p->at < stop) literal(p, take_rune(p));
  if (end != SIZE_MAX) p->at += 2;
  return 0;
}

static int property_alone(struct parser *p) {
  struct property property;
  if (take_property(p, &property)) return -1;
  clear_class(p, false);
  add_property(&p->ranges, &property);
  return finish_class(p, property.negated);
}

static int backslash(struct parser *p) {
  int c = peek(p, 1);
  const struct rx_group *named = c < 0 ? NULL : rx_group_of_escape(c);
  if (named) {
    p->at += 2;
    clear_class(p, p->flags & FOLD_CASE);
    add_group(p, named);
    return finish_class(p, !(c & 0x20));
  }
  if (c == 'p' || c == 'P') return property_alone(p);
  if (c == 'Q') return quoted(p);
  if (c == 'A' || c == 'z' || c == 'b' || c == 'B') {
    char text[3] = {'\\', (char)c, '\0'};
    p->at += 2;
    return fixed_item(p, text, false);
  }
  uint32_t rune;
  return take_escape(p, &rune) ? -1 : literal(p, rune);
}

static int sign(struct parser *p, const char *plain, const char *with_flag, unsigned flag, bool bare) {
  p->at++;
  return fixed_item(p, p->flags & flag ? with_flag : plain, bare);
}

static int item(struct parser *p) {
  switch (p->in.p[p->at]) {
    case '(': return group(p);
    case ')': return close_group(p);
    case '|': return bar(p);
    case '[': return class_in_brackets(p);
    case '^': return sign(p, "\\A", "^", MULTI_LINE, false);
    case '$': return sign(p, "\\z", "$", MULTI_LINE, false);
    case '.': return sign(p, "\\N", ".", DOT_NL, true);
    case '*':
    case '+':
    case '?': return repeat_sign(p);
    case '{': return repeat_braces(p);
    case '\\': return backslash(p);
    default: return literal(p, take_rune(p));
  }
}

static int read_all(struct parser *p) {
  // A callout that nobody listens to. It keeps PCRE2's JIT compiler from an optimisation that up to 10.42 makes it miss
  // matches, such as that of `(ab|a).*c$` in "abc", and leaves the others alone.
  static const char callout[] = "(?C)";
  size_t valid = rx_valid_prefix(p->in);
  if (valid < p->in.n) return fault(p, "invalid UTF-8", valid, valid + 1);
  if (ARRAY_RESERVE(p->level, p->cap, 1)) return -1;
  p->level[0] = (struct level){.copies = 1};
  buf_adds(&p->s->pcre, callout);
  while (p->at < p->in.n) {
    p->was_repeat = p->repeated;
    p->repeated = false;
    if (item(p)) return -1;
  }
  if (p->depth) return fault(p, "missing closing )", 0, 0);
  if (end_branch(p)) return -1;
  p->atom.at = sizeof callout - 1;
  if (top(p)->branches > 1) wrap(p);  // so that the callout is in front of all branches
  return 0;
}

int rx_syntax_read(struct rx_syntax *s, struct str pattern) {
  *s = (struct rx_syntax){.plain = true};
  struct parser p = {.in = pattern, .s = s, .atom = {.at = NO_ATOM}};
  int rc = read_all(&p);
  if (rc == 0 && (s->pcre.failed || s->literal.failed)) rc = -1;
  free(p.level);
  buf_release(&p.ranges);
  buf_release(&p.others);
  return rc;
}

void rx_syntax_release(struct rx_syntax *s) {
  buf_release(&s->pcre);
  buf_release(&s->literal);
}
