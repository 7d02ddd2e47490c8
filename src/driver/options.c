// The table of options, and setting fields from text.
#include "driver/options.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const struct option_choice sort_choices[] = {
    {"flat", "Sort by a node's own value"}, {"cum", "Sort by the value of a node and all it calls"}, {NULL, NULL}};

static const struct option_choice granularity_choices[] = {{"functions", "One row a function, whatever its file"},
                                                           {"filefunctions", "One row a function and file"},
                                                           {"files", "One row a source file"},
                                                           {"lines", "One row a source line"},
                                                           {"addresses", "One row an instruction address"},
                                                           {NULL, NULL}};

static const struct option_choice color_words[] = {{"auto", "On a terminal, unless NO_COLOR is set"},
                                                   {"always", "Also in files and pipes"},
                                                   {"never", "Not at all"},
                                                   {NULL, NULL}};

// Words of measure/measure.h.
static const struct option_choice units[] = {{"minimum", "One unit for all, chosen by the smallest values"},
                                             {"auto", "Every value in a unit of its own"},
                                             {"ns", "Nanoseconds"},
                                             {"us", "Microseconds"},
                                             {"ms", "Milliseconds"},
                                             {"s", "Seconds"},
                                             {"hrs", "Hours"},
                                             {"B", "Bytes"},
                                             {"kB", "1024 bytes"},
                                             {"MB", "1024 kB"},
                                             {"GB", "1024 MB"},
                                             {"TB", "1024 GB"},
                                             {"PB", "1024 TB"},
                                             {NULL, NULL}};

static const struct option_choice symbolize_words[] = {
    {"none", "Keep the names as they are"},
    {"local", "From binaries of this machine"},
    {"fastlocal", "From their symbol tables alone"},
    {"remote", "From servers, also those that only the profile names"},
    {"force", "Make all names anew"},
    {"demangle=full", "Names with templates and parameters"},
    {"demangle=templates", "Names with templates, without parameters"},
    {"demangle=none", "Names as the linker sees them"},
    {"demangle=default", "Names without templates and parameters"},
    {NULL, NULL}};

#define FIELD(name) offsetof(struct options, name)
#define REGEX "A regular expression in Go's syntax, matched with function, file and binary names."
#define TAGS                                                                                     \
  "VALUE or KEY=VALUE. VALUE is a range of numbers with units (4kb, 4kb:, :64kb, 4kb:64kb) or\n" \
  "regular expressions separated by commas."

