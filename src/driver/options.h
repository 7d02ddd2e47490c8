// Options: one struct, one table. A row says all there is to know of an option; flags, help, the prompt, web parameters
// and saved settings are made from it.
#ifndef CPROF_DRIVER_OPTIONS_H
#define CPROF_DRIVER_OPTIONS_H

#include "base/base.h"

// The values of an option that may be given several times.
enum { OPTION_MOST_TEXTS = 32 };
struct option_texts {
  const char *text[OPTION_MOST_TEXTS];
  size_t n;
};

struct options {
  // How to show.
  const char *output;
  bool call_tree, relative_percentages, compact_labels, intel_syntax, mean, normalize, json, csv;
  const char *color, *unit, *source_path, *trim_path, *sample_index, *sort, *granularity;
  double divide_by;
  // What to show.
  const char *tagroot, *tagleaf;
  bool drop_negative, trim, noinlines, showcolumns;
  int64_t nodecount;
  double nodefraction, edgefraction;
  const char *focus, *ignore, *prune_from, *hide, *show, *show_from, *tagfocus, *tagignore, *tagshow, *taghide;
  // What to load.
  const char *base, *diff_base, *symbolize, *buildid, *add_comment, *tools, *inflate_limit;
  bool all_frames, debuginfod;
  int64_t timeout, seconds;
  const char *tls_cert, *tls_key, *tls_ca;
  struct option_texts header;
  // Where to show.
  const char *http;
  bool no_browser;
};

// The words of a CHOICE are flags of their own (-lines), those of a WORD are values only (-color=always). FILE and
// FOLDERS (a list, as $PATH) are strings of which help and completion know more. TEXTS takes one more value each time.
enum option_type {
  OPTION_BOOL,
  OPTION_INT,
  OPTION_FLOAT,
  OPTION_STRING,
  OPTION_CHOICE,
  OPTION_WORD,
  OPTION_FILE,
  OPTION_FOLDERS,
  OPTION_TEXTS
};

enum option_group { GROUP_DISPLAY, GROUP_FILTER, GROUP_SOURCE, GROUP_WEB, GROUPS };
extern const char *const option_group_titles[GROUPS];

struct option_choice {
  const char *name, *help;
};

struct option_row {
  const char *name;
  enum option_type type;
  enum option_group group;
  size_t offset;         // of the field in struct options
  const char *url;       // web parameter; NULL: none
  bool saved;            // kept in settings
  const char *standard;  // default value as text
  const char *help;      // one line
  const char *details;   // more lines for `cprof help NAME`; may be NULL
  // Of OPTION_CHOICE and OPTION_WORD: what there is to choose. Of OPTION_STRING: words to offer, others may be valid,
  // too; NULL: any text. Ends with a NULL name.
  const struct option_choice *choices;
};

extern const struct option_row option_table[];
extern const size_t option_count;

void options_init(struct options *o);
const struct option_row *option_find(struct str name);
// The row and the choice a word like "lines" or "cum" stands for; NULL when it is none.
const struct option_row *option_find_choice(struct str name, const char **choice);
// Sets a field from text, by Go's rules for numbers and booleans. The text must outlive the options.
int option_set(struct options *o, const struct option_row *row, const char *text, struct err *e);

// true, false as Go's strconv.ParseBool takes them.
int parse_bool(const char *text, bool *v);

// Old flags that stand for a sample type.
struct legacy_flag {
  const char *name, *sample_index;
  bool mean;
  const char *help;
};
extern const struct legacy_flag legacy_flags[];
extern const size_t legacy_flag_count;

#endif
