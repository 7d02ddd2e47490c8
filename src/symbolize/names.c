// Demangling of a profile's functions.
#include "symbolize/symbolize.h"

static int demangle_function(struct profile *p, struct function *f, const struct symbolize_mode *m, struct buf *name) {
  if (m->force && f->name && f->system_name) f->name = f->system_name;
  if (m->demangle == DEMANGLE_NONE || (f->name && f->name != f->system_name)) return 0;
  buf_clear(name);
  demangle(profile_str(p, f->system_name), m->demangle, name);
  f->name = name->failed ? NONE : profile_add_string(p, buf_view(name));
  return f->name == NONE ? -1 : 0;
}

int symbolize_demangle(struct profile *p, const struct symbolize_mode *mode, struct err *e) {
  struct buf name = {0};
  int result = 0;
  for (uint32_t i = 0; i < p->places.n_functions && !result; i++)
    result = demangle_function(p, &p->places.function[i], mode, &name);
  buf_release(&name);
  return result ? err_nomem(e) : 0;
}
