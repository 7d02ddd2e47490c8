// DWARF expressions, as far as rules use them: a stack machine over registers and memory. The stack and the number of steps
// have limits, since a jump may go back.
#include "unwind/internal.h"

enum {
  OP_ADDR = 0x03,
  OP_DEREF = 0x06,
  OP_CONST1U = 0x08,
  OP_CONST1S = 0x09,
  OP_CONST2U = 0x0a,
  OP_CONST2S = 0x0b,
  OP_CONST4U = 0x0c,
  OP_CONST4S = 0x0d,
  OP_CONST8U = 0x0e,
  OP_CONST8S = 0x0f,
  OP_CONSTU = 0x10,
  OP_CONSTS = 0x11,
  OP_DUP = 0x12,
  OP_DROP = 0x13,
  OP_OVER = 0x14,
  OP_PICK = 0x15,
  OP_SWAP = 0x16,
  OP_ROT = 0x17,
  OP_ABS = 0x19,
  OP_AND = 0x1a,
  OP_DIV = 0x1b,
  OP_MINUS = 0x1c,
  OP_MOD = 0x1d,
  OP_MUL = 0x1e,
  OP_NEG = 0x1f,
  OP_NOT = 0x20,
  OP_OR = 0x21,
  OP_PLUS = 0x22,
  OP_PLUS_UCONST = 0x23,
  OP_SHL = 0x24,
  OP_SHR = 0x25,
  OP_SHRA = 0x26,
  OP_XOR = 0x27,
  OP_BRA = 0x28,
  OP_EQ = 0x29,
  OP_GE = 0x2a,
  OP_GT = 0x2b,
  OP_LE = 0x2c,
  OP_LT = 0x2d,
  OP_NE = 0x2e,
  OP_SKIP = 0x2f,
  OP_LIT0 = 0x30,
  OP_LIT31 = 0x4f,
  OP_BREG0 = 0x70,
  OP_BREG31 = 0x8f,
  OP_BREGX = 0x92,
  OP_DEREF_SIZE = 0x94,
  OP_NOP = 0x96,
};

enum { DEPTH = 64, MOST_STEPS = 1024 };

struct machine {
  uint64_t stack[DEPTH];
  size_t n;
  struct cursor c;
  const uint8_t *begin;
  const struct frame *frame;
  const struct memory *memory;
  uint64_t bias;
  bool failed;
};

static void push(struct machine *m, uint64_t v) {
  if (m->n == DEPTH) m->failed = true;
  else m->stack[m->n++] = v;
}

static uint64_t pop(struct machine *m) {
  if (m->n) return m->stack[--m->n];
  m->failed = true;
  return 0;
}

static void pick(struct machine *m, size_t from_top) {
  if (from_top < m->n) push(m, m->stack[m->n - 1 - from_top]);
  else m->failed = true;
}

static void swap(struct machine *m) {
  uint64_t a = pop(m), b = pop(m);
  push(m, a);
  push(m, b);
}

// The top becomes the third.
static void rotate(struct machine *m) {
  uint64_t a = pop(m), b = pop(m), c = pop(m);
  push(m, a);
  push(m, c);
  push(m, b);
}

static void push_register(struct machine *m, uint64_t reg, int64_t offset) {
  if (reg < UNWIND_REGISTERS && frame_knows(m->frame, (unsigned)reg)) push(m, m->frame->r[reg] + (uint64_t)offset);
  else m->failed = true;
}

static void dereference(struct machine *m, unsigned size) {
  uint64_t value = 0;
  bool possible = size >= 1 && size <= 8;
  if (!possible || !unwind__read(m->memory, pop(m), size, &value)) m->failed = true;
  push(m, value);
}

// Within the expression, to its end at most.
static void jump(struct machine *m, bool taken) {
  int16_t by = (int16_t)cursor_number(&m->c, 2);
  if (!taken) return;
  if (by < m->begin - m->c.p || by > m->c.end - m->c.p) m->failed = true;
  else m->c.p += by;
}

static uint64_t divide(struct machine *m, uint64_t a, uint64_t b) {
  if (b) return (uint64_t)wrap_div((int64_t)a, (int64_t)b);
  m->failed = true;
  return 0;
}

static uint64_t modulo(struct machine *m, uint64_t a, uint64_t b) {
  if (b) return a % b;
  m->failed = true;
  return 0;
}

static uint64_t shift_signed(uint64_t a, uint64_t by) {
  uint64_t sign = (int64_t)a < 0 ? UINT64_MAX : 0;
  if (by == 0) return a;
  return by > 63 ? sign : a >> by | sign << (64 - by);
}

