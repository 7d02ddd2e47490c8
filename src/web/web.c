// From the command line to a server, and its end by a signal.
#include "web/web.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "driver/viewer.h"
#include "web/server.h"

// Threads inherit the mask: signals come by the descriptor only.
static int catch_signals(struct err *e) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (error) return err_set(e, "signals: %s", strerror(error));
  int fd = signalfd(-1, &set, SFD_CLOEXEC);
  return fd >= 0 ? fd : err_system(e, "signals");
}

static void wait_for_signal(int signals, struct server *server) {
  struct pollfd fds[2] = {{.fd = signals, .events = POLLIN}, {.fd = server->slow.timer, .events = POLLIN}};
  while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
    if (fds[0].revents) return;
    if (fds[1].revents) server_sweep(server);
  }
}

// On another machine the browser is not here.
static void tell_of_ssh(const struct site *s, FILE *errors) {
  const char *display = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY"), *ssh = getenv("SSH_CONNECTION");
  unsigned port = s->address.port;
  char here[ADDRESS_NAME];
  if ((display && *display) || (wayland && *wayland) || !ssh || !*ssh || !s->address.loopback) return;
  if (!address_own_name(here)) snprintf(here, sizeof here, "this-machine");
  struct buf host = {0};
  address_host(&s->address, &host);
  if (!host.failed)
    fprintf(errors, "To see it on the machine you sit at, run there: ssh -N -L %u:%s:%u %s\n", port, host.data, port,
            here);
  buf_release(&host);
}

// No other machine reaches it by 0.0.0.0.
static void tell_of_name(const struct site *s, FILE *errors) {
  char here[ADDRESS_NAME];
  if (s->address.every && address_own_name(here))
    fprintf(errors, "On other machines it is %s in place of %s\n", here, s->address.host);
}

static int tell(const struct site *s, const struct serving *v, struct err *e) {
  struct buf url = {0}, browser = {0};
  struct err why = {""};
  site_url(s, false, &url);
  site_url(s, true, &browser);
  bool failed = url.failed || browser.failed;
  if (!failed) {
    fprintf(v->errors, "The profile is at %s (Ctrl-C ends it)\n", url.data);
    tell_of_name(s, v->errors);
    tell_of_ssh(s, v->errors);
    fflush(v->errors);
    if (v->open_browser && viewer_open_url(browser.data, &why))
      fprintf(v->errors, "%s; open the URL above in one\n", why.text);
  }
  buf_release(&url);
  buf_release(&browser);
  return failed ? err_nomem(e) : 0;
}

// Serves on the socket, which it takes over.
static int serve(struct site *site, const struct serving *v, int socket, struct err *e) {
  struct server server;
  int signals = catch_signals(e);
  if (signals < 0) close(socket);
  if (signals < 0 || server_start(&server, site, socket, e)) return -1;
  int result = tell(site, v, e);
  if (!result) wait_for_signal(signals, &server);
  // A report that does not stop must not keep the user waiting.
  if (!server_stop(&server)) _exit(result ? 2 : 0);
  close(signals);
  return result;
}

// What a report takes for a moment goes back to the system when it is done: arrays of this size are mapped each on
// their own, for as long as the server runs. Left alone, the C library would come to keep them in its heaps.
static void give_memory_back(void) { mallopt(M_MMAP_THRESHOLD, 1 << 20); }

int web_serve(const struct session *s, const struct serving *v, struct err *e) {
  struct address address;
  struct site site = {0};
  give_memory_back();
  if (address_parse(&address, v->address, e)) return -1;
  int socket = address_listen(&address, e);
  if (socket < 0) return -1;
  int result = site_init(&site, s, &address, v, e);
  if (result) close(socket);
  else result = serve(&site, v, socket, e);
  site_release(&site);
  return result;
}
