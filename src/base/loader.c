#include "base/loader.h"

#include <dlfcn.h>

void *loader_open(const char *file) { return dlopen(file, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE); }

int loader_find(void *library, const char *name, const struct loader_function *function, size_t n, struct err *e) {
  for (size_t i = 0; i < n; i++) {
    void *found = dlsym(library, function[i].name);
    if (!found) return err_set(e, "%s has no function %s", name, function[i].name);
    memcpy(function[i].pointer, &found, sizeof found);
  }
  return 0;
}
