// URLs as the command line has them.
#include "driver/source_url.h"

#include "http/url.h"

// ---- which names are URLs -----------------------------------------------------------------------

// "1.2.3.4:80/x", ":6060", "my_host:80": no scheme, but a colon before the first '/'.
static bool begins_with_host(struct str name) {
  for (size_t i = 0; i < name.n && !strchr("/?#", name.p[i]); i++)
    if (name.p[i] == ':') return true;
  return false;
}

// Appends the whole URL that a name stands for; false when it stands for none.
static bool whole_url(struct buf *out, struct str name) {
  struct url u;
  size_t scheme = url_scheme_length(name);
  bool split = url_split(name, &u);
  if (split || (u.scheme.n && url_kind_of(&u) != URL_OTHER)) {
    buf_str(out, name);
    return true;
  }
  if (scheme ? str_eq((struct str){name.p, scheme}, STR_LIT("file")) : !begins_with_host(name)) return false;
  buf_adds(out, "http://");
  buf_str(out, name);
  return url_split(buf_view(out), &u);
}

// ---- what is asked ------------------------------------------------------------------------------

// The next parameter of a query; false at its end.
static bool next_parameter(struct str *query, struct str *parameter) {
  if (!query->n) return false;
  const char *end = memchr(query->p, '&', query->n);
  *parameter = (struct str){query->p, end ? (size_t)(end - query->p) : query->n};
  size_t taken = parameter->n + (end != NULL);
  *query = (struct str){query->p + taken, query->n - taken};
  return true;
}

static const struct str seconds_is = {"seconds=", 8};

// What the URL says of how long the profile takes; 0 when that is no number from 1 to 2^31 - 1.
static int64_t seconds_of(struct str query) {
  struct str parameter;
  int64_t n = 0;
  while (next_parameter(&query, &parameter)) {
    if (!str_starts(parameter, seconds_is)) continue;
    for (size_t i = seconds_is.n; i < parameter.n; i++) {
      if (parameter.p[i] < '0' || parameter.p[i] > '9' || n > INT32_MAX) return 0;
      n = n * 10 + (parameter.p[i] - '0');
    }
    return n > INT32_MAX ? 0 : n;
  }
  return 0;
}

// Without empty parameters, and without `seconds` where that is set from outside.
static void add_query(struct buf *out, struct str query, int64_t seconds) {
  struct str parameter;
  const char *between = "?";
  while (next_parameter(&query, &parameter)) {
    bool is_seconds = str_starts(parameter, seconds_is) || str_eq(parameter, STR_LIT("seconds"));
    if (!parameter.n || (is_seconds && seconds > 0)) continue;
    buf_adds(out, between);
    buf_str(out, parameter);
    between = "&";
  }
  if (seconds > 0) buf_addf(out, "%sseconds=%lld", between, (long long)seconds);
}

// A path or a query may have been typed with what does not stand in URLs.
static void add_escaped(struct buf *out, struct str text) {
  for (size_t i = 0; i < text.n; i++) {
    unsigned char c = (unsigned char)text.p[i];
    if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c)) buf_addf(out, "%%%02X", c);
    else buf_addc(out, (char)c);
  }
}

static int64_t milliseconds_to_wait(int64_t seconds, int64_t timeout) {
  enum { MORE = 5000, STANDARD = 60, MOST = 1000000000 };
  if (timeout > MOST) timeout = MOST;
  if (seconds > MOST) seconds = MOST;
  return (timeout > 0 ? timeout * 1000 : seconds > 0 ? seconds * 1500 : STANDARD * 1000) + MORE;
}

static void adjust(struct source_url *s, struct str text, int64_t seconds) {
  struct url u;
  struct buf query = {0};
  if (!url_split(text, &u)) {
    // A password may be in it.
    buf_str(&s->url, text);
    if (memchr(text.p, '@', text.n)) buf_addf(&s->shown, "%.*s://...", STR_ARG(u.scheme));
    else buf_str(&s->shown, text);
    return;
  }
  buf_str(&s->url, u.scheme);
  buf_adds(&s->url, "://");
  if (u.user.n) buf_addf(&s->url, "%.*s@", STR_ARG(u.user));
  if (u.host.p[0] == ':') buf_adds(&s->url, "localhost");
  buf_str(&s->url, u.host);
  if (u.path.n <= 1) buf_adds(&s->url, "/debug/pprof/profile");
  else add_escaped(&s->url, u.path);
  add_query(&query, u.query, seconds);
  add_escaped(&s->url, buf_view(&query));
  s->seconds = seconds > 0 ? seconds : seconds_of(u.query);
  s->url.failed |= query.failed;
  if (!s->url.failed && url_split(buf_view(&s->url), &u)) url_show(&u, &s->shown);
  buf_release(&query);
}

bool source_url_init(struct source_url *s, struct str name, int64_t seconds, int64_t timeout) {
  struct buf text = {0};
  *s = (struct source_url){0};
  bool found = whole_url(&text, name);
  if (found) adjust(s, buf_view(&text), seconds);
  s->milliseconds = milliseconds_to_wait(s->seconds, timeout);
  s->url.failed |= text.failed;
  buf_release(&text);
  return found;
}

void source_url_release(struct source_url *s) {
  buf_release(&s->url);
  buf_release(&s->shown);
}
