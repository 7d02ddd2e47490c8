// Regular expressions: rx_syntax.c turns Go's syntax into PCRE2's, this file compiles and matches.
//
// A pattern that is only a literal is looked for as bytes and never reaches PCRE2. Everything else is matched by
// PCRE2 on valid UTF-8 only: a subject with invalid bytes is copied with U+FFFD in place of each, which is how Go reads
// it, and the bounds of the match are translated back.
//
// Matching allocates from a piece of the caller's stack: names are short and many, and nothing is shared between
// threads. PCRE2 backtracks where Go does not, so its work is limited.
#include "base/rx.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/rx_syntax.h"

// What PCRE2 may do: "match limit" counts, of which compiled code does up to a thousand in a microsecond and the
// interpreter a hundred. PCRE2 limits the work from one start position, so the share of each shrinks with their number,
// but lets a single `.*` run to the end of any subject. Compiled code has a limit made once for short subjects.
#define JIT_WORK 200000000u
#define SHORT_SUBJECT 200
#define INTERPRETER_WORK 20000000u
#define INTERPRETER_KIB 65536u
// Groups the rewritten pattern may nest: a Go pattern's limit and what the rewriting of its innermost item adds.
#define MAX_NESTING 1100

struct rx {
  struct str pattern;  // owned
  bool plain, jit;     // only `literal` is there, else only the rest; it is compiled code
  struct buf literal;
  pcre2_code *code;
  pcre2_match_context *limits;  // for compiled code on short subjects
};

// ---- messages -----------------------------------------------------------------------------------

struct quoted {
  char text[320];
};

// The text on one line, without control characters and invalid bytes, and cut when it is long.
static const char *quote(struct quoted *q, struct str s) {
  size_t n = 0;
  for (size_t length; s.n; s.p += length, s.n -= length) {
    length = rx_rune_length(s);
    unsigned char c = (unsigned char)*s.p;
    if (n > sizeof q->text - 8) {
      memcpy(q->text + n, "...", 3);
      n += 3;
      break;
    }
    if (length && c >= ' ' && c != 0x7f) {
      memcpy(q->text + n, s.p, length);
      n += length;
    } else {
      length = 1;
      n += (size_t)snprintf(q->text + n, 5, "\\x%02x", c);
    }
  }
  q->text[n] = '\0';
  return q->text;
}

static int bad_pattern(struct str pattern, const char *what, struct str where, struct err *e) {
  struct quoted q, part;
  if (where.n == 0) return err_set(e, "bad regular expression `%s`: %s", quote(&q, pattern), what);
  return err_set(e, "bad regular expression `%s`: %s `%s`", quote(&q, pattern), what, quote(&part, where));
}

// ---- making -------------------------------------------------------------------------------------

// PCRE2 refuses what Go takes only when it is too large.
static int pcre_fault(struct str pattern, int error, struct err *e) {
  if (error == PCRE2_ERROR_HEAP_FAILED) return err_nomem(e);
  if (error == PCRE2_ERROR_PATTERN_TOO_LARGE) return bad_pattern(pattern, "too large", (struct str){0}, e);
  char text[160] = "";
  pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof text);
  return bad_pattern(pattern, text, (struct str){0}, e);
}

static int compile(struct rx *rx, struct str pcre, struct err *e) {
  const uint32_t options = PCRE2_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_AUTO_CAPTURE |
                           PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX | PCRE2_DOLLAR_ENDONLY;
  int rc = -1, error = 0;
  size_t at;
  pcre2_compile_context *context = pcre2_compile_context_create(NULL);
  rx->limits = pcre2_match_context_create(NULL);
  if (!context || !rx->limits) {
    err_nomem(e);
    goto done;
  }
  pcre2_set_newline(context, PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context, MAX_NESTING);
  pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES);
  pcre2_set_match_limit(rx->limits, JIT_WORK / SHORT_SUBJECT);
  rx->code = pcre2_compile((PCRE2_SPTR)pcre.p, pcre.n, options, &error, &at, context);
  if (!rx->code) {
    pcre_fault(rx->pattern, error, e);
    goto done;
  }
  rx->jit = pcre2_jit_compile(rx->code, PCRE2_JIT_COMPLETE) == 0;
  rc = 0;
