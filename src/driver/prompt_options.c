// Assignments at the prompt. Values are more lenient than those of flags (yes, no, nothing for true) and in one way
// stricter: numbers are decimal.
#include "driver/prompt_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

void prompt_options_init(struct prompt_options *p, struct options *o, const struct profile *profile) {
  *p = (struct prompt_options){.options = o, .profile = profile};
}

void prompt_options_release(struct prompt_options *p) {
  for (size_t i = 0; i < PROMPT_MAX_OPTIONS; i++) free(p->owned[i]);
  *p = (struct prompt_options){0};
}

bool prompt_has_option(const struct option_row *row) {
  return row->group == GROUP_DISPLAY || row->group == GROUP_FILTER ||
         row->offset == offsetof(struct options, normalize);
}

// ---- setting --------------------------------------------------------------------------------------

static int set_owned(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  char *copy = strdup(text);
  if (!copy) return err_nomem(e);
  if (option_set(p->options, row, copy, e)) {
    free(copy);
    return -1;
  }
  char **slot = &p->owned[row - option_table];
  free(*slot);
  *slot = copy;
  return 0;
}

static int set_bool(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  static const char *const words[2][6] = {{"false", "f", "no", "n", "0", NULL}, {"true", "t", "yes", "y", "1", ""}};
  for (size_t value = 0; value < 2; value++)
    for (size_t i = 0; i < 6 && words[value][i]; i++)
      if (strcasecmp(text, words[value][i]) == 0) return option_set(p->options, row, value ? "true" : "false", e);
  return err_set(e, "%s takes yes or no, not \"%s\"", row->name, text);
}

static bool is_decimal(const char *text) {
  text += *text == '-' || *text == '+';
  return *text && text[strspn(text, "0123456789")] == '\0';
}

static int set_sample_index(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  uint32_t index;
  struct buf name = {0};
  if (profile_sample_index(p->profile, str_of(text), &index, e)) return -1;
  buf_str(&name, profile_str(p->profile, p->profile->sample_type[index].type));
  int result = name.failed ? err_nomem(e) : set_owned(p, row, name.n ? name.data : "", e);
  buf_release(&name);
  return result;
}

static int set_choice(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  return *text ? set_owned(p, row, text, e) : err_set(e, "%s takes one of its choices (options lists them)", row->name);
}

// Zeros before it make a number octal for flags, but not here.
static int set_int(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  const char *at = text + (*text == '-' || *text == '+');
  char digits[40];
  if (!is_decimal(text)) return err_set(e, "%s takes a whole number, not \"%s\"", row->name, text);
  while (at[0] == '0' && at[1]) at++;
  snprintf(digits, sizeof digits, "%s%s", *text == '-' ? "-" : "", at);
  return option_set(p->options, row, strlen(at) < sizeof digits - 1 ? digits : text, e);
}

static int set_option(struct prompt_options *p, const struct option_row *row, const char *text, struct err *e) {
  if (row->offset == offsetof(struct options, sample_index)) return set_sample_index(p, row, text, e);
  switch (row->type) {
    case OPTION_BOOL: return set_bool(p, row, text, e);
    case OPTION_INT: return set_int(p, row, text, e);
    case OPTION_FLOAT: return option_set(p->options, row, text, e);
    case OPTION_CHOICE:
    case OPTION_WORD: return set_choice(p, row, text, e);
    case OPTION_STRING:
    case OPTION_FILE:
    case OPTION_FOLDERS:
    case OPTION_TEXTS: break;  // of which the prompt has none
  }
  return set_owned(p, row, text, e);
}

// lines=true, cum=1. Without a value such a word does nothing, as in the reference.
static int set_by_choice(struct prompt_options *p, const struct option_row *row, const char *choice, const char *text,
                         struct err *e) {
  bool on = false;
  if (parse_bool(text, &on) || !on)
    return err_set(e, "did you mean: %s=%s (or %s=true for short)", row->name, choice, choice);
  return set_owned(p, row, choice, e);
}

// The value without its comment and the space around it, to be freed.
static char *value_of(struct str text) {
  for (size_t i = text.n; i-- > 0;)
    if (str_starts((struct str){text.p + i, text.n - i}, STR_LIT("//:"))) {
      text.n = i;
      break;
    }
  text = str_trim_space(text);
  return strndup(text.p, text.n);
}

struct prompt_assignment prompt_take_apart(struct str line) {
  struct prompt_assignment a = {.value = {"", 0}};
  const char *equals = memchr(line.p, '=', line.n);
  struct str name = line;
  if (equals) {
    name.n = (size_t)(equals - line.p);
    a.has_value = true;
    a.value = (struct str){equals + 1, line.n - name.n - 1};
  }
  name = str_trim_space(name);
  a.row = option_find(name);
  if (!a.row) a.row = option_find_choice(name, &a.choice);
  return a;
}

int prompt_assign(struct prompt_options *p, struct str line, struct err *e) {
  struct prompt_assignment a = prompt_take_apart(line);
  if (!a.row || !prompt_has_option(a.row)) return 0;
  if (!a.has_value && !a.choice && a.row->type != OPTION_BOOL)
    return err_set(e, "%s needs a value, as in: %s=<value>", a.row->name, a.row->name);
  char *value = value_of(a.value);
  if (!value) return err_nomem(e);
  int result = a.choice ? set_by_choice(p, a.row, a.choice, value, e) : set_option(p, a.row, value, e);
  free(value);
  return result ? -1 : 1;
}

