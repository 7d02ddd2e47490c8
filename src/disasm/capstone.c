// Loading Capstone. It has large tables that have to be relocated, which takes longer than most reports: it is not linked.
#include <dlfcn.h>

#include "base/loader.h"
#include "disasm/internal.h"

#define TEXT_OF(x) #x
#define NAME_OF(major) "libcapstone.so." TEXT_OF(major)

int capstone__load(struct capstone *c, struct err *e) {
  static const char file[] = NAME_OF(CS_API_MAJOR);
  const struct loader_function functions[] = {
      {"cs_open", &c->open},     {"cs_close", &c->close}, {"cs_option", &c->option},
      {"cs_malloc", &c->malloc}, {"cs_free", &c->free},   {"cs_disasm_iter", &c->iter},
  };
  void *library = loader_open(file);
  if (!library) return err_set(e, "machine code needs Capstone, which is not installed: %s", dlerror());
  return loader_find(library, file, functions, sizeof functions / sizeof *functions, e);
}
