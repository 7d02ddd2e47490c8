// libmicrohttpd, loaded when first needed: with what it needs in turn (GnuTLS) it takes longer to load than most reports
// take.
#ifndef CPROF_WEB_MHD_H
#define CPROF_WEB_MHD_H

#include <microhttpd.h>

#include "base/base.h"

struct mhd {
  __typeof__(&MHD_start_daemon) start_daemon;
  __typeof__(&MHD_stop_daemon) stop_daemon;
  __typeof__(&MHD_quiesce_daemon) quiesce_daemon;
  __typeof__(&MHD_queue_response) queue_response;
  __typeof__(&MHD_suspend_connection) suspend_connection;
  __typeof__(&MHD_resume_connection) resume_connection;
  __typeof__(&MHD_create_response_from_buffer) response_from_buffer;
  __typeof__(&MHD_destroy_response) destroy_response;
  __typeof__(&MHD_add_response_header) add_response_header;
  __typeof__(&MHD_lookup_connection_value) lookup_connection_value;
  __typeof__(&MHD_get_connection_info) get_connection_info;
};

// It stays loaded once it is.
int mhd_load(struct mhd *m, struct err *e);

#endif
