// Loading libmicrohttpd.
#include "web/mhd.h"

#include <dlfcn.h>

static int find(void *library, const char *name, void *function, struct err *e) {
  void *found = dlsym(library, name);
  memcpy(function, &found, sizeof found);
  return found ? 0 : err_set(e, "libmicrohttpd has no function %s", name);
}

int mhd_load(struct mhd *m, struct err *e) {
  void *library = dlopen("libmicrohttpd.so.12", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return err_set(e, "the web interface needs libmicrohttpd (package libmicrohttpd12): %s", dlerror());
  if (find(library, "MHD_start_daemon", &m->start_daemon, e) || find(library, "MHD_stop_daemon", &m->stop_daemon, e) ||
      find(library, "MHD_quiesce_daemon", &m->quiesce_daemon, e) ||
      find(library, "MHD_queue_response", &m->queue_response, e) ||
      find(library, "MHD_suspend_connection", &m->suspend_connection, e) ||
      find(library, "MHD_resume_connection", &m->resume_connection, e) ||
      find(library, "MHD_create_response_from_buffer", &m->response_from_buffer, e) ||
      find(library, "MHD_destroy_response", &m->destroy_response, e) ||
      find(library, "MHD_add_response_header", &m->add_response_header, e) ||
      find(library, "MHD_lookup_connection_value", &m->lookup_connection_value, e) ||
      find(library, "MHD_get_connection_info", &m->get_connection_info, e))
    return -1;
  return 0;
}
