// json_read: a JSON text (RFC 8259) as spans of itself, without a tree. What is not asked for can be copied as it stands.
//
//   struct json_value v, member;
//   struct str key;
//   if (json_read(text, &v)) ...not JSON...
//   for (struct json_members m = json_members(&v); json_next(&m, &key, &member);) ...
#ifndef CPROF_JSON_READ_H
#define CPROF_JSON_READ_H

#include "base/base.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

// `text` is all of the value, without white space around it.
struct json_value {
  enum json_kind kind;
  struct str text;
};

// Checks the whole text, which holds one value; containers may be 64 deep. 0, or -1 when it is no JSON.
int json_read(struct str text, struct json_value *v);

// The members of an object, or elements of an array, in order; other values have none. `key` is as it stands, with its
// quotes, and empty for elements.
struct json_members {
  struct str rest;
  bool keys;
};
struct json_members json_members(const struct json_value *v);
bool json_next(struct json_members *m, struct str *key, struct json_value *v);

// Appends what a string (or key) stands for, as UTF-8; half surrogates become U+FFFD.
void json_unquote(struct str quoted, struct buf *out);

#endif
