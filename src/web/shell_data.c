// What scripts know of a page: one JSON object.
//
//   page, query      the path below /ui/, the canonical query
//   token            for forms that change something
//   parameters       [{name, option, type, value, standard, choices: [..]}]: those of options
//   sample_types     [name], and sample_type, the number of the one that is shown
//   configs          [{name, query, current, user}]
#include "web/shell.h"
#include "web/url_options.h"

static const char *type_name(enum option_type t) {
  switch (t) {
    case OPTION_BOOL: return "bool";
    case OPTION_INT: return "int";
    case OPTION_FLOAT: return "float";
    case OPTION_CHOICE: return "choice";
    default: return "text";
  }
}

static void parameter(const struct shell *s, const struct option_row *row, struct json *j) {
  struct buf text = {0};
  option_text(s->options, row, &text);
  json_open_object(j, NULL);
  json_str(j, "name", str_of(row->url));
  json_str(j, "option", str_of(row->name));
  json_str(j, "type", str_of(type_name(row->type)));
  json_str(j, "help", str_of(row->help));
  json_str(j, "value", buf_view(&text));
  json_str(j, "standard", str_of(row->standard));
  if (row->choices) {
    json_open_array(j, "choices");
    for (const struct option_choice *c = row->choices; c->name; c++) json_str(j, NULL, str_of(c->name));
    json_close(j);
  }
  json_close(j);
  j->out->failed |= text.failed;
  buf_release(&text);
}

static void config(const struct shell *s, const char *name, const struct options *o, bool user, struct json *j) {
  struct buf query = {0};
  url_options_add(&query, 0, o, s->base);
  json_open_object(j, NULL);
  json_str(j, "name", str_of(name));
  json_str(j, "query", buf_view(&query));
  json_bool(j, "current", str_eq(buf_view(&query), s->query));
  json_bool(j, "user", user);
  json_close(j);
  j->out->failed |= query.failed;
  buf_release(&query);
}

static void configs(const struct shell *s, size_t most, struct json *j) {
  struct options o;
  json_open_array(j, "configs");
  shell_standard_options(s, &o);
  config(s, "Default", &o, false, j);
  for (size_t i = 0; i < s->settings->n && j->out->n < most; i++) {
    o = s->settings->config[i].options;
    o.sample_index = s->options->sample_index;
    config(s, s->settings->config[i].name, &o, true, j);
  }
  json_close(j);
}

void shell_data(const struct shell *s, struct buf *out) {
  enum { MOST = 60 << 10, LONGEST_NAME = 200 };
  struct json j = {.out = out};
  const struct profile *p = s->site->session.profile;
  uint32_t shown = 0;
  json_open_object(&j, NULL);
  json_str(&j, "page", str_of(s->route->path));
  json_str(&j, "query", s->query);
  json_str(&j, "token", str_of(s->site->guard.form));
  json_open_array(&j, "parameters");
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].url) parameter(s, &option_table[i], &j);
  json_close(&j);
  json_open_array(&j, "sample_types");
  for (uint32_t i = 0; i < p->n_sample_types && out->n < MOST; i++) {
    struct str name = profile_str(p, p->sample_type[i].type);
    json_str(&j, NULL, name.n <= LONGEST_NAME ? name : (struct str){name.p, LONGEST_NAME});
  }
  json_close(&j);
  if (profile_sample_index(p, str_of(s->options->sample_index), &shown, NULL) == 0) json_i64(&j, "sample_type", shown);
  configs(s, out->n + MOST, &j);
  json_close(&j);
}