const struct option_row option_table[] = {
    {"output", OPTION_FILE, GROUP_DISPLAY, FIELD(output), NULL, false, "", "Write the report to this file", NULL, NULL},
    {"json", OPTION_BOOL, GROUP_DISPLAY, FIELD(json), NULL, false, "false",
     "Write top, tree, peek, traces and tags as JSON",
     "Values are whole numbers in the profile's own unit; docs/json.md tells what is in it.", NULL},
    {"csv", OPTION_BOOL, GROUP_DISPLAY, FIELD(csv), NULL, false, "false", "Write top as comma-separated values",
     "Values are whole numbers in the profile's own unit, which the first line tells.", NULL},
    {"color", OPTION_WORD, GROUP_DISPLAY, FIELD(color), NULL, true, "auto",
     "Colour the hot rows of top, tree, peek and list", NULL, color_words},
    {"sort", OPTION_CHOICE, GROUP_DISPLAY, FIELD(sort), "sort", true, "flat", "Order of rows", NULL, sort_choices},
    {"granularity", OPTION_CHOICE, GROUP_DISPLAY, FIELD(granularity), "g", true, "", "What makes a row", NULL,
     granularity_choices},
    {"sample_index", OPTION_STRING, GROUP_DISPLAY, FIELD(sample_index), "si", false, "",
     "Sample type to show, by name or number",
     "`cprof raw FILE` lists the types of a profile. The default is the "
     "profile's own default,\nelse its last type.",
     NULL},
    {"unit", OPTION_STRING, GROUP_DISPLAY, FIELD(unit), "unit", true, "minimum", "Unit to show values in", NULL, units},
    {"mean", OPTION_BOOL, GROUP_DISPLAY, FIELD(mean), "mean", true, "false",
     "Divide values by the first sample type (a count)", NULL, NULL},
    {"divide_by", OPTION_FLOAT, GROUP_DISPLAY, FIELD(divide_by), NULL, false, "1", "Divide all values by this number",
     NULL, NULL},
    {"compact_labels", OPTION_BOOL, GROUP_DISPLAY, FIELD(compact_labels), "compact", true, "false",
     "Leave out the lines about the profile", NULL, NULL},
    {"relative_percentages", OPTION_BOOL, GROUP_DISPLAY, FIELD(relative_percentages), "rel", true, "false",
     "Percentages of what the filters leave, not of the whole profile", NULL, NULL},
    {"noinlines", OPTION_BOOL, GROUP_DISPLAY, FIELD(noinlines), "noinlines", true, "false",
     "Count inlined calls for the function they were inlined into", NULL, NULL},
    {"showcolumns", OPTION_BOOL, GROUP_DISPLAY, FIELD(showcolumns), "showcolumns", true, "false",
     "Tell the columns of a source line apart", NULL, NULL},
    {"call_tree", OPTION_BOOL, GROUP_DISPLAY, FIELD(call_tree), "calltree", true, "false",
     "Keep calls from different callers apart (dot, callgrind)", NULL, NULL},
    {"intel_syntax", OPTION_BOOL, GROUP_DISPLAY, FIELD(intel_syntax), "intel", true, "false",
     "Show assembly in Intel's syntax", NULL, NULL},
    {"source_path", OPTION_FOLDERS, GROUP_DISPLAY, FIELD(source_path), NULL, false, "", "Folders to search for sources",
     "Joined by ':'. The folders above each are searched, too. What is not found there is looked for by the end of\n"
     "its path below them, in $GOROOT, the cache of Go modules ($GOMODCACHE) and /usr/src.",
     NULL},
    {"trim_path", OPTION_FOLDERS, GROUP_DISPLAY, FIELD(trim_path), NULL, false, "", "Prefixes to cut from file names",
     NULL, NULL},

    {"nodecount", OPTION_INT, GROUP_FILTER, FIELD(nodecount), "n", true, "-1", "Most nodes to show",
     "-1 stands for all in top and text, 80 in graphs.", NULL},
    {"nodefraction", OPTION_FLOAT, GROUP_FILTER, FIELD(nodefraction), "nf", true, "0.005",
     "Drop nodes whose cum is below this share of the total", NULL, NULL},
    {"edgefraction", OPTION_FLOAT, GROUP_FILTER, FIELD(edgefraction), "ef", true, "0.001",
     "Drop edges below this share of the total", NULL, NULL},
    {"trim", OPTION_BOOL, GROUP_FILTER, FIELD(trim), "trim", true, "true",
     "Drop nodes and edges at all; -trim=false shows everything", NULL, NULL},
    {"drop_negative", OPTION_BOOL, GROUP_FILTER, FIELD(drop_negative), "dropneg", true, "false",
     "Leave out nodes whose value is negative", NULL, NULL},
    {"focus", OPTION_STRING, GROUP_FILTER, FIELD(focus), "f", true, "", "Only samples with a frame that matches", REGEX,
     NULL},
    {"ignore", OPTION_STRING, GROUP_FILTER, FIELD(ignore), "i", true, "", "No samples with a frame that matches", REGEX,
     NULL},
    {"hide", OPTION_STRING, GROUP_FILTER, FIELD(hide), "h", true, "", "Take frames that match out of stacks", REGEX,
     NULL},
    {"show", OPTION_STRING, GROUP_FILTER, FIELD(show), "s", true, "", "Take frames that don't match out of stacks",
     REGEX, NULL},
    {"show_from", OPTION_STRING, GROUP_FILTER, FIELD(show_from), "sf", true, "",
     "Start stacks at the outermost frame that matches", REGEX, NULL},
    {"prune_from", OPTION_STRING, GROUP_FILTER, FIELD(prune_from), "prunefrom", true, "",
     "End stacks at the innermost frame that matches", REGEX, NULL},
    {"tagfocus", OPTION_STRING, GROUP_FILTER, FIELD(tagfocus), "tf", true, "", "Only samples with a label that matches",
     TAGS, NULL},
    {"tagignore", OPTION_STRING, GROUP_FILTER, FIELD(tagignore), "ti", true, "", "No samples with a label that matches",
     TAGS, NULL},
    {"tagshow", OPTION_STRING, GROUP_FILTER, FIELD(tagshow), "ts", true, "", "Only labels whose key matches", NULL,
     NULL},
    {"taghide", OPTION_STRING, GROUP_FILTER, FIELD(taghide), "th", true, "", "No labels whose key matches", NULL, NULL},
    {"tagroot", OPTION_STRING, GROUP_FILTER, FIELD(tagroot), "tagroot", true, "",
     "Add a frame for each of these label keys at the root", "Keys are separated by commas; the first is outermost.",
     NULL},
    {"tagleaf", OPTION_STRING, GROUP_FILTER, FIELD(tagleaf), "tagleaf", true, "",
     "Add a frame for each of these label keys at the leaf", "Keys are separated by commas; the last is innermost.",
     NULL},

    {"base", OPTION_FILE, GROUP_SOURCE, FIELD(base), NULL, false, "", "Subtract this profile",
     "A file, or the URL of a server.", NULL},
    {"diff_base", OPTION_FILE, GROUP_SOURCE, FIELD(diff_base), NULL, false, "",
     "Compare with this profile: percentages are of it", "A file, or the URL of a server.", NULL},
    {"normalize", OPTION_BOOL, GROUP_SOURCE, FIELD(normalize), "norm", true, "false",
     "Scale the profile to the total of the base", NULL, NULL},
    {"add_comment", OPTION_STRING, GROUP_SOURCE, FIELD(add_comment), NULL, false, "", "Add a comment to the profile",
     NULL, NULL},
    {"all_frames", OPTION_BOOL, GROUP_SOURCE, FIELD(all_frames), NULL, false, "false",
     "Don't cut stacks where the profile's drop_frames says so", NULL, NULL},
    {"symbolize", OPTION_STRING, GROUP_SOURCE, FIELD(symbolize), NULL, false, "", "Where names of functions come from",
     "Several of these words are joined by ':'. By default binaries of this machine are asked, then the server that\n"
     "a profile was fetched from. `remote` asks none of the binaries, and also servers whose URLs the profile has as\n"
     "names of binaries, which is never done without it.",
     symbolize_words},
    {"buildid", OPTION_STRING, GROUP_SOURCE, FIELD(buildid), NULL, false, "", "Build id to use for the main binary",
     NULL, NULL},
    {"debuginfod", OPTION_BOOL, GROUP_SOURCE, FIELD(debuginfod), NULL, false, "false",
     "Fetch debug information from debuginfod's servers",
     "Of those that DEBUGINFOD_URLS names, by elfutils' client library (package libdebuginfod1); without it, what was\n"
     "fetched before is used. DEBUGINFOD_PROGRESS=1 has the library tell what it does.",
     NULL},
    {"tools", OPTION_STRING, GROUP_SOURCE, FIELD(tools), NULL, false, "",
     "Taken for compatibility; cprof starts no binutils", NULL, NULL},
    {"seconds", OPTION_INT, GROUP_SOURCE, FIELD(seconds), NULL, false, "-1", "Length of a profile taken from a server",
     "It becomes the parameter `seconds` of the URL. Without it the server decides; a CPU profile of a Go program\n"
     "takes 30 seconds then.",
     NULL},
    {"timeout", OPTION_INT, GROUP_SOURCE, FIELD(timeout), NULL, false, "-1", "Seconds to wait for a server",
     "And five more. By default one and a half times as long as the profile takes (-seconds, or `seconds` in the\n"
     "URL), else 60. Servers that are asked for names get as long together, by default 60 seconds.",
     NULL},
    {"header", OPTION_TEXTS, GROUP_SOURCE, FIELD(header), NULL, false, "",
     "Send a header to servers of profiles: 'Name: value'",
     "May be given several times. Where a server sends cprof on to another one, that does not get it.", NULL},
    {"tls_cert", OPTION_FILE, GROUP_SOURCE, FIELD(tls_cert), NULL, false, "", "Certificate (PEM) to show to servers",
     "Goes with -tls_key.", NULL},
    {"tls_key", OPTION_FILE, GROUP_SOURCE, FIELD(tls_key), NULL, false, "", "Key (PEM) of that certificate", NULL,
     NULL},
    {"tls_ca", OPTION_FILE, GROUP_SOURCE, FIELD(tls_ca), NULL, false, "",
     "Certificates (PEM) of those who vouch for servers",
     "In place of the system's. https+insecure://HOST/ takes any server for what it says it is.", NULL},
    {"inflate_limit", OPTION_STRING, GROUP_SOURCE, FIELD(inflate_limit), NULL, false, "",
     "Most bytes a profile may unpack to (8GB; none)",
     "By default compressed input may grow to 64 MiB and 200 times its size, whichever comes last.", NULL},

    {"http", OPTION_STRING, GROUP_WEB, FIELD(http), NULL, false, "", "Show the profile in a browser, at [host]:[port]",
     "Without a host only this machine reaches it, without a port one that is free is taken. With a host of the "
     "network\n"
     "the URL that is printed holds a word that lets its reader in. A report that is named first chooses the first\n"
     "page: `cprof top -http=: FILE`. Ctrl-C ends it.",
     NULL},
    {"no_browser", OPTION_BOOL, GROUP_WEB, FIELD(no_browser), NULL, false, "false", "With -http: open no browser", NULL,
     NULL},
};
const size_t option_count = sizeof option_table / sizeof *option_table;

