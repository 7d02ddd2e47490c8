// Settings of the prompt.
#include "driver/settings.h"

#include <stdio.h>
#include <stdlib.h>

#include "driver/folders.h"
#include "driver/output.h"

static bool settings_path(struct buf *path) { return folders_find(path, "XDG_CONFIG_HOME", ".config", "settings"); }

static bool has_default(const struct options *o, const struct option_row *row) {
  struct buf text = {0};
  option_text(o, row, &text);
  bool result = strcmp(text.n ? text.data : "", row->standard) == 0;
  buf_release(&text);
  return result;
}

static void apply_line(struct prompt_options *p, struct str line, const char *path, struct buf *notes) {
  struct err e = {""};
  line = str_trim_space(line);
  if (!line.n || line.p[0] == '#') return;
  const struct option_row *row = prompt_take_apart(line).row;
  if (row && !has_default(p->options, row)) return;
  int result = prompt_assign(p, line, &e);
  if (result == 0) buf_addf(notes, "%s: there is no option \"%.*s\"\n", path, STR_ARG(line));
  if (result < 0) buf_addf(notes, "%s: %s\n", path, e.text);
}

void settings_apply(struct prompt_options *p, struct buf *notes) {
  struct buf path = {0};
  char *line = NULL;
  size_t cap = 0;
  FILE *f = settings_path(&path) ? fopen(path.data, "re") : NULL;
  if (f) {
    for (ssize_t n; (n = getline(&line, &cap, f)) >= 0;) apply_line(p, (struct str){line, (size_t)n}, path.data, notes);
    fclose(f);
  }
  free(line);
  buf_release(&path);
}

int settings_save(const struct prompt_options *p, struct buf *path, struct err *e) {
  struct buf text = {0};
  if (!settings_path(path)) return err_set(e, "neither XDG_CONFIG_HOME nor HOME says where settings are kept");
  buf_adds(&text, "# Options that the prompt of cprof starts with.\n");
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (!row->saved || !prompt_has_option(row) || has_default(p->options, row)) continue;
    buf_addf(&text, "%s=", row->name);
    option_text(p->options, row, &text);
    buf_addc(&text, '\n');
  }
  int result = text.failed ? err_nomem(e) : folders_make(path->data, e);
  if (!result) result = output_file(path->data, buf_view(&text), e);
  buf_release(&text);
  return result;
}
