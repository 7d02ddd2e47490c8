// What stands around the content of a page: head, navigation, menus, data for scripts.
#ifndef CPROF_WEB_SHELL_H
#define CPROF_WEB_SHELL_H

#include "web/settings.h"
#include "web/site.h"

struct shell {
  const struct site *site;
  const struct page_route *route;
  const struct options *base, *options;  // of a URL without parameters; of this one
  struct str query;                      // the canonical one, which makes the latter of the former
  struct str summary;                    // lines about the profile
  struct str notes;                      // lines
  const struct settings *settings;
};

// Appends the page.
void shell_write(const struct shell *s, const struct page_parts *parts, struct buf *out);

// ---- inside ---------------------------------------------------------------------------------------

// The menus of the header (shell_menus.c), and the JSON of the element "shell" (shell_data.c).
void shell_menus(const struct shell *s, struct buf *out);
void shell_data(const struct shell *s, struct buf *out);

#endif
