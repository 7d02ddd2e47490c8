// What can be typed at the prompt besides the names of reports and options: one table for the prompt itself,
// completion, help and the man page.
#ifndef CPROF_DRIVER_PROMPT_WORDS_H
#define CPROF_DRIVER_PROMPT_WORDS_H

#include "base/base.h"

enum prompt_action { PROMPT_LIST_OPTIONS, PROMPT_HELP, PROMPT_RELOAD, PROMPT_SAVE, PROMPT_QUIT };

// Words that the prompt knows itself.
struct prompt_word {
  const char *name;
  enum prompt_action action;
  const char *argument, *help;  // NULL help: short for the word before
};
extern const struct prompt_word prompt_words[];
extern const size_t prompt_word_count;
const struct prompt_word *prompt_word_find(struct str name);

// Forms of lines and of words in them.
struct prompt_form {
  const char *form, *help;
};
extern const struct prompt_form prompt_report_forms[];  // behind the name of a report; ends with a NULL form
extern const struct prompt_form prompt_option_forms[];  // lines that set options; ends with a NULL form

#endif
