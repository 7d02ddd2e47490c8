// Named configurations, in the file the reference keeps them in: $XDG_CONFIG_HOME/pprof/settings.json, by default below
// ~/.config. Both programs may write it in turns; what we do not know of it is kept.
//
//   {"configs": [{"name": "…", "unit": "minimum", "nodecount": -1, …}, …]}
//
// A member is an option by its name; one that is missing has its type's zero value, not the option's standard one.
#ifndef CPROF_WEB_SETTINGS_H
#define CPROF_WEB_SETTINGS_H

#include "base/json_read.h"
#include "driver/options.h"

// Appends the path of the file. -1 with a message when the environment tells none.
int settings_file(struct buf *path, struct err *e);

struct named_config {
  const char *name;
  struct options options;  // those that are not saved are `base`'s
};
struct settings {
  struct named_config *config;
  size_t n, cap;
  struct buf text;     // what was read
  struct arena arena;  // names and values
};
// A file that is not there has no configurations; one that is damaged is an error. What one of them has that no option of
// ours takes is passed over, with a line in `notes`.
int settings_read(struct settings *s, const char *path, const struct options *base, struct buf *notes, struct err *e);
void settings_release(struct settings *s);

// Writes the file anew with this configuration added or replaced, or without it, for its owner only.
int settings_put(const char *path, const char *name, const struct options *o, struct err *e);
int settings_delete(const char *path, const char *name, struct err *e);

#endif
