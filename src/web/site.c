// Routing.
#include "web/site.h"

#include "web/assets.h"
#include "web/page_work.h"
#include "web/settings.h"
#include "web/url_options.h"

static const char root[] = "/ui/";

// ---- the site -------------------------------------------------------------------------------------

static const struct page_route *route_of(const char *path) {
  for (size_t i = 0; i < page_route_count; i++)
    if (strcmp(page_routes[i].path, path) == 0) return &page_routes[i];
  return NULL;
}

// The page of the report that was asked for beside -http.
static int find_first(struct site *s, const struct serving *v, struct err *e) {
  const struct command *c = v->command;
  s->first = "flamegraph";
  if (!c) return 0;
  // The page has what list has, and more.
  if (strcmp(c->name, "list") == 0) c = page_command_find(STR_LIT("weblist"));
  for (size_t i = 0; i < page_route_count; i++) {
    const char *name = page_routes[i].command;
    const struct command *own = name ? page_command_find(str_of(name)) : NULL;
    if (!own || own->render != c->render || (own->argument != NULL) != (c->argument != NULL)) continue;
    s->first = page_routes[i].path;
    if (c->argument && v->argument) query_add(&s->first_query, 0, "f", v->argument);
    return s->first_query.failed ? err_nomem(e) : 0;
  }
  return err_set(e, "-http has no page for %s", c->name);
}

int site_init(struct site *s, const struct session *session, const struct address *a, const struct serving *v,
              struct err *e) {
  *s = (struct site){.session = *session, .address = *a};
  s->session.options.color = "never";
  s->session.weights = kept_weights_new();
  if (settings_file(&s->settings, NULL)) buf_clear(&s->settings);
  return find_first(s, v, e) || guard_init(&s->guard, &s->address, e) ? -1 : 0;
}

void site_release(struct site *s) {
  kept_weights_free(s->session.weights);
  buf_release(&s->settings);
  buf_release(&s->first_query);
}

void site_url(const struct site *s, bool for_browser, struct buf *out) {
  const char *token = for_browser ? s->guard.once : s->guard.token;
  buf_adds(out, "http://");
  address_text(&s->address, out);
  buf_adds(out, root);
  buf_adds(out, s->first);
  if (s->first_query.n) buf_addf(out, "?%s", s->first_query.data);
  if (!s->address.loopback) buf_addf(out, "%stoken=%s", s->first_query.n ? "&" : "?", token);
}

// ---- answers of our own ---------------------------------------------------------------------------

// To a path of ours, with the parameters but for the token.
static struct answer *redirect(unsigned status, const char *path, const struct query *q) {
  struct answer *a = answer_new(status, "text/plain; charset=utf-8");
  struct buf to = {0};
  if (!a) return NULL;
  buf_addf(&to, "%s%s?", root, path);
  size_t from = to.n;
  for (size_t i = 0; i < q->n; i++)
    if (strcmp(q->pair[i].name, "token")) query_add(&to, from, q->pair[i].name, q->pair[i].value);
  bool too_long = to.n - from > LONGEST_QUERY;
  if (to.n == from) to.n--;
  buf_addc(&to, '\0');
  a->location = to.failed ? NULL : arena_copy(&a->text, to.data, to.n);
  buf_release(&to);
  if (a->location && !too_long) return a;
  answer_release(a);
  return too_long ? answer_text(414, "The URL has more than %d KiB.", LONGEST_QUERY >> 10) : NULL;
}

// To the first page; without parameters to what it was opened with.
static struct answer *home(const struct site *s, const struct query *q) {
  struct query first = {0};
  struct answer *a = NULL;
  if (q->n) return redirect(302, s->first, q);
  if (query_parse(&first, buf_view(&s->first_query), NULL) == 0) a = redirect(302, s->first, &first);
  query_release(&first);
  return a;
}

static struct answer *method_not_allowed(const char *allow, const char *why) {
  struct answer *a = answer_text(405, "%s", why);
  if (a) a->allow = allow;
  return a;
}

static struct answer *login(const struct site *s, const char *path, const struct query *q) {
  struct answer *a = redirect(303, path, q);
  struct buf cookie = {0};
  if (!a || !a->location) return a;
  // Lax: whoever comes by a link of a chat or a mail is sent on from here with the cookie.
  buf_addf(&cookie, "%s=%s; Path=/; HttpOnly; SameSite=Lax", s->guard.cookie_name, s->guard.cookie);
  buf_addc(&cookie, '\0');
  a->cookie = cookie.failed ? NULL : arena_copy(&a->text, cookie.data, cookie.n);
  buf_release(&cookie);
  if (a->cookie) return a;
  answer_release(a);
  return NULL;
}

static struct answer *refuse(const struct site *s, enum guard_verdict v) {
  struct buf name = {0};
  struct answer *a = NULL;
  address_text(&s->address, &name);
  if (v == GUARD_HOST)
    a = answer_text(403, "This is cprof at %s; it answers to this name only (and to localhost with the same port).",
                    name.failed ? "" : name.data);
  else if (v == GUARD_FOREIGN) a = answer_text(403, "Other sites cannot embed these pages.");
  else a = answer_text(403, "Open the URL that cprof printed when it started: it holds a word that lets you in.");
  buf_release(&name);
  return a;
}

