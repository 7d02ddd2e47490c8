// rust: the inside of the reader of Rust's v0 symbols.
//
// v0 names refer back to earlier parts by position, so a short name can unfold without end: steps and depth are
// counted. What fails jumps to rust->env; the buffers belong to the struct, so that a jump leaks nothing.
#ifndef CPROF_SYMBOLIZE_RUST_H
#define CPROF_SYMBOLIZE_RUST_H

#include <setjmp.h>

#include "symbolize/cxx.h"

struct rust {
  struct str all;  // behind the _R; positions count from here
  size_t at, end;  // being read
  struct buf *out;
  jmp_buf env;
  bool quiet;         // read without printing, and without following references back
  bool no_args;       // leave out generic arguments
  char last;          // byte written
  int64_t lifetimes;  // bound so far
  long steps;         // work left
  unsigned depth;
  bool nomem;
  uint32_t *runes;  // of the identifier read last, when that was in Punycode
  size_t runes_cap;
};

struct rust_identifier {
  struct str ascii;
  bool punycode;
  size_t runes;
};

_Noreturn void rust_fail(struct rust *r);
void rust_step(struct rust *r, size_t cost);
void rust_enter(struct rust *r);
static inline int rust_peek(const struct rust *r) { return r->at < r->end ? (unsigned char)r->all.p[r->at] : -1; }
bool rust_accept(struct rust *r, char c);
void rust_expect(struct rust *r, char c);
int rust_next(struct rust *r);

void rust_put(struct rust *r, struct str s);
void rust_text(struct rust *r, const char *s);
void rust_char(struct rust *r, char c);
void rust_i64(struct rust *r, int64_t n);

int64_t rust_base62(struct rust *r);
int64_t rust_disambiguator(struct rust *r);
struct rust_identifier rust_identifier(struct rust *r);
void rust_put_identifier(struct rust *r, struct rust_identifier id);
void rust_integer_or_character(struct rust *r);  // a constant that is no reference back
void rust_put_lifetime(struct rust *r, int64_t lifetime);
void rust_binder(struct rust *r);

#endif