// ---- shortcuts ------------------------------------------------------------------------------------

static bool clear_filters(size_t i, struct buf *assignment) {
  static const char *const filters[] = {"focus=", "ignore=", "hide=", "tagfocus=", "tagignore="};
  if (i >= sizeof filters / sizeof *filters) return false;
  buf_adds(assignment, filters[i]);
  return true;
}

// What is left of the line behind the prefix, compared with the type.
static bool is_type(struct str line, struct str prefix, struct str type) {
  if (!str_starts(line, prefix)) return false;
  return str_eq((struct str){line.p + prefix.n, line.n - prefix.n}, type);
}

// The line is a word of this type.
static bool choose_type(struct str line, struct str type, size_t i, struct buf *assignment) {
  bool total = is_type(line, STR_LIT("total_"), type), mean = is_type(line, STR_LIT("mean_"), type);
  if (i > (size_t)(total || mean)) return false;
  if (i == 0 && (total || mean)) {
    buf_adds(assignment, mean ? "mean=1" : "mean=0");
  } else {
    buf_adds(assignment, "sample_index=");
    buf_str(assignment, type);
  }
  return true;
}

// The words a type stands for are its own: the last one that has them counts.
static bool is_word_of(struct str line, struct str type) {
  return str_eq(line, type) || is_type(line, STR_LIT("total_"), type) || is_type(line, STR_LIT("mean_"), type);
}

bool prompt_shortcut(const struct profile *p, struct str line, size_t i, struct buf *assignment) {
  line = str_trim_space(line);
  for (uint32_t t = p->n_sample_types; t-- > 0;) {
    struct str type = profile_str(p, p->sample_type[t].type);
    if (is_word_of(line, type)) return choose_type(line, type, i, assignment);
  }
  return str_eq(line, STR_LIT(":")) && clear_filters(i, assignment);
}

// ---- the listing ----------------------------------------------------------------------------------

static int by_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static void list_choices(const struct option_row *row, struct buf *out) {
  const char *name[16] = {NULL};
  size_t n = 0;
  for (const struct option_choice *c = row->choices; c->name && n < sizeof name / sizeof *name; c++)
    name[n++] = c->name;
  qsort(name, n, sizeof *name, by_text);
  for (size_t i = 0; i < n; i++) buf_addf(out, "%s%s", i ? " | " : "", name[i]);
}

static void list_sample_types(const struct profile *p, struct buf *out) {
  for (uint32_t i = 0; i < p->n_sample_types; i++) {
    if (i) buf_adds(out, " | ");
    buf_str(out, profile_str(p, p->sample_type[i].type));
  }
}

// What there is to say beside the value.
static void comment(const struct prompt_options *p, const struct option_row *row, struct buf *out) {
  bool types = row->offset == offsetof(struct options, sample_index);
  if (row->type == OPTION_CHOICE || row->type == OPTION_WORD || types) {
    buf_addc(out, '[');
    if (types) list_sample_types(p->profile, out);
    else list_choices(row, out);
    buf_addc(out, ']');
  } else if (row->offset == offsetof(struct options, nodecount) && p->options->nodecount == -1) {
    buf_adds(out, "default");
  }
}

static void value(const struct prompt_options *p, const struct option_row *row, struct buf *out) {
  option_text(p->options, row, out);
  if (out->n) return;
  if (row->offset == offsetof(struct options, sample_index) && p->profile->n_sample_types)
    buf_str(out, profile_str(p->profile, p->profile->sample_type[p->profile->n_sample_types - 1].type));
  else buf_adds(out, row->offset == offsetof(struct options, granularity) ? "(default)" : "\"\"");
}

static void list_option(const struct prompt_options *p, const struct option_row *row, struct buf *out) {
  struct buf text = {0}, note = {0};
  value(p, row, &text);
  comment(p, row, &note);
  buf_adds(out, "  ");
  buf_left(out, str_of(row->name), 25);
  buf_adds(out, " = ");
  buf_left(out, buf_view(&text), 20);
  buf_addc(out, ' ');
  if (note.n) buf_addf(out, "//: %s", note.data);
  buf_addc(out, '\n');
  out->failed |= text.failed || note.failed;
  buf_release(&text);
  buf_release(&note);
}

static int by_name(const void *a, const void *b) {
  return strcmp((*(const struct option_row *const *)a)->name, (*(const struct option_row *const *)b)->name);
}

void prompt_list_options(const struct prompt_options *p, struct buf *out) {
  const struct option_row *row[PROMPT_MAX_OPTIONS] = {NULL};
  size_t n = 0;
  for (size_t i = 0; i < option_count && n < PROMPT_MAX_OPTIONS; i++)
    if (prompt_has_option(&option_table[i]) && option_table[i].offset != offsetof(struct options, source_path))
      row[n++] = &option_table[i];
  qsort(row, n, sizeof *row, by_name);
  for (size_t i = 0; i < n; i++) list_option(p, row[i], out);
}
