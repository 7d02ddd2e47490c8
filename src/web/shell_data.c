// What scripts know of a page: one JSON object.
//
//   query       the canonical query
//   parameters  [{name, option, value}]: those of options
#include "web/shell.h"

static void parameter(const struct shell *s, const struct option_row *row, struct json *j) {
  struct buf text = {0};
  option_text(s->options, row, &text);
  json_open_object(j, NULL);
  json_str(j, "name", str_of(row->url));
  json_str(j, "option", str_of(row->name));
  json_str(j, "value", buf_view(&text));
  json_close(j);
  j->out->failed |= text.failed;
  buf_release(&text);
}

void shell_data(const struct shell *s, struct buf *out) {
  struct json j = {.out = out};
  json_open_object(&j, NULL);
  json_str(&j, "query", s->query);
  json_open_array(&j, "parameters");
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].url) parameter(s, &option_table[i], &j);
  json_close(&j);
  json_close(&j);
}
