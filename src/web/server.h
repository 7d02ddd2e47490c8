// The server: HTTP, by libmicrohttpd on a thread of its own. Requests become site_request; what takes a while is made by
// jobs.h while the connection is suspended.
#ifndef CPROF_WEB_SERVER_H
#define CPROF_WEB_SERVER_H

#include "web/mhd.h"
#include "web/site.h"
#include "web/slow.h"

struct server {
  struct site *site;
  struct mhd mhd;
  struct slow slow;
  struct jobs *jobs;
  struct MHD_Daemon *daemon;
};

// Serves what comes to the socket, which it takes over in every case.
int server_start(struct server *s, struct site *site, int socket, struct err *e);
// To be called when slow.timer is readable.
void server_sweep(struct server *s);
// Ends all requests. False when something did not end in time: then the process should, at once.
bool server_stop(struct server *s);

#endif