const char *const option_group_titles[GROUPS] = {"How it is shown", "What is shown", "Sources", "In the browser"};

#define TYPE(name, type) \
  { name, type, false, "The same as -sample_index=" type }
#define MEAN(name, type) \
  { name, type, true, "The same as -mean -sample_index=" type }

const struct legacy_flag legacy_flags[] = {
    TYPE("total_delay", "delay"),           MEAN("mean_delay", "delay"),
    TYPE("contentions", "contentions"),     TYPE("inuse_space", "inuse_space"),
    TYPE("inuse_objects", "inuse_objects"), TYPE("alloc_space", "alloc_space"),
    TYPE("alloc_objects", "alloc_objects"),
};
const size_t legacy_flag_count = sizeof legacy_flags / sizeof *legacy_flags;

void options_init(struct options *o) {
  *o = (struct options){0};
  for (size_t i = 0; i < option_count; i++) option_set(o, &option_table[i], option_table[i].standard, NULL);
}

const struct option_row *option_find(struct str name) {
  for (size_t i = 0; i < option_count; i++)
    if (str_eq(name, str_of(option_table[i].name))) return &option_table[i];
  return NULL;
}

static const char *find_choice(const struct option_row *row, struct str name) {
  for (const struct option_choice *c = row->choices; c && c->name; c++)
    if (str_eq(name, str_of(c->name))) return c->name;
  return NULL;
}

