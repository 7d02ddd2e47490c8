// libedit, with a function of ours that waits for the next character: it looks at signals as well.
#include "driver/line_editor.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "driver/history.h"

enum { LONGEST_LIST = 200 };  // candidates that are listed
enum { CTRL_D = 4 };

struct line_editor {
  EditLine *el;
  History *history;
  struct interrupt *interrupt;
  bool interrupted;
  mbstate_t partial;  // of a character of several bytes
  line_complete *complete;
  void *arg;
};

static struct line_editor *editor_of(EditLine *el) {
  void *ed = NULL;
  el_get(el, EL_CLIENTDATA, &ed);
  return ed;
}

static char *prompt(EditLine *el) {
  (void)el;
  return (char *)(uintptr_t) "(pprof) ";
}

// ---- characters -----------------------------------------------------------------------------------

// False when Ctrl-C was pressed.
static bool take_signals(struct line_editor *ed) {
  for (int signal; (signal = interrupt_take(ed->interrupt));) {
    if (signal == SIGINT) return false;
    el_resize(ed->el);
  }
  return true;
}

// Waits for input. False when Ctrl-C was pressed first.
static bool wait_for_input(struct line_editor *ed) {
  for (;;) {
    struct pollfd fds[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = ed->interrupt->fd, .events = POLLIN}};
    if (poll(fds, 2, -1) < 0 && errno != EINTR) return true;
    if (fds[1].revents && !take_signals(ed)) return false;
    if (fds[0].revents) return true;
  }
}

// 1 a character, 0 the end, -1 Ctrl-C.
static int next_character(EditLine *el, wchar_t *wide) {
  struct line_editor *ed = editor_of(el);
  for (;;) {
    char byte;
    if (!wait_for_input(ed)) {
      ed->interrupted = true;
      return -1;
    }
    ssize_t n = read(STDIN_FILENO, &byte, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return 0;
    // Ctrl-D that was typed before the terminal gave characters one by one has become a NUL.
    if (byte == '\0') byte = CTRL_D;
    size_t taken = mbrtowc(wide, &byte, 1, &ed->partial);
    if (taken == (size_t)-2) continue;
    if (taken != (size_t)-1) return 1;
    ed->partial = (mbstate_t){0};  // no character: it is dropped
  }
}

// ---- completion -----------------------------------------------------------------------------------

static size_t terminal_width(void) {
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

// Names in columns, down and then across.
static void list_candidates(const struct completion *c) {
  size_t n = c->n < LONGEST_LIST ? c->n : LONGEST_LIST, width = 0;
  for (size_t i = 0; i < n; i++) {
    size_t w = utf8_runes(str_of(c->item[i].show));
    if (w > width) width = w;
  }
  size_t columns = terminal_width() / (width + 2);
  if (columns == 0) columns = 1;
  size_t rows = (n + columns - 1) / columns;
  struct buf text = {0};
  buf_addc(&text, '\n');
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = r; i < n; i += rows) buf_left(&text, str_of(c->item[i].show), i + rows < n ? width + 2 : 0);
    buf_addc(&text, '\n');
  }
  if (n < c->n) buf_addf(&text, "and %zu more\n", c->n - n);
  if (!text.failed) fputs(text.data, stderr);
  buf_release(&text);
}

static void replace(EditLine *el, size_t typed, const char *text, size_t n, char after) {
  struct buf insert = {0};
  buf_add(&insert, text, n);
  if (after) buf_addc(&insert, after);
  if (!insert.failed) {
    el_deletestr(el, (int)typed);
    el_insertstr(el, insert.data);
  }
  buf_release(&insert);
}

// As the editor counts them; SIZE_MAX when some byte is none.
static size_t count_letters(struct str s) {
  mbstate_t state = {0};
  return mbsnrtowcs(NULL, &s.p, s.n, 0, &state);
}

static unsigned char complete(EditLine *el, int key) {
  struct line_editor *ed = editor_of(el);
  const LineInfo *info = el_line(el);
  struct str line = {info->buffer, (size_t)(info->cursor - info->buffer)};
  struct completion c;
  unsigned char result = CC_REFRESH;
  (void)key;
  ed->complete(ed->arg, line, &c);
  size_t common = completion_common(&c);
  struct str typed = {line.p + c.from, line.n - c.from};
  size_t letters = count_letters(typed);
  if (c.n == 0 || letters == SIZE_MAX) result = CC_ERROR;
  else if (c.n == 1) replace(el, letters, c.item[0].insert, strlen(c.item[0].insert), c.after);
  else if (!c.unordered && common > typed.n) replace(el, letters, c.item[0].insert, common, 0);
  else list_candidates(&c), result = CC_REDISPLAY;
  completion_release(&c);
  return result;
}

// ---- the editor -----------------------------------------------------------------------------------

static void configure(struct line_editor *ed) {
  HistEvent event;
  history(ed->history, &event, H_SETSIZE, HISTORY_LINES);
  history(ed->history, &event, H_SETUNIQUE, 1);
  el_set(ed->el, EL_CLIENTDATA, ed);
  el_set(ed->el, EL_PROMPT, prompt);
  el_set(ed->el, EL_EDITOR, "emacs");
  el_set(ed->el, EL_HIST, history, ed->history);
  el_set(ed->el, EL_GETCFN, next_character);
  el_set(ed->el, EL_ADDFN, "cprof-complete", "Complete what was typed", complete);
  el_set(ed->el, EL_BIND, "^I", "cprof-complete", NULL);
  el_set(ed->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_source(ed->el, NULL);  // the user's ~/.editrc
}

struct line_editor *line_editor_new(struct interrupt *i, line_complete *complete_line, void *arg, struct err *e) {
  struct line_editor *ed = calloc(1, sizeof *ed);
  if (!ed) {
    err_nomem(e);
    return NULL;
  }
  setlocale(LC_CTYPE, "");
  *ed = (struct line_editor){.interrupt = i, .complete = complete_line, .arg = arg};
  ed->history = history_init();
  ed->el = ed->history ? el_init("cprof", stdin, stderr, stderr) : NULL;
  if (!ed->el) {
    err_set(e, "this terminal cannot be used for editing");
    line_editor_free(ed);
    return NULL;
  }
  configure(ed);
  return ed;
}

void line_editor_free(struct line_editor *ed) {
  if (!ed) return;
  if (ed->el) el_end(ed->el);
  if (ed->history) history_end(ed->history);
  free(ed);
}

void line_editor_remember(struct line_editor *ed, const char *line) {
  HistEvent event;
  history(ed->history, &event, H_ENTER, line);
}

enum line_event line_editor_read(struct line_editor *ed, struct str *line) {
  int n = 0;
  ed->interrupted = false;
  const char *text = el_gets(ed->el, &n);
  if (ed->interrupted) {
    fputs("\n", stderr);
    return LINE_INTERRUPTED;
  }
  if (!text || n <= 0) return LINE_END;
  *line = (struct str){text, (size_t)n};
  if (line->p[line->n - 1] == '\n') line->n--;
  return LINE_READ;
}
