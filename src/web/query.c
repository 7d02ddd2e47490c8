// Parsing queries.
#include "web/query.h"

#include <stdlib.h>

static struct str cut(struct str *rest, char at) {
  const char *end = rest->n ? memchr(rest->p, at, rest->n) : NULL;
  struct str part = {rest->p, end ? (size_t)(end - rest->p) : rest->n};
  *rest = end ? (struct str){end + 1, rest->n - part.n - 1} : (struct str){rest->p + rest->n, 0};
  return part;
}

static char *keep(struct query *q, const struct buf *text) {
  char *copy = arena_alloc(&q->text, text->n + 1);
  if (!copy) return NULL;
  if (text->n) memcpy(copy, text->data, text->n);
  copy[text->n] = '\0';
  return copy;
}

// 1 a pair was added, 0 it was malformed, -1 with a message.
static int add_pair(struct query *q, struct str text, struct buf *name, struct buf *value, struct err *e) {
  struct str rest = text, left = cut(&rest, '=');
  buf_clear(name);
  buf_clear(value);
  if (text.n == 0 || memchr(text.p, ';', text.n)) return 0;
  if (percent_decode(name, left, true) || percent_decode(value, rest, true)) return 0;
  if (name->failed || value->failed) return err_nomem(e);
  if ((name->n && memchr(name->data, 0, name->n)) || (value->n && memchr(value->data, 0, value->n)))
    return err_set(e, "a parameter holds the byte 0");
  if (q->n == QUERY_MOST_PAIRS) return err_set(e, "there are more than %d parameters", QUERY_MOST_PAIRS);
  struct query_pair pair = {keep(q, name), keep(q, value)};
  if (!pair.name || !pair.value || ARRAY_RESERVE(q->pair, q->cap, q->n + 1)) return err_nomem(e);
  q->pair[q->n++] = pair;
  return 1;
}

int query_parse(struct query *q, struct str text, struct err *e) {
  struct buf name = {0}, value = {0};
  int result = 0;
  while (text.n && result >= 0) result = add_pair(q, cut(&text, '&'), &name, &value, e);
  buf_release(&name);
  buf_release(&value);
  return result < 0 ? -1 : 0;
}

void query_release(struct query *q) {
  free(q->pair);
  arena_release(&q->text);
  *q = (struct query){0};
}

const char *query_get(const struct query *q, const char *name) {
  for (size_t i = 0; i < q->n; i++)
    if (strcmp(q->pair[i].name, name) == 0) return q->pair[i].value;
  return NULL;
}

static void escape(struct buf *out, const char *text) {
  static const char hex[] = "0123456789ABCDEF";
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || strchr("-_.~", c);
    if (plain) buf_addc(out, (char)c);
    else if (c == ' ') buf_addc(out, '+');
    else buf_add(out, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
  }
}

void query_add(struct buf *out, size_t from, const char *name, const char *value) {
  if (out->n > from) buf_addc(out, '&');
  escape(out, name);
  buf_addc(out, '=');
  escape(out, value);
}
