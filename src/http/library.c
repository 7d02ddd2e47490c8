// libcurl. With what it needs in turn it takes longer to load than most reports take: it is not linked. Once loaded it
// stays, since libraries of cryptography do not like to be taken out of a running program.
#include <dlfcn.h>

#include "http/internal.h"

static int find(void *library, const char *name, void *function, struct err *e) {
  void *found = dlsym(library, name);
  memcpy(function, &found, sizeof found);
  return found ? 0 : err_set(e, "libcurl has no function %s", name);
}

int library_load(struct library *l, struct err *e) {
  // Debian has it with OpenSSL and with GnuTLS.
  void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return err_set(e, "asking a server needs libcurl (package libcurl4), which is not installed");
  if (find(library, "curl_global_init", &l->global_init, e) || find(library, "curl_easy_init", &l->init, e) ||
      find(library, "curl_easy_cleanup", &l->cleanup, e) || find(library, "curl_easy_setopt", &l->set, e) ||
      find(library, "curl_easy_perform", &l->perform, e) || find(library, "curl_easy_getinfo", &l->info, e) ||
      find(library, "curl_easy_strerror", &l->explain, e) || find(library, "curl_slist_append", &l->append, e) ||
      find(library, "curl_slist_free_all", &l->free_list, e))
    return -1;
  return l->global_init(CURL_GLOBAL_DEFAULT) ? err_set(e, "libcurl does not start") : 0;
}
