// The tables of the prompt.
#include "driver/prompt_words.h"

const struct prompt_word prompt_words[] = {
    {"options", PROMPT_LIST_OPTIONS, NULL, "List the options with their values"},
    {"o", PROMPT_LIST_OPTIONS, NULL, NULL},
    {"help", PROMPT_HELP, "NAME", "Tell about a report or an option; without NAME about all"},
    {"reload", PROMPT_RELOAD, NULL, "Read the profile again; from a server, take a new one"},
    {"save", PROMPT_SAVE, NULL, "Keep the options for later prompts"},
    {"quit", PROMPT_QUIT, NULL, "End; so does the end of input"},
    {"exit", PROMPT_QUIT, NULL, NULL},
    {"q", PROMPT_QUIT, NULL, NULL},
};
const size_t prompt_word_count = sizeof prompt_words / sizeof *prompt_words;

const struct prompt_word *prompt_word_find(struct str name) {
  for (size_t i = 0; i < prompt_word_count; i++)
    if (str_eq(name, str_of(prompt_words[i].name))) return &prompt_words[i];
  return NULL;
}

const struct prompt_form prompt_report_forms[] = {
    {"10", "At most so many rows; top10 for short"},
    {"REGEX", "Only samples with a frame that matches; in tags, labels that do"},
    {"-REGEX", "None of those"},
    {"-cum", "Sort by cum"},
    {"> FILE", "Write to a file"},
    {"| COMMAND", "Pass through a shell command"},
    {NULL, NULL},
};

const struct prompt_form prompt_option_forms[] = {
    {"NAME=VALUE", "Set an option until the end; what follows //: is a comment"},
    {"NAME", "Set a yes-or-no option to yes"},
    {":", "Clear focus, ignore, hide, tagfocus and tagignore"},
    {"SAMPLE_TYPE", "Show this sample type; total_TYPE and mean_TYPE also set mean"},
    {NULL, NULL},
};
