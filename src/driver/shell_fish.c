// Completion for fish: one `complete` a command and a flag.
#include "driver/commands.h"
#include "driver/record_command.h"
#include "driver/shell_completion.h"

static void quoted(struct buf *out, const char *text) { shell_quoted(out, text, "\\'"); }

static void word(struct buf *out, const char *place, const char *name, const char *help) {
  buf_addf(out, "complete -c cprof -n '__cprof_at %s' -a %s -d ", place, name);
  quoted(out, help);
  buf_addc(out, '\n');
}

static void words(struct buf *out, const char *place, const struct option_choice *c) {
  for (; c->name; c++) word(out, place, c->name, c->help);
}

static void topic(struct buf *out, const struct shell_flag *f) { word(out, "topic", f->name, f->help); }

// -x and --x; fish knows of the value behind '=' or a space. A name of one letter is an old-style one to it, too.
static void flag_at(struct buf *out, const char *places, const struct shell_flag *f) {
  buf_addf(out, "complete -c cprof -n '__cprof_at %s' -o %s -l %s", places, f->name, f->name);
  if (f->type == OPTION_FILE) buf_adds(out, " -rF");
  else if (f->type == OPTION_FOLDERS) buf_adds(out, " -xa '(__fish_complete_directories)'");
  else if (f->choices) buf_addf(out, " -xa '(__cprof_values %s)'", f->name);
  else if (f->type != OPTION_BOOL) buf_adds(out, " -x");
  buf_adds(out, " -d ");
  quoted(out, f->help);
  buf_addc(out, '\n');
}

static void flag(struct buf *out, const struct shell_flag *f) { flag_at(out, "first flags argument", f); }
static void record_flag(struct buf *out, const struct shell_flag *f) { flag_at(out, "record", f); }

// A branch of __cprof_values: lines with a word, a tab and what it does.
static void values(struct buf *out, const struct shell_flag *f) {
  if (!f->choices) return;
  buf_addf(out, "        case %s\n            printf '%%s\\t%%s\\n'", f->name);
  for (const struct option_choice *c = f->choices; c->name; c++) {
    buf_addf(out, " %s ", c->name);
    quoted(out, c->help);
  }
  buf_addc(out, '\n');
}

static void name_with_value(struct buf *out, const struct shell_flag *f) {
  if (f->type != OPTION_BOOL) buf_addf(out, " %s", f->name);
}

static void commands(struct buf *out, bool with_argument) {
  for (size_t i = 0; i < command_count; i++)
    if (!with_argument || command_table[i].argument) buf_addf(out, " %s", command_table[i].name);
}

static void functions(struct buf *out) {
  buf_adds(out, "function __cprof_values\n    switch $argv[1]\n");
  shell_each_flag(values, out);
  buf_adds(out, "    end\nend\n\nfunction __cprof_is_command\n    contains -- $argv[1]");
  commands(out, false);
  buf_adds(out, "\nend\n\nfunction __cprof_takes_argument\n    contains -- $argv[1]");
  commands(out, true);
  buf_adds(out, "\nend\n\nfunction __cprof_takes_value\n    contains -- $argv[1]");
  shell_each_flag(name_with_value, out);
  buf_adds(out, "\nend\n\nfunction __cprof_record_takes_value\n    contains -- $argv[1]");
  shell_each_record_flag(name_with_value, out);
  buf_adds(out, "\nend\n\n");
}

void shell_fish(struct buf *out) {
  buf_adds(out, "# Completion of cprof for fish, from: cprof help completion fish\n\n");
  functions(out);
  buf_add(out, shell_code_fish, shell_code_fish_size);
  buf_addc(out, '\n');
  for (size_t i = 0; i < command_count; i++) word(out, "first", command_table[i].name, command_table[i].help);
  words(out, "first", shell_words);
  word(out, "first", "record", record_help);
  words(out, "topic", shell_topics);
  shell_each_flag(topic, out);
  words(out, "shell", shell_names);
  shell_each_flag(flag, out);
  shell_each_record_flag(record_flag, out);
  for (const struct option_choice *c = shell_words; c->name; c++)
    flag(out, &(struct shell_flag){c->name, c->help, OPTION_BOOL, NULL});
}
