// Where the server listens, and by which names it may be called.
#ifndef CPROF_WEB_ADDRESS_H
#define CPROF_WEB_ADDRESS_H

#include "base/base.h"

enum { ADDRESS_NAME = 256 };  // bytes for the name of a host

struct address {
  char host[ADDRESS_NAME];  // as it was told, without brackets; "localhost" by default
  unsigned port;            // 0: a free one, until address_listen
  char number[64];          // the address it listens on
  bool loopback;            // only this machine reaches it
  bool every;               // it listens on every address of the machine
};

// Takes "[host]:[port]"; an IPv6 address stands in brackets. 0 or -1 with a message.
int address_parse(struct address *a, const char *text, struct err *e);
// A listening socket, or -1 with a message; fills in the rest.
int address_listen(struct address *a, struct err *e);

// Appends "host:port" as it stands in a URL; the host, with brackets where it needs them.
void address_text(const struct address *a, struct buf *out);
void address_host(const struct address *a, struct buf *out);
// The name this machine has for itself; false: none.
bool address_own_name(char name[ADDRESS_NAME]);

// May the server be called by this Host header? Only by the names of the loopback, the host that was told, and where
// it listens everywhere by numbers and the machine's own name; a page elsewhere that has its name point here (DNS
// rebinding) is not answered.
bool address_allows(const struct address *a, struct str host);

#endif
