// url: the parts of a URL, by its text alone (RFC 3986, as far as servers of profiles need it).
//
// Beside http and https there are two schemes of ours: https+insecure takes any certificate, and the host of
// http+unix://%2Frun%2Fserver.sock/debug/pprof/heap is the path of a socket on this machine, with '%2F' for '/'.
#ifndef CPROF_URL_H
#define CPROF_URL_H

#include "base/base.h"

// Views into the text.
struct url {
  struct str scheme;
  struct str user;   // NAME:PASSWORD, as it stands there; empty: none
  struct str host;   // with its port: "example.com:8080", "[::1]:80", ":80"
  struct str path;   // from the '/' on, may be empty
  struct str query;  // behind '?', may be empty; what follows '#' is in no part
};

enum url_kind { URL_OTHER, URL_HTTP, URL_HTTPS, URL_INSECURE, URL_UNIX };

// The length of what could be a scheme: a letter, then letters, digits and "+-." up to a ':'. 0: there is none.
size_t url_scheme_length(struct str text);
// Splits SCHEME://[USER@]HOST[:PORT][/PATH][?QUERY][#FRAGMENT]. false where the text is none, has no host, a port that is no
// number, or control characters; spaces and letters beyond ASCII may be in a path and a query.
bool url_split(struct str text, struct url *u);
enum url_kind url_kind_of(const struct url *u);

// Appends the URL as it is shown: without user and password.
void url_show(const struct url *u, struct buf *out);
// Appends the path of the socket that a URL of URL_UNIX names; false when its host is no such path.
bool url_socket(const struct url *u, struct buf *path);
// This machine by name or by number.
bool url_is_loopback(const struct url *u);
// The same scheme, host and port, where that of the scheme may stand for none.
bool url_same_server(const struct url *a, const struct url *b);

#endif
