// Making pages.
#include "web/page_work.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "web/shell.h"
#include "web/url_options.h"

// For a page, and for a file, which holds the whole profile.
enum { SECONDS_A_PAGE = 60, SECONDS_A_FILE = 600 };

struct page_work {
  struct work work;
  const struct site *site;
  const struct page_route *route;
  struct query query;
  struct options options;
  struct buf canonical;  // the query that makes them
};

// ---- what pages are given (page.h) ----------------------------------------------------------------

const char *page_parameter(const struct page_request *q, const char *name) {
  const char *value = query_get(q->query, name);
  return value ? value : "";
}

int page_render(const struct page_request *q, const char *command, const struct options *o, const char *argument,
                struct buf *out, struct err *e) {
  const struct command *c = page_command_find(str_of(command));
  if (!c) return err_set(e, "there is no report %s", command);
  return driver_render(q->session, o ? o : q->options, c, argument ? argument : "", out, q->notes, e);
}

void page_drop_filters(struct options *o) {
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].group == GROUP_FILTER) option_set(o, &option_table[i], option_table[i].standard, NULL);
}

// ---- answers --------------------------------------------------------------------------------------

static struct answer *finished(struct answer *a) {
  if (!a || !a->body.failed) return a;
  answer_release(a);
  return NULL;
}

// The lines about the profile, by its sample type but without filters.
static void summarize(const struct page_request *q, struct buf *out) {
  struct options o = q->session->options;
  struct buf notes = {0};
  struct err e = {""};
  struct page_request plain = {.session = q->session, .options = &o, .query = q->query, .notes = &notes};
  o.sample_index = q->options->sample_index;
  o.unit = q->options->unit;
  o.mean = q->options->mean;
  page_drop_filters(&o);
  if (page_render(&plain, "summary", &o, NULL, out, &e)) buf_clear(out);
  buf_release(&notes);
}

static struct answer *html_answer(const struct page_work *w, const struct page_request *q,
                                  const struct page_parts *parts, unsigned status) {
  struct answer *a = answer_new(status, "text/html; charset=utf-8");
  struct settings settings = {0};
  struct buf summary = {0};
  if (!a) return NULL;
  summarize(q, &summary);
  if (w->site->settings.n) {
    struct err e = {""};
    if (settings_read(&settings, w->site->settings.data, &w->site->session.options, q->notes, &e))
      buf_addf(q->notes, "%s\n", e.text);
  }
  struct shell shell = {.site = w->site,
                        .route = w->route,
                        .base = &w->site->session.options,
                        .options = &w->options,
                        .query = buf_view(&w->canonical),
                        .summary = buf_view(&summary),
                        .notes = buf_view(q->notes),
                        .settings = &settings};
  shell_write(&shell, parts, &a->body);
  a->body.failed |= summary.failed;
  buf_release(&summary);
  settings_release(&settings);
  return finished(a);
}

static struct answer *data_answer(struct page_parts *parts, unsigned status) {
  struct answer *a = answer_new(status, "application/json");
  if (!a) return NULL;
  a->body = parts->data;
  parts->data = (struct buf){0};
  return finished(a);
}

static struct answer *file_answer(const struct page_work *w, struct page_parts *parts) {
  struct answer *a = answer_new(200, "application/vnd.google.protobuf+gzip");
  if (!a) return NULL;
  a->body = parts->content;
  a->file = *(query_get(&w->query, "filtered") ? query_get(&w->query, "filtered") : "") ? "profile.filtered.pb.gz"
                                                                                        : "profile.pb.gz";
  parts->content = (struct buf){0};
  return finished(a);
}

static struct answer *error_answer(const struct page_work *w, const struct page_request *q, unsigned status,
                                   const char *text) {
  struct page_parts parts = {0};
  struct json j = {.out = &parts.data};
  struct answer *a;
  if (w->route->kind == PAGE_DATA) {
    json_open_object(&j, NULL);
    json_str(&j, "error", str_of(text));
    json_close(&j);
    a = data_answer(&parts, status);
  } else {
    buf_adds(&parts.content, "<div id=\"error\" role=\"alert\"><h1>This cannot be shown</h1><p>");
    html_text(&parts.content, str_of(text));
    buf_adds(&parts.content, "</p></div>\n");
    a = html_answer(w, q, &parts, status);
  }
  buf_release(&parts.content);
  buf_release(&parts.data);
  return a;
}

