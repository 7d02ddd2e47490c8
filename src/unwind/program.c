// The programs of CIE and FDE, run once from the function's start to its end: each time the address advances over a change,
// the state becomes a row.
#include "unwind/internal.h"

enum {
  HIGH_ADVANCE = 0x40,
  HIGH_OFFSET = 0x80,
  HIGH_RESTORE = 0xc0,
  HIGH = 0xc0,

  CFA_NOP = 0x00,
  CFA_SET_LOC = 0x01,
  CFA_ADVANCE_1 = 0x02,
  CFA_ADVANCE_2 = 0x03,
  CFA_ADVANCE_4 = 0x04,
  CFA_OFFSET_EXTENDED = 0x05,
  CFA_RESTORE_EXTENDED = 0x06,
  CFA_UNDEFINED = 0x07,
  CFA_SAME_VALUE = 0x08,
  CFA_IN_REGISTER = 0x09,
  CFA_REMEMBER_STATE = 0x0a,
  CFA_RESTORE_STATE = 0x0b,
  CFA_DEF_CFA = 0x0c,
  CFA_DEF_CFA_REGISTER = 0x0d,
  CFA_DEF_CFA_OFFSET = 0x0e,
  CFA_DEF_CFA_EXPRESSION = 0x0f,
  CFA_AT_EXPRESSION = 0x10,
  CFA_OFFSET_EXTENDED_SF = 0x11,
  CFA_DEF_CFA_SF = 0x12,
  CFA_DEF_CFA_OFFSET_SF = 0x13,
  CFA_VAL_OFFSET = 0x14,
  CFA_VAL_OFFSET_SF = 0x15,
  CFA_VAL_EXPRESSION = 0x16,
  CFA_GNU_WINDOW_SAVE = 0x2d,
  CFA_GNU_ARGS_SIZE = 0x2e,
  CFA_GNU_NEGATIVE_OFFSET_EXTENDED = 0x2f,
};

enum { MOST_REMEMBERED = 16, MOST_ROWS = 1 << 16 };

struct state {
  struct cfa cfa;
  struct rule rule[UNWIND_REGISTERS];
};

struct program {
  struct unwind_table *table;
  const struct frame_section *section;
  const struct entry *entry;
  struct state now, initial;
  struct state remembered[MOST_REMEMBERED];
  unsigned n_remembered;
  uint64_t offset;  // of the address, in the function
  size_t n_rows;    // made so far
  bool changed;     // since the last row
  bool in_cie;
  bool failed;
};

// ---- rows ---------------------------------------------------------------------------------------

static bool is_plain(const struct program *p) {
  if (p->now.cfa.kind != CFA_REGISTER) return false;
  for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
    if (p->now.rule[i].kind != RULE_NONE && p->now.rule[i].kind != RULE_AT) return false;
  return p->now.rule[UNWIND_RIP].kind == RULE_AT;
}

static void add_row(struct program *p) {
  struct unwind_table *t = p->table;
  bool room = p->n_rows < MOST_ROWS && p->offset <= UINT32_MAX && t->n_rules < UINT32_MAX - UNWIND_REGISTERS;
  if (!room || ARRAY_RESERVE(t->row, t->row_cap, t->n_rows + 1) ||
      ARRAY_RESERVE(t->rule, t->rule_cap, t->n_rules + UNWIND_REGISTERS)) {
    p->failed = true;
    return;
  }
  struct row *row = &t->row[t->n_rows++];
  *row = (struct row){.from = (uint32_t)p->offset, .first_rule = (uint32_t)t->n_rules, .cfa = p->now.cfa};
  row->plain = is_plain(p);
  for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
    if (p->now.rule[i].kind != RULE_NONE) t->rule[t->n_rules++] = p->now.rule[i];
  row->n_rules = (uint8_t)(t->n_rules - row->first_rule);
  p->n_rows++;
  p->changed = false;
}

// What is behind the function's end changes nothing in it.
static void advance(struct program *p, uint64_t offset) {
  if (p->in_cie || offset < p->offset) p->failed = true;
  else if (offset == p->offset) return;
  if (p->changed && p->offset < p->entry->size) add_row(p);
  p->offset = offset;
}

