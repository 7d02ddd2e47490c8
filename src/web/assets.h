// The style sheets and scripts of pages, which are in the program. The table is made by assets/embed.cmake from the
// files in assets/.
#ifndef CPROF_WEB_ASSETS_H
#define CPROF_WEB_ASSETS_H

#include <stddef.h>

struct asset {
  const char *name, *type;  // "common.js", its Content-Type
  const char *tag;          // a strong ETag, with its quotes
  const char *bytes;
  size_t size;
};
extern const struct asset asset_table[];
extern const size_t asset_count;

#endif