done:
  pcre2_compile_context_free(context);
  return rc;
}

// Takes what was read over into rx.
static int make(struct rx *rx, struct rx_syntax *s, struct err *e) {
  if (rx_syntax_read(s, rx->pattern)) return s->fault ? bad_pattern(rx->pattern, s->fault, s->where, e) : err_nomem(e);
  rx->plain = s->plain;
  if (!s->plain) return compile(rx, buf_view(&s->pcre), e);
  rx->literal = s->literal;
  s->literal = (struct buf){0};
  return 0;
}

struct rx *rx_new(struct str pattern, struct err *e) {
  struct rx_syntax s = {0};
  struct rx *rx = calloc(1, sizeof *rx);
  char *copy = malloc(pattern.n + 1);
  if (!rx || !copy) {
    err_nomem(e);
    free(copy);
    goto fail;
  }
  if (pattern.n) memcpy(copy, pattern.p, pattern.n);
  copy[pattern.n] = '\0';
  rx->pattern = (struct str){copy, pattern.n};
  if (make(rx, &s, e)) goto fail;
  rx_syntax_release(&s);
  return rx;
fail:
  rx_syntax_release(&s);
  rx_free(rx);
  return NULL;
}

struct str rx_pattern(const struct rx *rx) {
  return rx->pattern;
}

void rx_free(struct rx *rx) {
  if (!rx) return;
  pcre2_code_free(rx->code);
  pcre2_match_context_free(rx->limits);
  buf_release(&rx->literal);
  free((char *)rx->pattern.p);
  free(rx);
}

// ---- subjects -----------------------------------------------------------------------------------

struct position {
  size_t raw, clean;  // in the subject, in its copy with U+FFFD
};

// The first position that has reached one of the bounds.
static struct position position_of(struct str subject, size_t raw, size_t clean) {
  struct position at = {0};
  while (at.raw < subject.n && at.raw < raw && at.clean < clean) {
    size_t length = rx_rune_length((struct str){subject.p + at.raw, subject.n - at.raw});
    at.raw += length ? length : 1;
    at.clean += length ? length : 3;
  }
  return at;
}

// A copy without invalid bytes, to be freed; p is NULL when memory ran out.
static struct str clean_copy(struct str subject) {
  size_t n = position_of(subject, SIZE_MAX, SIZE_MAX).clean;
  char *copy = malloc(n + 1), *to = copy;
  for (size_t at = 0; copy && at < subject.n;) {
    size_t length = rx_rune_length((struct str){subject.p + at, subject.n - at});
    memcpy(to, length ? subject.p + at : "\xef\xbf\xbd", length ? length : 3);
    to += length ? length : 3;
    at += length ? length : 1;
  }
  return (struct str){copy, n};
}

// ---- matching -----------------------------------------------------------------------------------

// Memory for one match: enough for PCRE2's match data, and for the interpreter's first frames (20 KiB).
struct scratch {
  size_t used;
  alignas(max_align_t) char bytes[24 << 10];
};

static void *scratch_alloc(size_t size, void *data) {
  struct scratch *s = data;
  size_t align = alignof(max_align_t);
  if (size > sizeof s->bytes - s->used) return malloc(size);
  void *piece = s->bytes + s->used;
  s->used += (size + align - 1) / align * align;
  return piece;
}

static void scratch_free(void *piece, void *data) {
  struct scratch *s = data;
  uintptr_t at = (uintptr_t)piece, first = (uintptr_t)s->bytes;
  if (at < first || at >= first + sizeof s->bytes) free(piece);
}

// Matches with a limit for a subject of this length.
static int match_limited(const struct rx *rx, struct str s, size_t start, uint32_t work, uint32_t options,
                         pcre2_match_data *found, pcre2_general_context *memory) {
  pcre2_match_context *limits = pcre2_match_context_create(memory);
  if (!limits) return PCRE2_ERROR_NOMEMORY;
  size_t share = work / (s.n + 1), all = s.n < UINT32_MAX / 8 ? 4 * s.n : UINT32_MAX / 2;
  pcre2_set_match_limit(limits, (uint32_t)(share > all ? share : all));
  pcre2_set_heap_limit(limits, INTERPRETER_KIB);
  int rc = pcre2_match(rx->code, (PCRE2_SPTR)s.p, s.n, start, PCRE2_NO_UTF_CHECK | options, found, limits);
  pcre2_match_context_free(limits);
  return rc;
}

