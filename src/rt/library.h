// The library of preload.c as a file, which goes with cprof.
#ifndef CPROF_RT_LIBRARY_H
#define CPROF_RT_LIBRARY_H

#include <stddef.h>

extern const char rt_library[];
extern const size_t rt_library_size;

#endif
