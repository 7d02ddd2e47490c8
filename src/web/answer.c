// Answers.
#include "web/answer.h"

#include <stdio.h>
#include <stdlib.h>

struct answer *answer_new(unsigned status, const char *type) {
  struct answer *a = calloc(1, sizeof *a);
  if (!a) return NULL;
  atomic_init(&a->holders, 1);
  a->status = status;
  a->type = type;
  return a;
}

struct answer *answer_text(unsigned status, const char *format, ...) {
  struct answer *a = answer_new(status, "text/plain; charset=utf-8");
  char line[2048];
  va_list args;
  if (!a) return NULL;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  buf_adds(&a->body, line);
  buf_addc(&a->body, '\n');
  return a;
}

struct answer *answer_hold(struct answer *a) {
  atomic_fetch_add(&a->holders, 1);
  return a;
}

void answer_release(struct answer *a) {
  if (!a || atomic_fetch_sub(&a->holders, 1) != 1) return;
  buf_release(&a->body);
  arena_release(&a->text);
  free(a);
}

struct str answer_body(const struct answer *a) {
  return a->fixed.p ? a->fixed : buf_view(&a->body);
}