static struct answer *asset(const char *name, const char *if_none_match) {
  for (size_t i = 0; i < asset_count; i++) {
    const struct asset *file = &asset_table[i];
    if (strcmp(file->name, name)) continue;
    bool same = strstr(if_none_match, file->tag) != NULL;
    struct answer *a = answer_new(same ? 304 : 200, file->type);
    if (!a) return NULL;
    a->tag = file->tag;
    a->fixed = (struct str){file->bytes, file->size};  // which is not sent with 304
    return a;
  }
  return answer_text(404, "There is no such file.");
}

// ---- changes --------------------------------------------------------------------------------------

// After a form: back to the page it stood on, with the parameters it had.
static struct answer *back(const struct site *s, const struct query *form, const struct options *o) {
  const char *page = query_get(form, "page");
  const struct page_route *route = page ? route_of(page) : NULL;
  struct query none = {0};
  struct buf query = {0};
  if (!page) return answer_new(204, "text/plain; charset=utf-8");
  url_options_add(&query, 0, o, &s->session.options);
  struct answer *a = NULL;
  if (!query.failed && query_parse(&none, buf_view(&query), NULL) == 0)
    a = redirect(303, route ? route->path : s->first, &none);
  query_release(&none);
  buf_release(&query);
  return a;
}

static struct answer *change(const struct site *s, bool save, const struct query *form) {
  struct options o = s->session.options;
  struct err e = {""};
  const char *name = query_get(form, "config");
  int result = url_options_apply(&o, form, &e);
  if (!result && !s->settings.n) result = err_set(&e, "neither XDG_CONFIG_HOME nor HOME says where settings are kept");
  if (!result && save) result = settings_put(s->settings.data, name ? name : "", &o, &e);
  else if (!result) result = settings_delete(s->settings.data, name ? name : "", &e);
  return result ? answer_text(400, "%s", e.text) : back(s, form, &o);
}

static struct answer *post(const struct site *s, const struct site_request *r, const char *path) {
  bool save = strcmp(path, "saveconfig") == 0;
  struct query form = {0};
  struct err e = {""};
  struct answer *a;
  if (!save && strcmp(path, "deleteconfig"))
    return method_not_allowed("GET, HEAD", "This page is to be asked for with GET.");
  if (query_parse(&form, r->body, &e)) a = answer_text(400, "%s", e.text);
  else if (!guard_allows_change(&s->guard, &r->from, &form))
    a = answer_text(403, "This form does not come from a page of this cprof. Load the page again.");
  else a = change(s, save, &form);
  query_release(&form);
  return a;
}

// ---- routing --------------------------------------------------------------------------------------

static void get(const struct site *s, const struct site_request *r, const char *path, struct query *q,
                struct answer **answer, struct work **work, struct buf *key) {
  const struct page_route *route = route_of(path);
  if (route) *work = page_work_new(s, route, q, key, answer);
  else if (!*path) *answer = home(s, q);
  else if (strcmp(path, "flamegraph2") == 0 || strcmp(path, "flamegraphold") == 0)
    *answer = redirect(302, "flamegraph", q);
  else if (strncmp(path, "assets/", 7) == 0) *answer = asset(path + 7, r->if_none_match);
  else if (strcmp(path, "saveconfig") == 0 || strcmp(path, "deleteconfig") == 0)
    *answer =
        method_not_allowed("POST", "Configurations are changed by the forms of the pages only (POST), not by links.");
  else *answer = answer_text(404, "There is no such page.");
}

// The path below /ui/, unescaped; "" for all others, which lead to the first page as in the reference. NULL when it is none.
static const char *path_below(struct str target, struct buf *room) {
  if (percent_decode(room, target, false) || (room->n && memchr(room->data, 0, room->n))) return NULL;
  buf_addc(room, '\0');
  if (room->failed) return NULL;
  return strncmp(room->data, root, strlen(root)) == 0 ? room->data + strlen(root) : "";
}

static void ask(struct site *s, struct site_request *r, const char *path, struct query *q, struct answer **answer,
                struct work **work, struct buf *key) {
  enum guard_verdict verdict = guard_check(&s->guard, &r->from);
  bool own = path && (route_of(path) || !*path);
  if (verdict == GUARD_LOGIN) *answer = login(s, own && *path ? path : s->first, q);
  else if (verdict != GUARD_PASS) *answer = refuse(s, verdict);
  else if (!path) *answer = answer_text(404, "There is no such page.");
  else if (strcmp(r->method, "POST") == 0) *answer = post(s, r, path);
  else get(s, r, path, q, answer, work, key);
}

void site_ask(struct site *s, struct site_request *r, struct answer **answer, struct work **work, struct buf *key) {
  struct query q = {0};
  struct buf room = {0};
  struct err e = {""};
  const char *mark = r->target.n ? memchr(r->target.p, '?', r->target.n) : NULL;
  struct str path = {r->target.p, mark ? (size_t)(mark - r->target.p) : r->target.n};
  struct str query = mark ? (struct str){mark + 1, r->target.n - path.n - 1} : (struct str){NULL, 0};
  *answer = NULL;
  *work = NULL;
  r->from.query = &q;
  if (query_parse(&q, query, &e)) *answer = answer_text(400, "%s", e.text);
  else ask(s, r, path_below(path, &room), &q, answer, work, key);
  query_release(&q);
  r->from.query = NULL;
  buf_release(&room);
}

struct work *site_first_page(const struct site *s, struct buf *key) {
  struct query q = {0};
  struct answer *wrong = NULL;
  struct work *w = NULL;
  if (query_parse(&q, buf_view(&s->first_query), NULL) == 0) w = page_work_new(s, route_of(s->first), &q, key, &wrong);
  query_release(&q);
  answer_release(wrong);
  return w;
}
