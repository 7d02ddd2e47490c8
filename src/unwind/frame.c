// From a frame's registers to its caller's.
#include "unwind/internal.h"

// What a called function leaves as it was: rbx, rbp, r12 to r15. The rest of the caller's registers is lost.
enum { PRESERVED = 1 << 3 | 1 << UNWIND_RBP | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15 };

// ---- memory -------------------------------------------------------------------------------------

bool unwind__read(const struct memory *m, uint64_t address, unsigned size, uint64_t *value) {
  uint64_t at = address - m->stack->start, v = 0;
  bool here = at < m->stack->n && size <= m->stack->n - at;
  if (here && size == sizeof v) memcpy(&v, m->stack->bytes + at, sizeof v);  // nearly always, and without a call
  else if (here) memcpy(&v, m->stack->bytes + at, size);
  else if (!m->source->read || !m->source->read(m->source->arg, address, &v, size)) return false;
  *value = v;
  return true;
}

// ---- by a row -----------------------------------------------------------------------------------

// One step: the frame as it was and as it becomes.
struct stepping {
  const struct frame *old;
  struct frame *new;
  const struct frame_section *section;
  const struct memory *memory;
  uint64_t bias, cfa;
};

static void set(struct frame *f, unsigned reg, bool known, uint64_t value) {
  f->r[reg] = value;
  f->known = (f->known & ~(1U << reg)) | (uint32_t)known << reg;
}

static bool find_cfa(struct stepping *s, const struct cfa *cfa) {
  if (cfa->kind == CFA_EXPRESSION)
    return unwind__expression(s->section, (uint32_t)cfa->value, s->old, s->memory, s->bias, NULL, &s->cfa);
  if (cfa->kind != CFA_REGISTER || !frame_knows(s->old, cfa->reg)) return false;
  s->cfa = s->old->r[cfa->reg] + (uint64_t)(int64_t)cfa->value;
  return true;
}

static bool is_saved(const struct stepping *s, const struct rule *rule, uint64_t *address) {
  *address = s->cfa + (uint64_t)(int64_t)rule->value;
  // Below the stack pointer lies what an epilogue has taken off already (compilers do not write down each pop), or what a
  // prologue is about to save: the register has the value.
  return rule->reg == UNWIND_RIP || *address >= s->old->r[UNWIND_RSP];
}

static void apply_saved(struct stepping *s, const struct rule *rule) {
  uint64_t address, value = 0;
  if (!is_saved(s, rule, &address)) return;
  bool known = unwind__read(s->memory, address, 8, &value);
  set(s->new, rule->reg, known, value);
}

static void apply_expression(struct stepping *s, const struct rule *rule) {
  uint64_t value = 0;
  bool known = unwind__expression(s->section, (uint32_t)rule->value, s->old, s->memory, s->bias, &s->cfa, &value);
  if (known && rule->kind == RULE_AT_EXPRESSION) known = unwind__read(s->memory, value, 8, &value);
  set(s->new, rule->reg, known, value);
}

static void apply(struct stepping *s, const struct rule *rule) {
  unsigned other = (unsigned)rule->value;
  switch (rule->kind) {
    case RULE_AT: apply_saved(s, rule); break;
    case RULE_UNDEFINED: set(s->new, rule->reg, false, 0); break;
    case RULE_IS: set(s->new, rule->reg, true, s->cfa + (uint64_t)(int64_t)rule->value); break;
    case RULE_REGISTER:
      if (other < UNWIND_REGISTERS) set(s->new, rule->reg, frame_knows(s->old, other), s->old->r[other]);
      else set(s->new, rule->reg, false, 0);
      break;
    case RULE_AT_EXPRESSION:
    case RULE_IS_EXPRESSION: apply_expression(s, rule); break;
    case RULE_SAME: set(s->new, rule->reg, frame_knows(s->old, rule->reg), s->old->r[rule->reg]); break;
    default: break;
  }
}

static const struct rule *return_rule(const struct place *p) {
  const struct rule *last = p->row->n_rules ? &p->rule[p->row->n_rules - 1] : NULL;  // they are in order
  return last && last->reg == UNWIND_RIP ? last : NULL;
}

enum step unwind__step(struct frame *f, const struct place *p, const struct memory *m, uint64_t bias) {
  struct frame old = *f;
  struct stepping s = {&old, f, p->section, m, bias, 0};
  const struct rule *back = return_rule(p);
  if (back && back->kind == RULE_UNDEFINED) return STEP_OUTERMOST;
  if (!back || !find_cfa(&s, &p->row->cfa)) return STEP_BAD;
  f->known &= PRESERVED;
  set(f, UNWIND_RSP, true, s.cfa);
  if (p->row->plain) {
    for (unsigned i = 0; i < p->row->n_rules; i++) apply_saved(&s, &p->rule[i]);
  } else {
    for (unsigned i = 0; i < p->row->n_rules; i++) apply(&s, &p->rule[i]);
  }
  if (!frame_knows(f, UNWIND_RIP)) return STEP_NO_MEMORY;
  if (!frame_knows(f, UNWIND_RSP)) return STEP_BAD;
  return f->r[UNWIND_RIP] ? STEP_CALLER : STEP_OUTERMOST;
}

// ---- by the frame pointer -----------------------------------------------------------------------

// rbp points to the caller's rbp, above which is the return address.
bool unwind__step_by_frame_pointer(struct frame *f, const struct memory *m) {
  uint64_t at = f->r[UNWIND_RBP], caller = 0, back = 0;
  if (!frame_knows(f, UNWIND_RBP) || at < f->r[UNWIND_RSP] || at % 8) return false;
  if (!unwind__read(m, at, 8, &caller) || !unwind__read(m, at + 8, 8, &back) || !back) return false;
  f->known &= PRESERVED;
  set(f, UNWIND_RBP, true, caller);
  set(f, UNWIND_RSP, true, at + 16);
  set(f, UNWIND_RIP, true, back);
  return true;
}