// What takes two values and leaves one; false when it is another instruction.
static bool binary(struct machine *m, uint8_t op) {
  if (op < OP_AND || op > OP_NE || op == OP_NEG || op == OP_NOT || op == OP_PLUS_UCONST || op == OP_BRA) return false;
  uint64_t b = pop(m), a = pop(m), v = 0;
  int64_t x = (int64_t)a, y = (int64_t)b;
  switch (op) {
    case OP_AND: v = a & b; break;
    case OP_DIV: v = divide(m, a, b); break;
    case OP_MINUS: v = a - b; break;
    case OP_MOD: v = modulo(m, a, b); break;
    case OP_MUL: v = a * b; break;
    case OP_OR: v = a | b; break;
    case OP_PLUS: v = a + b; break;
    case OP_SHL: v = b > 63 ? 0 : a << b; break;
    case OP_SHR: v = b > 63 ? 0 : a >> b; break;
    case OP_SHRA: v = shift_signed(a, b); break;
    case OP_XOR: v = a ^ b; break;
    case OP_EQ: v = x == y; break;
    case OP_GE: v = x >= y; break;
    case OP_GT: v = x > y; break;
    case OP_LE: v = x <= y; break;
    case OP_LT: v = x < y; break;
    case OP_NE: v = x != y; break;
    default: break;
  }
  push(m, v);
  return true;
}

static bool constant(struct machine *m, uint8_t op) {
  struct cursor *c = &m->c;
  if (op >= OP_LIT0 && op <= OP_LIT31) {
    push(m, (uint64_t)(op - OP_LIT0));
    return true;
  }
  switch (op) {
    case OP_ADDR: push(m, cursor_number(c, 8) + m->bias); return true;
    case OP_CONST1U: push(m, cursor_u8(c)); return true;
    case OP_CONST1S: push(m, (uint64_t)(int64_t)(int8_t)cursor_u8(c)); return true;
    case OP_CONST2U: push(m, cursor_number(c, 2)); return true;
    case OP_CONST2S: push(m, (uint64_t)(int64_t)(int16_t)cursor_number(c, 2)); return true;
    case OP_CONST4U: push(m, cursor_number(c, 4)); return true;
    case OP_CONST4S: push(m, (uint64_t)(int64_t)(int32_t)cursor_number(c, 4)); return true;
    case OP_CONST8U:
    case OP_CONST8S: push(m, cursor_number(c, 8)); return true;
    case OP_CONSTU: push(m, cursor_uleb(c)); return true;
    case OP_CONSTS: push(m, (uint64_t)cursor_sleb(c)); return true;
    default: return false;
  }
}

static bool other(struct machine *m, uint8_t op) {
  struct cursor *c = &m->c;
  uint64_t v;
  switch (op) {
    case OP_NOP: return true;
    case OP_DUP: pick(m, 0); return true;
    case OP_OVER: pick(m, 1); return true;
    case OP_PICK: pick(m, cursor_u8(c)); return true;
    case OP_DROP: pop(m); return true;
    case OP_SWAP: swap(m); return true;
    case OP_ROT: rotate(m); return true;
    case OP_ABS: push(m, (uint64_t)wrap_abs((int64_t)pop(m))); return true;
    case OP_NEG: push(m, 0 - pop(m)); return true;
    case OP_NOT: push(m, ~pop(m)); return true;
    case OP_PLUS_UCONST: v = pop(m), push(m, v + cursor_uleb(c)); return true;
    case OP_DEREF: dereference(m, 8); return true;
    case OP_DEREF_SIZE: dereference(m, cursor_u8(c)); return true;
    case OP_BREGX: v = cursor_uleb(c), push_register(m, v, cursor_sleb(c)); return true;
    case OP_SKIP: jump(m, true); return true;
    case OP_BRA: jump(m, pop(m) != 0); return true;
    default: break;
  }
  if (op < OP_BREG0 || op > OP_BREG31) return false;
  push_register(m, (uint64_t)(op - OP_BREG0), cursor_sleb(c));
  return true;
}

bool unwind__expression(const struct frame_section *s, uint32_t position, const struct frame *f, const struct memory *m,
                        uint64_t bias, const uint64_t *initial, uint64_t *value) {
  struct machine x = {.c = cursor_at(s->bytes, position, false), .frame = f, .memory = m, .bias = bias};
  cursor_limit(&x.c, cursor_uleb(&x.c));
  x.begin = x.c.p;
  if (initial) push(&x, *initial);
  for (unsigned steps = 0; cursor_left(&x.c) && !x.failed; steps++) {
    uint8_t op = cursor_u8(&x.c);
    if (steps == MOST_STEPS || (!constant(&x, op) && !binary(&x, op) && !other(&x, op))) x.failed = true;
  }
  *value = pop(&x);
  return !x.failed && !x.c.bad;
}