// ---- the work -------------------------------------------------------------------------------------

static struct answer *make_parts(const struct page_work *w, const struct page_request *q, const atomic_bool *stop) {
  struct page_parts parts = {0};
  struct err e = {""};
  struct answer *a = NULL;
  int64_t began = clock_milliseconds();
  int result = w->route->make(q, &parts, &e);
  if (atomic_load(stop)) {
    char text[200] = "It was stopped: the server is ending.";
    if (clock_milliseconds() - began >= w->work.seconds * INT64_C(1000))
      snprintf(text, sizeof text,
               "It took longer than %u seconds and was stopped. Filters and a smaller number of nodes make it less "
               "work.",
               w->work.seconds);
    a = error_answer(w, q, 503, text);
  } else if (result) a = error_answer(w, q, 400, e.text);
  else if (w->route->kind == PAGE_DATA) a = data_answer(&parts, 200);
  else if (w->route->kind == PAGE_DOWNLOAD) a = file_answer(w, &parts);
  else a = html_answer(w, q, &parts, 200);
  buf_release(&parts.content);
  buf_release(&parts.data);
  return a;
}

static struct answer *make(struct work *work, const atomic_bool *stop) {
  const struct page_work *w = (const struct page_work *)work;
  struct session session = w->site->session;
  struct buf notes = {0};
  session.stop = stop;
  struct page_request q = {.session = &session, .options = &w->options, .query = &w->query, .notes = &notes};
  struct answer *a = make_parts(w, &q, stop);
  buf_release(&notes);
  return a;
}

static void release(struct work *work) {
  struct page_work *w = (struct page_work *)work;
  query_release(&w->query);
  buf_release(&w->canonical);
  free(w);
}

// Pages list the configurations: another file is another page.
static void add_stamp(const struct site *s, struct buf *key) {
  struct stat st;
  if (s->settings.n && stat(s->settings.data, &st) == 0)
    buf_addf(key, "#%ju %jd %jd.%09ld", (uintmax_t)st.st_ino, (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
             st.st_mtim.tv_nsec);
}

static void make_key(const struct page_work *w, struct buf *key) {
  buf_adds(key, w->route->path);
  buf_addc(key, '?');
  size_t from = key->n;
  buf_str(key, buf_view(&w->canonical));
  for (const char *const *name = w->route->parameters; name && *name; name++) {
    const char *value = query_get(&w->query, *name);
    if (value && *value) query_add(key, from, *name, value);
  }
  if (w->route->kind == PAGE_VIEW || w->route->kind == PAGE_HTML) add_stamp(w->site, key);
}

struct work *page_work_new(const struct site *s, const struct page_route *route, struct query *q, struct buf *key,
                           struct answer **wrong) {
  struct page_work *w = calloc(1, sizeof *w);
  struct err e = {""};
  if (!w) return NULL;
  w->work = (struct work){make, release, route->kind == PAGE_DOWNLOAD ? SECONDS_A_FILE : SECONDS_A_PAGE};
  w->site = s;
  w->route = route;
  w->query = *q;
  *q = (struct query){0};
  w->options = s->session.options;
  if (url_options_apply(&w->options, &w->query, &e)) *wrong = answer_text(400, "%s", e.text);
  url_options_add(&w->canonical, 0, &w->options, &s->session.options);
  if (!*wrong && w->canonical.n > LONGEST_QUERY)
    *wrong = answer_text(414, "The options in the URL have more than %d KiB.", LONGEST_QUERY >> 10);
  make_key(w, key);
  if (!*wrong && !w->canonical.failed && !key->failed) return &w->work;
  release(&w->work);
  return NULL;
}
