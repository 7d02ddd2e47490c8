// New files. A name is taken when the file is complete, and never one that is there.
#include <errno.h>

#include "driver/output.h"
#include "driver/temp_file.h"

static void make_name(const struct output_new *o, unsigned number, struct buf *name) {
  buf_clear(name);
  if (o->all_numbered) buf_addf(name, "%s%03u.%s", o->prefix, number, o->extension);
  else if (number == 1) buf_addf(name, "%s.%s", o->prefix, o->extension);
  else buf_addf(name, "%s.%u.%s", o->prefix, number, o->extension);
}

static int name_it(struct temp_file *t, const struct output_new *o, struct buf *name, struct err *e) {
  enum { MOST_FILES = 10000 };
  for (unsigned i = 1; i < MOST_FILES; i++) {
    make_name(o, i, name);
    if (name->failed) return err_nomem(e);
    if (temp_file_name(t, name->data) == 0) return 0;
    if (errno != EEXIST) return err_system(e, name->data);
  }
  return err_set(e, "%s: there are %d such files", o->prefix, MOST_FILES - 1);
}

int output_new(const struct output_new *o, struct str bytes, struct buf *name, struct err *e) {
  struct temp_file t;
  mode_t mode = o->is_private ? 0600 : output_plain_mode();
  int result = temp_file_write(&t, true, o->prefix, mode, bytes, e);
  if (!result) result = name_it(&t, o, name, e);
  temp_file_release(&t);
  return result;
}
