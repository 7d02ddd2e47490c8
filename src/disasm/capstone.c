// Loading Capstone. It has large tables that have to be relocated, which takes longer than most reports: it is not
// linked. Once loaded it stays: the web interface would load it again for each page.
#include <dlfcn.h>

#include "disasm/internal.h"

#define TEXT_OF(x) #x
#define NAME_OF(major) "libcapstone.so." TEXT_OF(major)

static int find(struct capstone *c, const char *name, void *function, struct err *e) {
  void *found = dlsym(c->library, name);
  memcpy(function, &found, sizeof found);
  return found ? 0 : err_set(e, NAME_OF(CS_API_MAJOR) " has no function %s", name);
}

int capstone__load(struct capstone *c, struct err *e) {
  c->library = dlopen(NAME_OF(CS_API_MAJOR), RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!c->library) return err_set(e, "machine code needs Capstone, which is not installed: %s", dlerror());
  if (find(c, "cs_open", &c->open, e) || find(c, "cs_close", &c->close, e) || find(c, "cs_option", &c->option, e) ||
      find(c, "cs_malloc", &c->malloc, e) || find(c, "cs_free", &c->free, e) || find(c, "cs_disasm_iter", &c->iter, e))
    return -1;
  return 0;
}

void capstone__unload(struct capstone *c) {
  if (c->library) dlclose(c->library);
  c->library = NULL;
}
