// Pages around their content.
#include "web/shell.h"

#include "web/assets.h"

enum { LONGEST_LINE = 2000, MOST_LINES = 20 << 10 };  // bytes of a line, of all that are shown

static bool asset_named(struct str name) {
  for (size_t i = 0; i < asset_count; i++)
    if (str_eq(name, str_of(asset_table[i].name))) return true;
  return false;
}

static void link_asset(struct buf *out, struct str name, bool style) {
  if (!asset_named(name)) return;
  buf_adds(out, style ? "<link rel=\"stylesheet\" href=\"/ui/assets/" : "<script src=\"/ui/assets/");
  buf_str(out, name);
  buf_adds(out, style ? "\">\n" : "\" defer></script>\n");
}

// Names with blanks between them.
static void link_assets(struct buf *out, const char *names, bool style) {
  while (names && *names) {
    size_t n = strcspn(names, " ");
    link_asset(out, (struct str){names, n}, style);
    names += n + strspn(names + n, " ");
  }
}

// What follows "name: " in the lines about the profile.
static struct str about(struct str lines, struct str name) {
  while (lines.n) {
    const char *end = memchr(lines.p, '\n', lines.n);
    size_t n = end ? (size_t)(end - lines.p) : lines.n;
    struct str line = {lines.p, n};
    if (str_starts(line, name)) return (struct str){line.p + name.n, line.n - name.n};
    lines = (struct str){lines.p + n, lines.n - n};
    if (lines.n) lines = (struct str){lines.p + 1, lines.n - 1};
  }
  return (struct str){NULL, 0};
}

static void write_head(const struct shell *s, const struct page_parts *parts, struct buf *out) {
  struct str file = about(s->summary, STR_LIT("File: ")), type = about(s->summary, STR_LIT("Type: "));
  buf_adds(out,
           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>");
  html_text(out, file.n > 200 ? (struct str){file.p, 200} : file);
  buf_addc(out, ' ');
  html_text(out, type.n > 200 ? (struct str){type.p, 200} : type);
  buf_addf(out, " · %s</title>\n", s->route->title);
  link_assets(out, "base.css common.css", true);
  link_assets(out, parts->style, true);
  link_assets(out, "base.js common.js menus.js search.js", false);
  link_assets(out, parts->script, false);
  buf_addf(out, "</head>\n<body data-page=\"%s\" data-root=\"/ui/\">\n", s->route->path);
}

// The lines as elements of a list.
static void write_lines(struct buf *out, struct str lines, const char *element) {
  size_t most = out->n + MOST_LINES;
  while (lines.n && out->n < most) {
    const char *end = memchr(lines.p, '\n', lines.n);
    size_t n = end ? (size_t)(end - lines.p) : lines.n;
    buf_addf(out, "<%s>", element);
    html_text(out, (struct str){lines.p, n < LONGEST_LINE ? n : LONGEST_LINE});
    n += end != NULL;
    lines = (struct str){lines.p + n, lines.n - n};
    buf_addf(out, "</%s>", element);
  }
}

// JSON inside HTML: what could end the element stands in strings only, where it may be escaped.
static void write_json(struct buf *out, const char *id, struct str json) {
  buf_addf(out, "<script type=\"application/json\" id=\"%s\">", id);
  if (!json.n) buf_adds(out, "null");
  while (json.n) {
    size_t n = 0;
    while (n < json.n && json.p[n] != '<' && json.p[n] != '>' && json.p[n] != '&') n++;
    buf_add(out, json.p, n);
    if (n < json.n) buf_addf(out, "\\u%04x", json.p[n++]);
    json = (struct str){json.p + n, json.n - n};
  }
  buf_adds(out, "</script>\n");
}

void shell_write(const struct shell *s, const struct page_parts *parts, struct buf *out) {
  struct buf data = {0};
  write_head(s, parts, out);
  shell_menus(s, out);
  if (s->summary.n) {
    buf_adds(out, "<p id=\"summary\">");
    write_lines(out, s->summary, "span");
    buf_adds(out, "</p>\n");
  }
  if (s->notes.n) {
    buf_adds(out, "<ul id=\"notes\">");
    write_lines(out, s->notes, "li");
    buf_adds(out, "</ul>\n");
  }
  buf_adds(out, "<main id=\"content\">\n");
  buf_str(out, buf_view(&parts->content));
  buf_adds(out, "</main>\n");
  write_json(out, "data", buf_view(&parts->data));
  shell_data(s, &data);
  write_json(out, "shell", buf_view(&data));
  buf_adds(out, "</body>\n</html>\n");
  out->failed |= data.failed;
  buf_release(&data);
}
