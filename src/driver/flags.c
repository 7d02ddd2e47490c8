// Parsing the command line.
#include "driver/flags.h"

#include "driver/suggest.h"

enum { MAX_LEGACY = 16, MAX_ROWS = 64 };

struct parser {
  struct invocation *v;
  char **at, **end;
  struct buf *notes;
  struct err *e;
  bool legacy[MAX_LEGACY];         // which of legacy_flags are set
  unsigned chosen[MAX_ROWS];       // bit a choice, a row of option_table
  unsigned command_set[MAX_ROWS];  // a row of command_table: set by a flag
  const char *command_argument[MAX_ROWS];
};

_Static_assert(sizeof(unsigned) * 8 >= 8, "a row's choices fit its bits");

struct flag {
  struct str name;
  const char *value;  // NULL: none was given after '='
};

// 1 a flag was split off *word, 0 it is none, -1 it is malformed.
static int split_flag(const char *word, struct flag *f, struct err *e) {
  if (word[0] != '-' || !word[1]) return 0;
  const char *name = word + 1 + (word[1] == '-');
  if (!*name || *name == '-' || *name == '=') return err_set(e, "malformed flag %s", word);
  const char *equals = strchr(name, '=');
  *f = (struct flag){{name, equals ? (size_t)(equals - name) : strlen(name)}, equals ? equals + 1 : NULL};
  return 1;
}

static int bool_value(struct parser *p, const struct flag *f, bool *v) {
  *v = true;
  if (f->value && parse_bool(f->value, v))
    return err_set(p->e, "-%.*s takes true or false, not \"%s\"", STR_ARG(f->name), f->value);
  return 0;
}

static const char *string_value(struct parser *p, const struct flag *f) {
  if (f->value) return f->value;
  if (p->at < p->end) return *p->at++;
  err_set(p->e, "-%.*s needs a value", STR_ARG(f->name));
  return NULL;
}

static int take_choice(struct parser *p, const struct flag *f, const struct option_row *row, const char *choice) {
  bool on;
  if (bool_value(p, f, &on)) return -1;
  unsigned bit = 0;
  while (row->choices[bit].name != choice) bit++;
  unsigned *chosen = &p->chosen[row - option_table];
  *chosen = on ? *chosen | 1u << bit : *chosen & ~(1u << bit);
  return 0;
}

static int take_option(struct parser *p, const struct flag *f, const struct option_row *row) {
  if (row->type != OPTION_BOOL) {
    const char *text = string_value(p, f);
    return text ? option_set(&p->v->options, row, text, p->e) : -1;
  }
  bool on;
  return bool_value(p, f, &on) ? -1 : option_set(&p->v->options, row, on ? "true" : "false", p->e);
}

static int take_command(struct parser *p, const struct flag *f, const struct command *c) {
  size_t row = (size_t)(c - command_table);
  bool on;
  if (c->argument) {
    p->command_argument[row] = string_value(p, f);
    if (!p->command_argument[row]) return -1;
    p->command_set[row] = p->command_argument[row][0] != '\0';
    return 0;
  }
  if (bool_value(p, f, &on)) return -1;
  p->command_set[row] = on;
  return 0;
}

static int take_legacy(struct parser *p, const struct flag *f, bool *found) {
  for (size_t i = 0; i < legacy_flag_count; i++) {
    if (!str_eq(f->name, str_of(legacy_flags[i].name))) continue;
    *found = true;
    return bool_value(p, f, &p->legacy[i]);
  }
  return 0;
}

static int unknown_flag(struct parser *p, struct str name) {
  const char *near = suggest_flag(name);
  return near ? err_set(p->e, "there is no flag -%.*s (did you mean -%s?)", STR_ARG(name), near)
              : err_set(p->e, "there is no flag -%.*s", STR_ARG(name));
}

static int take_flag(struct parser *p, const struct flag *f) {
  const char *choice;
  const struct option_row *row = option_find(f->name);
  const struct command *command = command_find(f->name);
  bool legacy = false;
  if (row && row->type != OPTION_CHOICE) return take_option(p, f, row);
  if ((row = option_find_choice(f->name, &choice))) return take_choice(p, f, row, choice);
  if (command) return take_command(p, f, command);
  if (take_legacy(p, f, &legacy)) return -1;
  return legacy ? 0 : unknown_flag(p, f->name);
}

