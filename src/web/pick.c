// The heaviest functions, as top has them.
#include "web/pick.h"

#include "base/json_read.h"
#include "web/url_options.h"

enum { FUNCTIONS = 40, LONGEST_NAME = 1000 };

// The expression that matches this name and no other.
static void exactly(struct buf *out, struct str name) {
  buf_addc(out, '^');
  for (size_t i = 0; i < name.n; i++) rx_quote(out, name.p[i]);
  buf_addc(out, '$');
}

static void write_link(const struct page_request *q, const char *path, struct str name, struct buf *out) {
  struct options o = *q->options;
  struct buf focus = {0}, query = {0};
  exactly(&focus, name);
  o.focus = focus.data ? focus.data : "";
  url_options_add(&query, 0, &o, &q->session->options);
  buf_addf(out, "<li><a href=\"/ui/%s?", path);
  html_text(out, buf_view(&query));
  buf_adds(out, "\">");
  html_text(out, name);
  buf_adds(out, "</a></li>\n");
  out->failed |= focus.failed || query.failed;
  buf_release(&focus);
  buf_release(&query);
}

// The member "name" of a row.
static void name_of(const struct json_value *row, struct buf *name) {
  struct json_value v;
  struct str key;
  buf_clear(name);
  for (struct json_members m = json_members(row); json_next(&m, &key, &v);)
    if (str_eq(key, STR_LIT("\"name\""))) json_unquote(v.text, name);
}

static void write_list(const struct page_request *q, const char *path, const struct json_value *rows, struct buf *out) {
  struct json_value row;
  struct str key;
  struct buf name = {0};
  buf_adds(out, "<ol class=\"pick\">\n");
  for (struct json_members m = json_members(rows); json_next(&m, &key, &row);) {
    name_of(&row, &name);
    bool usable = name.n && name.n <= LONGEST_NAME && !memchr(name.data, 0, name.n);
    if (usable) write_link(q, path, buf_view(&name), out);
  }
  buf_adds(out, "</ol>\n");
  out->failed |= name.failed;
  buf_release(&name);
}

int pick_functions(const struct page_request *q, const char *path, struct buf *out, struct err *e) {
  struct options o = *q->options;
  struct buf json = {0};
  struct json_value top = {0}, member;
  struct str key;
  o.json = true;
  o.nodecount = FUNCTIONS;
  o.granularity = "functions";
  int result = page_render(q, "top", &o, NULL, &json, e);
  if (!result && json_read(buf_view(&json), &top)) result = err_set(e, "the list of functions is damaged");
  for (struct json_members m = json_members(&top); !result && json_next(&m, &key, &member);)
    if (str_eq(key, STR_LIT("\"rows\""))) write_list(q, path, &member, out);
  buf_release(&json);
  return result;
}
