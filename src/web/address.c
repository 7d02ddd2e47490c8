// Addresses.
#include "web/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

// Cuts "host:port" at the colon; brackets around the host are taken off. False when there is no port.
static bool split(struct str text, struct str *host, struct str *port) {
  size_t colon = text.n;
  while (colon > 0 && text.p[colon - 1] != ':') colon--;
  if (colon == 0) return false;
  *host = (struct str){text.p, colon - 1};
  *port = (struct str){text.p + colon, text.n - colon};
  bool bracket = host->n >= 2 && host->p[0] == '[' && host->p[host->n - 1] == ']';
  if (bracket) *host = (struct str){host->p + 1, host->n - 2};
  return bracket || !host->n || !memchr(host->p, ':', host->n);
}

static int parse_port(struct str text, unsigned *port) {
  unsigned value = 0;
  for (size_t i = 0; i < text.n; i++) {
    if (text.p[i] < '0' || text.p[i] > '9') return -1;
    value = value * 10 + (unsigned)(text.p[i] - '0');
    if (value > 65535) return -1;
  }
  *port = value;
  return 0;
}

int address_parse(struct address *a, const char *text, struct err *e) {
  struct str host, port;
  *a = (struct address){0};
  if (!split(str_of(text), &host, &port)) return err_set(e, "-http takes [host]:[port], as in :8080, not \"%s\"", text);
  if (parse_port(port, &a->port)) return err_set(e, "-http: \"%.*s\" is no port", STR_ARG(port));
  if (host.n == 0) host = STR_LIT("localhost");
  if (host.n >= sizeof a->host) return err_set(e, "-http: the name of the host is too long");
  memcpy(a->host, host.p, host.n);
  return 0;
}

// ---- listening ----------------------------------------------------------------------------------

static void look_at(struct address *a, const struct sockaddr *s) {
  if (s->sa_family == AF_INET) {
    struct sockaddr_in v4;
    memcpy(&v4, s, sizeof v4);
    a->loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    a->every = v4.sin_addr.s_addr == htonl(INADDR_ANY);
    a->port = ntohs(v4.sin_port);
    inet_ntop(AF_INET, &v4.sin_addr, a->number, sizeof a->number);
  } else {
    struct sockaddr_in6 v6;
    memcpy(&v6, s, sizeof v6);
    const unsigned char *last = v6.sin6_addr.s6_addr + 12;  // of an IPv4 address within
    a->loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && *last == 127);
    a->every = IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr);
    a->port = ntohs(v6.sin6_port);
    inet_ntop(AF_INET6, &v6.sin6_addr, a->number, sizeof a->number);
  }
}

static int listen_on(struct address *a, const struct addrinfo *i) {
  struct sockaddr_storage bound = {0};
  socklen_t size = sizeof bound;
  int fd = socket(i->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
  if (fd < 0) return -1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 && bind(fd, i->ai_addr, i->ai_addrlen) == 0 &&
      listen(fd, SOMAXCONN) == 0 && getsockname(fd, (struct sockaddr *)&bound, &size) == 0) {
    look_at(a, (struct sockaddr *)&bound);
    return fd;
  }
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

// This machine has no address of the kind, so it is no fault of the one that was asked for.
static bool is_absent(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

int address_listen(struct address *a, struct err *e) {
  struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *list = NULL;
  char port[16];
  int fd = -1, error = 0;
  snprintf(port, sizeof port, "%u", a->port);
  int result = getaddrinfo(a->host, port, &wanted, &list);
  if (result) return err_set(e, "-http: %s: %s", a->host, gai_strerror(result));
  // A name may stand for both kinds of addresses; browsers try both, IPv4 is what every machine has. Where its port is
  // taken, the other kind's would be another program's address as well.
  for (int pass = 0; pass < 2 && fd < 0; pass++)
    for (const struct addrinfo *i = list; i && fd < 0 && (!error || is_absent(error)); i = i->ai_next) {
      if ((i->ai_family == AF_INET) != (pass == 0)) continue;
      fd = listen_on(a, i);
      if (fd < 0) error = errno;
    }
  freeaddrinfo(list);
  return fd >= 0 ? fd : err_set(e, "-http: %s:%u: %s", a->host, a->port, strerror(error ? error : EADDRNOTAVAIL));
}

// ---- names --------------------------------------------------------------------------------------

void address_host(const struct address *a, struct buf *out) {
  bool v6 = strchr(a->host, ':') != NULL;
  buf_addf(out, "%s%s%s", v6 ? "[" : "", a->host, v6 ? "]" : "");
}

void address_text(const struct address *a, struct buf *out) {
  address_host(a, out);
  buf_addf(out, ":%u", a->port);
}

static bool same_name(struct str a, const char *b) { return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0; }

static bool is_number(struct str host) {
  char text[64];
  unsigned char bytes[sizeof(struct in6_addr)];
  if (host.n == 0 || host.n >= sizeof text) return false;
  memcpy(text, host.p, host.n);
  text[host.n] = '\0';
  return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

bool address_own_name(char name[ADDRESS_NAME]) {
  memset(name, 0, ADDRESS_NAME);
  return gethostname(name, ADDRESS_NAME - 1) == 0 && *name;
}

static bool is_own_name(struct str host) {
  char name[ADDRESS_NAME];
  return address_own_name(name) && same_name(host, name);
}

static bool ends_in_bracket(struct str s) { return s.n && s.p[s.n - 1] == ']'; }

bool address_allows(const struct address *a, struct str header) {
  struct str host = header, digits;
  unsigned port = 80;  // what a browser does not write
  bool bare = !memchr(header.p ? header.p : "", ':', header.n) || ends_in_bracket(header);
  if (header.n == 0) return false;
  if (!bare && (!split(header, &host, &digits) || !digits.n || parse_port(digits, &port))) return false;
  if (bare && ends_in_bracket(header) && header.p[0] == '[') host = (struct str){header.p + 1, header.n - 2};
  if (port != a->port) return false;
  if (same_name(host, "localhost") || same_name(host, "127.0.0.1") || same_name(host, "::1")) return true;
  if (same_name(host, a->host) || same_name(host, a->number)) return true;
  return a->every && (is_number(host) || is_own_name(host));
}
