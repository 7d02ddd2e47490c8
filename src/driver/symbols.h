// From -symbolize and the environment to names in the profile.
#ifndef CPROF_DRIVER_SYMBOLS_H
#define CPROF_DRIVER_SYMBOLS_H

#include "driver/options.h"
#include "symbolize/symbolize.h"

// What the environment says of where binaries are. Zero-initialised is empty; symbol_places_release frees it.
struct symbol_places {
  struct search_paths paths;
  struct buf binaries, debuginfod;
  struct debuginfod *fetcher;
};
int symbol_places_init(struct symbol_places *s, const struct options *o, struct err *e);
void symbol_places_release(struct symbol_places *s);

// Resolves and demangles as -symbolize says; a word it does not know is noted. `report` may be NULL.
int symbols_add(struct profile *p, const struct options *o, const struct symbol_places *s, struct symbol_report *report,
                struct buf *notes, struct err *e);

#endif
