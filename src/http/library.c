// libcurl, which is not linked.
#include "base/loader.h"
#include "http/internal.h"

int library_load(struct library *l, struct err *e) {
  const struct loader_function functions[] = {
      {"curl_global_init", &l->global_init}, {"curl_easy_init", &l->init},       {"curl_easy_cleanup", &l->cleanup},
      {"curl_easy_setopt", &l->set},         {"curl_easy_perform", &l->perform}, {"curl_easy_getinfo", &l->info},
      {"curl_easy_strerror", &l->explain},   {"curl_slist_append", &l->append},  {"curl_slist_free_all", &l->free_list},
  };
  // Debian has it with OpenSSL and with GnuTLS.
  void *library = loader_open("libcurl.so.4");
  if (!library) library = loader_open("libcurl-gnutls.so.4");
  if (!library) return err_set(e, "asking a server needs libcurl (package libcurl4), which is not installed");
  if (loader_find(library, "libcurl", functions, sizeof functions / sizeof *functions, e)) return -1;
  return l->global_init(CURL_GLOBAL_DEFAULT) ? err_set(e, "libcurl does not start") : 0;
}