static void advance_by(struct program *p, uint64_t units) {
  uint64_t by = units * p->entry->code_align;
  if (units > UINT32_MAX || p->entry->code_align > UINT32_MAX || by > UINT32_MAX) p->failed = true;
  else advance(p, p->offset + by);
}

// ---- changes of the state -----------------------------------------------------------------------

static int32_t small(struct program *p, int64_t v) {
  if (v < INT32_MIN || v > INT32_MAX) p->failed = true;
  return (int32_t)v;
}

static int64_t scaled(const struct program *p, int64_t v) { return wrap_mul(v, p->entry->data_align); }

// Registers we do not follow (vectors and the like) are read over.
static void set_rule(struct program *p, uint64_t reg, enum rule_kind kind, int64_t value) {
  if (reg >= UNWIND_REGISTERS) return;
  p->now.rule[reg] = (struct rule){(uint8_t)kind, (uint8_t)reg, small(p, value)};
  p->changed = true;
}

static void restore_rule(struct program *p, uint64_t reg) {
  if (p->in_cie) p->failed = true;
  if (reg >= UNWIND_REGISTERS) return;
  p->now.rule[reg] = p->initial.rule[reg];
  p->changed = true;
}

static void set_cfa(struct program *p, uint64_t reg, int64_t value) {
  if (reg >= UNWIND_RIP) {
    p->failed = true;
    return;
  }
  p->now.cfa = (struct cfa){CFA_REGISTER, (uint8_t)reg, small(p, value)};
  p->changed = true;
}

// Changes one part of a CFA that has to be a register's.
static void change_cfa(struct program *p, bool change_register, uint64_t reg, int64_t value) {
  if (p->now.cfa.kind != CFA_REGISTER) p->failed = true;
  else if (change_register) set_cfa(p, reg, p->now.cfa.value);
  else set_cfa(p, p->now.cfa.reg, value);
}

static void remember(struct program *p) {
  if (p->n_remembered == MOST_REMEMBERED) p->failed = true;
  else p->remembered[p->n_remembered++] = p->now;
}

static void recall(struct program *p) {
  if (!p->n_remembered) {
    p->failed = true;
    return;
  }
  p->now = p->remembered[--p->n_remembered];
  p->changed = true;
}

// Takes an expression and gives its position, that of its length.
static int64_t expression(const struct program *p, struct cursor *c) {
  int64_t position = c->p - (const uint8_t *)p->section->bytes.p;
  cursor_skip(c, cursor_uleb(c));
  return position;
}

static void set_location(struct program *p, struct cursor *c) {
  uint64_t address = unwind__pointer(c, p->section, p->entry->pointer_encoding, 0);
  if (address < p->entry->start) p->failed = true;
  else advance(p, address - p->entry->start);
}

static void set_expression(struct program *p, struct cursor *c, enum rule_kind kind) {
  uint64_t reg = cursor_uleb(c);
  set_rule(p, reg, kind, expression(p, c));
}

static void define_cfa_expression(struct program *p, struct cursor *c) {
  p->now.cfa = (struct cfa){CFA_EXPRESSION, 0, small(p, expression(p, c))};
  p->changed = true;
}

// ---- instructions -------------------------------------------------------------------------------

// Those that say where a register is.
static bool register_instruction(struct program *p, struct cursor *c, uint8_t op) {
  uint64_t reg;
  switch (op) {
    case CFA_OFFSET_EXTENDED:
      reg = cursor_uleb(c), set_rule(p, reg, RULE_AT, scaled(p, (int64_t)cursor_uleb(c)));
      break;
    case CFA_OFFSET_EXTENDED_SF: reg = cursor_uleb(c), set_rule(p, reg, RULE_AT, scaled(p, cursor_sleb(c))); break;
    case CFA_GNU_NEGATIVE_OFFSET_EXTENDED:
      reg = cursor_uleb(c), set_rule(p, reg, RULE_AT, wrap_neg(scaled(p, (int64_t)cursor_uleb(c))));
      break;
    case CFA_VAL_OFFSET: reg = cursor_uleb(c), set_rule(p, reg, RULE_IS, scaled(p, (int64_t)cursor_uleb(c))); break;
    case CFA_VAL_OFFSET_SF: reg = cursor_uleb(c), set_rule(p, reg, RULE_IS, scaled(p, cursor_sleb(c))); break;
    case CFA_RESTORE_EXTENDED: restore_rule(p, cursor_uleb(c)); break;
    case CFA_UNDEFINED: set_rule(p, cursor_uleb(c), RULE_UNDEFINED, 0); break;
    case CFA_SAME_VALUE: set_rule(p, cursor_uleb(c), RULE_SAME, 0); break;
    case CFA_IN_REGISTER: reg = cursor_uleb(c), set_rule(p, reg, RULE_REGISTER, (int64_t)cursor_uleb(c)); break;
    case CFA_AT_EXPRESSION: set_expression(p, c, RULE_AT_EXPRESSION); break;
    case CFA_VAL_EXPRESSION: set_expression(p, c, RULE_IS_EXPRESSION); break;
    default: return false;
  }
  return true;
}

