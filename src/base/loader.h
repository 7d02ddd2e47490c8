// loader: shared libraries that are loaded when they are first needed, since loading them takes longer than most reports. They
// stay loaded: those of cryptography do not like to be taken out of a running program.
#ifndef CPROF_LOADER_H
#define CPROF_LOADER_H

#include "base/base.h"

// NULL where it is not there; dlerror() says why.
void *loader_open(const char *file);

struct loader_function {
  const char *name;
  void *pointer;  // to the pointer that becomes the function's
};
// Finds n functions. -1 with a message that names the library and the first function it has not.
int loader_find(void *library, const char *name, const struct loader_function *function, size_t n, struct err *e);

#endif
