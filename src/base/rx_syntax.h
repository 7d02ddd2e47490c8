// rx_syntax: reads a pattern in Go's syntax and writes it as one for PCRE2. Private to rx.c.
#ifndef CPROF_RX_SYNTAX_H
#define CPROF_RX_SYNTAX_H

#include "base/base.h"

struct rx_syntax {
  // For PCRE2, in ASCII. To be compiled with UTF, NO_AUTO_CAPTURE, DOTALL, MULTILINE, ALT_CIRCUMFLEX, surrogate escapes
  // and \n as newline: then `\N`, `\A` and `\z` stand for what Go's `.`, `^` and `$` mean without flags.
  struct buf pcre;
  // The pattern is nothing but these bytes, to be found as they are.
  bool plain;
  struct buf literal;
  // What is wrong with a refused pattern, and which part of it; NULL when memory ran out.
  const char *fault;
  struct str where;
};

// 0 or -1. To be released in both cases.
int rx_syntax_read(struct rx_syntax *s, struct str pattern);
void rx_syntax_release(struct rx_syntax *s);

// Length of the valid UTF-8 sequence at the start of s, which is not empty; 0 for a byte that starts none.
size_t rx_rune_length(struct str s);
// Length of the longest prefix that is valid UTF-8.
size_t rx_valid_prefix(struct str s);

#endif