const struct option_row *option_find_choice(struct str name, const char **choice) {
  for (size_t i = 0; i < option_count; i++)
    if (option_table[i].type == OPTION_CHOICE && (*choice = find_choice(&option_table[i], name)))
      return &option_table[i];
  return NULL;
}

int parse_bool(const char *text, bool *v) {
  static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"}, *const no[] = {"0",     "f",     "F",
                                                                                           "false", "FALSE", "False"};
  for (size_t i = 0; i < 6; i++) {
    if (strcmp(text, yes[i]) && strcmp(text, no[i])) continue;
    *v = strcmp(text, yes[i]) == 0;
    return 0;
  }
  return -1;
}

// Underscores may stand between digits, and between 0x and them. Copies the text without.
static int drop_underscores(const char *text, char *out, size_t room) {
  size_t n = 0;
  for (const char *at = text; *at; at++) {
    bool between = at > text && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[1]);
    if (*at == '_' && !between) return -1;
    if (n + 1 == room) return -1;
    if (*at != '_') out[n++] = *at;
  }
  out[n] = '\0';
  return 0;
}

// Go's ParseInt with base 0: 0x, 0o, 0b, a leading 0 for octal, and underscores between digits.
static int parse_int(const char *given, int64_t *v) {
  char text[80], *end;
  if (drop_underscores(given, text, sizeof text)) return -1;
  char *at = text + (*text == '-' || *text == '+');
  int base = 10;
  if (at[0] == '0' && at[1]) {
    int c = at[1] | 0x20;
    base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
    at += c == 'x' || c == 'b' || c == 'o' ? 2 : 1;
  }
  if (!isalnum((unsigned char)*at)) return -1;
  if (*text == '-') *--at = '-';
  errno = 0;
  long long value = strtoll(at, &end, base);
  if (errno || *end) return -1;
  *v = value;
  return 0;
}

