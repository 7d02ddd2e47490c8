// cprof.1. Rows of the tables become entries, so that the page cannot drift from the program.
#include "driver/manual.h"

#include "driver/commands.h"

// Text of the tables: '-' and '\' mean something to troff, and so does a '.' that begins a line.
static void text(struct buf *out, const char *s) {
  bool line_start = true;
  for (; *s; s++) {
    if (line_start && (*s == '.' || *s == '\'')) buf_adds(out, "\\&");
    if (*s == '-') buf_adds(out, "\\-");
    else if (*s == '\\') buf_adds(out, "\\e");
    else buf_addc(out, *s);
    line_start = *s == '\n';
  }
}

static void entry(struct buf *out, const char *prefix, const char *name, const char *value, const char *help,
                  const char *details) {
  buf_adds(out, ".TP\n.B ");
  text(out, prefix);
  text(out, name);
  if (value) {
    buf_adds(out, " \\fI");
    text(out, value);
    buf_adds(out, "\\fP");
  }
  buf_addc(out, '\n');
  text(out, help);
  buf_adds(out, ".\n");
  if (details) {
    text(out, details);
    buf_addc(out, '\n');
  }
}

static void commands(struct buf *out) {
  buf_adds(out, ".SH REPORTS\nThe name of a report comes first, or stands as a flag (\\-\\fItop\\fP).\n");
  for (size_t i = 0; i < command_count; i++) {
    const struct command *c = &command_table[i];
    entry(out, "", c->name, c->argument, c->help, c->details);
  }
}

static void option(struct buf *out, const struct option_row *row) {
  static const char *const values[] = {NULL, "number", "number", "text", NULL};
  if (row->type != OPTION_CHOICE) entry(out, "-", row->name, values[row->type], row->help, row->details);
  for (const struct option_choice *c = row->choices; c && c->name; c++) entry(out, "-", c->name, NULL, c->help, NULL);
}

static void options(struct buf *out) {
  static const char *const titles[GROUPS] = {"How it is shown", "What is shown", "Sources", "In the browser"};
  buf_adds(
      out,
      ".SH OPTIONS\nFlags follow Go's rules: \\-x, \\-\\-x, \\-x=v, \\-x v; the first word that is none ends them.\n");
  for (enum option_group g = 0; g < GROUPS; g++) {
    buf_addf(out, ".SS %s\n", titles[g]);
    for (size_t i = 0; i < option_count; i++)
      if (option_table[i].group == g) option(out, &option_table[i]);
  }
  buf_adds(out, ".SS Sample types\n");
  for (size_t i = 0; i < legacy_flag_count; i++) {
    struct buf help = {0};
    buf_addf(&help, "The same as %s-sample_index=%s", legacy_flags[i].mean ? "-mean " : "",
             legacy_flags[i].sample_index);
    entry(out, "-", legacy_flags[i].name, NULL, help.failed ? "" : help.data, NULL);
    buf_release(&help);
  }
}

void manual_page(struct buf *out) {
  buf_adds(out, ".TH CPROF 1 \"\" \"cprof " CPROF_VERSION
                "\" \"User Commands\"\n"
                ".SH NAME\ncprof \\- show where a program spends its time or memory\n"
                ".SH SYNOPSIS\n.B cprof\n.I report\n[\\fIflags\\fP] \\fIsource\\fP...\n.br\n"
                ".B cprof\n\\-\\fIreport\\fP [\\fIflags\\fP] \\fIsource\\fP...\n.br\n"
                ".B cprof help\n[\\fIreport\\fP or \\fIoption\\fP]\n"
                ".SH DESCRIPTION\ncprof reads profiles (profile.proto and older formats, compressed or not) and prints "
                "reports of "
                "them, the same as pprof's. A source is a file, or \\- for standard input; several are merged. Where "
                "the first word "
                "is an ELF file it names the main binary.\n");
  commands(out);
  options(out);
  buf_adds(
      out,
      ".SH EXIT STATUS\n0, or 2 after a message on standard error. A source that cannot be read is named there; the "
      "others are used.\n"
      ".SH ENVIRONMENT\n.TP\n.B PPROF_BINARY_PATH\nFolders to look for binaries in, joined by colons: by build id "
      "(ID/NAME, ID/*, FILE/ID, the first two digits as a folder and the others .debug), by name and by path. "
      "Otherwise $HOME/pprof/binaries.\n"
      ".TP\n.B DEBUGINFOD_URLS\nWhere it is set, \\-debuginfod looks into the cache of debuginfod's clients "
      "(DEBUGINFOD_CACHE_PATH, XDG_CACHE_HOME).\n.TP\n.B BROWSER\nThe first program tried for web.\n.TP\n.B "
      "TMPDIR\nWhere files for viewers are "
      "put.\n"
      ".TP\n.B TZ\nThe zone times are shown in.\n");
}
