// JSON texts: what is taken can be walked to its last value, and every value is JSON itself.
#include <stdlib.h>

#include "base/json_read.h"

static void walk(const struct json_value *v) {
  struct json_value member, again;
  struct str key;
  struct buf text = {0};
  if (v->kind == JSON_STRING) json_unquote(v->text, &text);
  for (struct json_members m = json_members(v); json_next(&m, &key, &member);) {
    if (json_read(member.text, &again) || again.kind != member.kind || again.text.n != member.text.n) abort();
    buf_clear(&text);
    json_unquote(key, &text);
    walk(&member);
  }
  buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct json_value v;
  if (size > 4096) return 0;  // the walk checks inner values again at each level
  if (json_read((struct str){(const char *)data, size}, &v) == 0) walk(&v);
  return 0;
}
