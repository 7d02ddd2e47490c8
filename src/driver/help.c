// Help texts.
#include "driver/help.h"

#include "driver/commands.h"

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
  for (const struct option_choice *c = row->choices; c->name; c++) entry(out, "-", c->name, c->help);
}

static void options_of_group(enum option_group group, const char *title, struct buf *out) {
  buf_addf(out, "\n%s:\n", title);
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (row->group != group) continue;
    if (row->type == OPTION_CHOICE) choices(row, out);
    else entry(out, "-", row->name, row->help);
  }
}

void help_overview(struct buf *out) {
  static const char *const titles[GROUPS] = {"How it is shown", "What is shown", "Sources", "In the browser"};
  buf_adds(out,
           "cprof reads profiles and shows where a program spends its time or memory.\n\n"
           "  cprof top cpu.prof                     a report (flags may follow its name)\n"
           "  cprof -top -cum -focus=parse cpu.prof  the same by a flag\n"
           "  cprof -top -base=old.prof new.prof     what changed\n"
           "  cprof -top a.prof b.prof               several profiles in one\n"
           "  cprof help top                         about a report or an option\n\n"
           "A source is a file, compressed or not, or - for standard input.\n\n"
           "Reports:\n");
  for (size_t i = 0; i < command_count; i++) entry(out, "", command_table[i].name, command_table[i].help);
  for (enum option_group g = 0; g < GROUPS; g++) options_of_group(g, titles[g], out);
  buf_adds(out, "\nSample types, for profiles that have them:\n");
  for (size_t i = 0; i < legacy_flag_count; i++) {
    struct buf text = {0};
    buf_addf(&text, "The same as %s-sample_index=%s", legacy_flags[i].mean ? "-mean " : "",
             legacy_flags[i].sample_index);
    entry(out, "-", legacy_flags[i].name, text.failed ? "" : text.data);
    buf_release(&text);
  }
}

void help_prompt(struct buf *out) {
  buf_adds(out, "Reports:\n");
  for (size_t i = 0; i < command_count; i++) entry(out, "", command_table[i].name, command_table[i].help);
  buf_adds(out,
           "\nWords behind a report:\n"
           "  10                     at most so many rows (top10 for short)\n"
           "  REGEX                  only samples with a frame that matches; in tags, labels\n"
           "  -REGEX                 none of those\n"
           "  -cum                   sorted by cum\n"
           "  > FILE                 into a file\n"
           "  | COMMAND              through a shell command\n"
           "\nOptions:\n"
           "  NAME=VALUE             sets one until the end; text behind //: is a comment\n"
           "  NAME                   sets a yes-or-no option to yes\n"
           "  o, options             lists all with their values\n"
           "  :                      clears focus, ignore, hide, tagfocus and tagignore\n"
           "  SAMPLE_TYPE            shows this sample type; total_… and mean_… also set mean\n"
           "  save                   keeps the options for later prompts\n"
           "\nBesides:\n"
           "  help NAME              about a report or an option\n"
           "  reload                 reads the profile again\n"
           "  quit, exit, q          ends (so does the end of input)\n");
}

static void about_command(const struct command *c, struct buf *out) {
  buf_addf(out, "%s: %s.\n", c->name, c->help);
  if (c->details) buf_addf(out, "%s\n", c->details);
  buf_addf(out, "\n  cprof %s%s%s [flags] SOURCE...\n  cprof -%s%s%s [flags] SOURCE...\n", c->name,
           c->argument ? " " : "", c->argument ? c->argument : "", c->name, c->argument ? "=" : "",
           c->argument ? c->argument : "");
}

static void about_option(const struct option_row *row, struct buf *out) {
  static const char *const kinds[] = {"", "=NUMBER", "=NUMBER", "=TEXT", ""};
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
