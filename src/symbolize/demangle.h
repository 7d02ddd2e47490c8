// demangle: names of C++ and Rust symbols as the reference prints them.
#ifndef CPROF_DEMANGLE_H
#define CPROF_DEMANGLE_H

#include "base/base.h"

enum demangle_mode {
  DEMANGLE_DEFAULT,    // no parameters, no template arguments
  DEMANGLE_TEMPLATES,  // no parameters, template arguments kept
  DEMANGLE_FULL,       // everything
  DEMANGLE_NONE,
};

// Appends the readable form of `system_name` to `out`. A name that is no mangled symbol comes out as it is, or, when it
// looks like C++ that was demangled before, simplified according to the mode. Names that would expand beyond a limit
// (64 KiB) come out unchanged. out->failed says when memory ran out.
void demangle(struct str system_name, enum demangle_mode mode, struct buf *out);

#endif
