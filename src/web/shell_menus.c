// The header of a page: views, menus, search. Links and forms, which work without a script.
#include <inttypes.h>

#include "web/shell.h"
#include "web/url_options.h"

// The query that makes `o`, with '?' before it unless it is empty.
static void write_query(const struct shell *s, const struct options *o, struct buf *out) {
  size_t from = out->n + 1;
  buf_addc(out, '?');
  url_options_add(out, from, o, s->base);
  if (out->n == from) out->n--;
}

// The options of a configuration on this page: what is not saved stays.
static void standard_options(const struct shell *s, struct options *o) {
  *o = *s->options;
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].saved && option_table[i].url) option_set(o, &option_table[i], option_table[i].standard, NULL);
}

// href="PATH?QUERY"
static void href(const struct shell *s, const char *path, const struct options *o, struct buf *out) {
  struct buf query = {0};
  write_query(s, o, &query);
  buf_addf(out, " href=\"/ui/%s", path);
  html_text(out, buf_view(&query));
  buf_addc(out, '"');
  out->failed |= query.failed;
  buf_release(&query);
}

// The query as hidden fields of a form, but for the parameter `without`.
static void hidden_fields(const struct shell *s, const char *without, struct buf *out) {
  struct query q = {0};
  if (query_parse(&q, s->query, NULL)) out->failed = true;
  for (size_t i = 0; i < q.n; i++) {
    if (without && strcmp(q.pair[i].name, without) == 0) continue;
    buf_addf(out, "<input type=\"hidden\" name=\"%s\" value=\"", q.pair[i].name);
    html_text(out, str_of(q.pair[i].value));
    buf_adds(out, "\">");
  }
  query_release(&q);
}

static void menu_begin(struct buf *out, const char *id, const char *title) {
  buf_addf(out, "<details class=\"menu\" id=\"menu-%s\"><summary>%s</summary><div class=\"items\">\n", id, title);
}
static void menu_end(struct buf *out) { buf_adds(out, "</div></details>\n"); }

// ---- one menu after the other ---------------------------------------------------------------------

static void views(const struct shell *s, struct buf *out) {
  buf_adds(out, "<nav id=\"views\" aria-label=\"View\">");
  for (size_t i = 0; i < page_route_count; i++) {
    const struct page_route *r = &page_routes[i];
    if (r->kind != PAGE_VIEW) continue;
    buf_addf(out, "<a data-view=\"%s\"", r->path);
    href(s, r->path, s->options, out);
    buf_addf(out, "%s>%s</a>\n", r == s->route ? " aria-current=\"page\"" : "", r->title);
  }
  buf_adds(out, "</nav>\n");
}

// A type by its name, or by its number where the name is long.
static void sample_type(const struct shell *s, uint32_t number, bool current, struct buf *out) {
  enum { LONGEST_NAME = 200 };
  const struct profile *p = s->site->session.profile;
  struct str name = profile_str(p, p->sample_type[number].type);
  struct options o = *s->options;
  char word[LONGEST_NAME + 1];
  if (name.n && name.n <= LONGEST_NAME) snprintf(word, sizeof word, "%.*s", STR_ARG(name));
  else snprintf(word, sizeof word, "%" PRIu32, number);
  o.sample_index = word;
  buf_adds(out, "<a");
  href(s, s->route->path, &o, out);
  buf_addf(out, "%s>", current ? " aria-current=\"true\"" : "");
  html_text(out, name.n <= LONGEST_NAME ? name : (struct str){name.p, LONGEST_NAME});
  buf_adds(out, "</a>\n");
}

static void sample_types(const struct shell *s, size_t most, struct buf *out) {
  const struct profile *p = s->site->session.profile;
  uint32_t current = 0;
  if (p->n_sample_types < 2) return;
  if (profile_sample_index(p, str_of(s->options->sample_index), &current, NULL)) current = NONE;
  menu_begin(out, "sample", "Sample");
  for (uint32_t i = 0; i < p->n_sample_types && out->n < most; i++) sample_type(s, i, i == current, out);
  menu_end(out);
}

// Filters that are on, each with a link that takes it back.
static void active_filters(const struct shell *s, struct buf *out) {
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (row->group != GROUP_FILTER || row->type != OPTION_STRING) continue;
    const char *value = *(const char *const *)((const char *)s->options + row->offset);
    if (!*value) continue;
    struct options o = *s->options;
    option_set(&o, row, "", NULL);
    buf_addf(out, "<span class=\"filter\" data-filter=\"%s\">%s=", row->url ? row->url : row->name, row->name);
    html_text(out, str_of(value));
    if (row->url) {
      buf_adds(out, "<a title=\"Take this filter away\"");
      href(s, s->route->path, &o, out);
      buf_addf(out, " aria-label=\"Take %s away\">×</a>", row->name);
    }
    buf_adds(out, "</span>\n");
  }
}

