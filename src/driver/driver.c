// A run from the command line.
#include "driver/driver.h"

#include <signal.h>
#include <unistd.h>

#include "driver/deliver.h"
#include "driver/flags.h"
#include "driver/help.h"
#include "driver/load.h"
#include "driver/manual.h"
#include "driver/output.h"
#include "driver/prompt.h"
#include "driver/record_command.h"
#include "driver/shell_completion.h"
#include "driver/suggest.h"

enum { EXIT_OK = 0, EXIT_FAILED = 2 };

static void flush_notes(struct buf *notes, FILE *to) {
  fwrite(notes->data ? notes->data : "", 1, notes->n, to);
  buf_clear(notes);
}

static int run_report(struct session *s, const struct invocation *v, struct buf *notes, struct err *e) {
  struct buf report = {0};
  struct delivery d = {.output = v->options.output};
  delivery_settle_color(&d, &s->options);
  int result = driver_render(s, &s->options, v->command, v->argument, &report, notes, e);
  if (!result) result = deliver(&d, v->command, buf_view(&report), notes, e);
  buf_release(&report);
  return result;
}

static int check_invocation(const struct invocation *v, struct err *e) {
  if (*v->options.http)
    return err_set(e, "the web interface is not there yet; give a report format (cprof help lists them)");
  if (v->n_words == 0) return err_set(e, "no profile was given");
  if (v->command) return 0;
  // A word that is no file may have been meant as a report.
  const char *near = access(v->words[0], F_OK) ? suggest_command(str_of(v->words[0])) : NULL;
  if (near && v->n_words > 1) return err_set(e, "there is no report \"%s\" (did you mean %s?)", v->words[0], near);
  return 0;
}

static struct profile *load(struct session *s, const struct invocation *v, FILE *errors, struct buf *notes,
                            struct err *e) {
  struct load_request q = {.options = &s->options, .sources = v->words, .n = v->n_words, .errors = errors};
  return load_profiles(&q, &s->symbols, notes, e);
}

static int run_command(const struct invocation *v, FILE *errors, struct buf *notes, struct err *e) {
  struct session s = {.options = v->options};
  if (check_invocation(v, e)) return -1;
  s.profile = load(&s, v, errors, notes, e);
  flush_notes(notes, errors);
  if (!s.profile) return -1;
  int result = v->command ? run_report(&s, v, notes, e) : prompt_run(&s, v->words, v->n_words, errors, e);
#ifdef CPROF_ARENA_MALLOC
  symbol_report_release(&s.symbols);
  profile_free(s.profile);  // the process ends here: only leak checkers care
#endif
  return result;
}

static int run_help(const struct invocation *v, struct err *e) {
  struct buf out = {0};
  int result = 0;
  if (v->command) help_topic(str_of(v->command->name), &out);
  else if (v->n_words == 0) help_overview(&out);
  else if (strcmp(v->words[0], "man") == 0) manual_page(&out);
  else if (strcmp(v->words[0], "record") == 0) help_record(&out);
  else if (strcmp(v->words[0], "completion") == 0)
    result = shell_completion(str_of(v->n_words > 1 ? v->words[1] : ""), &out, e);
  else if (!help_topic(str_of(v->words[0]), &out))
    result = err_set(e, "there is no report and no option \"%s\"", v->words[0]);
  if (!result) result = output_standard(buf_view(&out), e);
  buf_release(&out);
  return result;
}

static int run(const struct invocation *v, FILE *errors, struct buf *notes, struct err *e) {
  switch (v->kind) {
    case RUN_HELP: return run_help(v, e);
    case RUN_VERSION: return output_standard(STR_LIT("cprof " CPROF_VERSION "\n"), e);
    default: return run_command(v, errors, notes, e);
  }
}

int driver_main(int argc, char **argv, FILE *errors) {
  struct invocation v;
  struct buf notes = {0};
  struct err e = {""};
  signal(SIGPIPE, SIG_IGN);
  if (argc > 1 && strcmp(argv[1], "record") == 0) return record_command(argv + 2, errors);
  int result = flags_parse(&v, argc, argv, &notes, &e);
  bool usage = result != 0;
  if (!result) result = run(&v, errors, &notes, &e);
  flush_notes(&notes, errors);
  if (result) fprintf(errors, "cprof: %s%s\n", e.text, usage ? " (cprof help lists all)" : "");
  buf_release(&notes);
  return result ? EXIT_FAILED : EXIT_OK;
}
