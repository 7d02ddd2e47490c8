// The cursor stays at the line's begin, so that what the program writes replaces it. A program that has the terminal for
// itself, be it an editor or a shell, is left alone.
#include "driver/record_live.h"

#include <inttypes.h>
#include <termios.h>
#include <unistd.h>

#include "base/base.h"

void record_live_begin(struct record_live *l, FILE *out) {
  *l = (struct record_live){.out = out, .on = isatty(fileno(out)) == 1};
}

static bool is_ours(int fd) {
  struct termios t;
  return tcgetpgrp(fd) == getpgrp() && tcgetattr(fd, &t) == 0 && t.c_lflag & ICANON;
}

static void write_line(struct record_live *l, const char *text) {
  fprintf(l->out, "\r\033[K%s\r", text);
  fflush(l->out);
}

void record_live_draw(void *live, const struct recording *so_far, double since_last) {
  struct record_live *l = live;
  struct buf line = {0};
  double used = so_far->sampled - l->used;
  l->used = so_far->sampled;
  if (!l->on || !is_ours(fileno(l->out))) return;
  buf_addf(&line, "cprof: %" PRIu64 " samples, %.0f%% CPU, %" PRIu64 " lost", so_far->samples,
           since_last > 0 ? 100 * used / since_last : 0, so_far->lost);
  if (!line.failed) write_line(l, line.data);
  l->drawn |= !line.failed;
  buf_release(&line);
}

void record_live_end(struct record_live *l) {
  if (l->drawn) write_line(l, "");
  l->drawn = false;
}
