// URLs. They are other people's bytes: a server says where to go on.
#include "http/url.h"

#include <strings.h>

static bool same_word(struct str s, const char *word) {
  return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static struct str behind(struct str s, size_t n) { return (struct str){s.p + n, s.n - n}; }

// The length of s before any of the bytes of `ends`.
static size_t length_before(struct str s, const char *ends) {
  size_t n = 0;
  while (n < s.n && !(s.p[n] && strchr(ends, s.p[n]))) n++;
  return n;
}

// ---- parts --------------------------------------------------------------------------------------

size_t url_scheme_length(struct str text) {
  for (size_t n = 0; n < text.n; n++) {
    char c = text.p[n];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (c == ':') return n;
    if (!letter && (n == 0 || !later)) return 0;
  }
  return 0;
}

// Without the port, which is what follows the last ':' that is in no bracket.
static struct str without_port(struct str host, struct str *port) {
  size_t n = host.n;
  while (n && host.p[n - 1] != ':' && host.p[n - 1] != ']') n--;
  bool has_port = n && host.p[n - 1] == ':';
  *port = has_port ? behind(host, n) : (struct str){host.p + host.n, 0};
  return has_port ? (struct str){host.p, n - 1} : host;
}

static bool is_port(struct str port) {
  enum { MOST_DIGITS = 5 };
  for (size_t i = 0; i < port.n; i++)
    if (port.p[i] < '0' || port.p[i] > '9') return false;
  return port.n <= MOST_DIGITS;
}

static bool is_host(struct str host) {
  struct str port, name = without_port(host, &port);
  bool bracketed = name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
  if (!host.n || !is_port(port)) return false;
  if (bracketed) name = (struct str){name.p + 1, name.n - 2};
  return length_before(name, bracketed ? " \"<>\\^`{|}[]@" : " \"<>\\^`{|}[]@:") == name.n;
}

bool url_split(struct str text, struct url *u) {
  *u = (struct url){0};
  for (size_t i = 0; i < text.n; i++)
    if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f) return false;
  size_t scheme = url_scheme_length(text);
  if (!scheme || !str_starts(behind(text, scheme), STR_LIT("://"))) return false;
  struct str rest = behind(text, scheme + 3);
  size_t authority = length_before(rest, "/?#");
  size_t at = authority;
  while (at && rest.p[at - 1] != '@') at--;
  u->scheme = (struct str){text.p, scheme};
  u->user = (struct str){rest.p, at ? at - 1 : 0};
  u->host = (struct str){rest.p + at, authority - at};
  u->path = behind(rest, authority);
  u->query = behind(u->path, length_before(u->path, "?#"));
  u->path.n -= u->query.n;
  if (u->query.n) u->query = u->query.p[0] == '?' ? behind(u->query, 1) : (struct str){u->query.p, 0};
  u->query.n = length_before(u->query, "#");
  return is_host(u->host);
}

enum url_kind url_kind_of(const struct url *u) {
  if (same_word(u->scheme, "http")) return URL_HTTP;
  if (same_word(u->scheme, "https")) return URL_HTTPS;
  if (same_word(u->scheme, "https+insecure")) return URL_INSECURE;
  return same_word(u->scheme, "http+unix") ? URL_UNIX : URL_OTHER;
}

void url_show(const struct url *u, struct buf *out) {
  buf_str(out, u->scheme);
  buf_adds(out, "://");
  buf_str(out, u->host);
  buf_str(out, u->path);
  if (u->query.n) buf_addc(out, '?');
  buf_str(out, u->query);
}

// ---- what a host means --------------------------------------------------------------------------

bool url_socket(const struct url *u, struct buf *path) {
  size_t before = path->n;
  if (percent_decode(path, u->host, false) || path->failed) return false;
  for (size_t i = before; i < path->n; i++)
    if ((unsigned char)path->data[i] < ' ') return false;
  return path->n > before + 1 && path->data[before] == '/';
}

bool url_is_loopback(const struct url *u) {
  struct str port, name = without_port(u->host, &port);
  if (same_word(name, "localhost") || same_word(name, "[::1]")) return true;
  if (!str_starts(name, STR_LIT("127."))) return false;
  for (size_t i = 0; i < name.n; i++)
    if (name.p[i] != '.' && (name.p[i] < '0' || name.p[i] > '9')) return false;
  return true;
}

static long port_of(const struct url *u, struct str *name) {
  struct str port;
  *name = without_port(u->host, &port);
  long number = 0;
  for (size_t i = 0; i < port.n; i++) number = number * 10 + (port.p[i] - '0');
  if (port.n) return number;
  return url_kind_of(u) == URL_HTTP ? 80 : url_kind_of(u) == URL_HTTPS ? 443 : 0;
}

bool url_same_server(const struct url *a, const struct url *b) {
  struct str x, y;
  if (url_kind_of(a) != url_kind_of(b) || port_of(a, &x) != port_of(b, &y)) return false;
  return x.n == y.n && strncasecmp(x.p, y.p, x.n) == 0;
}
