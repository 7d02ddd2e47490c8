// What the scripts of all shells have in common: the flags, the words that are no flags, quoting.
#include "driver/shell_completion.h"

#include "driver/commands.h"
#include "driver/record_command.h"

// As flags.c takes them.
const struct option_choice shell_words[] = {
    {"help", "About a report or an option"}, {"version", "The version of cprof"}, {NULL, NULL}};
const struct option_choice shell_topics[] = {{"record", "What takes a profile"},
                                             {"man", "The manual page"},
                                             {"completion", "What makes a shell complete"},
                                             {NULL, NULL}};
const struct option_choice shell_names[] = {
    {"bash", "For bash"}, {"zsh", "For zsh"}, {"fish", "For fish"}, {NULL, NULL}};

typedef void visit_flag(struct buf *out, const struct shell_flag *flag);

static void each_switch(visit_flag *visit, struct buf *out, const struct option_choice *c) {
  for (; c->name; c++) visit(out, &(struct shell_flag){c->name, c->help, OPTION_BOOL, NULL});
}

static void each_command(visit_flag *visit, struct buf *out) {
  for (size_t i = 0; i < command_count; i++) {
    const struct command *c = &command_table[i];
    visit(out, &(struct shell_flag){c->name, c->help, c->argument ? OPTION_STRING : OPTION_BOOL, NULL});
  }
}

static void each_option(visit_flag *visit, struct buf *out) {
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (row->type == OPTION_CHOICE) each_switch(visit, out, row->choices);
    else visit(out, &(struct shell_flag){row->name, row->help, row->type, row->choices});
  }
}

static void each_sample_type(visit_flag *visit, struct buf *out) {
  for (size_t i = 0; i < legacy_flag_count; i++)
    visit(out, &(struct shell_flag){legacy_flags[i].name, legacy_flags[i].help, OPTION_BOOL, NULL});
}

void shell_each_flag(visit_flag *visit, struct buf *out) {
  each_command(visit, out);
  each_option(visit, out);
  each_sample_type(visit, out);
}

void shell_each_record_flag(visit_flag *visit, struct buf *out) {
  for (size_t i = 0; i < record_flag_count; i++)
    visit(out, &(struct shell_flag){record_flags[i].name, record_flags[i].help, record_flags[i].type, NULL});
}

void shell_quoted(struct buf *out, const char *text, const char *quote) {
  buf_addc(out, '\'');
  for (; *text; text++) {
    if (*text == '\'') buf_adds(out, quote);
    else buf_addc(out, *text);
  }
  buf_addc(out, '\'');
}

int shell_completion(struct str shell, struct buf *out, struct err *e) {
  static void (*const writers[])(struct buf *) = {shell_bash, shell_zsh, shell_fish};
  for (size_t i = 0; shell_names[i].name; i++) {
    if (!str_eq(shell, str_of(shell_names[i].name))) continue;
    writers[i](out);
    return 0;
  }
  return err_set(e, "cprof help completion takes bash, zsh or fish%s%.*s%s", shell.n ? ", not \"" : "", STR_ARG(shell),
                 shell.n ? "\"" : "");
}
