// Parsing a command line of the prompt.
#include "driver/prompt_command.h"

#include "driver/suggest.h"

enum { SHORT_REPORT = 10 };  // rows of top at the prompt

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool prompt_next_word(struct str *rest, struct str *word) {
  while (rest->n && is_space(*rest->p)) rest->p++, rest->n--;
  *word = (struct str){rest->p, 0};
  while (rest->n && !is_space(*rest->p)) rest->p++, rest->n--, word->n++;
  return word->n > 0;
}

// ---- texts that the options point to ------------------------------------------------------------

static int set_text(struct prompt_command *c, const char **field, struct str s, struct err *e) {
  const char *text = arena_text(&c->text, s);
  if (!text) return err_nomem(e);
  *field = text;
  return 0;
}

// Several words are alternatives.
static void add_alternative(struct buf *rx, struct str word) {
  if (rx->n && word.n) buf_addc(rx, '|');
  buf_str(rx, word);
}

// ---- the name -----------------------------------------------------------------------------------

const struct command *prompt_find_command(struct str word, struct str *count) {
  const struct command *whole = command_find(word);
  size_t n = word.n;
  while (!whole && n && word.p[n - 1] >= '0' && word.p[n - 1] <= '9') n--;
  *count = (struct str){word.p + n, word.n - n};
  return whole ? whole : command_find((struct str){word.p, n});
}

static int unknown(struct str name, struct str rest, struct err *e) {
  const char *choice;
  struct str value;
  const struct option_row *row = option_find(name);
  if (row || option_find_choice(name, &choice)) {
    if (!prompt_next_word(&rest, &value)) value = row ? STR_LIT("<value>") : STR_LIT("true");
    return err_set(e, "did you mean: %.*s=%.*s", STR_ARG(name), STR_ARG(value));
  }
  const char *near = suggest_command(name);
  return near ? err_set(e, "there is no command \"%.*s\" (did you mean: %s)", STR_ARG(name), near)
              : err_set(e, "there is no command \"%.*s\" (help lists them)", STR_ARG(name));
}

static int find_command(struct prompt_command *c, struct str *rest, struct str *count, struct err *e) {
  struct str name;
  if (!prompt_next_word(rest, &name)) return err_set(e, "there is no command");
  c->command = prompt_find_command(name, count);
  return c->command ? 0 : unknown(name, *rest, e);
}

// ---- the words behind it --------------------------------------------------------------------------

// A decimal number of 32 bits, with a sign maybe.
static bool parse_count(struct str word, int64_t *count) {
  bool negative = word.n && word.p[0] == '-';
  size_t i = negative || (word.n && word.p[0] == '+');
  int64_t v = 0;
  if (i == word.n) return false;
  for (; i < word.n; i++) {
    if (word.p[i] < '0' || word.p[i] > '9') return false;
    v = v * 10 + (word.p[i] - '0');
    if (v > (int64_t)INT32_MAX + negative) return false;
  }
  *count = negative ? -v : v;
  return true;
}

struct words {
  struct str rest;
  struct buf focus, ignore;
};

static int take_output(struct prompt_command *c, struct words *w, struct str word, struct err *e) {
  struct str name = {word.p + 1, word.n - 1};
  if (!name.n && !prompt_next_word(&w->rest, &name)) return err_set(e, "a file name has to follow >");
  return set_text(c, &c->options.output, name, e);
}

static int take_shell(struct prompt_command *c, struct words *w, struct err *e) {
  struct str command = str_trim_space(w->rest);
  w->rest.n = 0;
  if (!command.n) return err_set(e, "a shell command has to follow |");
  return set_text(c, &c->shell, command, e);
}

static int take_word(struct prompt_command *c, struct words *w, struct str word, struct err *e) {
  if (parse_count(word, &c->options.nodecount)) return 0;
  if (str_eq(word, STR_LIT("|"))) return take_shell(c, w, e);
  if (word.p[0] == '>') return take_output(c, w, word, e);
  if (str_eq(word, STR_LIT("-cum")) || str_eq(word, STR_LIT("--cum"))) c->options.sort = "cum";
  else if (word.p[0] == '-') add_alternative(&w->ignore, (struct str){word.p + 1, word.n - 1});
  else add_alternative(&w->focus, word);
  return 0;
}

static int take_filters(struct prompt_command *c, const struct words *w, struct err *e) {
  bool tags = strcmp(c->command->name, "tags") == 0;
  struct options *o = &c->options;
  if (w->focus.failed || w->ignore.failed) return err_nomem(e);
  if (w->focus.n && set_text(c, tags ? &o->tagfocus : &o->focus, buf_view(&w->focus), e)) return -1;
  return w->ignore.n ? set_text(c, tags ? &o->tagignore : &o->ignore, buf_view(&w->ignore), e) : 0;
}

static int take_argument(struct prompt_command *c, struct words *w, struct str *count, struct err *e) {
  struct str argument = *count;
  if (!c->command->argument) return 0;
  *count = (struct str){"", 0};
  if (!argument.n && !prompt_next_word(&w->rest, &argument))
    return err_set(e, "%s needs %s, as in: %s main", c->command->name, c->command->argument, c->command->name);
  return set_text(c, &c->argument, argument, e);
}

int prompt_command_parse(struct prompt_command *c, const struct options *current, struct str line, struct err *e) {
  struct words w = {.rest = line};
  struct str word, count = {"", 0};
  *c = (struct prompt_command){.options = *current};
  int result = find_command(c, &w.rest, &count, e);
  if (!result) result = take_argument(c, &w, &count, e);
  if (!result && count.n) result = take_word(c, &w, count, e);
  while (!result && prompt_next_word(&w.rest, &word)) result = take_word(c, &w, word, e);
  if (!result) result = take_filters(c, &w, e);
  if (!result && c->options.nodecount == -1 && c->command->render == report_text) c->options.nodecount = SHORT_REPORT;
  buf_release(&w.focus);
  buf_release(&w.ignore);
  return result;
}

void prompt_command_release(struct prompt_command *c) {
  arena_release(&c->text);
  *c = (struct prompt_command){0};
}
