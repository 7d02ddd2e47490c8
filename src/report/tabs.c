// Columns of a text with tabs.
#include "report/tabs.h"

#include <stdlib.h>

struct tab_line {
  size_t first_cell, n_cells;  // the last cell is the rest of the line
};

struct table {
  struct str *cell;
  struct tab_line *line;
  size_t *width;  // of the columns that are settled for the lines at hand
  size_t n_cells, n_lines, n_widths, cell_cap, line_cap, width_cap;
  struct buf *out;
};

static int split(struct table *t, struct str text) {
  size_t start = 0, first = 0;
  for (size_t i = 0; i <= text.n; i++) {
    bool tab = i < text.n && (text.p[i] == '\t' || text.p[i] == '\v');
    bool end = i == text.n || text.p[i] == '\n' || text.p[i] == '\f';
    if (!tab && !end) continue;
    if (ARRAY_RESERVE(t->cell, t->cell_cap, t->n_cells + 1)) return -1;
    t->cell[t->n_cells++] = (struct str){text.p + start, i - start};
    start = i + 1;
    if (tab) continue;
    if (ARRAY_RESERVE(t->line, t->line_cap, t->n_lines + 1)) return -1;
    t->line[t->n_lines++] = (struct tab_line){first, t->n_cells - first};
    first = t->n_cells;
  }
  return 0;
}

static void write_lines(const struct table *t, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    const struct tab_line *l = &t->line[i];
    for (size_t k = 0; k < l->n_cells; k++)
      buf_right(t->out, t->cell[l->first_cell + k], k < t->n_widths ? t->width[k] : 0);
    if (i + 1 < t->n_lines) buf_addc(t->out, '\n');
  }
}

static bool has_column(const struct table *t, size_t line, size_t column) {
  return line < t->n_lines && column + 1 < t->line[line].n_cells;
}

// Lines from..to share the widths so far; lays out the columns behind them, a run of lines at a time.
static int lay_out(struct table *t, size_t from, size_t to) {
  size_t column = t->n_widths;
  for (size_t at = from; at < to; at++) {
    if (!has_column(t, at, column)) continue;
    write_lines(t, from, at);
    size_t end = at, width = 0;
    for (; end < to && has_column(t, end, column); end++) {
      size_t w = utf8_runes(t->cell[t->line[end].first_cell + column]) + 1;
      if (w > width) width = w;
    }
    if (ARRAY_RESERVE(t->width, t->width_cap, t->n_widths + 1)) return -1;
    t->width[t->n_widths++] = width;
    if (lay_out(t, at, end)) return -1;
    t->n_widths--;
    from = at = end;
  }
  write_lines(t, from, to);
  return 0;
}

int tabs_align(struct str text, struct buf *out, struct err *e) {
  struct table t = {.out = out};
  int result = split(&t, text);
  if (!result) result = lay_out(&t, 0, t.n_lines);
  free(t.cell);
  free(t.line);
  free(t.width);
  return result || out->failed ? err_nomem(e) : 0;
}
