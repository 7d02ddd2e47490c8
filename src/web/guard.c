// The guard.
#include "web/guard.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

static int draw(char *secret, struct err *e) {
  unsigned char bytes[(GUARD_SECRET - 1) / 2];
  ssize_t n = getrandom(bytes, sizeof bytes, 0);
  if (n != (ssize_t)sizeof bytes) return err_set(e, "no random numbers: %s", strerror(n < 0 ? errno : EIO));
  for (size_t i = 0; i < sizeof bytes; i++) snprintf(secret + 2 * i, 3, "%02x", bytes[i]);
  return 0;
}

int guard_init(struct guard *g, const struct address *a, struct err *e) {
  *g = (struct guard){.address = a};
  // Cookies are not told apart by port.
  snprintf(g->cookie_name, sizeof g->cookie_name, "cprof-%u", a->port);
  atomic_init(&g->once_used, false);
  return draw(g->token, e) || draw(g->once, e) || draw(g->cookie, e) || draw(g->form, e) ? -1 : 0;
}

// Takes the same time whatever is wrong.
static bool is_secret(const char *secret, struct str text) {
  unsigned char differ = 0;
  if (text.n != GUARD_SECRET - 1) return false;
  for (size_t i = 0; i < text.n; i++) differ |= (unsigned char)(secret[i] ^ text.p[i]);
  return differ == 0;
}

static bool has_cookie(const struct guard *g, const char *header) {
  struct str name = str_of(g->cookie_name);
  while (*header) {
    size_t n = strcspn(header, ";");
    struct str part = str_trim_space((struct str){header, n});
    if (str_starts(part, name) && part.n > name.n && part.p[name.n] == '=' &&
        is_secret(g->cookie, (struct str){part.p + name.n + 1, part.n - name.n - 1}))
      return true;
    header += n + (header[n] == ';');
  }
  return false;
}

// Browsers that tell where a request comes from: links to a page are fine, pictures and the like are not.
static bool is_foreign(const struct guard_request *r) {
  bool other = strcmp(r->fetch_site, "cross-site") == 0 || strcmp(r->fetch_site, "same-site") == 0;
  return other && strcmp(r->fetch_mode, "navigate") != 0;
}

static bool opens(struct guard *g, const char *token) {
  if (!token) return false;
  if (is_secret(g->token, str_of(token))) return true;
  return is_secret(g->once, str_of(token)) && !atomic_exchange(&g->once_used, true);
}

enum guard_verdict guard_check(struct guard *g, const struct guard_request *r) {
  if (!address_allows(g->address, str_of(r->host))) return GUARD_HOST;
  if (is_foreign(r)) return GUARD_FOREIGN;
  if (g->address->loopback) return GUARD_PASS;
  if (opens(g, query_get(r->query, "token"))) return GUARD_LOGIN;
  return has_cookie(g, r->cookie) ? GUARD_PASS : GUARD_TOKEN;
}

bool guard_allows_change(const struct guard *g, const struct guard_request *r, const struct query *form) {
  static const char scheme[] = "http://";
  const char *token = query_get(form, "token");
  if (*r->fetch_site && strcmp(r->fetch_site, "same-origin") != 0 && strcmp(r->fetch_site, "none") != 0) return false;
  if (*r->origin && (strncmp(r->origin, scheme, strlen(scheme)) || strcmp(r->origin + strlen(scheme), r->host)))
    return false;
  return token && is_secret(g->form, str_of(token));
}
