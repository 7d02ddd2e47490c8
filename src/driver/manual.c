// cprof.1. Rows of the tables become entries, so that the page cannot drift from the program.
#include "driver/manual.h"

#include "driver/commands.h"
#include "driver/prompt_words.h"
#include "driver/record_command.h"

// Lines of the source that are longer are bad style to mandoc.
enum { LINE = 80 };

static size_t column(const struct buf *out) {
  size_t n = 0;
  while (n < out->n && out->data[out->n - 1 - n] != '\n') n++;
  return n;
}

// Would the word at s leave the line? Its escapes are counted, too.
static bool too_long(const struct buf *out, const char *s) {
  size_t n = 0;
  for (; *s && *s != ' ' && *s != '\n'; s++) n += *s == '-' || *s == '\\' ? 2 : 1;
  // The full stop of an entry may follow.
  return column(out) + 1 + n + 1 > LINE;
}

// Text of the tables: '-' and '\' mean something to troff, and so does a '.' that begins a line.
static void text(struct buf *out, const char *s) {
  for (; *s; s++) {
    if (column(out) == 0 && (*s == '.' || *s == '\'')) buf_adds(out, "\\&");
    if (*s == '-') buf_adds(out, "\\-");
    else if (*s == '\\') buf_adds(out, "\\e");
    else buf_addc(out, *s == ' ' && too_long(out, s + 1) ? '\n' : *s);
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

static void choices(struct buf *out, const char *prefix, const struct option_choice *c) {
  for (; c && c->name; c++) entry(out, prefix, c->name, NULL, c->help, NULL);
}

static void option(struct buf *out, const struct option_row *row) {
  static const char *const values[] = {NULL, "number", "number", "text", NULL, "word", "file", "folders", "text"};
  if (row->type == OPTION_CHOICE) {
    choices(out, "-", row->choices);
    return;
  }
  entry(out, "-", row->name, values[row->type], row->help, row->details);
  if (!row->choices) return;
  buf_adds(out, ".RS\n");
  choices(out, "", row->choices);
  buf_adds(out, ".RE\n");
}

static void options(struct buf *out) {
  buf_adds(
      out,
      ".SH OPTIONS\nFlags follow Go's rules: \\-x, \\-\\-x, \\-x=v, \\-x v;\nthe first word that is none ends them.\n");
  for (enum option_group g = 0; g < GROUPS; g++) {
    buf_addf(out, ".SS %s\n", option_group_titles[g]);
    for (size_t i = 0; i < option_count; i++)
      if (option_table[i].group == g) option(out, &option_table[i]);
  }
  buf_adds(out, ".SS Sample types\n");
  for (size_t i = 0; i < legacy_flag_count; i++)
    entry(out, "-", legacy_flags[i].name, NULL, legacy_flags[i].help, NULL);
}

static void forms(struct buf *out, const char *title, const struct prompt_form *f) {
  buf_addf(out, ".SS %s\n", title);
  for (; f->form; f++) entry(out, "", f->form, NULL, f->help, NULL);
}

static void prompt(struct buf *out) {
  buf_adds(out,
           ".SH THE PROMPT\nWithout a report, cprof reads commands: from a terminal with editing,\n"
           "history (Up, Ctrl\\-R) and completion (Tab), else as they are.\n"
           "Ctrl\\-C stops a report. On a terminal long reports go to a pager.\n");
  forms(out, "Words behind the name of a report", prompt_report_forms);
  forms(out, "Options", prompt_option_forms);
  buf_adds(out, ".SS Besides\n");
  for (size_t i = 0; i < prompt_word_count; i++)
    entry(out, "", prompt_words[i].name, prompt_words[i].argument,
          prompt_words[i].help ? prompt_words[i].help : "The same", NULL);
}

static void servers(struct buf *out) {
  buf_adds(out,
           ".SH SERVERS\nA program that serves its profiles is asked for one by its URL: http, https, or\n"
           "https+insecure, which takes any certificate.\n"
           "HOST:PORT/PATH will do, and without a path the CPU profile of a Go program is\n"
           "meant (/debug/pprof/profile).\n"
           ".I http+unix://%2Frun%2Fserver.sock/debug/pprof/heap\nasks by a socket of this machine.\n"
           "Several servers are asked at once.\n"
           "A copy of what was fetched is saved, and named on standard error.\n"
           "Addresses without names are sent back to the server they came from, which may\n"
           "know them (\\-symbolize=local keeps it from being asked).\n"
           "A file of the name that is there is taken before any server.\n");
}

static void recording(struct buf *out) {
  buf_adds(out, ".SH RECORDING\n");
  text(out, record_help);
  buf_adds(out, ".\n");
  text(out, record_details);
  buf_addc(out, '\n');
  for (size_t i = 0; i < record_flag_count; i++) {
    const struct record_flag *f = &record_flags[i];
    entry(out, "-", f->name, f->value, f->help, f->details);
  }
}

void manual_page(struct buf *out) {
  buf_adds(out, ".TH CPROF 1 " CPROF_DATE " \"cprof " CPROF_VERSION
                "\" \"User Commands\"\n"
                ".SH NAME\ncprof \\- show where a program spends its time or memory\n"
                ".SH SYNOPSIS\n.B cprof\n.I report\n[\\fIflags\\fP] \\fIsource\\fP...\n.br\n"
                ".B cprof\n\\-\\fIreport\\fP [\\fIflags\\fP] \\fIsource\\fP...\n.br\n"
                ".B cprof\n[\\fIflags\\fP] \\fIsource\\fP...\n.br\n"
                ".B cprof record\n[\\fIflags\\fP] [\\-\\-] \\fIprogram\\fP [\\fIargument\\fP...]\n.br\n"
                ".B cprof record\n[\\fIflags\\fP] \\-p \\fIpid\\fP\n.br\n"
                ".B cprof help\n[\\fIreport\\fP or \\fIoption\\fP]\n.br\n"
                ".B cprof help completion\nbash|zsh|fish\n"
                ".SH DESCRIPTION\ncprof reads profiles (profile.proto and older formats, compressed or not) and\n"
                "prints reports of them, the same as pprof's.\n"
                "A source is a file, \\- for standard input, or the URL of a server; several are\n"
                "merged.\n"
                "Where the first word is an ELF file it names the main binary.\n");
  servers(out);
  commands(out);
  options(out);
  prompt(out);
  recording(out);
  buf_adds(
      out,
      ".SH EXIT STATUS\n0, or 2 after a message on standard error.\n"
      "A source that cannot be read is named there; the others are used.\n"
      "record returns what the program returned, 128 and its number for a signal.\n"
      ".SH FILES\n.TP\n.I $XDG_STATE_HOME/cprof/history\nWhat was typed at the prompt; by default below "
      "~/.local/state.\n"
      ".TP\n.I $XDG_CONFIG_HOME/cprof/settings\nOptions that the prompt starts with, lines of NAME=VALUE;\n"
      "by default below ~/.config.\n"
      ".TP\n.I $HOME/pprof\nCopies of profiles that were fetched from servers.\n"
      ".TP\n.I ~/.netrc\nNames and passwords for servers.\n"
      ".SH ENVIRONMENT\n.TP\n.B PPROF_BINARY_PATH\nFolders to look for binaries in, joined by colons: by build id\n"
      "(ID/NAME, ID/*, FILE/ID, the first two digits as a folder and the\n"
      "others .debug), by name and by path.\n"
      "Otherwise $HOME/pprof/binaries.\n"
      ".TP\n.B PPROF_TMPDIR\nThe folder for copies of profiles that were fetched.\n"
      ".TP\n.B http_proxy, https_proxy, no_proxy\nServers that are asked for others, and for which not, as curl takes\n"
      "them. This machine is asked directly.\n"
      ".TP\n.B SSL_CERT_FILE, SSL_CERT_DIR\nWho vouches for servers, unless \\-tls_ca says so.\n"
      ".TP\n.B DEBUGINFOD_URLS\nServers that \\-debuginfod asks, separated by spaces.\n"
      "The other variables of debuginfod\\(aqs clients are heeded, too\n"
      "(DEBUGINFOD_CACHE_PATH, DEBUGINFOD_TIMEOUT, DEBUGINFOD_PROGRESS).\n"
      ".TP\n.B BROWSER\nThe first program tried for web.\n"
      ".TP\n.B NO_COLOR\nNo colours unless \\-color says so.\n"
      ".TP\n.B PAGER\nWhere the prompt shows long reports; less by default.\n"
      ".TP\n.B TMPDIR\nWhere files for viewers are "
      "put.\n"
      ".TP\n.B TZ\nThe zone times are shown in.\n");
}
