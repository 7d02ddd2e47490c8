// Completion for bash: names only, as it shows no descriptions.
#include "driver/commands.h"
#include "driver/shell_completion.h"

static void words(struct buf *out, const struct option_choice *c) {
  for (; c && c->name; c++) buf_addf(out, " %s", c->name);
}

static void commands(struct buf *out, bool with_argument) {
  for (size_t i = 0; i < command_count; i++)
    if (!with_argument || command_table[i].argument) buf_addf(out, " %s", command_table[i].name);
}

static void flag_switch(struct buf *out, const struct shell_flag *f) {
  if (f->type == OPTION_BOOL) buf_addf(out, " %s", f->name);
}

// [name]='file', [name]='folders', [name]='words a b c', [name]='text'
static void flag_with_value(struct buf *out, const struct shell_flag *f) {
  if (f->type == OPTION_BOOL) return;
  buf_addf(out, "    [%s]='", f->name);
  if (f->type == OPTION_FILE) buf_adds(out, "file");
  else if (f->type == OPTION_FOLDERS) buf_adds(out, "folders");
  else buf_adds(out, f->choices ? "words" : "text");
  words(out, f->choices);
  buf_adds(out, "'\n");
}

void shell_bash(struct buf *out) {
  buf_adds(out,
           "# Completion of cprof for bash, from: cprof help completion bash\n"
           "# shellcheck shell=bash\n\n"
           "# What _cprof completes.\n"
           "_cprof_tables() {\n"
           "  commands=(");
  commands(out, false);
  buf_adds(out, " )\n  with_argument=(");
  commands(out, true);
  buf_adds(out, " )\n  others=(");
  words(out, shell_words);
  buf_adds(out, " )\n  topics=(");
  words(out, shell_topics);
  buf_adds(out, " )\n  shells=(");
  words(out, shell_names);
  buf_adds(out, " )\n  switches=(");
  shell_each_flag(flag_switch, out);
  buf_adds(out, " )\n  takes=(\n");
  shell_each_flag(flag_with_value, out);
  buf_adds(out,
           "  )\n}\n\n"
           "# The same behind `cprof record`.\n"
           "_cprof_record_tables() {\n"
           "  commands=() others=()\n"
           "  switches=(");
  shell_each_record_flag(flag_switch, out);
  buf_adds(out, " )\n  takes=(\n");
  shell_each_record_flag(flag_with_value, out);
  buf_adds(out, "  )\n}\n\n");
  buf_add(out, shell_code_bash, shell_code_bash_size);
}
