// Lines from a terminal, with editing, history, search (Ctrl-R) and completion (Tab).
#ifndef CPROF_DRIVER_LINE_EDITOR_H
#define CPROF_DRIVER_LINE_EDITOR_H

#include "driver/completion.h"
#include "driver/interrupt.h"

// Fills in what may follow `line`; the editor releases it.
typedef void line_complete(void *arg, struct str line, struct completion *c);

// Reads from standard input and shows on standard error, which are terminals. NULL with a message when that cannot be.
struct line_editor;
struct line_editor *line_editor_new(struct interrupt *i, line_complete *complete, void *arg, struct err *e);
void line_editor_free(struct line_editor *ed);

void line_editor_remember(struct line_editor *ed, const char *line);

enum line_event { LINE_READ, LINE_INTERRUPTED, LINE_END };
// Reads one line, without its newline, valid until the next call.
enum line_event line_editor_read(struct line_editor *ed, struct str *line);

#endif
