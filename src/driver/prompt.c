// The loop of the prompt: a line is an assignment, a word that the prompt knows itself, or a command. Each command
// makes its own view of the one profile; nothing of it stays.
#include "driver/prompt.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/completion.h"
#include "driver/deliver.h"
#include "driver/help.h"
#include "driver/history.h"
#include "driver/line_editor.h"
#include "driver/load.h"
#include "driver/prompt_command.h"
#include "driver/prompt_options.h"
#include "driver/prompt_words.h"
#include "driver/settings.h"

struct prompt {
  struct session *session;
  struct options loading;  // what the profile was loaded with
  char **sources;
  size_t n_sources;
  struct timespec *read_at;  // a source: the change of the file that was read
  FILE *errors;
  struct prompt_options options;
  struct viewer_files shown;
  struct interrupt interrupt;
  struct line_editor *editor;  // NULL: lines come as they are
  struct buf history;          // path of the history file; empty: none is kept
  bool quit;
};

static void say(struct prompt *p, const struct buf *text) {
  if (text->n) fwrite(text->data, 1, text->n, p->errors);
}

// ---- reports ----------------------------------------------------------------------------------------

static int make_report(struct prompt *p, struct prompt_command *c, struct buf *notes, struct err *e) {
  struct buf report = {0};
  struct delivery d = {.output = c->options.output, .shell = c->shell, .left = &p->shown, .at_prompt = true};
  delivery_settle_color(&d, &c->options);
  if (p->editor) interrupt_watch(&p->interrupt);
  int result = driver_render(p->session, &c->options, c->command, c->argument, &report, notes, e);
  if (p->editor) interrupt_unwatch(&p->interrupt);
  if (!result) result = deliver(&d, c->command, buf_view(&report), notes, e);
  buf_release(&report);
  return result;
}

static int run_report(struct prompt *p, struct str line, struct buf *notes, struct err *e) {
  struct prompt_command c;
  int result = prompt_command_parse(&c, &p->session->options, line, e);
  if (!result) result = make_report(p, &c, notes, e);
  prompt_command_release(&c);
  return result;
}

// ---- the sources --------------------------------------------------------------------------------------

static void note_changes(struct prompt *p) {
  struct stat st;
  for (size_t i = 0; i < p->n_sources && p->read_at; i++)
    if (stat(p->sources[i], &st) == 0) p->read_at[i] = st.st_mtim;
}

// Tells once of a file that is not the one any more that was read.
static void tell_of_changes(struct prompt *p) {
  struct stat st;
  for (size_t i = 0; i < p->n_sources && p->read_at; i++) {
    struct timespec *read_at = &p->read_at[i];
    if (stat(p->sources[i], &st) || (st.st_mtim.tv_sec == read_at->tv_sec && st.st_mtim.tv_nsec == read_at->tv_nsec))
      continue;
    fprintf(p->errors, "%s has changed; \"reload\" reads it again\n", p->sources[i]);
    *read_at = st.st_mtim;
  }
}

static int reload(struct prompt *p, struct buf *notes, struct err *e) {
  uint32_t index;
  struct err unknown = {""};
  struct symbol_report symbols = {0};
  struct load_request q = {
      .options = &p->loading, .sources = p->sources, .n = p->n_sources, .errors = p->errors, .stop = p->session->stop};
  if (p->editor) interrupt_watch(&p->interrupt);
  struct profile *fresh = load_profiles(&q, &symbols, notes, e);
  if (p->editor) interrupt_unwatch(&p->interrupt);
  if (!fresh) return -1;
  symbol_report_release(&p->session->symbols);
  p->session->symbols = symbols;
  if (p->session->weights) kept_weights_clear(p->session->weights);
  profile_free(p->session->profile);
  p->session->profile = fresh;
  p->options.profile = fresh;
  note_changes(p);
  if (profile_sample_index(fresh, str_of(p->session->options.sample_index), &index, &unknown))
    p->session->options.sample_index = "";
  return 0;
}

// ---- words of the prompt itself -----------------------------------------------------------------------

static int help(struct str topic, struct buf *notes, struct err *e) {
  topic = str_trim_space(topic);
  if (!topic.n) help_prompt(notes);
  else if (!help_topic(topic, notes)) return err_set(e, "there is no command and no option \"%.*s\"", STR_ARG(topic));
  return 0;
}

static int save(struct prompt *p, struct buf *notes, struct err *e) {
  struct buf path = {0};
  int result = settings_save(&p->options, &path, e);
  if (!result) buf_addf(notes, "Saved in %s\n", path.data);
  buf_release(&path);
  return result;
}

static int act(struct prompt *p, enum prompt_action action, struct str rest, struct buf *notes, struct err *e) {
  switch (action) {
    case PROMPT_LIST_OPTIONS: prompt_list_options(&p->options, notes); return 0;
    case PROMPT_HELP: return help(rest, notes, e);
    case PROMPT_RELOAD: return reload(p, notes, e);
    case PROMPT_SAVE: return save(p, notes, e);
    case PROMPT_QUIT: break;
  }
  p->quit = true;
  return 0;
}

