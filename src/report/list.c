// list: the source of the functions that match, with what each line weighs.
#include "report/list_rows.h"

// A value on its own, in the unit that suits it.
static void cell(struct list_rows *l, struct buf *work, struct buf *out, int64_t value, bool dot) {
  buf_clear(work);
  if (dot && value == 0) buf_addc(work, '.');
  else report_value(l->r, l->r->o.output_unit, work, value);
  buf_right(out, buf_view(work), 10);
  buf_addc(out, ' ');
}

static void write_line(struct list_rows *l, const struct list_line *line, struct buf *work, struct buf *out) {
  report_hot_begin(l->r, out, line->flat);
  cell(l, work, out, line->flat, true);
  cell(l, work, out, line->cum, true);
  buf_clear(work);
  buf_i64(work, line->number);
  buf_right(out, buf_view(work), 6);
  buf_addc(out, ':');
  buf_str(out, line->text);
  report_hot_end(l->r, out, line->flat);
  buf_addc(out, '\n');
}

static void write_heading(struct list_rows *l, const struct list_routine *routine, struct buf *work, struct buf *out) {
  buf_adds(out, "ROUTINE ======================== ");
  buf_str(out, routine->name);
  buf_adds(out, " in ");
  buf_str(out, routine->file);
  buf_addc(out, '\n');
  cell(l, work, out, routine->flat, false);
  cell(l, work, out, routine->cum, false);
  buf_adds(out, "(flat, cum) ");
  report_share(l->r, out, routine->cum);
  buf_adds(out, " of Total\n");
}

static int write_routine(struct list_rows *l, const struct list_routine *routine, struct buf *work, struct buf *out,
                         struct err *e) {
  struct list_line line;
  if (routine->file.n == 0) {
    buf_adds(out, "No source information for ");
    buf_str(out, routine->name);
    buf_addc(out, '\n');
    return 0;
  }
  write_heading(l, routine, work, out);
  // The reference tells that a file is missing only once it has looked for it, and a routine without lines gives no
  // reason to.
  const struct source_text *text = NULL;
  if (routine->file_needed && !(text = report_source(l->r, routine->file, e))) return -1;
  if (text && text->why.n) {
    buf_adds(out, " Error: ");
    buf_str(out, text->why);
    buf_addc(out, '\n');
    return 0;
  }
  while (text && list_lines_next(l, text, &line)) write_line(l, &line, work, out);
  return 0;
}

int report_list(const struct report *r, struct buf *out, struct err *e) {
  struct list_rows rows;
  struct list_routine routine;
  struct buf work = {0};
  int result = list_rows_init(&rows, r, e);
  if (!result) {
    buf_adds(out, "Total: ");
    report_value(r, r->o.output_unit, out, r->total);
    buf_addc(out, '\n');
  }
  int more = 0;
  while (!result && (more = list_rows_next(&rows, &routine, e)) > 0)
    result = write_routine(&rows, &routine, &work, out, e);
  if (more < 0) result = -1;
  if (!result && (out->failed || work.failed)) result = err_nomem(e);
  list_rows_release(&rows);
  buf_release(&work);
  return result;
}
