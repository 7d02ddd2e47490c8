// json: writes one JSON text into a buffer, member by member. Commas, line breaks and quotes are taken care of here.
//
//   struct json j = {.out = out};
//   json_open_object(&j, NULL);
//   json_str(&j, "schema", STR_LIT("x/1"));
//   json_open_array(&j, "rows");
//   json_i64(&j, NULL, 1);
//   json_close(&j);
//   json_close(&j);   // after the last one a newline follows
//
// Sticky as the buffer is: nothing returns anything, out->failed tells at the end. The two outer levels are written a
// member a line, what is deeper on one line, so that a row is a line.
#ifndef CPROF_JSON_H
#define CPROF_JSON_H

#include "base/base.h"

// To be initialised with `out` only.
struct json {
  struct buf *out;
  unsigned depth;           // containers that are open; more than 64 make the buffer fail
  uint64_t arrays, filled;  // a bit a container: is it an array, has it a member?
};

// `key` names the member of an object and is NULL in arrays and for the outermost value. Keys need no escaping.
void json_open_object(struct json *j, const char *key);
void json_open_array(struct json *j, const char *key);
void json_close(struct json *j);

// Bytes that are no UTF-8 become U+FFFD, one each.
void json_str(struct json *j, const char *key, struct str text);
void json_i64(struct json *j, const char *key, int64_t v);
void json_bool(struct json *j, const char *key, bool v);
// Ten significant digits; null for what is no number.
void json_double(struct json *j, const char *key, double v);
// A value that is JSON already. The key, too, is as it stands, with its quotes; empty in arrays.
void json_raw(struct json *j, struct str key, struct str value);

#endif