// Takes flags up to the first word that is none. *ended says whether -- was met.
static int take_flags(struct parser *p, bool *ended) {
  *ended = false;
  while (p->at < p->end) {
    struct flag f = {0};
    if (strcmp(*p->at, "--") == 0) {
      p->at++;
      *ended = true;
      return 0;
    }
    int is_flag = split_flag(*p->at, &f, p->e);
    if (is_flag <= 0) return is_flag;
    p->at++;
    if (str_eq(f.name, STR_LIT("h")) || str_eq(f.name, STR_LIT("help"))) p->v->kind = RUN_HELP;
    else if (str_eq(f.name, STR_LIT("version"))) p->v->kind = RUN_VERSION;
    else if (take_flag(p, &f)) return -1;
  }
  return 0;
}

static int commands_by_flag(struct parser *p, size_t *row) {
  int n = 0;
  for (size_t i = 0; i < command_count; i++)
    if (p->command_set[i]) *row = i, n++;
  return n;
}

// `cprof top …`, `cprof help …`: the word and the flags behind it.
static int take_subcommand(struct parser *p) {
  bool ended = false;
  size_t row;
  if (p->at == p->end || commands_by_flag(p, &row)) return 0;
  struct str word = str_of(*p->at);
  if (str_eq(word, STR_LIT("help")) || str_eq(word, STR_LIT("version"))) {
    p->v->kind = word.p[0] == 'h' ? RUN_HELP : RUN_VERSION;
    p->at++;
    return 0;
  }
  const struct command *c = command_find(word);
  if (!c) return 0;
  p->at++;
  p->v->command = c;
  if (take_flags(p, &ended)) return -1;
  if (!c->argument) return 0;
  if (p->at == p->end) return err_set(p->e, "%s needs %s", c->name, c->argument);
  p->v->argument = *p->at++;
  return ended ? 0 : take_flags(p, &ended);
}

static int settle_command(struct parser *p) {
  size_t row = 0;
  int n = commands_by_flag(p, &row);
  if (n + (p->v->command != NULL) > 1) return err_set(p->e, "more than one report format was given");
  if (n == 0) return 0;
  const struct command *c = &command_table[row];
  p->v->command = c;
  p->v->argument = p->command_argument[row];
  if (*p->v->options.http && !c->beside_http)
    return err_set(p->e, "-http goes without -%s (to begin with that page: cprof %s -http=%s%s...)", c->name, c->name,
                   p->v->options.http, c->argument ? " REGEX " : " ");
  return 0;
}

static int settle_choices(struct parser *p) {
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    unsigned chosen = p->chosen[i];
    if (!chosen) continue;
    unsigned bit = (unsigned)__builtin_ctz(chosen);
    if (chosen != 1u << bit)
      return err_set(p->e, "-%s and -%s exclude each other", row->choices[bit].name,
                     row->choices[__builtin_ctz(chosen & (chosen - 1))].name);
    option_set(&p->v->options, row, row->choices[bit].name, p->e);
  }
  return 0;
}

// The first one counts, and -sample_index before all.
static void settle_legacy(struct parser *p) {
  struct options *o = &p->v->options;
  for (size_t i = 0; i < legacy_flag_count; i++) {
    if (!p->legacy[i]) continue;
    o->mean |= legacy_flags[i].mean;
    if (!*o->sample_index) o->sample_index = legacy_flags[i].sample_index;
    else buf_addf(p->notes, "Several sample types were chosen, -%s is ignored\n", legacy_flags[i].name);
  }
}

static int check_together(struct parser *p) {
  const struct options *o = &p->v->options;
  if (*o->http && (*o->output || o->json || o->csv)) return err_set(p->e, "-http goes without -output, -json and -csv");
  if (o->no_browser && !*o->http) return err_set(p->e, "-no_browser goes with -http only");
  if (*o->base && *o->diff_base) return err_set(p->e, "-base and -diff_base exclude each other");
  if (o->normalize && !*o->base && !*o->diff_base) return err_set(p->e, "-normalize needs -base or -diff_base");
  report_render *render = NULL;
  if (p->v->command && command_render(p->v->command, o, &render, p->e)) return -1;
  return 0;
}

int flags_parse(struct invocation *v, int argc, char **argv, struct buf *notes, struct err *e) {
  struct parser p = {.v = v, .at = argv + 1, .end = argv + argc, .notes = notes, .e = e};
  bool ended;
  *v = (struct invocation){.kind = RUN_COMMAND};
  options_init(&v->options);
  if (take_flags(&p, &ended)) return -1;
  if (!ended && take_subcommand(&p)) return -1;
  v->words = p.at;
  v->n_words = (size_t)(p.end - p.at);
  if (v->kind != RUN_COMMAND) return 0;
  if (settle_command(&p) || settle_choices(&p)) return -1;
  settle_legacy(&p);
  return check_together(&p);
}