static void refine(const struct shell *s, struct buf *out) {
  static const char *const names[] = {"focus", "ignore", "hide", "show", "show_from"};
  struct options all = *s->options;
  menu_begin(out, "refine", "Refine");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const struct option_row *row = option_find(str_of(names[i]));
    buf_addf(out, "<button type=\"button\" data-refine=\"%s\" title=\"%s\">%s</button>\n", row->url, row->help,
             row->name);
  }
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].group == GROUP_FILTER && option_table[i].type == OPTION_STRING && option_table[i].url)
      option_set(&all, &option_table[i], "", NULL);
  buf_adds(out, "<a id=\"reset\" title=\"Show the whole profile\"");
  href(s, s->route->path, &all, out);
  buf_adds(out, ">reset</a>\n");
  menu_end(out);
}

static void labels(const struct shell *s, struct buf *out) {
  if (!s->site->session.profile->n_label_sets) return;
  menu_begin(out, "labels", "Labels");
  menu_end(out);
}

// ---- configurations -------------------------------------------------------------------------------

static void form_begin(const struct shell *s, const char *action, struct buf *out) {
  buf_addf(out,
           "<form method=\"post\" action=\"/ui/%s\"><input type=\"hidden\" name=\"token\" value=\"%s\">"
           "<input type=\"hidden\" name=\"page\" value=\"%s\">",
           action, s->site->guard.form, s->route->path);
  hidden_fields(s, "config", out);
}

static void config_link(const struct shell *s, const char *name, const struct options *o, struct buf *out) {
  struct buf query = {0};
  write_query(s, o, &query);
  struct str text = buf_view(&query);
  bool current = text.n ? str_eq((struct str){text.p + 1, text.n - 1}, s->query) : s->query.n == 0;
  buf_adds(out, "<a");
  href(s, s->route->path, o, out);
  buf_addf(out, "%s>", current ? " aria-current=\"true\"" : "");
  html_text(out, str_of(name));
  buf_adds(out, "</a>");
  buf_release(&query);
}

static void user_config(const struct shell *s, const struct named_config *c, struct buf *out) {
  struct options o = c->options;
  o.sample_index = s->options->sample_index;
  buf_adds(out, "<div class=\"config\">");
  config_link(s, c->name, &o, out);
  form_begin(s, "deleteconfig", out);
  buf_adds(out, "<input type=\"hidden\" name=\"config\" value=\"");
  html_text(out, str_of(c->name));
  buf_adds(out, "\"><button class=\"delete\" title=\"Delete\" aria-label=\"Delete ");
  html_text(out, str_of(c->name));
  buf_adds(out, "\">×</button></form></div>\n");
}

static void configurations(const struct shell *s, size_t most, struct buf *out) {
  struct options standard;
  standard_options(s, &standard);
  menu_begin(out, "config", "Config");
  config_link(s, "Default", &standard, out);
  for (size_t i = 0; i < s->settings->n && out->n < most; i++) user_config(s, &s->settings->config[i], out);
  form_begin(s, "saveconfig", out);
  buf_adds(out,
           "<label>Save as <input name=\"config\" required maxlength=\"200\" autocomplete=\"off\"></label>"
           "<button>Save</button></form>\n");
  menu_end(out);
}

// ---- the rest -------------------------------------------------------------------------------------

static void downloads(const struct shell *s, struct buf *out) {
  menu_begin(out, "download", "Download");
  buf_adds(out, "<a href=\"/ui/download\" download>The whole profile</a>\n<a download href=\"/ui/download?filtered=1");
  if (s->query.n) buf_adds(out, "&amp;");
  html_text(out, s->query);
  buf_adds(out, "\">What the filters leave</a>\n");
  menu_end(out);
}

static void search(const struct shell *s, struct buf *out) {
  buf_addf(out, "<form id=\"search\" role=\"search\" method=\"get\" action=\"/ui/%s\">", s->route->path);
  hidden_fields(s, "f", out);
  bool is_code = strcmp(s->route->path, "source") == 0 || strcmp(s->route->path, "disasm") == 0;
  buf_addf(out,
           "<input type=\"search\" name=\"f\" id=\"search-text\" placeholder=\"Search\" aria-label=\"%s, by a regular "
           "expression\" autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" value=\"",
           is_code ? "Search the code" : "Search for functions");
  html_text(out, str_of(s->options->focus));
  buf_adds(out, "\"></form>\n");
}

void shell_menus(const struct shell *s, struct buf *out) {
  // Names and queries may be long: the lists end where they would take the page's room.
  enum { MOST = 60 << 10 };
  buf_adds(out, "<header id=\"header\">\n<a id=\"home\" href=\"/ui/\">cprof</a>\n");
  views(s, out);
  sample_types(s, out->n + MOST, out);
  refine(s, out);
  labels(s, out);
  configurations(s, out->n + MOST, out);
  downloads(s, out);
  search(s, out);
  buf_adds(out, "<a id=\"help-link\"");
  href(s, "help", s->options, out);
  buf_adds(out, ">Help</a>\n</header>\n<div id=\"filters\">");
  active_filters(s, out);
  buf_adds(out, "</div>\n");
}
