// Servers of mappings.
#include "driver/servers.h"

#include <stdlib.h>

#include "http/url.h"

void servers_release(struct servers *s) {
  free(s->at);
  arena_release(&s->keys);
  *s = (struct servers){0};
}

static int add_mapping(struct servers *s, const struct profile *p, const struct mapping *m, const char *url,
                       struct err *e) {
  struct str key = profile_str(p, m->build_id ? m->build_id : m->file);
  const char *copy = arena_copy(&s->keys, key.p, key.n);
  if (!copy || ARRAY_RESERVE(s->at, s->cap, s->n + 1)) return err_nomem(e);
  s->at[s->n++] = (struct symbol_server){{copy, key.n}, str_of(url), m->start};
  return 0;
}

int servers_add(struct servers *s, struct profile *p, const char *url, const char *shown, struct err *e) {
  for (uint32_t i = 0; i < p->places.n_mappings; i++) {
    struct mapping *m = &p->places.mapping[i];
    if (!m->build_id && !m->file) m->file = profile_add_string(p, str_of(shown));
    if (m->file == NONE) return err_nomem(e);
    if (add_mapping(s, p, m, url, e)) return -1;
  }
  return 0;
}

void servers_forget(struct profile *p) {
  for (uint32_t i = 0; i < p->places.n_mappings; i++) {
    struct mapping *m = &p->places.mapping[i];
    if (m->build_id == 0 && url_scheme_length(profile_str(p, m->file))) m->file = 0;
  }
}
