// disasm: the machine code of the functions that match, with what each instruction weighs.
#include <inttypes.h>

#include "report/asm_rows.h"

enum { SHORT_TEXT = 40, PLACE_COLUMN = 74 };

struct disassembly {
  const struct report *r;
  struct buf cell, place;
  struct buf *out;
  const struct asm_row *told;  // the row whose place was told last
};

static void value_cell(struct disassembly *d, int64_t value, bool dot) {
  buf_clear(&d->cell);
  if (dot && value == 0) buf_addc(&d->cell, '.');
  else report_value(d->r, d->r->o.output_unit, &d->cell, value);
  buf_right(d->out, buf_view(&d->cell), 10);
  buf_addc(d->out, ' ');
}

static bool same_place(const struct asm_row *a, const struct asm_row *b) {
  return a->line == b->line && str_eq(a->function, b->function) && str_eq(a->file, b->file);
}

// "function file:line", where it is another than that of the row before.
static void set_place(struct disassembly *d, const struct asm_row *row) {
  static const struct asm_row nowhere = {0};
  buf_clear(&d->place);
  if (same_place(row, d->told ? d->told : &nowhere)) return;
  d->told = row;
  buf_str(&d->place, row->function);
  if (row->function.n) buf_addc(&d->place, ' ');
  buf_str(&d->place, row->file);
  if (row->file.n && row->line) buf_addf(&d->place, ":%" PRId64, row->line);
}

static void write_row(struct disassembly *d, const struct asm_row *row) {
  set_place(d, row);
  bool beside = row->text.n < SHORT_TEXT;
  if (d->place.n && !beside) {
    buf_pad(d->out, ' ', PLACE_COLUMN);
    buf_addc(d->out, ';');
    buf_str(d->out, buf_view(&d->place));
    buf_addc(d->out, '\n');
  }
  value_cell(d, row->flat, true);
  value_cell(d, row->cum, true);
  buf_addf(d->out, "%10" PRIx64 ": ", row->address);
  if (d->place.n && beside) {
    buf_left(d->out, row->text, SHORT_TEXT);
    buf_addc(d->out, ';');
    buf_str(d->out, buf_view(&d->place));
  } else buf_str(d->out, row->text);
  buf_addc(d->out, '\n');
}

static int write_routine(struct disassembly *d, struct asm_rows *rows, const struct asm_routine *t, struct err *e) {
  struct asm_listing listing;
  int result = asm_listing_init(&listing, rows, t, e);
  buf_adds(d->out, "ROUTINE ======================== ");
  buf_str(d->out, t->name);
  buf_addc(d->out, '\n');
  value_cell(d, t->flat, false);
  value_cell(d, t->cum, false);
  buf_adds(d->out, "(flat, cum) ");
  report_share(d->r, d->out, t->cum);
  buf_adds(d->out, " of Total\n");
  d->told = NULL;
  for (size_t i = 0; i < listing.n; i++) write_row(d, &listing.row[i]);
  asm_listing_release(&listing);
  return result;
}

int report_disasm(const struct report *r, struct buf *out, struct err *e) {
  struct asm_rows rows;
  struct disassembly d = {.r = r, .out = out};
  int result = asm_rows_init(&rows, r, e);
  buf_adds(out, "Total: ");
  report_value(r, r->o.output_unit, out, r->total);
  buf_addc(out, '\n');
  for (uint32_t i = 0; i < rows.n_routines && !result; i++) result = write_routine(&d, &rows, &rows.routine[i], e);
  if (!result && (out->failed || d.cell.failed || d.place.failed)) result = err_nomem(e);
  asm_rows_release(&rows);
  buf_release(&d.cell);
  buf_release(&d.place);
  return result;
}