// Those that say where the frame is.
static bool cfa_instruction(struct program *p, struct cursor *c, uint8_t op) {
  uint64_t reg;
  switch (op) {
    case CFA_DEF_CFA: reg = cursor_uleb(c), set_cfa(p, reg, (int64_t)cursor_uleb(c)); break;
    case CFA_DEF_CFA_SF: reg = cursor_uleb(c), set_cfa(p, reg, scaled(p, cursor_sleb(c))); break;
    case CFA_DEF_CFA_REGISTER: change_cfa(p, true, cursor_uleb(c), 0); break;
    case CFA_DEF_CFA_OFFSET: change_cfa(p, false, 0, (int64_t)cursor_uleb(c)); break;
    case CFA_DEF_CFA_OFFSET_SF: change_cfa(p, false, 0, scaled(p, cursor_sleb(c))); break;
    case CFA_DEF_CFA_EXPRESSION: define_cfa_expression(p, c); break;
    default: return false;
  }
  return true;
}

static bool other_instruction(struct program *p, struct cursor *c, uint8_t op) {
  switch (op) {
    case CFA_NOP:
    case CFA_GNU_WINDOW_SAVE: break;
    case CFA_GNU_ARGS_SIZE: cursor_uleb(c); break;
    case CFA_SET_LOC: set_location(p, c); break;
    case CFA_ADVANCE_1: advance_by(p, cursor_u8(c)); break;
    case CFA_ADVANCE_2: advance_by(p, cursor_number(c, 2)); break;
    case CFA_ADVANCE_4: advance_by(p, cursor_number(c, 4)); break;
    case CFA_REMEMBER_STATE: remember(p); break;
    case CFA_RESTORE_STATE: recall(p); break;
    default: return false;
  }
  return true;
}

static void instruction(struct program *p, struct cursor *c) {
  uint8_t op = cursor_u8(c), low = op & (uint8_t)~HIGH;
  switch (op & HIGH) {
    case HIGH_ADVANCE: advance_by(p, low); return;
    case HIGH_OFFSET: set_rule(p, low, RULE_AT, scaled(p, (int64_t)cursor_uleb(c))); return;
    case HIGH_RESTORE: restore_rule(p, low); return;
    default: break;
  }
  if (!register_instruction(p, c, op) && !cfa_instruction(p, c, op) && !other_instruction(p, c, op)) p->failed = true;
}

static void run(struct program *p, uint32_t from, uint32_t to) {
  struct cursor c = cursor_at(p->section->bytes, from, false);
  cursor_limit(&c, to - from);
  while (!p->failed && cursor_left(&c)) instruction(p, &c);
  if (c.bad) p->failed = true;
}

int unwind__program(struct unwind_table *t, const struct frame_section *s, const struct entry *entry) {
  struct program p = {.table = t, .section = s, .entry = entry, .changed = true, .in_cie = true};
  size_t n_rows = t->n_rows, n_rules = t->n_rules;
  run(&p, entry->cie_program, entry->cie_program_end);
  p.in_cie = false;
  p.initial = p.now;
  if (!p.failed) run(&p, entry->program, entry->program_end);
  if (!p.failed && p.changed && p.offset < entry->size) add_row(&p);
  if (!p.failed) return 0;
  t->n_rows = n_rows;
  t->n_rules = n_rules;
  return -1;
}