static int match_compiled(const struct rx *rx, struct str s, size_t start, pcre2_match_data *found,
                          pcre2_general_context *memory) {
  if (s.n > SHORT_SUBJECT) return match_limited(rx, s, start, JIT_WORK, 0, found, memory);
  return pcre2_match(rx->code, (PCRE2_SPTR)s.p, s.n, start, PCRE2_NO_UTF_CHECK, found, rx->limits);
}

// The answer of rx_search for what PCRE2 returned.
static int answer(const struct rx *rx, int rc, struct err *e) {
  struct quoted q;
  if (rc >= 0) return 1;
  if (rc == PCRE2_ERROR_NOMATCH) return 0;
  if (rc == PCRE2_ERROR_NOMEMORY) return err_nomem(e);
  if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
    return err_set(e, "matching `%s` took too much work", quote(&q, rx->pattern));
  return err_set(e, "matching `%s` failed (PCRE2 error %d)", quote(&q, rx->pattern), rc);
}

// In valid UTF-8, from the start of a code point on.
static int search_valid(const struct rx *rx, struct str s, size_t start, size_t *from, size_t *to, struct err *e) {
  struct scratch scratch;
  scratch.used = 0;
  pcre2_general_context *memory = pcre2_general_context_create(scratch_alloc, scratch_free, &scratch);
  if (!memory) return err_nomem(e);
  int rc = PCRE2_ERROR_NOMEMORY;
  pcre2_match_data *found = pcre2_match_data_create(1, memory);
  if (!found) goto done;
  rc = PCRE2_ERROR_JIT_STACKLIMIT;
  if (rx->jit) rc = match_compiled(rx, s, start, found, memory);
  // Without compiled code, or when that needs more than the 32 KiB of stack it has.
  if (rc == PCRE2_ERROR_JIT_STACKLIMIT) rc = match_limited(rx, s, start, INTERPRETER_WORK, PCRE2_NO_JIT, found, memory);
  if (rc >= 0) {
    const size_t *bounds = pcre2_get_ovector_pointer(found);
    *from = bounds[0];
    *to = bounds[1];
  }
done:
  pcre2_match_data_free(found);
  pcre2_general_context_free(memory);
  return answer(rx, rc, e);
}

static int search_invalid(const struct rx *rx, struct str s, size_t start, size_t *from, size_t *to, struct err *e) {
  struct str copy = clean_copy(s);
  if (!copy.p) return err_nomem(e);
  int rc = search_valid(rx, copy, position_of(s, start, SIZE_MAX).clean, from, to, e);
  if (rc == 1) {
    *from = position_of(s, SIZE_MAX, *from).raw;
    *to = position_of(s, SIZE_MAX, *to).raw;
  }
  free((char *)copy.p);
  return rc;
}

static int search_literal(const struct rx *rx, struct str s, size_t start, size_t *from, size_t *to) {
  size_t at = str_find((struct str){s.p + start, s.n - start}, buf_view(&rx->literal));
  if (at == SIZE_MAX) return 0;
  *from = start + at;
  *to = *from + rx->literal.n;
  return 1;
}

int rx_search(const struct rx *rx, struct str subject, size_t start, size_t *from, size_t *to, struct err *e) {
  size_t unused[2];
  if (!from) from = &unused[0];
  if (!to) to = &unused[1];
  if (start > subject.n) return 0;
  if (!subject.p) subject.p = "";
  if (rx->plain) return search_literal(rx, subject, start, from, to);
  if (rx_valid_prefix(subject) < subject.n) return search_invalid(rx, subject, start, from, to, e);
  while (start < subject.n && ((unsigned char)subject.p[start] & 0xc0) == 0x80) start++;
  return search_valid(rx, subject, start, from, to, e);
}

int rx_match(const struct rx *rx, struct str subject, struct err *e) {
  return rx_search(rx, subject, 0, NULL, NULL, e);
}

void rx_quote(struct buf *out, char c) {
  if (c && strchr("\\.+*?()|[]{}^$", c)) buf_addc(out, '\\');
  buf_addc(out, c);
}
