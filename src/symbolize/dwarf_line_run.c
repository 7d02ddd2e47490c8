// The program of a line table. Rows come out sorted by address within a sequence, so that a mark at every 64th is
// enough to find any of them.
#include <libdwarf/dwarf.h>

#include "symbolize/dwarf_line.h"

enum { MARK_EVERY = 64 };
enum event { EVENT_NONE, EVENT_ROW, EVENT_END };  // EVENT_NONE: the program is over

static const struct line_state start = {.file = 1, .line = 1};

static void advance(const struct dw_lines *l, struct line_state *s, uint64_t operations) {
  uint64_t sum = s->op_index + operations;
  s->address += l->least_instruction * (sum / l->most_operations);
  s->op_index = (uint32_t)(sum % l->most_operations);
}

static void run_special(const struct dw_lines *l, struct line_state *s, uint8_t opcode) {
  unsigned adjusted = opcode - (unsigned)l->opcode_base;
  advance(l, s, adjusted / l->line_range);
  s->line += (uint32_t)(l->line_base + (int)(adjusted % l->line_range));
}

static enum event run_extended(struct line_state *s, struct cursor *c) {
  uint64_t n = cursor_uleb(c);
  if (!n) return EVENT_NONE;
  struct cursor body = *c;
  cursor_limit(&body, n);
  cursor_skip(c, n);
  uint8_t opcode = cursor_u8(&body);
  if (opcode == DW_LNE_end_sequence) return EVENT_END;
  if (opcode == DW_LNE_set_address && cursor_left(&body) <= 8) {
    s->address = cursor_number(&body, (unsigned)cursor_left(&body));
    s->op_index = 0;
  }
  return EVENT_NONE;
}

static enum event run_standard(const struct dw_lines *l, struct line_state *s, struct cursor *c, uint8_t opcode) {
  switch (opcode) {
    case DW_LNS_copy: return EVENT_ROW;
    case DW_LNS_advance_pc: advance(l, s, cursor_uleb(c)); break;
    case DW_LNS_advance_line: s->line += (uint32_t)cursor_sleb(c); break;
    case DW_LNS_set_file: s->file = (uint32_t)cursor_uleb(c); break;
    case DW_LNS_set_column: s->column = (uint32_t)cursor_uleb(c); break;
    case DW_LNS_const_add_pc: advance(l, s, (255u - l->opcode_base) / l->line_range); break;
    case DW_LNS_fixed_advance_pc:
      s->address += cursor_number(c, 2);
      s->op_index = 0;
      break;
    default:
      for (unsigned i = 0; i < l->operands[opcode]; i++) cursor_uleb(c);
  }
  return EVENT_NONE;
}

// Runs up to the next row.
static enum event run(const struct dw_lines *l, struct line_state *s, struct cursor *c) {
  enum event event = EVENT_NONE;
  while (event == EVENT_NONE && c->p < c->end) {
    uint8_t opcode = cursor_u8(c);
    if (opcode >= l->opcode_base) {
      run_special(l, s, opcode);
      event = EVENT_ROW;
    } else if (opcode == 0) {
      event = run_extended(s, c);
    } else {
      event = run_standard(l, s, c, opcode);
    }
  }
  s->at = (uint32_t)((const char *)c->p - l->program.p);
  return c->bad ? EVENT_NONE : event;
}

static int add_mark(struct dw_lines *l, const struct line_state *s, struct err *e) {
  if (ARRAY_RESERVE(l->mark, l->cap_marks, l->n_marks + 1)) return err_nomem(e);
  l->mark[l->n_marks++] = *s;
  return 0;
}

static int add_sequence(struct dw_lines *l, size_t first, uint64_t high, struct err *e) {
  if (first == l->n_marks) return 0;
  if (ARRAY_RESERVE(l->sequence, l->cap_sequences, l->n_sequences + 1)) return err_nomem(e);
  if (intervals_add(&l->ranges, l->mark[first].address, high, (uint32_t)l->n_sequences)) return err_nomem(e);
  l->sequence[l->n_sequences++] = (struct line_sequence){(uint32_t)first, (uint32_t)l->n_marks};
  return 0;
}

int dw_lines_run(struct dw_lines *l, struct err *e) {
  struct cursor c = cursor_at(l->program, 0, l->big);
  struct line_state s = start;
  size_t first = 0;
  enum event event;
  for (size_t rows = 0; (event = run(l, &s, &c)) != EVENT_NONE;) {
    if (event == EVENT_ROW) {
      if (rows++ % MARK_EVERY == 0 && add_mark(l, &s, e)) return -1;
      continue;
    }
    if (add_sequence(l, first, s.address, e)) return -1;
    first = l->n_marks;
    rows = 0;
    s = start;
  }
  if (c.bad) return err_set(e, "a line table is cut off");
  return intervals_settle(&l->ranges) ? err_nomem(e) : 0;
}

// The last mark of a sequence at or before the address.
static const struct line_state *mark_before(const struct dw_lines *l, struct line_sequence q, uint64_t address) {
  size_t from = q.first + 1, to = q.end;
  while (from < to) {
    size_t middle = from + (to - from) / 2;
    if (l->mark[middle].address <= address) from = middle + 1;
    else to = middle;
  }
  return &l->mark[from - 1];
}

bool dw_lines_find(const struct dw_lines *l, uint64_t address, struct dw_row *row) {
  uint32_t number = intervals_find(&l->ranges, address);
  if (number == MAP_NONE) return false;
  struct line_state here = *mark_before(l, l->sequence[number], address), s = here;
  struct cursor c = cursor_at(l->program, s.at, l->big);
  for (int i = 0; i < MARK_EVERY && run(l, &s, &c) == EVENT_ROW && s.address <= address; i++) here = s;
  *row = (struct dw_row){here.address, here.file, here.line, here.column};
  return true;
}