static int run_words(struct prompt *p, struct str line, struct buf *notes, struct err *e) {
  struct str rest = line, first;
  if (!prompt_next_word(&rest, &first)) return 0;
  const struct prompt_word *word = prompt_word_find(first);
  return word ? act(p, word->action, rest, notes, e) : run_report(p, line, notes, e);
}

// ---- a line -------------------------------------------------------------------------------------------

static void run_one(struct prompt *p, struct str line) {
  struct err e = {""};
  struct buf notes = {0};
  int result = prompt_assign(&p->options, line, &e);
  if (result == 0) result = run_words(p, line, &notes, &e);
  say(p, &notes);
  if (result < 0) fprintf(p->errors, "%s\n", e.text);
  buf_release(&notes);
}

static void run_line(struct prompt *p, struct str line) {
  struct buf assignment = {0};
  size_t n = 0;
  for (; prompt_shortcut(p->session->profile, line, n, &assignment); n++) {
    run_one(p, buf_view(&assignment));
    buf_clear(&assignment);
  }
  buf_release(&assignment);
  if (n == 0) run_one(p, str_trim_space(line));
  fflush(p->errors);
}

// ---- with and without a terminal ----------------------------------------------------------------------

static void read_plain(struct prompt *p) {
  char *line = NULL;
  size_t cap = 0;
  for (ssize_t n; !p->quit && (n = getline(&line, &cap, stdin)) >= 0;) run_line(p, (struct str){line, (size_t)n});
  free(line);
}

static void remember(struct prompt *p, struct str line) {
  struct buf text = {0};
  struct err ignored = {""};
  buf_str(&text, line);
  if (str_trim_space(line).n && !text.failed) {
    line_editor_remember(p->editor, text.data);
    if (p->history.n) history_append(p->history.data, line, &ignored);
  }
  buf_release(&text);
}

static void read_edited(struct prompt *p) {
  struct str line;
  enum line_event event = LINE_READ;
  while (!p->quit && event != LINE_END) {
    tell_of_changes(p);
    event = line_editor_read(p->editor, &line);
    if (event != LINE_READ) continue;
    remember(p, line);
    run_line(p, line);
  }
  if (event == LINE_END) fputs("\n", p->errors);
}

static void complete(void *arg, struct str line, struct completion *c) {
  struct prompt *p = arg;
  completion_find(c, p->session->profile, line);
}

static void load_line(void *arg, const char *line) { line_editor_remember(arg, line); }

static int open_editor(struct prompt *p, struct err *e) {
  if (interrupt_init(&p->interrupt, e)) return -1;
  p->editor = line_editor_new(&p->interrupt, complete, p, e);
  if (!p->editor) {
    interrupt_release(&p->interrupt);
    return -1;
  }
  p->session->stop = &p->interrupt.stop;
  if (history_path(&p->history)) history_load(p->history.data, load_line, p->editor);
  return 0;
}

static void close_editor(struct prompt *p) {
  p->session->stop = NULL;
  line_editor_free(p->editor);
  interrupt_release(&p->interrupt);
}

// ---- a session ----------------------------------------------------------------------------------------

static void greet(struct prompt *p) {
  struct err e = {""};
  struct buf about = {0};
  static const struct command summary = {.name = "", .render = report_summary};
  int result = driver_render(p->session, &p->session->options, &summary, NULL, &about, &about, &e);
  say(p, &about);
  if (result) fprintf(p->errors, "%s\n", e.text);
  fputs("Entering interactive mode (\"help\" lists commands, \"o\" options)\n", p->errors);
  fflush(p->errors);
  buf_release(&about);
}

int prompt_run(struct session *s, char **sources, size_t n_sources, FILE *errors, struct err *e) {
  struct prompt p = {.session = s, .loading = s->options, .sources = sources, .n_sources = n_sources, .errors = errors};
  struct buf notes = {0};
  bool terminal = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
  p.read_at = calloc(n_sources + 1, sizeof *p.read_at);
  note_changes(&p);
  s->options.compact_labels = true;
  s->weights = kept_weights_new();
  prompt_options_init(&p.options, &s->options, s->profile);
  settings_apply(&p.options, &notes);
  say(&p, &notes);
  greet(&p);
  int result = terminal ? open_editor(&p, e) : 0;
  if (!result) p.editor ? read_edited(&p) : read_plain(&p);
  if (p.editor) close_editor(&p);
  kept_weights_free(s->weights);
  s->weights = NULL;
  prompt_options_release(&p.options);
  viewer_files_release(&p.shown);
  buf_release(&p.history);
  buf_release(&notes);
  free(p.read_at);
  return result;
}
