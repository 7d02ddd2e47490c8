// Loading libmicrohttpd.
#include "web/mhd.h"

#include <dlfcn.h>

#include "base/loader.h"

int mhd_load(struct mhd *m, struct err *e) {
  const struct loader_function functions[] = {
      {"MHD_start_daemon", &m->start_daemon},
      {"MHD_stop_daemon", &m->stop_daemon},
      {"MHD_quiesce_daemon", &m->quiesce_daemon},
      {"MHD_queue_response", &m->queue_response},
      {"MHD_suspend_connection", &m->suspend_connection},
      {"MHD_resume_connection", &m->resume_connection},
      {"MHD_create_response_from_buffer", &m->response_from_buffer},
      {"MHD_destroy_response", &m->destroy_response},
      {"MHD_add_response_header", &m->add_response_header},
      {"MHD_lookup_connection_value", &m->lookup_connection_value},
      {"MHD_get_connection_info", &m->get_connection_info},
  };
  void *library = loader_open("libmicrohttpd.so.12");
  if (!library) return err_set(e, "the web interface needs libmicrohttpd (package libmicrohttpd12): %s", dlerror());
  return loader_find(library, "libmicrohttpd", functions, sizeof functions / sizeof *functions, e);
}
