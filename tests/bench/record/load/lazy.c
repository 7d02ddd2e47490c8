// Functions that the dynamic linker looks up when they are first called: a library is opened, all of it is called, and it is
// closed, again and again. LIBRARY is that of lazy_library.c.
//
//     lazy ROUNDS LIBRARY
#include <dlfcn.h>

#include "work.h"

int main(int argc, char **argv) {
  for (long i = rounds_of(argc, argv); i > 0 && argc > 2; i--) {
    void *library = dlopen(argv[2], RTLD_LAZY | RTLD_LOCAL);
    long (*call_all)(void) = library ? (long (*)(void))dlsym(library, "call_all") : NULL;
    if (!call_all || call_all() != 1000) return 1;
    dlclose(library);
  }
  return 0;
}