// As Go reads them: hexadecimal ones have an exponent, and "nan" stands alone.
static int parse_float(const char *given, double *v) {
  char text[400], *end;
  if (drop_underscores(given, text, sizeof text) || !*text || isspace((unsigned char)*text)) return -1;
  const char *number = text + (*text == '-' || *text == '+');
  bool is_hex = number[0] == '0' && (number[1] | 0x20) == 'x';
  if ((is_hex && !strpbrk(number, "pP")) || strchr(number, '(')) return -1;
  double value = strtod(text, &end);
  bool is_word = isalpha((unsigned char)*number);
  if (*end || (isinf(value) && !is_word) || (isnan(value) && number != text)) return -1;
  *v = value;
  return 0;
}

// An empty text is the default, which is none.
static int add_text(const struct option_row *row, struct option_texts *texts, const char *text, struct err *e) {
  if (!*text) return 0;
  if (texts->n == OPTION_MOST_TEXTS) return err_set(e, "-%s is taken %d times at most", row->name, OPTION_MOST_TEXTS);
  texts->text[texts->n++] = text;
  return 0;
}

int option_set(struct options *o, const struct option_row *row, const char *text, struct err *e) {
  void *field = (char *)o + row->offset;
  int result = 0;
  const char *expected = "";
  switch (row->type) {
    case OPTION_BOOL: result = parse_bool(text, field), expected = "true or false"; break;
    case OPTION_INT: result = parse_int(text, field), expected = "a whole number"; break;
    case OPTION_FLOAT: result = parse_float(text, field), expected = "a number"; break;
    case OPTION_STRING:
    case OPTION_FILE:
    case OPTION_FOLDERS: *(const char **)field = text; break;
    case OPTION_TEXTS: return add_text(row, field, text, e);
    case OPTION_CHOICE:
    case OPTION_WORD:
      expected = "one of its choices";
      if (*text && !find_choice(row, str_of(text))) result = -1;
      else *(const char **)field = text;
      break;
  }
  return result ? err_set(e, "-%s takes %s, not \"%s\"", row->name, expected, text) : 0;
}
