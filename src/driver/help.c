// Help texts.
#include "driver/help.h"

#include "driver/commands.h"
#include "driver/prompt_words.h"
#include "driver/record_command.h"

enum { NAME_WIDTH = 22 };

static void entry(struct buf *out, const char *dash, const char *name, const char *help) {
  struct buf left = {0};
  buf_adds(&left, dash);
  buf_adds(&left, name);
  buf_adds(out, "  ");
  buf_left(out, buf_view(&left), NAME_WIDTH);
  buf_addc(out, ' ');
  buf_adds(out, help);
  buf_addc(out, '\n');
  out->failed |= left.failed;
  buf_release(&left);
}

static void choices(const struct option_row *row, struct buf *out) {
  const char *dash = row->type == OPTION_CHOICE ? "-" : "";
  for (const struct option_choice *c = row->choices; c->name; c++) entry(out, dash, c->name, c->help);
}

static void options_of_group(enum option_group group, struct buf *out) {
  buf_addf(out, "\n%s:\n", option_group_titles[group]);
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (row->group != group) continue;
    if (row->type == OPTION_CHOICE) choices(row, out);
    else entry(out, "-", row->name, row->help);
  }
}

void help_overview(struct buf *out) {
  buf_adds(out,
           "cprof reads profiles and shows where a program spends its time or memory.\n\n"
           "  cprof top cpu.prof                     a report (flags may follow its name)\n"
           "  cprof -top -cum -focus=parse cpu.prof  the same by a flag\n"
           "  cprof -top -base=old.prof new.prof     what changed\n"
           "  cprof -top a.prof b.prof               several profiles in one\n"
           "  cprof cpu.prof                         the prompt, to look around in it\n"
           "  cprof record -o cpu.prof -- ./server   a profile of a program (cprof help record)\n"
           "  cprof help top                         about a report or an option\n"
           "  cprof help completion bash             what makes a shell complete (bash, zsh, fish)\n\n"
           "A source is a file, compressed or not, - for standard input, or the URL of a server that runs:\n\n"
           "  cprof http://localhost:6060/debug/pprof/profile?seconds=5\n"
           "  cprof localhost:6060                   the same, as long as the server likes (Go: 30 s)\n"
           "  cprof top host:6060/debug/pprof/heap   what else Go serves: allocs, goroutine, block, mutex, ...\n"
           "  cprof http+unix://%2Frun%2Fserver.sock/debug/pprof/heap\n\n"
           "Reports:\n");
  for (size_t i = 0; i < command_count; i++) entry(out, "", command_table[i].name, command_table[i].help);
  for (enum option_group g = 0; g < GROUPS; g++) options_of_group(g, out);
  buf_adds(out, "\nSample types, for profiles that have them:\n");
  for (size_t i = 0; i < legacy_flag_count; i++) entry(out, "-", legacy_flags[i].name, legacy_flags[i].help);
}

void help_record(struct buf *out) {
  struct buf name = {0};
  buf_addf(out, "record: %s.\n%s\n\n%s\n", record_help, record_details, record_forms);
  for (size_t i = 0; i < record_flag_count; i++) {
    const struct record_flag *f = &record_flags[i];
    buf_clear(&name);
    buf_addf(&name, "%s%s%s", f->name, f->value ? " " : "", f->value ? f->value : "");
    entry(out, "-", name.failed ? "" : name.data, f->help);
    for (const char *line = f->details; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
      buf_addf(out, "%*s%.*s\n", NAME_WIDTH + 3, "", (int)strcspn(line, "\n"), line);
  }
  out->failed |= name.failed;
  buf_release(&name);
}

static void forms(const struct prompt_form *f, struct buf *out) {
  for (; f->form; f++) entry(out, "", f->form, f->help);
}

static void own_words(struct buf *out) {
  struct buf name = {0};
  for (size_t i = 0; i < prompt_word_count; i++) {
    buf_clear(&name);
    buf_addf(&name, "%s%s%s", prompt_words[i].name, prompt_words[i].argument ? " " : "",
             prompt_words[i].argument ? prompt_words[i].argument : "");
    if (!name.failed) entry(out, "", name.data, prompt_words[i].help ? prompt_words[i].help : "The same");
  }
  out->failed |= name.failed;
  buf_release(&name);
}

void help_prompt(struct buf *out) {
  buf_adds(out, "Reports:\n");
  for (size_t i = 0; i < command_count; i++) entry(out, "", command_table[i].name, command_table[i].help);
  buf_adds(out, "\nWords behind a report:\n");
  forms(prompt_report_forms, out);
  buf_adds(out, "\nOptions:\n");
  forms(prompt_option_forms, out);
  buf_adds(out, "\nBesides:\n");
  own_words(out);
}

static void about_command(const struct command *c, struct buf *out) {
  buf_addf(out, "%s: %s.\n", c->name, c->help);
  if (c->details) buf_addf(out, "%s\n", c->details);
  buf_addf(out, "\n  cprof %s%s%s [flags] SOURCE...\n  cprof -%s%s%s [flags] SOURCE...\n", c->name,
           c->argument ? " " : "", c->argument ? c->argument : "", c->name, c->argument ? "=" : "",
           c->argument ? c->argument : "");
}

static void about_option(const struct option_row *row, struct buf *out) {
  static const char *const kinds[] = {"", "=NUMBER", "=NUMBER", "=TEXT", "", "=WORD", "=FILE", "=FOLDERS", "=TEXT"};
  buf_addf(out, "-%s%s: %s.\n", row->name, kinds[row->type], row->help);
  if (row->details) buf_addf(out, "%s\n", row->details);
  if (row->choices) choices(row, out);
  if (*row->standard) buf_addf(out, "Default: %s\n", row->standard);
}

bool help_topic(struct str name, struct buf *out) {
  const char *choice;
  while (name.n && name.p[0] == '-') name.p++, name.n--;
  const struct command *c = command_find(name);
  const struct option_row *row = option_find(name);
  if (!row) row = option_find_choice(name, &choice);
  if (c) about_command(c, out);
  else if (row) about_option(row, out);
  return c || row;
}
