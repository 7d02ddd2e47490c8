// Completion for zsh: lists of 'name:what it does'.
#include "driver/commands.h"
#include "driver/record_command.h"
#include "driver/shell_completion.h"

static void described(struct buf *out, const char *name, const char *help) {
  struct buf text = {0};
  buf_addf(&text, "%s:%s", name, help);
  buf_addc(out, ' ');
  shell_quoted(out, text.failed ? "" : text.data, "'\\''");
  out->failed |= text.failed;
  buf_release(&text);
}

static void words(struct buf *out, const struct option_choice *c) {
  for (; c->name; c++) described(out, c->name, c->help);
}

static void commands(struct buf *out) {
  for (size_t i = 0; i < command_count; i++) described(out, command_table[i].name, command_table[i].help);
}

static void names_with_argument(struct buf *out) {
  for (size_t i = 0; i < command_count; i++)
    if (command_table[i].argument) buf_addf(out, " %s", command_table[i].name);
}

static void flag_switch(struct buf *out, const struct shell_flag *f) {
  if (f->type == OPTION_BOOL) described(out, f->name, f->help);
}

static void flag_with_value(struct buf *out, const struct shell_flag *f) {
  if (f->type != OPTION_BOOL) described(out, f->name, f->help);
}

// A branch of _cprof_value.
static void flag_value(struct buf *out, const struct shell_flag *f) {
  if (f->type == OPTION_BOOL) return;
  buf_addf(out, "    (%s) ", f->name);
  if (f->type == OPTION_FILE) buf_adds(out, "_files");
  else if (f->type == OPTION_FOLDERS) buf_adds(out, "_files -/");
  else if (f->choices) {
    buf_adds(out, "values=(");
    words(out, f->choices);
    buf_addf(out, " ); _describe -t values %s values", f->name);
  } else {
    buf_adds(out, "_message ");
    shell_quoted(out, f->help, "'\\''");
  }
  buf_adds(out, " ;;\n");
}

void shell_zsh(struct buf *out) {
  buf_adds(out,
           "#compdef cprof\n"
           "# Completion of cprof for zsh, from: cprof help completion zsh\n\n"
           "# What _cprof completes.\n"
           "_cprof_tables() {\n"
           "  commands=(");
  commands(out);
  buf_adds(out, " )\n  with_argument=(");
  names_with_argument(out);
  buf_adds(out, " )\n  others=(");
  words(out, shell_words);
  buf_adds(out, " )\n  topics=(");
  words(out, shell_topics);
  buf_adds(out, " )\n  shells=(");
  words(out, shell_names);
  buf_adds(out, " )\n  switches=(");
  shell_each_flag(flag_switch, out);
  buf_adds(out, " )\n  valued=(");
  shell_each_flag(flag_with_value, out);
  buf_adds(out, " )\n  makers=(");
  described(out, "record", record_help);
  buf_adds(out,
           " )\n}\n\n"
           "# The same behind `cprof record`.\n"
           "_cprof_record_tables() {\n"
           "  commands=() others=()\n"
           "  switches=(");
  shell_each_record_flag(flag_switch, out);
  buf_adds(out, " )\n  valued=(");
  shell_each_record_flag(flag_with_value, out);
  buf_adds(out,
           " )\n}\n\n"
           "# The value of a flag.\n"
           "_cprof_value() {\n"
           "  local -a values\n"
           "  case $1 in\n");
  shell_each_flag(flag_value, out);
  shell_each_record_flag(flag_value, out);
  buf_adds(out,
           "    (*) values=(true false); _describe -t values value values ;;\n"
           "  esac\n}\n\n");
  buf_add(out, shell_code_zsh, shell_code_zsh_size);
}
