// Delivering reports.
#include "driver/deliver.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driver/output.h"
#include "driver/spawn.h"

static int to_new_file(const struct command *c, struct str report, struct buf *notes, struct err *e) {
  struct buf name = {0};
  const struct output_new file = {.prefix = "profile", .extension = c->extension, .all_numbered = true};
  int result = output_new(&file, report, &name, e);
  if (!result) buf_addf(notes, "Generating report in %s\n", name.data);
  buf_release(&name);
  return result;
}

// More lines than the terminal shows at a time?
static bool is_long(struct str report) {
  struct winsize size;
  size_t lines = 0;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row == 0) return false;
  for (size_t i = 0; i < report.n && lines < size.ws_row; i++) lines += report.p[i] == '\n';
  return lines >= size.ws_row;
}

// The user's pager. less, the one that is taken without a wish, passes colours on and ends at once where all fits.
static int to_pager(struct str report, struct err *e) {
  const char *pager = getenv("PAGER");
  if (pager && (!*pager || strcmp(pager, "cat") == 0)) return output_standard(report, e);
  if (pager) return spawn_shell(pager, report, e);
  return spawn_shell("command -v less >/dev/null && exec env LESS=\"${LESS-FRX}\" less; exec cat", report, e);
}

void delivery_settle_color(const struct delivery *d, struct options *o) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  bool can = !*d->output && !d->shell && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
  if (strcmp(o->color, "auto") == 0) o->color = can && !(no_color && *no_color) ? "always" : "never";
}

int deliver(const struct delivery *d, const struct command *c, struct str report, struct buf *notes, struct err *e) {
  if (*d->output) {
    buf_addf(notes, "Generating report in %s\n", d->output);
    return output_file(d->output, report, e);
  }
  if (d->shell) return spawn_shell(d->shell, report, e);
  if (c->viewers) return viewer_show(c->viewers, c->extension, report, d->left, e);
  bool terminal = isatty(STDOUT_FILENO);
  if (c->extension && (d->at_prompt || terminal)) return to_new_file(c, report, notes, e);
  return d->at_prompt && terminal && is_long(report) ? to_pager(report, e) : output_standard(report, e);
}
