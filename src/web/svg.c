// Copying SVG. Graphviz gets names that may hold anything; what it makes of them is not taken on trust.
#include "web/svg.h"

#include <strings.h>

static const char *const elements[] = {"g",    "title", "polygon", "polyline",       "path", "ellipse",
                                       "text", "rect",  "defs",    "linearGradient", "stop", NULL};
static const char *const attributes[] = {"width",
                                         "height",
                                         "viewBox",
                                         "id",
                                         "class",
                                         "transform",
                                         "points",
                                         "d",
                                         "fill",
                                         "stroke",
                                         "stroke-width",
                                         "stroke-dasharray",
                                         "fill-opacity",
                                         "stroke-opacity",
                                         "text-anchor",
                                         "x",
                                         "y",
                                         "cx",
                                         "cy",
                                         "rx",
                                         "ry",
                                         "font-family",
                                         "font-size",
                                         "font-weight",
                                         "font-style",
                                         NULL};

static bool is_listed(const char *const *list, struct str name) {
  for (; *list; list++)
    if (str_eq(name, str_of(*list))) return true;
  return false;
}

static bool is_name(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr("-_:.", c));
}

static struct str take_name(struct str *s) {
  struct str name = {s->p, 0};
  while (name.n < s->n && is_name(s->p[name.n])) name.n++;
  *s = (struct str){s->p + name.n, s->n - name.n};
  return name;
}

static size_t reference_length(struct str s) {
  size_t n = 1;
  if (n < s.n && s.p[n] == '#') n++;
  size_t from = n;
  while (n < s.n && n < 12 && is_name(s.p[n])) n++;
  return n > from && n < s.n && s.p[n] == ';' ? n + 1 : 0;
}

// Text with the references that it holds; other characters with a meaning are escaped.
static void copy_text(struct buf *out, struct str text) {
  while (text.n) {
    size_t n = 1;
    if (*text.p == '&') {
      n = reference_length(text);
      if (n) buf_add(out, text.p, n);
      else buf_adds(out, "&amp;");
      n += n == 0;
    } else if (*text.p == '<' || *text.p == '>' || *text.p == '"') buf_addf(out, "&#%d;", *text.p);
    else if (*text.p) buf_addc(out, *text.p);
    text = (struct str){text.p + n, text.n - n};
  }
}

struct attribute {
  struct str name, value;
};

// One attribute behind white space: 1 it was taken, 0 there is none, -1 it is malformed.
static int take_attribute(struct str *tag, struct attribute *a) {
  *tag = str_trim_space(*tag);
  if (!tag->n || *tag->p == '/') return 0;
  a->name = take_name(tag);
  if (!a->name.n || tag->n < 2 || tag->p[0] != '=' || (tag->p[1] != '"' && tag->p[1] != '\'')) return -1;
  const char *end = memchr(tag->p + 2, tag->p[1], tag->n - 2);
  if (!end) return -1;
  a->value = (struct str){tag->p + 2, (size_t)(end - tag->p - 2)};
  *tag = (struct str){end + 1, tag->n - a->value.n - 3};
  return 1;
}

// Whether a value may stand in the page as it is. Graphviz needs no quote, escape or reference for these, with which the
// address of another place could be spelled so that it is not seen here; a fill may name a gradient of the picture
// itself and nothing else.
static bool is_harmless(struct str value) {
  for (size_t i = 0; i < value.n; i++)
    if (strchr("&<>\"'\\", value.p[i])) return false;  // NUL, too
  if (str_starts(value, STR_LIT("url(#"))) {
    value = (struct str){value.p + 5, value.n - 5};
    take_name(&value);
    return str_eq(value, STR_LIT(")"));
  }
  for (size_t i = 0; i + 4 <= value.n; i++)
    if (strncasecmp(value.p + i, "url(", 4) == 0) return false;
  return true;
}

static int copy_attributes(struct str tag, struct buf *out) {
  struct attribute a;
  int taken;
  while ((taken = take_attribute(&tag, &a)) > 0) {
    if (!is_listed(attributes, a.name) || !is_harmless(a.value)) continue;
    buf_addc(out, ' ');
    buf_str(out, a.name);
    buf_adds(out, "=\"");
    buf_str(out, a.value);
    buf_addc(out, '"');
  }
  return taken;
}

// A link, as a group.
static int copy_link(struct str tag, struct buf *out) {
  struct attribute a;
  int taken;
  buf_adds(out, "<g>");
  while ((taken = take_attribute(&tag, &a)) > 0) {
    if (!str_eq(a.name, STR_LIT("xlink:title"))) continue;
    buf_adds(out, "<title>");
    copy_text(out, a.value);
    buf_adds(out, "</title>");
  }
  return taken;
}

// A tag without its brackets.
static int copy_tag(struct str tag, struct buf *out) {
  bool end = tag.n && *tag.p == '/', empty = !end && tag.n && tag.p[tag.n - 1] == '/';
  if (end) tag = (struct str){tag.p + 1, tag.n - 1};
  struct str name = take_name(&tag);
  bool link = str_eq(name, STR_LIT("a"));
  if (link && (end || empty)) buf_adds(out, end ? "</g>" : "");
  else if (link) return copy_link(tag, out);
  if (link || !is_listed(elements, name)) return 0;
  buf_adds(out, end ? "</" : "<");
  buf_str(out, name);
  if (!end && copy_attributes(tag, out)) return -1;
  buf_adds(out, empty ? "/>" : ">");
  return 0;
}

// The end of a tag: a '>' that does not stand in quotes.
static size_t tag_length(struct str s) {
  char quote = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (quote) quote = s.p[i] == quote ? 0 : quote;
    else if (s.p[i] == '"' || s.p[i] == '\'') quote = s.p[i];
    else if (s.p[i] == '>') return i;
  }
  return SIZE_MAX;
}

static int copy_element(struct str *rest, struct buf *out) {
  bool comment = str_starts(*rest, STR_LIT("!--"));
  size_t n = comment ? str_find(*rest, STR_LIT("-->")) : tag_length(*rest);
  if (n == SIZE_MAX || (!comment && copy_tag((struct str){rest->p, n}, out))) return -1;
  n += comment ? 3 : 1;
  *rest = (struct str){rest->p + n, rest->n - n};
  return 0;
}

int svg_copy(struct str file, struct buf *out) {
  size_t start = str_find(file, STR_LIT("<svg")), n;
  if (start == SIZE_MAX) return -1;
  struct str rest = {file.p + start + 4, file.n - start - 4};
  buf_adds(out, "<svg");
  if ((n = tag_length(rest)) == SIZE_MAX || copy_attributes((struct str){rest.p, n}, out)) return -1;
  buf_addc(out, '>');
  rest = (struct str){rest.p + n + 1, rest.n - n - 1};
  for (;;) {
    const char *bracket = rest.n ? memchr(rest.p, '<', rest.n) : NULL;
    if (!bracket) return -1;
    n = (size_t)(bracket - rest.p);
    copy_text(out, (struct str){rest.p, n});
    rest = (struct str){bracket + 1, rest.n - n - 1};
    if (str_starts(rest, STR_LIT("/svg>"))) break;
    if (copy_element(&rest, out)) return -1;
  }
  buf_adds(out, "</svg>");
  return 0;
}
