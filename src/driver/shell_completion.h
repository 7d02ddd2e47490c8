// Completion scripts for shells, made from the tables of options and commands. A script is tables, which are written
// here, and the code of assets/completion.SHELL, which reads them and knows the rules of flags.h.
#ifndef CPROF_DRIVER_SHELL_COMPLETION_H
#define CPROF_DRIVER_SHELL_COMPLETION_H

#include "driver/options.h"

// Appends the script for "bash", "zsh" or "fish". -1 with a message for another name.
int shell_completion(struct str shell, struct buf *out, struct err *e);

// ---- what the writers of the scripts share ------------------------------------------------------

// A word that may follow '-': an option, a choice, a command, a sample type.
struct shell_flag {
  const char *name, *help;
  enum option_type type;                // of its value; OPTION_BOOL: it needs none
  const struct option_choice *choices;  // words for its value; NULL: none are known
};
// Calls for every flag but those of shell_words; for those of cprof record.
void shell_each_flag(void (*visit)(struct buf *out, const struct shell_flag *flag), struct buf *out);
void shell_each_record_flag(void (*visit)(struct buf *out, const struct shell_flag *flag), struct buf *out);
// What follows `cprof` besides the commands (as flags, too), what follows `cprof help` besides the flags, and the
// shells. Each ends with a NULL name.
extern const struct option_choice shell_words[], shell_topics[], shell_names[];
// 'text', with quotes in it as `quote` has them.
void shell_quoted(struct buf *out, const char *text, const char *quote);

void shell_bash(struct buf *out);
void shell_zsh(struct buf *out);
void shell_fish(struct buf *out);

// The files of assets/, from assets/embed.cmake.
extern const char shell_code_bash[], shell_code_zsh[], shell_code_fish[];
extern const size_t shell_code_bash_size, shell_code_zsh_size, shell_code_fish_size;

#endif
