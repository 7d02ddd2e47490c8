// Queries of URLs: what was parsed is written and parsed again to the same; options take it or say why not.
#include <stdlib.h>

#include "web/query.h"
#include "web/url_options.h"

static void check_again(const struct query *q) {
  struct buf text = {0};
  struct query again = {0};
  struct options base, o;
  for (size_t i = 0; i < q->n; i++) query_add(&text, 0, q->pair[i].name, q->pair[i].value);
  if (text.failed || query_parse(&again, buf_view(&text), NULL)) abort();
  // A pair with neither name nor value is written as "=".
  if (again.n != q->n) abort();
  for (size_t i = 0; i < q->n; i++)
    if (strcmp(q->pair[i].name, again.pair[i].name) || strcmp(q->pair[i].value, again.pair[i].value)) abort();
  options_init(&base);
  o = base;
  if (url_options_apply(&o, q, NULL) == 0) {
    buf_clear(&text);
    url_options_add(&text, 0, &o, &base);
    if (text.failed) abort();
  }
  query_release(&again);
  buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct query q = {0};
  struct err e = {""};
  if (query_parse(&q, (struct str){(const char *)data, size}, &e) == 0) check_again(&q);
  else if (!e.text[0]) abort();
  query_release(&q);
  return 0;
}
